"""``featurex lungs``: where the lungs are."""

import click

from featurex.cli._options import jobs_option
from featurex.cli._output import echo


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--out", type=click.Path(), required=True, help="Folder for masks, table and sheet.")
@jobs_option
def lungs(paths, out, jobs):
    """Outline both lungs on every radiograph in PATHS: files, or folders of them.

    OUT receives masks/*.png (the whole lungs; the patient's right one grey, the left white),
    field/*.png (the visible field, without heart and mediastinum), lungs.csv (with the
    cardiothoracic ratio), and sheet.png with outlines to look at.

    Exit code: 0, or 3 if files had to be set aside (see errors.csv).
    """
    from featurex.cli import FILES_SET_ASIDE
    from featurex.cli._console import ConsoleProgress, make_console, print_set_aside
    from featurex.datasets import list_files
    from featurex.lungs.write import write_lungs
    from featurex.parallel import count_jobs
    from featurex.wording import agree, count

    console = make_console()
    files = list_files(paths)
    table, errors = write_lungs(
        files, out, n_jobs=count_jobs(jobs), progress=ConsoleProgress(console)
    )
    print_set_aside(console, errors, f"{out}/errors.csv")
    doubts = table.loc[table["doubt"] != "", "doubt"].value_counts()
    for doubt, number in doubts.items():
        verb = agree(number, "looks/look")
        echo(f"{number} {verb} doubtful: {doubt} (column doubt of lungs.csv)")
    hidden = (table["heart_doubt"] != "").sum()
    if hidden:
        echo(f"{hidden} without a cardiothoracic ratio: see column heart_doubt of lungs.csv")
    echo(f"{count(len(table), 'mask')}: {out}")
    return FILES_SET_ASIDE if len(errors) else 0
