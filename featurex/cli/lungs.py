"""``featurex lungs``: where the lungs are."""

import click

from featurex.cli._options import (
    cluster_option,
    jobs_option,
    progress_options,
    read_label,
    restart_option,
)
from featurex.cli._output import echo


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--out", type=click.Path(), required=True, help="Folder for masks, table and sheet.")
@click.option(
    "--masks",
    type=click.Path(file_okay=False, exists=True),
    help="Compare with masks of your own, called as their images: Dice and Jaccard of each.",
)
@click.option(
    "--mask-label",
    metavar="N|any",
    callback=read_label,
    help="The value of your masks that is inside.",
)
@jobs_option
@cluster_option
@restart_option
@progress_options
def lungs(paths, out, masks, mask_label, jobs, cluster, restart, progress):
    """Outline both lungs on every radiograph in PATHS: files, or folders of them.

    OUT receives masks/*.png (the whole lungs; the patient's right one grey, the left white),
    field/*.png (the visible field, without heart and mediastinum), lungs.csv (with the
    cardiothoracic ratio), and sheet.png with outlines to look at.

    With --masks FOLDER, OUT/agreement.csv tells how well both outlines agree with your masks.

    A run that was stopped goes on where it was when the same command is given again.

    Exit code: 0, or 3 if files had to be set aside (see errors.csv).
    """
    from pathlib import Path

    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._progress import print_set_aside
    from featurex.cli._stopping import going_on
    from featurex.datasets import list_files
    from featurex.engine import Engine
    from featurex.lung_agreement import compare_with_masks
    from featurex.lung_files import write_lungs
    from featurex.wording import agree, count

    if mask_label is not None and masks is None:
        raise click.UsageError("--mask-label needs masks: name their folder with --masks")
    files = list_files(paths)
    engine = Engine(Path(out) / ".parts", jobs, cluster, restart, progress)
    with going_on("The same command goes on where this one was."):
        outlined = write_lungs(files, out, engine)
    print_set_aside(progress, outlined.errors, f"{out}/errors.csv")
    for doubt, number in outlined.doubts.most_common():
        verb = agree(number, "looks/look")
        echo(f"{number} {verb} doubtful: {doubt} (column doubt of lungs.csv)")
    if outlined.n_hidden:
        echo(
            f"{count(outlined.n_hidden, 'image')} {agree(outlined.n_hidden, 'has/have')} no "
            "cardiothoracic ratio (column heart_doubt of lungs.csv)"
        )
    echo(f"{count(outlined.n_images, 'mask')}: {out}")
    if masks is not None:
        for line in compare_with_masks(out, masks, mask_label).summarise():
            echo(line)
    return FILES_SET_ASIDE if len(outlined.errors) else 0
