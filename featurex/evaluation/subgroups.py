"""How a model does in a part of the images: where it fails is not seen in one score for all."""

from typing import NamedTuple

import numpy as np

from featurex.evaluation import metrics
from featurex.evaluation.intervals import Interval, auc_with_interval, wilson_interval

# Fewer patients of a class say too little of how much other patients would differ.
FEWEST_PATIENTS = 10


class GroupScores(NamedTuple):
    """What was measured in a group; None where nothing can be said.

    Parameters
    ----------
    images, patients : int
    auc, accuracy, sensitivity, specificity : Interval or None
        An interval that cannot be estimated has limits that are NaN.
    """

    images: int
    patients: int
    auc: Interval | None
    accuracy: Interval | None
    sensitivity: Interval | None
    specificity: Interval | None


def score_group(
    labels, scores, decisions, patients, members, rivals=None, *, n_resamples=1000, seed=0
):
    """Measure frozen scores and decisions in a part of the images.

    Parameters
    ----------
    labels, decisions : int array, shape (n,)
        Class indices.
    scores : float array, shape (n,) or (n, n_classes)
    patients : array, shape (n,)
    members : bool array, shape (n,)
        The group.
    rivals : bool array, shape (n,), or None
        Images outside a group of one class that its AUC is measured against.
    n_resamples, seed : int
        See `featurex.evaluation.intervals.clustered_interval`.

    Returns
    -------
    found : GroupScores

    Notes
    -----
    The AUC needs images of every class, and has no interval where a class has fewer than ten
    patients, or where it is 0 or 1: every resample of a perfect order is perfect. Shares have
    Wilson's interval with as many trials as there are patients, as that keeps its width at 0 and 1,
    too. It is wider than need be where images of one patient differ.
    """
    n_classes = 2 if scores.ndim == 1 else scores.shape[1]
    ranked = members if rivals is None else members | rivals
    right = decisions == labels

    def share(rows):
        n_patients = len(np.unique(patients[rows]))
        return wilson_interval(float(right[rows].mean()), n_patients) if n_patients else None

    return GroupScores(
        int(members.sum()),
        len(np.unique(patients[members])),
        _area(labels[ranked], scores[ranked], patients[ranked], n_classes, n_resamples, seed),
        share(members),
        share(members & (labels == 1)) if n_classes == 2 else None,
        share(members & (labels == 0)) if n_classes == 2 else None,
    )


def _area(labels, scores, patients, n_classes, n_resamples, seed):
    own = [len(np.unique(patients[labels == index])) for index in range(n_classes)]
    if min(own) == 0:
        return None
    value = float(metrics.macro_auc(labels, scores))
    if min(own) < FEWEST_PATIENTS or value in (0.0, 1.0):
        return Interval(value, np.nan, np.nan)
    return auc_with_interval(labels, scores, patients, n_resamples=n_resamples, seed=seed)
