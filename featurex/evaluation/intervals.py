"""Intervals that know that images of one patient are not independent: the clustered bootstrap."""

from typing import NamedTuple

import numpy as np
from scipy import special

from featurex.checks import check_integer, check_number
from featurex.errors import DataError
from featurex.evaluation.metrics import macro_auc

# Resamples at a time: with 5,000 images each temporary array of a statistic takes 2.5 MB.
_CHUNK = 64


class Interval(NamedTuple):
    """A value with its confidence interval.

    Parameters
    ----------
    value : float
        The value of all images, each counted once.
    low, high : float
        Ends of the interval; NaN where it cannot be estimated.
    """

    value: float
    low: float
    high: float


def clustered_interval(statistic, labels, patients, *, level=0.95, n_resamples=1000, seed=0):
    """Percentile bootstrap interval over patients, within classes.

    Parameters
    ----------
    statistic : callable (weights) -> array
        Maps weights of shape (..., n), how often each image counts, to values of shape (...): a
        function of `featurex.evaluation.metrics` with everything but its weights bound.
    labels : array-like, shape (n,)
        The class of every image.
    patients : array-like, shape (n,)
        The patient of every image.
    level : float
        Confidence, 0.5 to 0.999.
    n_resamples : int
        Bootstrap resamples, at least 100.
    seed : int
        Seed of the resamples.

    Returns
    -------
    interval : Interval

    Raises
    ------
    DataError
        If labels and patients differ in number.
    ParameterError
        If level or n_resamples are out of range.

    Notes
    -----
    See `resample_weights` for what is drawn. The interval runs between quantiles of the resampled
    values (Efron and Tibshirani 1993, doi:10.1201/9780429246593, chapter 13), interpolated
    linearly; resamples whose value is not defined (NaN) are left out. `scipy.stats.bootstrap` draws
    items that are independent, and knows neither patients nor classes.

    Examples
    --------
    >>> from featurex.evaluation.metrics import accuracy, confusion
    >>> labels, decisions = [0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]
    >>> patients = ["a", "a", "b", "c", "d", "e"]
    >>> interval = clustered_interval(
    ...     lambda weights: accuracy(confusion(labels, decisions, weights=weights)),
    ...     labels,
    ...     patients,
    ... )
    >>> f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})"
    '0.83 (0.60 to 1.00)'
    """
    level = check_number("level", level, 0.5, 0.999)
    weights = resample_weights(
        labels, patients, check_integer("n_resamples", n_resamples, 100), seed
    )
    values = np.concatenate(
        [statistic(weights[start : start + _CHUNK]) for start in range(0, len(weights), _CHUNK)]
    )
    tail = (1.0 - level) / 2.0
    low, high = np.nanquantile(values, [tail, 1.0 - tail])
    return Interval(float(statistic(np.ones(len(labels)))), float(low), float(high))


def auc_with_interval(labels, scores, patients, *, level=0.95, n_resamples=1000, seed=0):
    """Area under the ROC curve with its bootstrap interval over patients.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        Class indices; of two classes 1 is the positive one.
    scores : array-like of float, shape (n,) or (n, n_classes)
        The positive class's score, or one score a class: then the area is the plain mean of each
        class against the rest (`featurex.evaluation.metrics.macro_auc`).
    patients : array-like, shape (n,)
        The patient of every image.
    level, n_resamples, seed
        As for `clustered_interval`.

    Returns
    -------
    area : Interval
        Within [0, 1].

    Raises
    ------
    DataError
        If shapes do not fit, a score is not finite, or a class does not occur.

    Examples
    --------
    >>> labels = [0, 0, 0, 1, 1, 1]
    >>> area = auc_with_interval(labels, [0.1, 0.4, 0.6, 0.5, 0.8, 0.9], list("abcdef"))
    >>> f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f})"
    '0.889 (0.556 to 1.000)'
    """
    return clustered_interval(
        lambda weights: macro_auc(labels, scores, weights),
        labels,
        patients,
        level=level,
        n_resamples=n_resamples,
        seed=seed,
    )


def wilson_interval(fraction, n_trials, *, level=0.95):
    """Wilson's score interval of a fraction, which has a width where the fraction is 0 or 1.

    (p + z²/2n ± z √(p (1 - p) / n + z²/4n²)) / (1 + z²/n), with z the normal quantile of the level.

    Parameters
    ----------
    fraction : float
        The observed fraction p, 0 to 1.
    n_trials : float
        Independent trials behind it, above 0. It need not be an integer, as
        `scipy.stats.binomtest` would want.
    level : float
        Confidence, 0.5 to 0.999.

    Returns
    -------
    interval : Interval
        The fraction, and the limits around it.

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> interval = wilson_interval(1.0, 20)
    >>> round(interval.low, 3), interval.high
    (0.839, 1.0)
    """
    fraction = check_number("fraction", fraction, 0, 1)
    n_trials = check_number("n_trials", n_trials, 1e-9)
    squared = float(special.ndtri(0.5 + check_number("level", level, 0.5, 0.999) / 2.0)) ** 2
    centre = (fraction + squared / (2.0 * n_trials)) / (1.0 + squared / n_trials)
    reach = np.sqrt(
        squared * (fraction * (1.0 - fraction) / n_trials + squared / (4.0 * n_trials**2))
    )
    reach /= 1.0 + squared / n_trials
    # Rounding can leave -1e-17 at a fraction of 0.
    return Interval(fraction, max(0.0, float(centre - reach)), min(1.0, float(centre + reach)))


def resample_weights(labels, patients, n_resamples, seed=0):
    """Draw patients with replacement, and count how often each image is drawn.

    As many patients of every class are drawn as there are, so that no resample lacks a class and
    the fractions of the classes, which the collector of the data chose, do not vary. A patient
    brings all images; one with images of several classes counts as of the rarest.

    Parameters
    ----------
    labels, patients : array-like, shape (n,)
        The class and the patient of every image.
    n_resamples : int
        Number of resamples.
    seed : int
        Seed of the draws.

    Returns
    -------
    weights : uint16 array, shape (n_resamples, n)
        How often each image counts.

    Raises
    ------
    DataError
        If labels and patients differ in number.

    Examples
    --------
    >>> resample_weights([0, 0, 0, 1, 1], ["a", "a", "b", "c", "d"], n_resamples=3)
    array([[2, 2, 0, 0, 2],
           [1, 1, 1, 1, 1],
           [0, 0, 2, 2, 0]], dtype=uint16)
    """
    labels, patients = np.asarray(labels), np.asarray(patients)
    if labels.shape != patients.shape or labels.ndim != 1:
        raise DataError(
            "labels and patients must be lists of one length, with one item an image, "
            f"but their shapes are {labels.shape} and {patients.shape}"
        )
    _, label, counts = np.unique(labels, return_inverse=True, return_counts=True)
    names, patient = np.unique(patients, return_inverse=True)
    order = np.argsort(counts, kind="stable")
    rarity = np.full(len(names), len(order))
    np.minimum.at(rarity, patient, np.argsort(order)[label])
    drawn = np.zeros((n_resamples, len(names)), np.uint16)
    rng = np.random.default_rng(seed)
    for rank in range(len(order)):
        members = np.flatnonzero(rarity == rank)
        # Some at a time: the picks of all resamples would take eight bytes a patient and resample.
        for start in range(0, n_resamples, _CHUNK):
            some = drawn[start : start + _CHUNK]
            some[:, members] = _count_picks(rng, len(some), len(members))
    return drawn[:, patient]


def _count_picks(rng, n_resamples, n_members):
    """Draw as many members as there are: how often each resample draws each of them, int array,
    shape (n_resamples, n_members).
    """
    picks = rng.integers(max(n_members, 1), size=(n_resamples, n_members))
    cells = (picks + n_members * np.arange(n_resamples)[:, None]).ravel()
    return np.bincount(cells, minlength=n_resamples * n_members).reshape(n_resamples, -1)
