"""The page of a benchmark."""

import yaml

from featurex.report.cost import draw_cost
from featurex.report.decision import draw_decision
from featurex.report.gaps import draw_controls, draw_gaps
from featurex.report.glossary import GLOSSARY
from featurex.report.importance import describe_importance
from featurex.report.limits import describe_limits, draw_learning, draw_robustness
from featurex.report.page import render_page, write_page
from featurex.report.performance import draw_confusion, draw_group, list_groups, swatch
from featurex.report.pictures import embed_examples
from featurex.report.table import COLUMNS, TEXTS
from featurex.report.words import describe_ranking, describe_verdict, list_caveats, list_failures
from featurex.runs import read_record

# Of the files set aside; errors.csv has them all.
MOST_ERRORS = 50


def write_report(folder):
    """Write report.html into the folder of a finished run, from the files there alone.

    Parameters
    ----------
    folder : str or path-like
        As filled by ``featurex benchmark``.

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    DataError
        If the folder does not hold a finished run, or cannot be written.
    """
    record = read_record(folder)
    return write_page(record.folder / "report.html", render_run(record))


def render_run(record):
    """The page of a run.

    Parameters
    ----------
    record : Record

    Returns
    -------
    page : str
    """
    examples, left = embed_examples(_in_order(record), record.folder)
    return render_page(
        "run.html",
        record.facts["featurex"],
        swatch=swatch,
        describe_ranking=describe_ranking,
        describe_limits=describe_limits,
        record=record,
        facts=record.facts,
        glossary=GLOSSARY,
        columns=COLUMNS,
        texts=TEXTS,
        verdict=describe_verdict(record),
        caveats=list_caveats(record),
        failures=list_failures(record.facts),
        errors=record.errors.head(MOST_ERRORS).to_dict("records"),
        reasons=record.errors["reason"].value_counts().to_dict(),
        examples=examples,
        importance=describe_importance(record, left),
        configuration=yaml.safe_dump(
            record.facts["configuration"], sort_keys=False, default_flow_style=None
        ),
        **_draw(record),
    )


def _draw(record):
    groups = [
        {"title": title, "curves": curves, "figures": draw_group(curves, number)}
        for number, (title, curves) in enumerate(list_groups(record))
    ]
    return {
        "groups": groups,
        "confusions": [draw_confusion(record, key) for key in record.chosen],
        "decision": draw_decision(record) if record.facts["decision"] else None,
        "gaps": draw_gaps(record),
        "controls": draw_controls(record) if record.facts["controls"] else None,
        "limits": [draw_learning(record), draw_robustness(record)]
        if record.facts["learning"]
        else None,
        "cost": draw_cost(record) if record.facts["cost"] else None,
    }


def _in_order(record):
    """Examples by class, in the order of the classes."""
    return sorted(
        record.facts["examples"], key=lambda example: record.classes.index(example["label"])
    )
