"""Areas under curves: how well scores order images."""

import numpy as np

from featurex.evaluation.arrays import check_labels, check_scores, check_weights, safe_ratio


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
    return safe_ratio(np.einsum("...i,...i->...", positive, below), pairs)


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
    precision = safe_ratio(true, true + false, undefined=0.0)
    return safe_ratio((positive * precision).sum(axis=-1), true[..., -1])


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
