"""``featurex extract``: from radiographs to a table of features."""

import click

from featurex.cli._options import (
    cluster_option,
    config_option,
    jobs_option,
    plugin_option,
    progress_options,
    restart_option,
    set_option,
    source_options,
    strict_option,
)
from featurex.cli._output import echo


@click.command()
@click.argument("data", nargs=-1)
@click.option(
    "--out",
    type=click.Path(),
    required=True,
    help="The table to write: a .parquet, .csv, .csv.gz or .feather file.",
)
@click.option(
    "--input", "name", default="aligned", show_default=True, help="The input to extract from."
)
@source_options
@config_option
@set_option
@plugin_option
@jobs_option
@cluster_option
@restart_option
@strict_option
@progress_options
def extract(data, out, name, source, config, settings, jobs, cluster, restart, strict, progress):
    """Extract the features of every radiograph in DATA into one table.

    DATA are images, folders of them, or patterns in quotation marks ("films/*.png"); no labels are
    needed. One folder with a folder for each class, a list (see --list) or a public data set also
    gives labels.

    A run that was stopped goes on where it was when the same command is given again.

    Exit code: 0, or 3 if files had to be set aside (see the .errors.csv beside the table).
    """
    from pathlib import Path

    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._progress import print_set_aside
    from featurex.cli._stopping import going_on
    from featurex.config import make_chain, read_configuration
    from featurex.engine import extract_to
    from featurex.engine.formats import check_ending, name_errors
    from featurex.wording import count

    out = Path(out)
    check_ending("--out", out)
    chain = make_chain(read_configuration(config, settings), name)
    dataset = source.load(data, progress, labelled=False)
    with going_on("The same command goes on where this one was."):
        n_images, n_columns, errors = extract_to(
            out,
            dataset,
            chain,
            n_jobs=jobs,
            cluster=cluster,
            restart=restart,
            strict=strict,
            progress=progress,
        )
    print_set_aside(progress, errors, name_errors(out))
    echo(f"{count(n_images, 'image')}, {count(n_columns, 'feature')}: {out}")
    return FILES_SET_ASIDE if len(errors) else 0
