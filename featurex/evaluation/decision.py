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
        In true positives an image; at most the prevalence.
    """

    threshold: np.ndarray
    model: np.ndarray
    everyone: np.ndarray


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
