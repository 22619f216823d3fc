"""Section: what a reader must know before quoting a score."""

from featurex.report.alignment import list_failures
from featurex.report.names import listing
from featurex.report.section import Section
from featurex.runs.tables import describe_samples

# Ratio and difference of the rates of failed alignments, from which they are mentioned.
_RATIO, _DIFFERENCE = 2, 0.01


def make_section(record):
    """List the limits of a run.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    values = {"caveats": [*list_caveats(record.info), *describe_samples(record.rows)]}
    return Section("caveats", "Before you quote a score", "Caveats", values=values, wide=True)


def list_caveats(info):
    """List what limits the scores of a run.

    Parameters
    ----------
    info : RunInfo
        The content of run.json.

    Returns
    -------
    caveats : list of str
        Sentences.
    """
    caveats = [
        "Research use only. This is not a medical device, and nothing here may guide the care of "
        "a patient."
    ]
    if info.dataset.synthetic:
        caveats.append(
            "The images are synthetic: they show how the method works, and say nothing about its "
            "scores on patients."
        )
    caveats += [
        _tell_where(info.external),
        "Labels are taken from the data set, with their errors.",
        "Precision, calibration and accuracy depend on the prevalence of each class, which here "
        "is that of the data set and not that of a clinic.",
        f"The interval of a score ({info.protocol.interval}) covers the choice of test patients, "
        "but not the choice of data set, labels or seeds.",
    ]
    if not info.protocol.official_test:
        caveats.append(
            "The data set has no test split of its own: the test images come from the same source "
            "as the training images."
        )
    rates = [rate for *_, rate in list_failures(info)]
    if rates and max(rates) > _RATIO * min(rates) + _DIFFERENCE:
        caveats.append(
            "Alignment fails more often in one class than in another. Such images are used in "
            "their original framing, and a model can use the failure itself as a shortcut."
        )
    return caveats


def _tell_where(external):
    until = "A score says nothing about another hospital, device or age group until it has been"
    if not external:
        return f"All images come from one data set. {until} measured there."
    names = listing(one.name for one in external)
    return (
        f"All images but those of {names} come from one data set. {until} measured there, and a "
        "score on one other hospital says little about the next."
    )
