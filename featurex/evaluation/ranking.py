"""Tests of several models at once, by their ranks in every fold: whether they differ at all, and
which from which.
"""

from typing import NamedTuple

import numpy as np
from scipy import special, stats

from featurex.checks import check_number
from featurex.errors import DataError


class RankComparison(NamedTuple):
    """The comparison of models by their ranks in every fold; 1 is the best, ties share a mean rank.

    Parameters
    ----------
    mean_ranks : float array, shape (n_models,)
        Mean over the folds, 1 to n_models.
    statistic, p : float
        Friedman's statistic, corrected for ties, and its p by the chi-squared distribution; 0 and 1
        where all models tie everywhere.
    critical_difference : float
        Models whose mean ranks are further apart differ, by Nemenyi's test.
    pairs : float array, shape (n_models, n_models)
        Nemenyi's p of each pair; 1 on the diagonal.
    """

    mean_ranks: np.ndarray
    statistic: float
    p: float
    critical_difference: float
    pairs: np.ndarray


def compare_ranks(scores, level=0.95):
    """Compare models by Friedman's test, and pairs of them by Nemenyi's after it.

    Parameters
    ----------
    scores : array-like of float, shape (n_models, n_folds)
        The larger, the better; at least three models and two folds.
    level : float
        1 - level is the chance that Nemenyi's test calls any pair different where none is; 0.5 to
        0.999.

    Returns
    -------
    comparison : RankComparison

    Raises
    ------
    DataError
        If there are fewer models or folds, or a score is not finite.

    Notes
    -----
    With mean ranks R of k models in N folds, Friedman's statistic is N Σ (R - (k + 1) / 2)² over
    the mean variance of the ranks in a fold, k (k + 1) / 12 without ties (1937,
    doi:10.1080/01621459.1937.10503522). The critical difference is q √(k (k + 1) / (12 N)), with q
    the quantile of the studentized range of k values and infinite degrees of freedom (Nemenyi 1963;
    Demšar 2006, https://jmlr.org/papers/v7/demsar06a.html). Departure: Demšar compares on
    independent data sets; folds share training images, so that p is rather too small.
    `scipy.stats.friedmanchisquare` has the same statistic, and NaN where everything ties.

    Examples
    --------
    >>> comparison = compare_ranks([[0.9, 0.8, 0.9], [0.8, 0.7, 0.85], [0.6, 0.75, 0.7]])
    >>> comparison.mean_ranks.round(2), round(comparison.p, 3)
    (array([1.  , 2.33, 2.67]), 0.097)
    """
    scores = np.asarray(scores, np.float64)
    if (
        scores.ndim != 2
        or scores.shape[0] < 3
        or scores.shape[1] < 2
        or not np.isfinite(scores).all()
    ):
        raise DataError(
            "scores must be finite, of at least three models (rows) in two folds (columns), "
            f"but their shape is {scores.shape}"
        )
    n_models, n_folds = scores.shape
    ranks = stats.rankdata(-scores, axis=0)
    means = ranks.mean(axis=1)
    statistic = _friedman(ranks)
    # The standard error of a difference of two mean ranks, over √2 as the studentized range wants
    # it.
    error = np.sqrt(n_models * (n_models + 1) / (12.0 * n_folds))
    apart = np.abs(means[:, None] - means)
    quantile = stats.studentized_range.ppf(
        check_number("level", level, 0.5, 0.999), n_models, np.inf
    )
    return RankComparison(
        means,
        statistic,
        float(special.chdtrc(n_models - 1, statistic)),
        float(quantile * error),
        stats.studentized_range.sf(apart / error, n_models, np.inf),
    )


def _friedman(ranks):
    n_models, n_folds = ranks.shape
    deviation = np.sum((ranks.mean(axis=1) - (n_models + 1) / 2.0) ** 2)
    # The variance of the ranks in a fold, which ties make smaller; 0 where everything ties.
    variance = ranks.var(axis=0, ddof=1).mean()
    return float(n_folds * deviation / variance) if variance > 0 else 0.0
