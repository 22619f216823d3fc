"""Errors of probabilities."""

import numpy as np

from featurex.evaluation.arrays import check_probabilities, check_weights, safe_ratio
from featurex.evaluation.calibration import calibration_bins


def brier(labels, probabilities, weights=None):
    """Mean squared error of the probabilities, 0 (sure and right) to 1 (sure and wrong).

    Of two classes mean (p - y)²; of more, half the sum over classes, of which that is a case
    (Brier 1950 does not halve).

    Parameters
    ----------
    labels, probabilities, weights
        As for `macro_auc`.

    Returns
    -------
    error : float or array, shape (...)
    """
    labels, probabilities = check_probabilities(labels, probabilities)
    error = 0.5 * ((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1)
    weights = check_weights(weights, len(labels))
    return safe_ratio(weights @ error, weights.sum(axis=-1))


def expected_calibration_error(labels, probabilities, n_bins=10, weights=None):
    """Mean gap between probability and what comes true, over equally wide bins.

    ECE = Σ_b (n_b / n) |observed share - mean probability| in bin b. Of two classes the probability
    is the positive class's; of more it is the largest, and what comes true is that its class is
    right.

    Parameters
    ----------
    labels, probabilities, weights
        As for `macro_auc`.
    n_bins : int
        Of width 1 / n_bins; a bin holds its lower edge, the last also 1.

    Returns
    -------
    error : float or array, shape (...)
        Within [0, 1].

    References
    ----------
    Naeini et al. 2015, doi:10.1609/aaai.v29i1.9602; Guo et al. 2017, arXiv:1706.04599
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
