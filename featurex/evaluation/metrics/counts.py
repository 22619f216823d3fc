"""Measures of decisions, from a table of counts."""

import numpy as np

from featurex.errors import DataError
from featurex.evaluation.arrays import check_labels, check_weights, safe_ratio


def confusion(labels, decisions, n_classes=2, weights=None):
    """Count images by true class (rows) and decided class (columns).

    Parameters
    ----------
    labels, decisions : array-like of int or bool, shape (n,)
        Class indices.
    n_classes : int
    weights : array-like, shape (..., n), or None

    Returns
    -------
    counts : float64 array, shape (..., n_classes, n_classes)
        What every measure of decisions below takes.
    """
    labels, decisions = check_labels(labels, n_classes), np.asarray(decisions).astype(np.int64)
    if decisions.shape != labels.shape or decisions.min() < 0 or decisions.max() >= n_classes:
        raise DataError(f"decisions must be {len(labels)} class indices from 0 to {n_classes - 1}")
    weights = check_weights(weights, len(labels))
    cells = np.eye(n_classes * n_classes)[labels * n_classes + decisions]
    return (weights @ cells).reshape(*weights.shape[:-1], n_classes, n_classes)


def accuracy(counts):
    """Share of right decisions; `counts` as from `confusion`, as for all measures below."""
    return safe_ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))


def sensitivity(counts):
    """TP / (TP + FN), the recall of the positive class; of three classes or more their mean."""
    true_positive, _, false_negative, _ = _one_against_rest(counts)
    return _positive(safe_ratio(true_positive, true_positive + false_negative))


def specificity(counts):
    """TN / (TN + FP); of three classes or more the mean of each against the rest."""
    _, false_positive, _, true_negative = _one_against_rest(counts)
    return _positive(safe_ratio(true_negative, true_negative + false_positive))


def positive_predictive_value(counts):
    """TP / (TP + FP), the precision; NaN where nothing was called positive. Macro mean as above."""
    true_positive, false_positive, _, _ = _one_against_rest(counts)
    return _positive(safe_ratio(true_positive, true_positive + false_positive))


def negative_predictive_value(counts):
    """TN / (TN + FN); NaN where nothing was called negative. Macro mean as above."""
    _, _, false_negative, true_negative = _one_against_rest(counts)
    return _positive(safe_ratio(true_negative, true_negative + false_negative))


def f1(counts):
    """2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall. Macro mean as above."""
    true_positive, false_positive, false_negative, _ = _one_against_rest(counts)
    return _positive(
        safe_ratio(2.0 * true_positive, 2.0 * true_positive + false_positive + false_negative)
    )


def balanced_accuracy(counts):
    """Mean recall of the classes: (sensitivity + specificity) / 2 of two."""
    return safe_ratio(np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(axis=-1)).mean(axis=-1)


def matthews_correlation(counts):
    """Correlation of truth and decision; 0 where either is constant.

    Of three classes or more it is R_K (Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006),
    which for two is Matthews' coefficient (1975, doi:10.1016/0005-2795(75)90109-9).

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)

    Returns
    -------
    correlation : float or array, shape (...)
        Within [-1, 1].
    """
    truth, decided = counts.sum(axis=-1), counts.sum(axis=-2)
    total = counts.sum(axis=(-2, -1))
    right = np.trace(counts, axis1=-2, axis2=-1)
    covariance = right * total - (truth * decided).sum(axis=-1)
    variances = (total**2 - (truth**2).sum(axis=-1)) * (total**2 - (decided**2).sum(axis=-1))
    return safe_ratio(covariance, np.sqrt(variances), undefined=0.0)


def _one_against_rest(counts):
    """TP, FP, FN, TN of each class against the rest: arrays of shape (..., n_classes)."""
    true_positive = np.diagonal(counts, axis1=-2, axis2=-1)
    false_positive = counts.sum(axis=-2) - true_positive
    false_negative = counts.sum(axis=-1) - true_positive
    total = counts.sum(axis=(-2, -1))[..., None]
    return (
        true_positive,
        false_positive,
        false_negative,
        total - true_positive - false_positive - false_negative,
    )


def _positive(values):
    """The positive class's value of two, the mean of more."""
    return values[..., 1] if values.shape[-1] == 2 else values.mean(axis=-1)
