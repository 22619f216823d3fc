"""Areas under curves: how well scores order images."""

import numpy as np

from featurex.evaluation.arrays import check_labels, check_scores, check_weights, safe_ratio


def auc(labels, scores, weights=None):
    """Area under the ROC curve: the probability that a positive image scores above a negative one.

    AUC = Σ_i Σ_j ([s_i > s_j] + [s_i = s_j] / 2) / (n₊ n₋) over positives i and negatives j, which
    is the Mann-Whitney statistic, by mid-ranks in O(n log n).

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        The larger, the more likely positive.
    weights : array-like of float, shape (..., n), or None
        How often each image counts; leading axes are resamples. None counts each image once.

    Returns
    -------
    area : float or array, shape (...)
        0 to 1, one half for scores without information; NaN where a class has no weight.

    Raises
    ------
    DataError
        If shapes do not fit, a score is not finite, or a class does not occur.

    References
    ----------
    Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).item()
    0.75
    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], weights=[[1, 1, 1, 1], [1, 0, 1, 1]])
    array([0.75, 1.  ])
    """
    labels, scores = check_scores(labels, scores)
    positive, negative = _weights_by_score(labels, scores, weights)
    below = np.cumsum(negative, axis=-1) - 0.5 * negative
    pairs = positive.sum(axis=-1) * negative.sum(axis=-1)
    return safe_ratio(np.einsum("...i,...i->...", positive, below), pairs)


def average_precision(labels, scores, weights=None):
    """Area under the precision-recall steps, without interpolation.

    AP = Σ_k (R_k - R_(k-1)) P_k over distinct scores in descending order, where R is the recall and
    P the precision of calling everything positive that scores at least as high.

    Parameters
    ----------
    labels, scores, weights
        As for `auc`.

    Returns
    -------
    precision : float or array, shape (...)
        Above 0 to 1; NaN where the positive class has no weight. Scores without information have
        the fraction of positive images.

    References
    ----------
    Davis and Goadrich 2006, doi:10.1145/1143844.1143874, on why to interpolate nothing

    Examples
    --------
    >>> average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).round(4).item()
    0.8333
    """
    labels, scores = check_scores(labels, scores)
    positive, negative = _weights_by_score(labels, -scores, weights)
    true, false = np.cumsum(positive, axis=-1), np.cumsum(negative, axis=-1)
    precision = safe_ratio(true, true + false, undefined=0.0)
    return safe_ratio((positive * precision).sum(axis=-1), true[..., -1])


def macro_auc(labels, probabilities, weights=None):
    """Area under the ROC curve of two classes or more.

    Of two classes it is `auc`; of more, the plain mean of the areas of each class against the rest.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
        Class indices.
    probabilities : array-like of float, shape (n,) or (n, n_classes)
        The positive class's score, or one score a class.
    weights : array-like of float, shape (..., n), or None
        How often each image counts; leading axes are resamples. None counts each image once.

    Returns
    -------
    area : float or array, shape (...)
        0 to 1; NaN where a class has no weight.

    References
    ----------
    Provost and Domingos 2003, doi:10.1023/A:1024099825458, who weigh classes by their number

    Examples
    --------
    >>> probabilities = [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.3, 0.1, 0.6], [0.4, 0.5, 0.1]]
    >>> macro_auc([0, 1, 2, 2], probabilities).round(3).item()
    0.819
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
    """Sum the weights of positives and of negatives at every distinct score, ascending: arrays of
    shape (..., n_distinct).
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
