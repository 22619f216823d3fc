"""``featurex phantom``: synthetic radiographs on disk."""

import click

from featurex.cli._options import jobs_option, progress_options
from featurex.cli._output import echo


@click.command()
@click.argument("out", type=click.Path())
@click.option(
    "--images",
    type=click.IntRange(min=60),
    default=600,
    show_default=True,
    help="How many to draw.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Same seed, same files.",
)
@jobs_option
@progress_options
def phantom(out, images, seed, jobs, progress):
    """Write synthetic radiographs into the new folder OUT, in the Kaggle layout, with masks.

    They are drawn, not taken: for trying featurex out, and for testing against known lungs and
    opacities.
    """
    from featurex.parallel import count_jobs
    from featurex.phantom import write_phantom

    with progress.stage("Drawing", images) as advance:
        folder = write_phantom(out, images, seed, n_jobs=count_jobs(jobs), advance=advance)
    echo(f"{images} synthetic radiographs: {folder}")
