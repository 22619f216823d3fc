"""Paired tests: whether two models differ on the same images."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from featurex.checks import check_number
from featurex.errors import DataError
from featurex.evaluation.arrays import check_labels, check_scores


class AucComparison(NamedTuple):
    """The comparison of two areas under the ROC curve on the same images.

    Parameters
    ----------
    auc_a, auc_b : float
        The areas, 0 to 1.
    difference : float
        auc_a - auc_b, -1 to 1.
    low, high : float
        Confidence interval of the difference.
    z, p : float
        Standard normal statistic, and two-sided p. Without any variance 0 and 1 where the areas are
        equal, and infinite and 0 where they are not.
    """

    auc_a: float
    auc_b: float
    difference: float
    low: float
    high: float
    z: float
    p: float


class DecisionComparison(NamedTuple):
    """The comparison of two models' decisions on the same images.

    Parameters
    ----------
    only_a, only_b : int
        Images that one model alone gets right.
    p : float
        Two-sided p; 1 where both are right on the same images.
    """

    only_a: int
    only_b: int
    p: float


def auc_covariance(labels, scores, patients=None):
    """Compute the areas under the ROC curve of several models, and the covariance of these areas.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n_models, n)
        The larger, the more likely positive.
    patients : array-like, shape (n,), or None
        With them, images of one patient may depend on each other (Obuchowski); without, every image
        is independent (DeLong).

    Returns
    -------
    areas : float array, shape (n_models,)
        0 to 1.
    covariance : float array, shape (n_models, n_models)
        Their estimated covariance.

    Raises
    ------
    DataError
        If shapes do not fit, or a class has fewer than two images (or patients).

    Notes
    -----
    An image's placement is the fraction of the other class that it is ordered rightly against, ties
    one half; by mid-ranks in O(n log n) (Sun and Xu 2014, doi:10.1109/LSP.2014.2337313). DeLong's
    covariance is that of the positives' placements over their number, plus that of the negatives'
    (DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595). Obuchowski sums the placements'
    deviations over each patient first, and adds the covariance of positives and negatives of one
    patient (1997, doi:10.2307/2533958).
    """
    placements = np.stack([_placements(*check_scores(labels, row)) for row in scores])
    labels = check_labels(labels, n_classes=2).astype(bool)
    areas = placements[:, labels].mean(axis=1)
    cluster = np.arange(len(labels)) if patients is None else _check_patients(patients, len(labels))
    positive = _cluster_deviations(placements, areas, labels, cluster)
    negative = _cluster_deviations(placements, areas, ~labels, cluster)
    covariance = _within(positive, labels, cluster) + _within(negative, ~labels, cluster)
    n_clusters = cluster.max() + 1
    if n_clusters > 1:
        pairs = np.sum(labels) * np.sum(~labels)
        between = positive @ negative.T * n_clusters / (n_clusters - 1) / pairs
        covariance += between + between.T
    return areas, covariance


def compare_auc(labels, scores_a, scores_b, patients=None, level=0.95):
    """Test whether two models have the same area under the ROC curve.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores_a, scores_b : array-like of float, shape (n,)
        The models' scores of the same images.
    patients : array-like, shape (n,), or None
        With them, images of one patient may depend on each other; see `auc_covariance`.
    level : float
        Confidence of the interval, 0.5 to 0.999.

    Returns
    -------
    comparison : AucComparison

    Raises
    ------
    DataError
        If shapes do not fit, or a class has fewer than two images (or patients).

    Notes
    -----
    z = (A - B) / √(var A + var B - 2 cov AB) is compared with the standard normal distribution;
    variances as in `auc_covariance`.

    Examples
    --------
    >>> labels = [0, 0, 0, 0, 1, 1, 1, 1]
    >>> first, second = [1, 2, 3, 5, 4, 6, 7, 8], [1, 5, 3, 6, 2, 4, 7, 8]
    >>> comparison = compare_auc(labels, first, second)
    >>> f"{comparison.difference:.3f} ({comparison.low:.3f} to {comparison.high:.3f})"
    '0.250 (-0.096 to 0.596)'
    >>> round(comparison.p, 3)
    0.157
    """
    level = check_number("level", level, 0.5, 0.999)
    areas, covariance = auc_covariance(labels, [scores_a, scores_b], patients)
    difference = float(areas[0] - areas[1])
    contrast = np.array([1.0, -1.0])
    # Rounding can leave a variance of -1e-19 for models that rank alike.
    error = float(np.sqrt(max(contrast @ covariance @ contrast, 0.0)))
    with np.errstate(divide="ignore"):
        z = float(np.divide(difference, error)) if difference else 0.0
    reach = float(stats.norm.ppf(0.5 + level / 2.0)) * error
    p = float(2.0 * stats.norm.sf(abs(z)))
    return AucComparison(
        float(areas[0]), float(areas[1]), difference, difference - reach, difference + reach, z, p
    )


def mcnemar(labels, decisions_a, decisions_b):
    """Test whether two models are right equally often, by the images that only one gets right.

    The exact two-sided binomial test of McNemar's table (1947, doi:10.1007/BF02295996), for any
    number of classes.

    Parameters
    ----------
    labels, decisions_a, decisions_b : array-like of int, shape (n,)
        Class indices: what is true, and what the models decided for.

    Returns
    -------
    comparison : DecisionComparison

    Examples
    --------
    >>> mcnemar([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0], [1, 1, 0, 1, 0, 0])
    DecisionComparison(only_a=3, only_b=0, p=0.25)
    """
    labels = check_labels(labels)
    right_a, right_b = np.asarray(decisions_a) == labels, np.asarray(decisions_b) == labels
    only_a, only_b = int(np.sum(right_a & ~right_b)), int(np.sum(right_b & ~right_a))
    total = only_a + only_b
    p = float(stats.binomtest(only_a, total).pvalue) if total else 1.0
    return DecisionComparison(only_a, only_b, p)


def _placements(labels, scores):
    """Compute the fraction of the other class that each image is ordered rightly against."""
    everywhere = stats.rankdata(scores)
    placements = np.empty(len(scores))
    for positive in (True, False):
        members = labels == positive
        others = len(labels) - members.sum()
        below = (everywhere[members] - stats.rankdata(scores[members])) / others
        placements[members] = below if positive else 1.0 - below
    return placements


def _check_patients(patients, n_images):
    patients = np.asarray(patients)
    if patients.shape != (n_images,):
        raise DataError(
            f"patients must be {n_images}, one an image, but their shape is {patients.shape}"
        )
    return np.unique(patients, return_inverse=True)[1]


def _cluster_deviations(placements, areas, members, cluster):
    """Sum of (placement - area) of one class's images, by cluster: (n_models, n_clusters)."""
    return np.stack(
        [
            np.bincount(cluster[members], row[members] - area, cluster.max() + 1)
            for row, area in zip(placements, areas, strict=True)
        ]
    )


def _within(deviations, members, cluster):
    """Compute the part of the covariance that comes from one class."""
    n_images, n_clusters = members.sum(), len(np.unique(cluster[members]))
    if n_clusters < 2:
        raise DataError(
            "a comparison of areas needs at least two patients (or images) of either class"
        )
    return deviations @ deviations.T * n_clusters / (n_clusters - 1) / n_images**2
