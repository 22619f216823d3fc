"""Section: how the scores were obtained."""

from featurex.report.section import Section


def make_section(record):
    """Describe validation, selection and test, step by step.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    values = {"protocol": record.info.protocol, "classes": record.classes}
    return Section("protocol", "Protocol", "Protocol", values=values)
