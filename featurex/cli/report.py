"""``featurex report``: write the page of a finished benchmark again."""

import click

from featurex.cli._output import echo


@click.command()
@click.argument("run")
@click.option(
    "--checklists",
    is_flag=True,
    help="Write checklists.html and .md, too: CLEAR and TRIPOD+AI, answered from the run.",
)
@click.option(
    "--figures",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Write every figure as SVG, and every table as CSV and LaTeX, into this folder.",
)
def report(run, checklists, figures):
    """Write RUN/report.html again from the files of the run folder RUN, also one of several
    findings, and print the ranked table.
    """
    from featurex.cli._console import make_console
    from featurex.report import write_findings_page, write_report
    from featurex.report.findings_page import list_models
    from featurex.report.terminal import external_table, findings_table, ranked_table
    from featurex.runs import read_record
    from featurex.runs.findings import is_findings_folder, read_findings

    if is_findings_folder(run):
        record = read_findings(run)
        for below in record.records.values():
            write_report(below.folder)
            _write_rest(below.folder, checklists, figures and f"{figures}/{below.folder.name}")
        name = next(iter(record.records.values())).info.dataset.name
        make_console(stderr=False).print(findings_table(list_models(record.table), name))
        echo(f"Report: {write_findings_page(run)}")
        return
    path = write_report(run)
    record = read_record(run)
    console = make_console(stderr=False)
    console.print(ranked_table(record.rows, record.info, console.width))
    if len(record.external):
        console.print(external_table(record.external, record.rows, record.info))
    echo(f"Report: {path}")
    _write_rest(run, checklists, figures)


def _write_rest(run, checklists, figures):
    from pathlib import Path

    from featurex.report.checklists import write_checklists
    from featurex.report.standalone import write_parts
    from featurex.wording import count

    if checklists:
        echo(f"Checklists: {write_checklists(run)}")
    if figures:
        page = (Path(run) / "report.html").read_text(encoding="utf-8")
        echo(f"{count(len(write_parts(page, figures)), 'file')}: {figures}")
