"""The points of the curves that a report draws; it computes none itself."""

from typing import NamedTuple

import numpy as np

from featurex.checks import check_integer
from featurex.evaluation.arrays import check_probabilities, check_scores


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


class ReliabilityPoints(NamedTuple):
    """What comes true of the probabilities in each bin that holds any.

    Parameters
    ----------
    predicted, observed : float arrays, shape (n_used,)
        Mean probability of the positive class, and the share of images that are positive.
    count : int array, shape (n_used,)
    low, high : float arrays, shape (n_used,)
        The bin's edges.
    """

    predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray
    low: np.ndarray
    high: np.ndarray


class DecisionPoints(NamedTuple):
    """Net benefit of acting on a model, on everyone, or (0) on no one.

    Parameters
    ----------
    threshold : float array, shape (n,)
        The probability from which one would act.
    model, everyone : float arrays, shape (n,)
        In true positives an image; at most the prevalence.
    """

    threshold: np.ndarray
    model: np.ndarray
    everyone: np.ndarray


def count_above(labels, scores):
    """Count positives and negatives that score at least as high as each distinct score.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    scores : array-like of float, shape (n,)

    Returns
    -------
    true_positives, false_positives : int arrays, shape (n_distinct,)
    thresholds : float array, shape (n_distinct,)
        Descending.
    """
    labels, scores = check_scores(labels, scores)
    thresholds, index = np.unique(-scores, return_inverse=True)
    positives = np.cumsum(np.bincount(index[labels], minlength=len(thresholds)))
    negatives = np.cumsum(np.bincount(index[~labels], minlength=len(thresholds)))
    return positives, negatives, -thresholds


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


def calibration_bins(probabilities, n_bins):
    """The bin of each probability, 0 to n_bins - 1, all of one width; a bin holds its lower
    edge.
    """
    n_bins = check_integer("n_bins", n_bins, 2, 1000)
    return np.minimum((probabilities * n_bins).astype(np.int64), n_bins - 1)


def reliability_points(labels, probabilities, n_bins=10):
    """How often images of each band of probability are positive.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    probabilities : array-like of float, shape (n,)
        Of the positive class, within [0, 1].
    n_bins : int
        Of width 1 / n_bins, as in `metrics.expected_calibration_error`.

    Returns
    -------
    points : ReliabilityPoints
    """
    labels, probabilities = check_probabilities(labels, np.ravel(probabilities))
    positive = probabilities[:, 1]
    bins = calibration_bins(positive, n_bins)
    count = np.bincount(bins, minlength=n_bins)
    used = np.flatnonzero(count)
    predicted = np.bincount(bins, positive, n_bins)[used] / count[used]
    observed = np.bincount(bins, labels, n_bins)[used] / count[used]
    return ReliabilityPoints(predicted, observed, count[used], used / n_bins, (used + 1) / n_bins)


def decision_points(labels, probabilities, n_thresholds=99):
    """The decision curve: what acting on the model is worth at each exchange of harms.

    Net benefit = TP / n - FP / n · t / (1 - t), where t is the probability from which one acts.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    probabilities : array-like of float, shape (n,)
        Calibrated, or the curve means little.
    n_thresholds : int
        t = 1 / (n + 1) ... n / (n + 1).

    Returns
    -------
    points : DecisionPoints

    References
    ----------
    Vickers and Elkin 2006, doi:10.1177/0272989X06295361
    """
    labels, probabilities = check_probabilities(labels, np.ravel(probabilities))
    n_thresholds = check_integer("n_thresholds", n_thresholds, 1, 10_000)
    thresholds = np.arange(1, n_thresholds + 1) / (n_thresholds + 1)
    harm = thresholds / (1.0 - thresholds)
    called = probabilities[:, 1] >= thresholds[:, None]
    prevalence = np.mean(labels == 1)
    return DecisionPoints(
        thresholds,
        np.mean(called & (labels == 1), axis=1) - harm * np.mean(called & (labels == 0), axis=1),
        prevalence - harm * (1.0 - prevalence),
    )
