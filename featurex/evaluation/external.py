"""Frozen scores on another set of images, which may lack a class."""

from typing import NamedTuple

import numpy as np

from featurex.evaluation import metrics
from featurex.evaluation.subgroups import measure_area
from featurex.evaluation.thresholds import decide


class FrozenScores(NamedTuple):
    """What scores and decisions that were fixed before are worth; None where a value is not
    defined.

    Parameters
    ----------
    n : int
        Number of images.
    n_positive : int or None
        Images of the positive class; None for three classes or more.
    auc, auc_low, auc_high : float or None
        With the 95 % interval over patients; no AUC where a class is lacking, no interval where it
        has fewer than ten patients.
    accuracy, balanced_accuracy, sensitivity, specificity : float or None
        Of the decisions.
    brier, ece : float
        Brier score and expected calibration error.
    """

    n: int
    n_positive: int | None
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    accuracy: float | None
    balanced_accuracy: float | None
    sensitivity: float | None
    specificity: float | None
    brier: float
    ece: float


def measure_frozen(labels, scores, threshold, patients, *, n_resamples=1000, seed=0):
    """Measure frozen scores and decisions on images that may lack a class.

    Parameters
    ----------
    labels : int array, shape (n,)
        Class indices.
    scores : float array, shape (n,) or (n, n_classes)
        Probability of the positive class, or of each class.
    threshold : float or None
        Of the score; None for three classes or more, where the largest score decides.
    patients : array, shape (n,)
        The patient of every image.
    n_resamples, seed : int
        Resamples and seed of the AUC's interval; see
        `featurex.evaluation.intervals.auc_with_interval`.

    Returns
    -------
    scores : FrozenScores

    Examples
    --------
    Images of one class have no AUC, but a sensitivity:

    >>> import numpy as np
    >>> scores = measure_frozen(np.array([1, 1]), np.array([0.9, 0.3]), 0.5, np.array(["a", "b"]))
    >>> scores.auc, scores.sensitivity, scores.specificity
    (None, 0.5, None)
    """
    labels, scores = np.asarray(labels), np.asarray(scores)
    n_classes = 2 if scores.ndim == 1 else scores.shape[1]
    area = measure_area(labels, scores, patients, n_classes, n_resamples, seed)
    labels, scores, weights = _add_missing(labels, scores, n_classes)
    counts = metrics.confusion(labels, decide(scores, threshold), n_classes, weights)
    binary = n_classes == 2
    measures = {
        "auc": area and area.value,
        "auc_low": area and area.low,
        "auc_high": area and area.high,
        "accuracy": metrics.accuracy(counts),
        "balanced_accuracy": metrics.balanced_accuracy(counts),
        "sensitivity": metrics.sensitivity(counts) if binary else None,
        "specificity": metrics.specificity(counts) if binary else None,
        "brier": metrics.brier(labels, scores, weights),
        "ece": metrics.expected_calibration_error(labels, scores, weights=weights),
    }
    n_positive = int(weights[labels == 1].sum()) if binary else None
    return FrozenScores(
        int(weights.sum()), n_positive, **{name: _plain(value) for name, value in measures.items()}
    )


def _add_missing(labels, scores, n_classes):
    """Append one image of weight 0 for each class that does not occur: measures demand one."""
    missing = np.setdiff1d(np.arange(n_classes), labels)
    weights = np.concatenate([np.ones(len(labels)), np.zeros(len(missing))])
    blank = np.full((len(missing), *scores.shape[1:]), 0.5 if scores.ndim == 1 else 0.0)
    return np.concatenate([labels, missing]), np.concatenate([scores, blank]), weights


def _plain(value):
    return None if value is None or np.isnan(value) else float(value)
