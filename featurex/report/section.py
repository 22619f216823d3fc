"""What one section of the report holds, and the names that its page needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """One section of the report of a run.

    Every module of a section has one function, ``make_section``, from a `Record` to a `Section`;
    `featurex.report.run_page.SECTIONS` lists these functions in the order of the page.

    Parameters
    ----------
    name : str
        Anchor on the page, unique; also the name of the template, where there is one.
    title : str
        Heading.
    menu : str
        Short title for the list of contents.
    lead : str
        One or two sentences below the heading; empty for none.
    figures : tuple of Figure
        Drawings, shown in this order.
    values : dict or None
        Variables of the template sections/NAME.html, which is shown below the figures. None if
        the section has no template.
    missing : str
        One sentence that says why the run has nothing to show here; empty if it has.
    wide : bool
        Whether the section takes the whole width of the page, and not half of it.
    """

    name: str
    title: str
    menu: str
    lead: str = ""
    figures: tuple = ()
    values: dict | None = None
    missing: str = ""
    wide: bool = False


def explain_missing(record, question, otherwise):
    """Say why a run does not answer a question.

    Parameters
    ----------
    record : Record
        The run.
    question : str
        Field of `featurex.runs.RunInfo`, which is also the key in its ``skipped``.
    otherwise : str
        Sentence for runs that do not say why.

    Returns
    -------
    sentence : str
    """
    return record.info.skipped.get(question) or otherwise
