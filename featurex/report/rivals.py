"""Section: the chosen models against models from elsewhere."""

from featurex.report.auc_chart import AucChart
from featurex.report.names import (
    decimal,
    full_name,
    listing,
    name_kind,
    probability,
    signed,
)
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure
from featurex.wording import count

NOT_GIVEN = "No scores of models from elsewhere were given to this run."


def make_section(record):
    """Show the paired tests of the chosen models against every rival.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Against models from elsewhere", "Rivals"
    rivals = record.info.rivals
    if not rivals:
        missing = explain_missing(record, "rivals", NOT_GIVEN)
        return Section("rivals", title, menu, missing=missing)
    values = {"tests": [_write_test(test) for rival in rivals for test in rival.tests]}
    values["notes"] = [_describe_file(rival) for rival in rivals]
    lead = " ".join(_describe_rival(record, rival) for rival in rivals)
    return Section("rivals", title, menu, lead=lead, figures=(draw_rivals(record),), values=values)


def draw_rivals(record):
    """Draw the test AUC of the chosen models and of rivals, with intervals: Figure.

    Parameters
    ----------
    record : Record
        Run with rivals.
    """
    rows = [record.row(key) for key in (*record.chosen, *record.rivals)]
    chart = AucChart([row["test_auc_low"] for row in rows], top=4.0, bars=False)
    description = []
    for row in rows:
        auc, limits = decimal(row["test_auc"]), (row["test_auc_low"], row["test_auc_high"])
        marker = (row["test_auc"], "circle", True, "AUC")
        chart.add_row(full_name(row["key"]), auc, name_kind(row["key"]), [marker], span=limits)
        description.append(f"{full_name(row['key'])}: {auc}")
    svg = chart.draw("rivals-figure", "AUC on the test images", f"{'; '.join(description)}.")
    caption = "AUC on the same test images, with the 95 % interval over patients."
    return Figure("AUC of the chosen models and of rivals", svg, caption)


def _describe_rival(record, rival):
    row = record.row(rival.key)
    words = f"{full_name(rival.key)} has an AUC of {decimal(row['test_auc'])}"
    if not rival.tests:
        return f"{words} on average over the classes; AUCs are tested for two classes only."
    test = rival.tests[0]
    if test.p is None or test.p >= 0.05:
        return f"{words}, which does not differ significantly from that of {full_name(test.a)}."
    than = "higher" if test.difference < 0 else "lower"
    return f"{words}, significantly {than} than that of {full_name(test.a)}."


def _write_test(test):
    p = "not defined" if test.p is None else probability(test.p)
    limits = f"{signed(test.low)} to {signed(test.high)}"
    return {
        "title": (full_name(test.a), full_name(test.b)),
        "facts": {
            "difference of the AUCs": f"{signed(test.difference)} ({limits})",
            "DeLong's test, patients as clusters": p,
        },
    }


def _describe_file(rival):
    words = f"{full_name(rival.key)}: {count(rival.n_images, 'test image')} scored in {rival.file}"
    if rival.n_unused:
        words += f"; {count(rival.n_unused, 'other score')} there are not used"
    if rival.external:
        words += f"; it also scored {listing(rival.external)}"
    return f"{words}. How it was trained is not known here: it may have seen these images."
