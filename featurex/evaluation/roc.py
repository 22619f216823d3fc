"""The points of the ROC and the precision-recall curve, as a report draws them."""

from typing import NamedTuple

import numpy as np

from featurex.evaluation.thresholds import count_above


class RocPoints(NamedTuple):
    """Each distinct score as a threshold, from strict to lenient, after (0, 0) at threshold
    infinity.

    Parameters
    ----------
    false_positive_rate, true_positive_rate, threshold : float arrays, shape (n_distinct + 1,)
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
        Recall ascends to 1. Draw the precision as steps: AP is the area under them.
    """

    recall: np.ndarray
    precision: np.ndarray
    threshold: np.ndarray


def roc_points(labels, scores):
    """The ROC curve, with every point that a threshold can reach.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    scores : array-like of float, shape (n,)

    Returns
    -------
    points : RocPoints
    """
    positives, negatives, thresholds = count_above(labels, scores)
    return RocPoints(
        np.append(0.0, negatives / negatives[-1]),
        np.append(0.0, positives / positives[-1]),
        np.append(np.inf, thresholds),
    )


def precision_recall_points(labels, scores):
    """The precision-recall curve, with every point that a threshold can reach.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    scores : array-like of float, shape (n,)

    Returns
    -------
    points : PrecisionRecallPoints
    """
    positives, negatives, thresholds = count_above(labels, scores)
    return PrecisionRecallPoints(
        positives / positives[-1], positives / (positives + negatives), thresholds
    )
