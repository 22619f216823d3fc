"""The page of a run: a summary, and then one section after the other."""

from featurex.report import (
    alignment,
    caveats,
    comparison,
    confusion,
    controls,
    cost,
    curves,
    data,
    decision,
    examples,
    external,
    framing,
    glossary,
    importance,
    learning,
    mistakes,
    protocol,
    ranking,
    rerun,
    results,
    rivals,
    robustness,
    subgroups,
    timings,
)
from featurex.report.mistakes import list_pictures
from featurex.report.page import render_page, write_page
from featurex.report.pictures import RunPictures
from featurex.report.summary import summarise_run
from featurex.runs import read_record

# In the order of the page: what the scores are, what they are worth, where they fail, how they were
# made. Two sections that are not wide stand side by side on a large screen.
SECTIONS = (
    results.make_section,
    curves.make_section,
    confusion.make_section,
    decision.make_section,
    framing.make_section,
    controls.make_section,
    comparison.make_section,
    importance.make_section,
    mistakes.make_section,
    external.make_section,
    rivals.make_section,
    subgroups.make_section,
    caveats.make_section,
    data.make_section,
    protocol.make_section,
    robustness.make_section,
    learning.make_section,
    ranking.make_section,
    alignment.make_section,
    cost.make_section,
    timings.make_section,
    examples.make_section,
    rerun.make_section,
    glossary.make_section,
)


def write_report(folder):
    """Write report.html into the folder of a finished run, from the files there alone.

    Parameters
    ----------
    folder : str or path-like
        Run folder, as written by ``featurex benchmark``.

    Returns
    -------
    path : pathlib.Path
        Path of report.html.

    Raises
    ------
    DataError
        If the folder does not hold a finished run, or the page cannot be written.
    """
    record = read_record(folder)
    return write_page(record.folder / "report.html", render_run(record))


def render_run(record):
    """Fill the page of a run.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    page : str
        HTML.
    """
    sections = [make_section(record) for make_section in SECTIONS]
    return render_page(
        "run.html",
        record.info.featurex,
        dataset=record.info.dataset,
        summary=summarise_run(record),
        sections=[section for section in sections if not section.missing],
        missing=[section for section in sections if section.missing],
        embed=RunPictures(record.folder, first=list_pictures(record.info.mistakes)).embed,
    )
