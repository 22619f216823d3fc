"""Section: the time that each stage of the run took."""

from featurex.report.section import Section


def make_section(record):
    """Show the seconds of every stage.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Duration of the run", "Duration"
    timings = record.info.timings
    if not timings:
        missing = "This run holds no timings."
        return Section("timings", title, menu, missing=missing)
    values = {
        "machine": record.info.machine,
        "stages": timings,
        "total": sum(stage.seconds for stage in timings),
    }
    return Section("timings", title, menu, values=values)
