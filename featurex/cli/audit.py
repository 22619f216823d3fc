"""``featurex audit``: what is wrong with a data set."""

import click

from featurex.cli._options import (
    cluster_option,
    jobs_option,
    list_options,
    progress_options,
    restart_option,
    task_option,
)
from featurex.cli._output import echo


@click.command()
@click.argument("data", required=False)
@list_options
@click.option("--out", type=click.Path(), help="Write a page and the tables into this folder.")
@task_option
@click.option(
    "--fail-on",
    "severity",
    default="serious",
    show_default=True,
    help="Exit code 4 from this severity on: note, warning or serious.",
)
@jobs_option
@cluster_option
@restart_option
@progress_options
def audit(data, source, out, task, severity, jobs, cluster, restart, progress):
    """Look for bad files, duplicates, leaks and shortcuts in DATA, before a model finds them.

    With --out, an audit that was stopped goes on where it was when the same command is given again.

    Exit code: 0, or 4 with a finding of at least the severity of --fail-on.
    """
    from pathlib import Path

    from featurex.audit import SEVERITIES, audit_dataset
    from featurex.audit.findings import group_by_remedy
    from featurex.checks import check_choice
    from featurex.cli import AUDIT_FAILED
    from featurex.cli._console import make_console
    from featurex.cli._stopping import going_on
    from featurex.config import read_value
    from featurex.report import write_audit_page

    limit = SEVERITIES.index(check_choice("--fail-on", severity, SEVERITIES))
    task = task and read_value(task, "--task")
    dataset = source.load([data] if data else [], progress)
    with going_on("The same command goes on where this one was." if out else ""):
        result = audit_dataset(
            dataset,
            task=task,
            folder=Path(out) / ".parts" if out else None,
            n_jobs=jobs,
            cluster=cluster,
            restart=restart,
            progress=progress,
        )
    console = make_console(stderr=False)
    if len(result.shortcuts):
        console.print(_shortcut_table(result.shortcuts))
    findings = result.findings
    for severity, remedy, titles in group_by_remedy(findings):
        lines = "\n".join([f"{severity.upper()}: {remedy}", *(f"  - {title}" for title in titles)])
        console.print(lines, markup=False, highlight=False, soft_wrap=True)
    if out:
        result.write(out)
        echo(f"Page: {write_audit_page(result, out)}")
    return (
        AUDIT_FAILED
        if any(SEVERITIES.index(finding.severity) >= limit for finding in findings)
        else 0
    )


def _shortcut_table(shortcuts):
    from rich.table import Table

    title = "What is no lung, and how well it predicts the label alone"
    table = Table("shortcut", "AUC", "95 %", "test AUC", title=title)
    for row in shortcuts.itertuples():
        test = "" if row.test_auc != row.test_auc else f"{row.test_auc:.3f}"
        table.add_row(row.name, f"{row.cv_auc:.3f}", f"{row.low:.3f} to {row.high:.3f}", test)
    return table
