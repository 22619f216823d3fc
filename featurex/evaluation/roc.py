"""The points of the ROC and the precision-recall curve, as a report draws them."""

from typing import NamedTuple

import numpy as np

from featurex.evaluation.thresholds import count_above


class RocPoints(NamedTuple):
    """Each distinct score as a threshold, from strict to lenient, after (0, 0) at threshold
    infinity.

    Parameters
    ----------
    false_positive_rate, true_positive_rate : float arrays, shape (n_distinct + 1,)
        FP / n₋ and TP / n₊, ascending from 0 to 1.
    threshold : float array, shape (n_distinct + 1,)
        An image is called positive where its score >= threshold.
    """

    false_positive_rate: np.ndarray
    true_positive_rate: np.ndarray
    threshold: np.ndarray


class PrecisionRecallPoints(NamedTuple):
    """Each distinct score as a threshold, from strict to lenient.

    Parameters
    ----------
    recall, precision, threshold : float arrays, shape (n_distinct,)
        Recall, TP / n₊, ascends to 1. Draw the precision, TP / (TP + FP), as steps: AP is the area
        under them.
    """

    recall: np.ndarray
    precision: np.ndarray
    threshold: np.ndarray


def roc_points(labels, scores):
    """Compute the ROC curve, with every point that a threshold can reach.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        The larger, the more likely positive.

    Returns
    -------
    points : RocPoints
        From (0, 0) to (1, 1).

    Raises
    ------
    DataError
        If lengths differ, a score is not finite, or a class does not occur.

    References
    ----------
    Fawcett 2006, doi:10.1016/j.patrec.2005.10.010

    Examples
    --------
    >>> points = roc_points([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> points.false_positive_rate, points.true_positive_rate
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    positives, negatives, thresholds = count_above(labels, scores)
    return RocPoints(
        np.append(0.0, negatives / negatives[-1]),
        np.append(0.0, positives / positives[-1]),
        np.append(np.inf, thresholds),
    )


def precision_recall_points(labels, scores):
    """Compute the precision-recall curve, with every point that a threshold can reach.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        The larger, the more likely positive.

    Returns
    -------
    points : PrecisionRecallPoints

    Raises
    ------
    DataError
        If lengths differ, a score is not finite, or a class does not occur.

    References
    ----------
    Davis and Goadrich 2006, doi:10.1145/1143844.1143874
    """
    positives, negatives, thresholds = count_above(labels, scores)
    return PrecisionRecallPoints(
        positives / positives[-1], positives / (positives + negatives), thresholds
    )
