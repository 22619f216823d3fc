"""Section: which images and patients took part, and what a quick audit found in them."""

from featurex.report.section import Section

# Number of files that the page lists; errors.csv holds all.
MOST_ERRORS = 50


def make_section(record):
    """Show the data set, its findings, and the files that were set aside.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    errors = record.errors
    return Section(
        "data",
        "Data",
        "Data",
        values={
            "dataset": record.info.dataset,
            # "train" before "test".
            "counts": sorted(record.info.dataset.counts, key=lambda part: part.split, reverse=True),
            "findings": record.info.findings,
            "errors": errors.head(MOST_ERRORS).to_dict("records"),
            "n_errors": len(errors),
            "reasons": errors["reason"].value_counts().to_dict(),
        },
    )
