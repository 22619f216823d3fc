"""``featurex report``: write the page of a finished benchmark again."""

import click


@click.command()
@click.argument("run")
def report(run):
    """Write RUN/report.html again from the files of the run folder RUN, and print the ranked
    table.
    """
    from rich.console import Console

    from featurex.report import write_report
    from featurex.report.terminal import external_table, ranked_table
    from featurex.runs import read_record

    path = write_report(run)
    record = read_record(run)
    Console().print(ranked_table(record.rows, record.info))
    if len(record.external):
        Console().print(external_table(record.external, record.rows, record.info))
    click.echo(f"Report: {path}")
