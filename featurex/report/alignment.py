"""Section: how often the alignment failed in each class."""

from featurex.report.section import Section


def make_section(record):
    """Show how many images of each class could not be aligned.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Failed alignments", "Alignment"
    failures = list_failures(record.info)
    if not failures:
        missing = "No images were aligned in this run."
        return Section("alignment", title, menu, missing=missing)
    if not any(failed for _, failed, *_ in failures):
        missing = "Every image could be registered to the mean chest."
        return Section("alignment", title, menu, missing=missing)
    lead = (
        "Images that could not be registered to the mean chest were used in their original "
        "framing. If alignment fails more often in one class, the failure itself is a shortcut."
    )
    return Section("alignment", title, menu, lead=lead, values={"failures": failures})


def list_failures(info):
    """Count the images of each class that could not be aligned.

    Parameters
    ----------
    info : RunInfo
        The content of run.json.

    Returns
    -------
    failures : list of tuple of (str, int, int, float)
        Class, failed images, all images, and their ratio.
    """
    images = {}
    for part in info.dataset.counts:
        images[part.label] = images.get(part.label, 0) + part.images
    return [
        (name, failed, images[name], failed / images[name])
        for name, failed in info.alignment.failed_by_class.items()
        if images.get(name)
    ]
