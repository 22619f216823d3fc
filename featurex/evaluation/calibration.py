"""Calibration of probabilities: how well they agree with the labels, and maps that correct them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from featurex.checks import check_integer
from featurex.evaluation.arrays import check_probabilities

# A score of exactly 0 or 1 has no logit.
_SMALLEST = 1e-6


@dataclass(frozen=True)
class PlattCalibration:
    """p' = 1 / (1 + exp(-(slope · logit(p) + intercept))).

    Parameters
    ----------
    slope, intercept : float
        Slope and intercept in log-odds; 1 and 0 leave a probability as it is.
    """

    slope: float
    intercept: float

    def __call__(self, probabilities):
        """Calibrate probabilities: array of shape (n,) to array of shape (n,)."""
        return _expit(self.slope * _logit(probabilities) + self.intercept)


@dataclass(frozen=True)
class IsotonicCalibration:
    """A non-decreasing map, linear between knots and constant outside.

    Parameters
    ----------
    knots, values : float arrays, shape (n_knots,)
        Probabilities before, ascending, and after, never descending.
    """

    knots: np.ndarray
    values: np.ndarray

    def __call__(self, probabilities):
        """Calibrate probabilities: array of shape (n,) to array of shape (n,)."""
        return np.interp(probabilities, self.knots, self.values)


class ReliabilityPoints(NamedTuple):
    """Mean probability and observed fraction of positives, in every bin that holds an image.

    Parameters
    ----------
    predicted, observed : float arrays, shape (n_used,)
        Mean probability of the positive class, and the fraction of images that are positive.
    count : int array, shape (n_used,)
        Images in the bin.
    low, high : float arrays, shape (n_used,)
        The bin's edges.
    """

    predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray
    low: np.ndarray
    high: np.ndarray


def fit_platt(labels, probabilities):
    """Fit Platt's two numbers by maximum likelihood.

    The targets are (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2) instead of 1 and 0, so that a perfect
    separation stays finite (Platt 1999, "Probabilistic outputs for support vector machines").
    Departure: he fits to margins, this to the logit of a probability.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    probabilities : array-like of float, shape (n,)
        Out-of-fold probability of the positive class: on the images that a model was fitted to,
        probabilities are too extreme.

    Returns
    -------
    calibration : PlattCalibration

    Raises
    ------
    DataError
        If lengths differ, a probability is outside 0 to 1, or a class does not occur.

    Notes
    -----
    `sklearn.calibration.CalibratedClassifierCV` fits the same two numbers, but wraps a classifier;
    here the out-of-fold scores exist already.

    Examples
    --------
    >>> calibration = fit_platt([0, 0, 1, 0, 1, 1], [0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
    >>> calibration(np.array([0.5, 0.8, 0.95])).round(2)
    array([0.24, 0.53, 0.82])
    """
    # Late, as below: who applies a calibration need not wait for SciPy.
    from scipy import optimize

    positive, logits = _check(labels, probabilities)
    logits = _logit(logits)
    n_positive, n_negative = positive.sum(), (~positive).sum()
    targets = np.where(positive, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))

    def loss(parameters):
        margins = parameters[0] * logits + parameters[1]
        residuals = _expit(margins) - targets
        value = np.mean(np.logaddexp(0.0, margins) - targets * margins)
        return value, np.array([np.mean(residuals * logits), np.mean(residuals)])

    best = optimize.minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS")
    return PlattCalibration(float(best.x[0]), float(best.x[1]))


def fit_isotonic(labels, probabilities):
    """Fit the non-decreasing map of least squared error (Zadrozny and Elkan 2002,
    doi:10.1145/775047.775151).

    It can take any non-decreasing shape, and needs some thousand images; with fewer, use
    `fit_platt`.

    Parameters
    ----------
    labels, probabilities
        As for `fit_platt`.

    Returns
    -------
    calibration : IsotonicCalibration

    Raises
    ------
    DataError
        As `fit_platt`.

    Examples
    --------
    >>> calibration = fit_isotonic([0, 1, 0, 1], [0.2, 0.4, 0.6, 0.8])
    >>> calibration(np.array([0.2, 0.4, 0.5, 0.8]))
    array([0. , 0.5, 0.5, 1. ])
    """
    from scipy import optimize

    positive, probabilities = _check(labels, probabilities)
    knots, index, counts = np.unique(probabilities, return_inverse=True, return_counts=True)
    observed = np.bincount(index, positive) / counts
    return IsotonicCalibration(knots, optimize.isotonic_regression(observed, weights=counts).x)


def calibration_bins(probabilities, n_bins):
    """Find the bin of each probability.

    Parameters
    ----------
    probabilities : float array
        0 to 1.
    n_bins : int
        Number of bins of one width, 2 to 1,000.

    Returns
    -------
    bins : int64 array of the same shape
        0 to n_bins - 1; a bin holds its lower edge, the last also 1.
    """
    n_bins = check_integer("n_bins", n_bins, 2, 1000)
    return np.minimum((probabilities * n_bins).astype(np.int64), n_bins - 1)


def reliability_points(labels, probabilities, n_bins=10):
    """Compute how often the images of each bin of probabilities are positive.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    probabilities : array-like of float, shape (n,)
        Probability of the positive class, 0 to 1.
    n_bins : int
        Number of bins, 2 to 1,000, of width 1 / n_bins, as in
        `featurex.evaluation.metrics.expected_calibration_error`.

    Returns
    -------
    points : ReliabilityPoints
        Bins without an image are left out.

    Raises
    ------
    DataError
        If lengths differ, a probability is outside 0 to 1, or a class does not occur.

    References
    ----------
    Murphy and Winkler 1977, doi:10.2307/2346866

    Examples
    --------
    >>> points = reliability_points([0, 1, 0, 1], [0.1, 0.3, 0.6, 0.9], n_bins=2)
    >>> points.predicted, points.observed, points.count
    (array([0.2 , 0.75]), array([0.5, 0.5]), array([2, 2]))
    """
    labels, probabilities = check_probabilities(labels, np.ravel(probabilities))
    positive = probabilities[:, 1]
    bins = calibration_bins(positive, n_bins)
    count = np.bincount(bins, minlength=n_bins)
    used = np.flatnonzero(count)
    predicted = np.bincount(bins, positive, n_bins)[used] / count[used]
    observed = np.bincount(bins, labels, n_bins)[used] / count[used]
    return ReliabilityPoints(predicted, observed, count[used], used / n_bins, (used + 1) / n_bins)


def _check(labels, probabilities):
    labels, probabilities = check_probabilities(labels, np.ravel(probabilities))
    return labels == 1, probabilities[:, 1]


def _logit(probabilities):
    probabilities = np.clip(probabilities, _SMALLEST, 1.0 - _SMALLEST)
    return np.log(probabilities) - np.log1p(-probabilities)


def _expit(margins):
    # 1 / (1 + exp(-margins)), without overflow.
    return np.exp(-np.logaddexp(0.0, -margins))
