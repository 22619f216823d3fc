"""Section: the chosen classical model against the chosen CNN."""

from featurex.report.names import decimal, describe_interval, full_name, probability, signed
from featurex.report.section import Section, explain_missing


def make_section(record):
    """Show the paired test of the two chosen models.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Classical model against CNN", "Against CNN"
    comparison = record.info.comparison
    if comparison is None:
        otherwise = (
            "The paired test of the two AUCs is defined for two classes only."
            if record.info.selection.cnn
            else "No CNN took part in this run."
        )
        missing = explain_missing(record, "comparison", otherwise)
        return Section("comparison", title, menu, missing=missing)
    statistic = "" if comparison.z is None else f", z = {signed(comparison.z, 2)}"
    p = "not defined" if comparison.p is None else f"{probability(comparison.p)}{statistic}"
    limits = describe_interval(comparison.low, comparison.high, signed)
    facts = {
        full_name(comparison.a): f"AUC {decimal(comparison.auc_a)}",
        full_name(comparison.b): f"AUC {decimal(comparison.auc_b)}",
        "difference": f"{signed(comparison.difference)} ({limits})",
        "DeLong's test, patients as clusters": p,
    }
    return Section("comparison", title, menu, values={"facts": facts})
