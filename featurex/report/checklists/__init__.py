"""Reviewers' checklists, filled from a run as far as it knows, as a page and as Markdown."""

from featurex.files import replacing
from featurex.report.checklists.clear import CLEAR
from featurex.report.checklists.tripod import TRIPOD_AI
from featurex.report.page import render_page, write_page
from featurex.runs import read_record

CHECKLISTS = (CLEAR, TRIPOD_AI)
# What stands where the run cannot answer.
AUTHOR = "For the author to answer."
PAGE, TEXT = "checklists.html", "checklists.md"

__all__ = ["CHECKLISTS", "fill_checklists", "write_checklists"]


def write_checklists(folder):
    """Write checklists.html and checklists.md into the folder of a finished run.

    Parameters
    ----------
    folder : str or path-like
        Run folder, as written by ``featurex benchmark``.

    Returns
    -------
    path : pathlib.Path
        Path of checklists.html.

    Raises
    ------
    DataError
        If the folder does not hold a finished run, or a file cannot be written.
    """
    record = read_record(folder)
    filled = fill_checklists(record)
    with replacing(record.folder / TEXT) as temporary:
        temporary.write_text(_write_markdown(record, filled), encoding="utf-8")
    page = render_page(
        "checklists.html",
        record.info.featurex,
        dataset=record.info.dataset,
        checklists=filled,
        author=AUTHOR,
    )
    return write_page(record.folder / PAGE, page)


def fill_checklists(record):
    """Answer the items of all checklists.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    filled : list of (Checklist, list of (Item, str))
        The text is empty where only the author can answer.
    """
    return [
        (
            checklist,
            [(item, item.answer(record) if item.answer else "") for item in checklist.items],
        )
        for checklist in CHECKLISTS
    ]


def _write_markdown(record, filled):
    lines = [f"# Checklists of the run on {_escape(record.info.dataset.name)}", ""]
    for checklist, answers in filled:
        lines += [
            f"## {checklist.name}",
            "",
            f"Items in our words; the wording is that of {checklist.source}.",
            "",
            "| No. | Item | Answer | Page |",
            "|---|---|---|---|",
            *(
                f"| {item.number} | {item.asks} | {_escape(answer or AUTHOR)} | |"
                for item, answer in answers
            ),
            "",
        ]
    return "\n".join(lines)


def _escape(text):
    r"""Names of files and classes are text, and no Markdown: \ before what would be read as it."""
    text = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\|<>`*_[]" else letter for letter in text)
