"""Section: example images, stage by stage."""

from featurex.report.section import Section, explain_missing


def make_section(record):
    """Show what the preparation and each family make of example images.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Example images, step by step", "Examples"
    order = record.classes.index
    examples = sorted(record.info.examples, key=lambda example: order(example.label))
    if not examples:
        missing = explain_missing(record, "examples", "This run holds no example images.")
        return Section("examples", title, menu, missing=missing)
    return Section("examples", title, menu, values={"examples": examples}, wide=True)
