"""``featurex report``: write the page of a finished benchmark again."""

import click

from featurex.cli._output import echo


@click.command()
@click.argument("run")
def report(run):
    """Write RUN/report.html again from the files of the run folder RUN, and print the ranked
    table.
    """
    from featurex.cli._console import make_console
    from featurex.report import write_report
    from featurex.report.terminal import external_table, ranked_table
    from featurex.runs import read_record

    path = write_report(run)
    record = read_record(run)
    make_console(stderr=False).print(ranked_table(record.rows, record.info))
    if len(record.external):
        make_console(stderr=False).print(external_table(record.external, record.rows, record.info))
    echo(f"Report: {path}")
