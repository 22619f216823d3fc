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
        parts=[_describe(record, finding, run) for finding, run in record.records.items()],
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


def _describe(record, finding, run):
    rows = record.table[record.table["finding"] == finding].iloc[0]
    figures = curves.make_section(run).figures
    return {
        "anchor": rows["folder"],
        "finding": finding,
        "images": int(rows["n"]),
        "positive": int(rows["n_positive"]),
        "summary": summarise_run(run),
        "notes": run.info.dataset.notes,
        "figure": figures[0] if figures else None,
        "page": f"{quote(rows['folder'])}/{schema.REPORT}",
    }
