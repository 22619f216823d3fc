"""Measures of decisions, from a table of counts."""

import numpy as np

from featurex.errors import DataError
from featurex.evaluation.arrays import check_labels, check_weights, safe_ratio


def confusion(labels, decisions, n_classes=2, weights=None):
    """Count images by true class (rows) and decided class (columns).

    Parameters
    ----------
    labels, decisions : array-like of int or bool, shape (n,)
        Class indices: what is true, and what a model decided for.
    n_classes : int
        Number of classes, at least 2.
    weights : array-like of float, shape (..., n), or None
        How often each image counts; leading axes are resamples. None counts each image once.

    Returns
    -------
    counts : float64 array, shape (..., n_classes, n_classes)
        Sums of weights; every measure of decisions takes them.

    Raises
    ------
    DataError
        If a decision is no class index, or a class does not occur among the labels.

    Examples
    --------
    >>> confusion([0, 0, 0, 1, 1], [0, 0, 1, 1, 0])
    array([[2., 1.],
           [1., 1.]])
    """
    labels, decisions = check_labels(labels, n_classes), np.asarray(decisions).astype(np.int64)
    if decisions.shape != labels.shape or decisions.min() < 0 or decisions.max() >= n_classes:
        raise DataError(f"decisions must be {len(labels)} class indices from 0 to {n_classes - 1}")
    weights = check_weights(weights, len(labels))
    cells = np.eye(n_classes * n_classes)[labels * n_classes + decisions]
    return (weights @ cells).reshape(*weights.shape[:-1], n_classes, n_classes)


def accuracy(counts):
    """Fraction of right decisions.

    accuracy = Σ_k n_kk / n, of any number of classes.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    accuracy : float or array, shape (...)
        0 to 1; NaN where there is no weight.

    Examples
    --------
    >>> accuracy(np.array([[8, 2], [1, 9]])).item()
    0.85
    """
    return safe_ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))


def sensitivity(counts):
    """Fraction of the positive images that are called positive: the recall.

    sensitivity = TP / (TP + FN); of three classes or more the mean over the classes.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    sensitivity : float or array, shape (...)
        0 to 1; NaN where a positive image has no weight.

    References
    ----------
    Altman and Bland 1994, doi:10.1136/bmj.308.6943.1552

    Examples
    --------
    >>> sensitivity(np.array([[8, 2], [1, 9]])).item()
    0.9
    """
    true_positive, _, false_negative, _ = _one_against_rest(counts)
    return _positive(safe_ratio(true_positive, true_positive + false_negative))


def specificity(counts):
    """Fraction of the negative images that are called negative.

    specificity = TN / (TN + FP); of three classes or more the mean of each class against the rest.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    specificity : float or array, shape (...)
        0 to 1; NaN where no negative image has weight.

    References
    ----------
    Altman and Bland 1994, doi:10.1136/bmj.308.6943.1552

    Examples
    --------
    >>> specificity(np.array([[8, 2], [1, 9]])).item()
    0.8
    """
    _, false_positive, _, true_negative = _one_against_rest(counts)
    return _positive(safe_ratio(true_negative, true_negative + false_positive))


def positive_predictive_value(counts):
    """Fraction of the images called positive that are positive: the precision.

    PPV = TP / (TP + FP); of three classes or more the mean of each class against the rest. It
    depends on how frequent the classes are among these images.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    value : float or array, shape (...)
        0 to 1; NaN where nothing was called positive.

    References
    ----------
    Altman and Bland 1994, doi:10.1136/bmj.309.6947.102
    """
    true_positive, false_positive, _, _ = _one_against_rest(counts)
    return _positive(safe_ratio(true_positive, true_positive + false_positive))


def negative_predictive_value(counts):
    """Fraction of the images called negative that are negative.

    NPV = TN / (TN + FN); of three classes or more the mean of each class against the rest. It
    depends on how frequent the classes are among these images.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    value : float or array, shape (...)
        0 to 1; NaN where nothing was called negative.

    References
    ----------
    Altman and Bland 1994, doi:10.1136/bmj.309.6947.102
    """
    _, _, false_negative, true_negative = _one_against_rest(counts)
    return _positive(safe_ratio(true_negative, true_negative + false_negative))


def f1(counts):
    """Harmonic mean of precision and recall.

    F1 = 2 TP / (2 TP + FP + FN); of three classes or more the mean of each class against the rest.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    f1 : float or array, shape (...)
        0 to 1; NaN where nothing is positive and nothing was called so.

    References
    ----------
    van Rijsbergen 1979, "Information Retrieval", chapter 7, with equal weights
    """
    true_positive, false_positive, false_negative, _ = _one_against_rest(counts)
    return _positive(
        safe_ratio(2.0 * true_positive, 2.0 * true_positive + false_positive + false_negative)
    )


def balanced_accuracy(counts):
    """Mean recall of the classes.

    Of two classes (sensitivity + specificity) / 2.

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    accuracy : float or array, shape (...)
        0 to 1, 1 / n_classes for a constant decision; NaN where a class has no weight.

    References
    ----------
    Brodersen et al. 2010, doi:10.1109/ICPR.2010.764

    Examples
    --------
    >>> balanced_accuracy(np.array([[8, 2], [1, 9]])).round(3).item()
    0.85
    """
    return safe_ratio(np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(axis=-1)).mean(axis=-1)


def matthews_correlation(counts):
    """Correlation of truth and decision.

    MCC = (TP TN - FP FN) / √((TP + FP) (TP + FN) (TN + FP) (TN + FN)). Of three classes or more it
    is R_K (Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006),
    which for two is Matthews' coefficient (1975, doi:10.1016/0005-2795(75)90109-9).

    Parameters
    ----------
    counts : array, shape (..., n_classes, n_classes)
        As from `confusion`: true classes in rows, decided ones in columns.

    Returns
    -------
    correlation : float or array, shape (...)
        -1 to 1; 0 where truth or decision is constant, never NaN.

    Examples
    --------
    >>> matthews_correlation(np.array([[8, 2], [1, 9]])).round(4).item()
    0.7035
    """
    truth, decided = counts.sum(axis=-1), counts.sum(axis=-2)
    total = counts.sum(axis=(-2, -1))
    right = np.trace(counts, axis1=-2, axis2=-1)
    covariance = right * total - (truth * decided).sum(axis=-1)
    variances = (total**2 - (truth**2).sum(axis=-1)) * (total**2 - (decided**2).sum(axis=-1))
    return safe_ratio(covariance, np.sqrt(variances), undefined=0.0)


def _one_against_rest(counts):
    """Count TP, FP, FN and TN of each class against the rest: arrays of shape (..., n_classes)."""
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
    """Take the positive class's value of two classes, the mean of more."""
    return values[..., 1] if values.shape[-1] == 2 else values.mean(axis=-1)
