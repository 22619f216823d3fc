"""Which images of an external set are the run's own: the same image, or the same patient."""

import os
from typing import NamedTuple

import numpy as np

from featurex.audit.similarity import describe_pictures

# Correlation of middle frequencies from which two images are one, saved again: see
# `featurex.audit.similarity`, where the most alike of two patients have .961.
SAME = 0.99
# Rows of the correlation matrix at a time.
_ROWS = 1024


class Overlap(NamedTuple):
    """What an external set has in common with the images of a run.

    Parameters
    ----------
    identical, shared : bool array, shape (n,)
        External images that are the same as one of the run, and others of its patients.
    note : str
        How the ids of patients were taken, a sentence; empty where no id occurs in both.
    """

    identical: np.ndarray
    shared: np.ndarray
    note: str


def find_overlap(name, own, images, table, external, same_patients=None):
    """Find external images that are in a run, too.

    Parameters
    ----------
    name : str
        Of the external set, for the note.
    own : pandas.DataFrame, shape (m, ...)
        Of the run's images: path, patient.
    images : sequence of m arrays
        These images, small.
    table : pandas.DataFrame, shape (n, ...)
        Of the external images.
    external : sequence of n arrays
        The external images.
    same_patients : bool or None
        Whether an id of a patient means one person in both sets. None: only if there is evidence.

    Returns
    -------
    overlap : Overlap

    Notes
    -----
    Most hospitals count their patients from 1, so that one id in two sets is not one person. It is
    taken for one where an image is the same under the same id, or where the images in question lie
    in folders of the run's own images: then both lists come from one source.
    """
    partner = _find_same(*map(describe_pictures, (images, external)))
    identical = partner >= 0
    own_patients, patients = own["patient"].to_numpy(), table["patient"].to_numpy()
    shared = np.isin(patients, own_patients)
    if not (shared & ~identical).any():
        return Overlap(identical, shared & False, "")
    proof = same_patients
    if proof is None:
        proof = bool((own_patients[partner[identical]] == patients[identical]).any())
        beside = np.isin(_folders(table)[shared & ~identical], _folders(own))
        proof = proof or bool(beside.all())
    count = len(np.unique(patients[shared & ~identical]))
    if proof:
        how = "are taken for the same patients, and their images are counted out"
        other = "false"
    else:
        how = "are taken for different patients, as hospitals number theirs alike"
        other = "true"
    note = f"{count:,} ids of patients in {name} occur in the run's own data; they {how}"
    if same_patients is None:
        note += f" (external.{name}.same_patients={other} says otherwise)"
    return Overlap(identical, shared & ~identical & proof, f"{note}.")


def _find_same(own, others):
    """For each of the others, the index of its most alike that is the same image, else -1."""
    partner = np.full(len(others), -1)
    for start in range(0, len(others), _ROWS):
        correlations = others[start : start + _ROWS] @ own.T
        best = correlations.argmax(axis=1)
        found = np.take_along_axis(correlations, best[:, None], axis=1)[:, 0] > SAME
        partner[start : start + _ROWS][found] = best[found]
    return partner


def _folders(table):
    return np.array([os.path.dirname(path) for path in table["path"]], object)
