"""Section: the test images that the chosen model decides wrongly with the highest scores."""

from featurex.report.section import Section, explain_missing


def make_section(record):
    """Show the worst mistakes of the chosen classical model.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Worst mistakes", "Mistakes"
    mistakes = record.info.mistakes
    if not mistakes:
        otherwise = (
            "This run does not hold the mistakes of its models."
            if record.info.importance is None
            else "The chosen model decides every test image correctly."
        )
        missing = explain_missing(record, "mistakes", otherwise)
        return Section("mistakes", title, menu, missing=missing)
    lead = (
        "The test images that the chosen model decides wrongly with the highest scores, which a "
        "person should check first. Orange regions raised the score of the wrong class, blue "
        "regions lowered it."
    )
    return Section("mistakes", title, menu, lead=lead, values={"mistakes": mistakes}, wide=True)


def list_pictures(mistakes):
    """List the pictures of mistakes, below the run folder: list of str."""
    return [
        name for mistake in mistakes for name in (mistake.file, mistake.plain) if name is not None
    ]
