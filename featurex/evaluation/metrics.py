"""Measures of scores and of decisions, of two classes or more, each a pure function.

All take `weights` of shape (..., n): how often each image counts. Leading axes are resamples, which
makes a bootstrap one call (see `featurex.evaluation.intervals`); the result has these axes.
"""

import numpy as np

from featurex.errors import DataError
from featurex.evaluation.arrays import (
    check_labels,
    check_probabilities,
    check_scores,
    check_weights,
)
from featurex.evaluation.curves import calibration_bins


def auc(labels, scores, weights=None):
    """Area under the ROC curve: the chance that a positive image scores above a negative one.

    Ties count one half: exactly the Mann-Whitney statistic, by mid-ranks.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    scores : array-like of float, shape (n,)
    weights : array-like, shape (..., n), or None

    Returns
    -------
    area : float or array, shape (...)
        Within [0, 1]; NaN where a class has no weight.

    References
    ----------
    Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747
    """
    labels, scores = check_scores(labels, scores)
    positive, negative = _weights_by_score(labels, scores, weights)
    below = np.cumsum(negative, axis=-1) - 0.5 * negative
    pairs = positive.sum(axis=-1) * negative.sum(axis=-1)
    return _ratio(np.einsum("...i,...i->...", positive, below), pairs)


def average_precision(labels, scores, weights=None):
    """Area under the precision-recall steps, without interpolation.

    AP = Σ (R_k - R_(k-1)) P_k over distinct scores in descending order.

    Parameters
    ----------
    labels, scores, weights
        As for `auc`.

    Returns
    -------
    precision : float or array, shape (...)
        Within (0, 1].
    """
    labels, scores = check_scores(labels, scores)
    positive, negative = _weights_by_score(labels, -scores, weights)
    true, false = np.cumsum(positive, axis=-1), np.cumsum(negative, axis=-1)
    precision = _ratio(true, true + false, undefined=0.0)
    return _ratio((positive * precision).sum(axis=-1), true[..., -1])


def macro_auc(labels, probabilities, weights=None):
    """`auc`, or with three classes or more the plain mean of each class against the rest.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
    probabilities : array-like of float, shape (n,) or (n, n_classes)
    weights : array-like, shape (..., n), or None

    Returns
    -------
    area : float or array, shape (...)
    """
    probabilities = np.asarray(probabilities)
    if probabilities.ndim == 1:
        return auc(labels, probabilities, weights)
    labels = check_labels(labels, probabilities.shape[1])
    return np.mean(
        [auc(labels == index, column, weights) for index, column in enumerate(probabilities.T)],
        axis=0,
    )


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
    return _ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))


def sensitivity(counts):
    """TP / (TP + FN), the recall of the positive class; of three classes or more their mean."""
    true_positive, _, false_negative, _ = _one_against_rest(counts)
    return _positive(_ratio(true_positive, true_positive + false_negative))


def specificity(counts):
    """TN / (TN + FP); of three classes or more the mean of each against the rest."""
    _, false_positive, _, true_negative = _one_against_rest(counts)
    return _positive(_ratio(true_negative, true_negative + false_positive))


def positive_predictive_value(counts):
    """TP / (TP + FP), the precision; NaN where nothing was called positive. Macro mean as above."""
    true_positive, false_positive, _, _ = _one_against_rest(counts)
    return _positive(_ratio(true_positive, true_positive + false_positive))


def negative_predictive_value(counts):
    """TN / (TN + FN); NaN where nothing was called negative. Macro mean as above."""
    _, _, false_negative, true_negative = _one_against_rest(counts)
    return _positive(_ratio(true_negative, true_negative + false_negative))


def f1(counts):
    """2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall. Macro mean as above."""
    true_positive, false_positive, false_negative, _ = _one_against_rest(counts)
    return _positive(
        _ratio(2.0 * true_positive, 2.0 * true_positive + false_positive + false_negative)
    )


def balanced_accuracy(counts):
    """Mean recall of the classes: (sensitivity + specificity) / 2 of two."""
    return _ratio(np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(axis=-1)).mean(axis=-1)


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
    return _ratio(covariance, np.sqrt(variances), undefined=0.0)


def brier(labels, probabilities, weights=None):
    """Mean squared error of the probabilities, 0 (sure and right) to 1 (sure and wrong).

    Of two classes mean (p - y)²; of more, half the sum over classes, of which that is a case
    (Brier 1950 does not halve).

    Parameters
    ----------
    labels, probabilities, weights
        As for `macro_auc`.

    Returns
    -------
    error : float or array, shape (...)
    """
    labels, probabilities = check_probabilities(labels, probabilities)
    error = 0.5 * ((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1)
    weights = check_weights(weights, len(labels))
    return _ratio(weights @ error, weights.sum(axis=-1))


def expected_calibration_error(labels, probabilities, n_bins=10, weights=None):
    """Mean gap between probability and what comes true, over equally wide bins.

    ECE = Σ_b (n_b / n) |observed share - mean probability| in bin b. Of two classes the probability
    is the positive class's; of more it is the largest, and what comes true is that its class is
    right.

    Parameters
    ----------
    labels, probabilities, weights
        As for `macro_auc`.
    n_bins : int
        Of width 1 / n_bins; a bin holds its lower edge, the last also 1.

    Returns
    -------
    error : float or array, shape (...)
        Within [0, 1].

    References
    ----------
    Naeini et al. 2015, doi:10.1609/aaai.v29i1.9602; Guo et al. 2017, arXiv:1706.04599
    """
    labels, probabilities = check_probabilities(labels, probabilities)
    if probabilities.shape[1] == 2:
        claimed, true = probabilities[:, 1], labels == 1
    else:
        claimed, true = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    weights = check_weights(weights, len(labels))
    in_bin = np.eye(n_bins)[calibration_bins(claimed, n_bins)]
    gaps = np.abs((weights * (true - claimed)) @ in_bin).sum(axis=-1)
    return _ratio(gaps, weights.sum(axis=-1))


def _weights_by_score(labels, scores, weights):
    """Weights of positives and negatives at every distinct score, ascending: (..., n_distinct)
    each.
    """
    weights = check_weights(weights, len(labels))
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=-np.inf))
    weights, labels = weights[..., order], labels[order]
    positive = np.where(labels, weights, 0.0)
    if len(starts) < len(order):
        positive = np.add.reduceat(positive, starts, axis=-1)
        weights = np.add.reduceat(weights, starts, axis=-1)
    return positive, weights - positive


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


def _ratio(numerator, denominator, undefined=np.nan):
    numerator, denominator = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    out = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), undefined)
    return np.divide(numerator, denominator, out=out, where=denominator > 0)[()]
