"""Errors of probabilities."""

import numpy as np

from featurex.evaluation.arrays import check_probabilities, check_weights, safe_ratio
from featurex.evaluation.calibration import calibration_bins


def brier(labels, probabilities, weights=None):
    """Mean squared error of the probabilities, 0 (sure and right) to 1 (sure and wrong).

    Of two classes mean (p - y)²; of more, half the sum over the classes, of which that is a case.
    Departure: Brier does not halve.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        Class indices.
    probabilities : array-like of float, shape (n,) or (n, n_classes)
        Probability of the positive class, or of each class; 0 to 1.
    weights : array-like of float, shape (..., n), or None
        How often each image counts; leading axes are resamples. None counts each image once.

    Returns
    -------
    error : float or array, shape (...)
        0 to 1; NaN where no image has weight.

    Raises
    ------
    DataError
        If shapes do not fit, a probability is outside 0 to 1, or a class does not occur.

    References
    ----------
    Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> brier([0, 1], [0.2, 0.6]).round(3).item()
    0.1
    """
    labels, probabilities = check_probabilities(labels, probabilities)
    error = 0.5 * ((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1)
    weights = check_weights(weights, len(labels))
    return safe_ratio(weights @ error, weights.sum(axis=-1))


def expected_calibration_error(labels, probabilities, n_bins=10, weights=None):
    """Mean gap between probability and what comes true, over equally wide bins.

    ECE = Σ_b (n_b / n) |observed fraction - mean probability| over bins b. Of two classes the
    probability is the positive class's; of more it is the largest, and what comes true is that its
    class is right.

    Parameters
    ----------
    labels, probabilities, weights
        As for `brier`.
    n_bins : int
        Number of bins, 2 to 1,000, of width 1 / n_bins; a bin holds its lower edge, the last also
        1.

    Returns
    -------
    error : float or array, shape (...)
        0 to 1; NaN where no image has weight.

    References
    ----------
    Naeini et al. 2015, doi:10.1609/aaai.v29i1.9602; Guo et al. 2017, arXiv:1706.04599

    Examples
    --------
    >>> expected_calibration_error([0, 1, 1, 1], [0.9, 0.9, 0.9, 0.9]).round(3).item()
    0.15
    """
    labels, probabilities = check_probabilities(labels, probabilities)
    if probabilities.shape[1] == 2:
        claimed, true = probabilities[:, 1], labels == 1
    else:
        claimed, true = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    weights = check_weights(weights, len(labels))
    in_bin = np.eye(n_bins)[calibration_bins(claimed, n_bins)]
    gaps = np.abs((weights * (true - claimed)) @ in_bin).sum(axis=-1)
    return safe_ratio(gaps, weights.sum(axis=-1))
