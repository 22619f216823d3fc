"""``featurex compare``: models of finished benchmarks, with paired tests."""

import click

from featurex.cli._output import echo


@click.command()
@click.argument("runs", nargs=-1, required=True)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="KEY",
    help=(
        "Compare this row, as aligned/zones/svm, in every run that has it; may be repeated. "
        "[default: the chosen]"
    ),
)
@click.option(
    "--external",
    metavar="NAME",
    help="Compare on this external set of the runs. [default: on their test images]",
)
@click.option(
    "--out", type=click.Path(dir_okay=False), help="Write the page here, too: an .html file."
)
def compare(runs, models, external, out):
    """Compare the models of RUNS, folders of finished benchmarks, on the test images that all of
    them scored.

    Takes the chosen models of each run and its rivals, or those named by --model. The paired tests
    are DeLong's of AUCs, with patients as clusters, and McNemar's of decisions; they are adjusted
    for their number.
    """
    from pathlib import Path

    from featurex.cli._console import make_console
    from featurex.errors import ParameterError
    from featurex.report.comparison_page import comparison_table, write_comparison
    from featurex.runs.comparison import compare_runs

    if out is not None and Path(out).suffix != ".html":
        raise ParameterError(f"--out must be an .html file, but {out} was given")
    comparison = compare_runs(runs, models, external=external)
    make_console(stderr=False).print(comparison_table(comparison))
    if out is not None:
        echo(f"Page: {write_comparison(comparison, out)}")
