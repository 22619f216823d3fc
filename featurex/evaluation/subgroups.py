"""Scores of a model in a group of the images: one score for all hides where it fails."""

from typing import NamedTuple

import numpy as np

from featurex.evaluation import metrics
from featurex.evaluation.intervals import Interval, auc_with_interval, wilson_interval

# Fewer patients of a class say too little of how much other patients would differ.
FEWEST_PATIENTS = 10


class GroupScores(NamedTuple):
    """The scores of a group; None where a value is not defined.

    Parameters
    ----------
    images, patients : int
        Sizes of the group.
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
    """Measure frozen scores and decisions in a group of the images.

    Parameters
    ----------
    labels, decisions : int array, shape (n,)
        Class indices.
    scores : float array, shape (n,) or (n, n_classes)
        The positive class's score, or one score a class.
    patients : array, shape (n,)
        The patient of every image.
    members : bool array, shape (n,)
        True for the images of the group.
    rivals : bool array, shape (n,), or None
        Images outside a group of one class that its AUC is measured against.
    n_resamples, seed : int
        Resamples and seed of the AUC's interval; see
        `featurex.evaluation.intervals.auc_with_interval`.

    Returns
    -------
    scores : GroupScores

    Notes
    -----
    The AUC needs images of every class, and has no interval where a class has fewer than ten
    patients, or where it is 0 or 1: every resample of a perfect order is perfect. Fractions have
    Wilson's interval with as many trials as there are patients, as that keeps its width at 0 and 1,
    too. It is wider than need be where images of one patient differ.
    """
    n_classes = 2 if scores.ndim == 1 else scores.shape[1]
    ranked = members if rivals is None else members | rivals
    right = decisions == labels

    def fraction_right(rows):
        n_patients = len(np.unique(patients[rows]))
        return wilson_interval(float(right[rows].mean()), n_patients) if n_patients else None

    return GroupScores(
        int(members.sum()),
        len(np.unique(patients[members])),
        measure_area(
            labels[ranked], scores[ranked], patients[ranked], n_classes, n_resamples, seed
        ),
        fraction_right(members),
        fraction_right(members & (labels == 1)) if n_classes == 2 else None,
        fraction_right(members & (labels == 0)) if n_classes == 2 else None,
    )


def measure_area(labels, scores, patients, n_classes, n_resamples=1000, seed=0):
    """Measure the AUC of images that may be few, or lack a class.

    Parameters
    ----------
    labels : int array, shape (n,)
        Class indices.
    scores : float array, shape (n,) or (n, n_classes)
        The positive class's score, or one score a class.
    patients : array, shape (n,)
        The patient of every image.
    n_classes : int
        How many there are, whether or not they occur.
    n_resamples, seed : int
        Resamples and seed of the interval.

    Returns
    -------
    area : Interval or None
        None where a class is lacking; limits are NaN where a class has fewer than ten patients, or
        where the AUC is 0 or 1.

    Examples
    --------
    >>> import numpy as np
    >>> labels, patients = np.array([0, 1, 1]), np.array(["a", "b", "c"])
    >>> measure_area(labels, np.array([0.2, 0.1, 0.7]), patients, 2)
    Interval(value=0.5, low=nan, high=nan)
    >>> measure_area(labels[1:], np.array([0.1, 0.7]), patients[1:], 2) is None
    True
    """
    fewest = min(len(np.unique(patients[labels == index])) for index in range(n_classes))
    if fewest == 0:
        return None
    value = float(metrics.macro_auc(labels, scores))
    if fewest < FEWEST_PATIENTS or value in (0.0, 1.0):
        return Interval(value, np.nan, np.nan)
    return auc_with_interval(labels, scores, patients, n_resamples=n_resamples, seed=seed)
