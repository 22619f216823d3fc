"""Why an image got no class, and what to check before its score is used: in words, for its page."""

import numpy as np

from featurex.bundle.scoring import FLAGS, NO_DECISION, UNDECIDED, WITHHOLDING
from featurex.evaluation.thresholds import decide


def explain_withheld(row, manifest):
    """Say what a row of predictions withholds and why, and of what its flags warn.

    Parameters
    ----------
    row : dict
        As from `Model.predict_rows`, of a file that could be used.
    manifest : featurex.bundle.manifest.Manifest
        Of the model that made the row.

    Returns
    -------
    sentences : list of str
        None for an image with a decision and without a flag.

    Examples
    --------
    >>> explain_withheld({"decision": "no decision", "flags": "inverted; no_lungs"}, None)
    ['No decision is given, because of the image: no lungs were found.', \
'Check the image before its score is used: looks like a negative.']
    """
    flags = [name for name in row["flags"].split("; ") if name]
    why = [FLAGS[name] for name in flags if name in WITHHOLDING]
    warnings = [FLAGS[name] for name in flags if name not in WITHHOLDING]
    sentences = []
    if row["decision"] == NO_DECISION:
        sentences.append(f"No decision is given, because of the image: {'; '.join(why)}.")
    if row["decision"] == UNDECIDED:
        sentences.append(_explain_undecided(row, manifest))
    if warnings:
        sentences.append(f"Check the image before its score is used: {'; '.join(warnings)}.")
    return sentences


def _explain_undecided(row, manifest):
    classes, sets = manifest.classes, manifest.sets
    if len(classes) == 2:
        scores = np.array([row["score"]])
    else:
        scores = np.array([[row[f"score_{index}"] for index in range(len(classes))]])
    possible = sets.find(scores, decide(scores, manifest.threshold))[0]
    names = [name for name, is_in in zip(classes, possible, strict=True) if is_in]
    return (
        f"Undecided: {' and '.join(names)} are both possible with this score."
        if len(names) == 2
        else f"Undecided: {', '.join(names)} are all possible with this score."
    ) + (
        f" The classes named hold the true one in {sets.coverage:.0%} of images like those of"
        " training."
    )
