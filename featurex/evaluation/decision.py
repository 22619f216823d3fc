"""Decision curves: what acting on a model is worth."""

from typing import NamedTuple

import numpy as np

from featurex.checks import check_integer
from featurex.evaluation.arrays import check_probabilities


class DecisionPoints(NamedTuple):
    """Net benefit of acting on a model, on everyone, or (0) on no one.

    Parameters
    ----------
    threshold : float array, shape (n,)
        The probability from which one would act.
    model, everyone : float arrays, shape (n,)
        Net benefit in true positives an image; at most the prevalence, and negative where acting
        does more harm than good.
    """

    threshold: np.ndarray
    model: np.ndarray
    everyone: np.ndarray


def decision_points(labels, probabilities, n_thresholds=99):
    """Compute the decision curve: the net benefit of acting on the model at each threshold.

    Net benefit = TP / n - FP / n · t / (1 - t), where t is the probability from which one acts.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    probabilities : array-like of float, shape (n,)
        Probability of the positive class, 0 to 1; calibrated, or the curve means little.
    n_thresholds : int
        Number of thresholds, 1 to 10,000: t = 1 / (n + 1) ... n / (n + 1).

    Returns
    -------
    points : DecisionPoints

    Raises
    ------
    DataError
        If lengths differ, a probability is outside 0 to 1, or a class does not occur.

    References
    ----------
    Vickers and Elkin 2006, doi:10.1177/0272989X06295361

    Examples
    --------
    >>> points = decision_points([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], n_thresholds=3)
    >>> points.model.round(3), points.everyone.round(3)
    (array([0.417, 0.25 , 0.25 ]), array([ 0.333,  0.   , -1.   ]))
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
