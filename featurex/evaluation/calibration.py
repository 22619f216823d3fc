"""Maps from a model's scores to probabilities that come true, fitted on out-of-fold scores."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from featurex.evaluation.arrays import check_probabilities

# A score of exactly 0 or 1 has no logit.
_SMALLEST = 1e-6


@dataclass(frozen=True)
class PlattCalibration:
    """p' = 1 / (1 + exp(-(slope · logit(p) + intercept))).

    Parameters
    ----------
    slope, intercept : float
        1 and 0 leave a probability as it is.
    """

    slope: float
    intercept: float

    def __call__(self, probabilities):
        """Calibrate probabilities: array of shape (n,) to array of shape (n,)."""
        return special.expit(self.slope * _logit(probabilities) + self.intercept)


@dataclass(frozen=True)
class IsotonicCalibration:
    """A non-decreasing map, linear between knots and constant outside.

    Parameters
    ----------
    knots, values : float arrays, shape (n_knots,)
    """

    knots: np.ndarray
    values: np.ndarray

    def __call__(self, probabilities):
        """Calibrate probabilities: array of shape (n,) to array of shape (n,)."""
        return np.interp(probabilities, self.knots, self.values)


def fit_platt(labels, probabilities):
    """Fit Platt's two numbers by maximum likelihood.

    The targets are (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2) instead of 1 and 0, so that a perfect
    separation stays finite (Platt 1999, "Probabilistic outputs for support vector machines").
    Departure: he fits to margins, this to the logit of a probability.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
    probabilities : array-like of float, shape (n,)
        Out-of-fold, of the positive class: on the images that a model was fitted on it is too sure.

    Returns
    -------
    calibration : PlattCalibration
    """
    positive, logits = _check(labels, probabilities)
    logits = _logit(logits)
    n_positive, n_negative = positive.sum(), (~positive).sum()
    targets = np.where(positive, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))

    def loss(parameters):
        margins = parameters[0] * logits + parameters[1]
        residuals = special.expit(margins) - targets
        value = np.mean(np.logaddexp(0.0, margins) - targets * margins)
        return value, np.array([np.mean(residuals * logits), np.mean(residuals)])

    best = optimize.minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS")
    return PlattCalibration(float(best.x[0]), float(best.x[1]))


def fit_isotonic(labels, probabilities):
    """Fit the non-decreasing map of least squared error (Zadrozny and Elkan 2002,
    doi:10.1145/775047.775151).

    It bends to any shape, and needs some thousand images to do so; use Platt's for fewer.

    Parameters
    ----------
    labels, probabilities
        As for `fit_platt`.

    Returns
    -------
    calibration : IsotonicCalibration
    """
    positive, probabilities = _check(labels, probabilities)
    knots, index, counts = np.unique(probabilities, return_inverse=True, return_counts=True)
    observed = np.bincount(index, positive) / counts
    return IsotonicCalibration(knots, optimize.isotonic_regression(observed, weights=counts).x)


def _check(labels, probabilities):
    labels, probabilities = check_probabilities(labels, np.ravel(probabilities))
    return labels == 1, probabilities[:, 1]


def _logit(probabilities):
    return special.logit(np.clip(probabilities, _SMALLEST, 1.0 - _SMALLEST))
