"""The page of several findings: the table of findings and models, and a part for each finding."""

from urllib.parse import quote

from featurex.report import curves, names
from featurex.report.page import render_page, write_page
from featurex.report.summary import summarise_run
from featurex.runs import schema
from featurex.runs.findings import MEAN, read_findings


def write_findings_page(folder):
    """Write report.html into the folder of several findings, and one for each of them below.

    Parameters
    ----------
    folder : str or path-like
        As ``featurex benchmark --findings`` has filled it.

    Returns
    -------
    path : pathlib.Path
        Path of report.html.

    Raises
    ------
    DataError
        If a run cannot be read, or the page cannot be written.
    """
    record = read_findings(folder)
    return write_page(record.folder / schema.REPORT, render_findings(record))


def render_findings(record):
    """Fill the page of several findings.

    Parameters
    ----------
    record : FindingsRecord
        The runs.

    Returns
    -------
    page : str
        HTML.
    """
    first = next(iter(record.records.values())).info
    return render_page(
        "findings.html",
        first.featurex,
        dataset=first.dataset,
        findings=list(record.records),
        rows=list_models(record.table),
        notes=[note for note in first.dataset.notes if note in _list_common_notes(record)],
        parts=[_describe(record, finding, number) for number, finding in enumerate(record.records)],
    )


def list_models(table):
    """List the models with their AUC for each finding, the best mean first.

    Parameters
    ----------
    table : pandas.DataFrame
        As in findings.csv.

    Returns
    -------
    models : list of dict
        key, title, swap (the lower mean AUC of both swaps), test (the mean), and areas: for each
        finding its test AUC, and whether the model was chosen for it.
    """
    by_finding = {
        (row.finding, row.input, row.features, row.model): row for row in table.itertuples()
    }
    findings = list(dict.fromkeys(table["finding"][table["finding"] != MEAN]))
    models = []
    for mean in table[table["finding"] == MEAN].itertuples():
        parts = (mean.input, mean.features, mean.model)
        rows = [by_finding[(finding, *parts)] for finding in findings]
        models.append(
            {
                "title": names.full_name("/".join(parts)),
                "key": "/".join(parts),
                "swap": min(mean.swap_auc, mean.appearance_auc),
                "test": mean.test_auc,
                "areas": [(row.finding, row.test_auc, bool(row.chosen)) for row in rows],
            }
        )
    return models


def _list_common_notes(record):
    """Notes on the data set that all runs share."""
    notes = [set(run.info.dataset.notes) for run in record.records.values()]
    return set.intersection(*notes)


def _describe(record, finding, number):
    row = record.table[record.table["finding"] == finding].iloc[0]
    run, common = record.records[finding], _list_common_notes(record)
    drawn = [
        # The number keeps what figures refer to apart on a page of several.
        {"title": title, "curves": group, "figures": curves.draw_group(group, number)}
        for title, group in curves.list_groups(run)
    ]
    return {
        "anchor": row["folder"],
        "finding": finding,
        "images": int(row["n"]),
        "positive": int(row["n_positive"]),
        "summary": summarise_run(run),
        "notes": [note for note in run.info.dataset.notes if note not in common],
        "curves": {"groups": drawn},
        "page": f"{quote(row['folder'])}/{schema.REPORT}",
    }
