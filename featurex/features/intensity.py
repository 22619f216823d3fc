"""First-order statistics: of grey values, and of the histogram of grey levels."""

import numpy as np

from featurex.checks import check_integer
from featurex.features.base import Extractor, Statistic, cropped, resized
from featurex.features.levels import LevelExtractor, check_levels
from featurex.kernels.first_order import (
    count_values,
    find_percentiles,
    first_order_statistics,
    list_values,
)

# Name, formula, IBSI code of the statistic of grey values and of that of levels.
_SHARED = (
    ("mean", "sum x / n", "Q4LE", "X6K6"),
    ("variance", "sum (x - mean)^2 / n", "ECT3", "CH89"),
    ("skewness", "sum (x - mean)^3 / n / variance^1.5; 0 if constant", "KE2A", "88K1"),
    ("excess_kurtosis", "sum (x - mean)^4 / n / variance^2 - 3; 0 if constant", "IPH6", "C3I7"),
    ("median", "50th percentile", "Y12H", "WIFQ"),
    ("minimum", "min x", "1GSF", "1PR8"),
    ("p10", "10th percentile", "QG58", "GPMT"),
    ("p90", "90th percentile", "8DWT", "OZ0C"),
    ("maximum", "max x", "84IY", "3NCY"),
    ("interquartile_range", "p75 - p25", "SALO", "WR0O"),
    ("range", "max x - min x", "2OJQ", "5Z3W"),
    ("mean_absolute_deviation", "sum |x - mean| / n", "4FUA", "D2ZX"),
    (
        "robust_mean_absolute_deviation",
        "the same of p10 <= x <= p90; 0 without any",
        "1128",
        "WRZB",
    ),
    ("median_absolute_deviation", "sum |x - median| / n", "N72L", "4RNL"),
    ("variation", "sqrt(variance) / mean; 0 if the mean is 0", "7TET", "CWYJ"),
    ("quartile_dispersion", "(p75 - p25) / (p75 + p25); 0 if both are 0", "9S40", "SLWD"),
)
STATISTICS = (
    *(Statistic(name, formula, f"IBSI {code}") for name, formula, code, _ in _SHARED),
    Statistic("energy", "sum x^2", "IBSI N8CA"),
    Statistic("root_mean_square", "sqrt(sum x^2 / n)", "IBSI 5ZWQ"),
)
HISTOGRAM_STATISTICS = (
    *(
        Statistic(name, formula.replace("x", "i"), f"IBSI {code}")
        for name, formula, _, code in _SHARED
    ),
    Statistic("mode", "the level with most pixels, the lowest of equals", "IBSI AMMC"),
    Statistic("entropy", "-sum p_i log2 p_i", "IBSI TLU2"),
    Statistic("uniformity", "sum p_i^2", "IBSI BJ5W"),
    Statistic("gradient_maximum", "max h'_i; 0 of one level", "IBSI 12CE"),
    Statistic("gradient_maximum_level", "argmax h'_i, the lowest of equals", "IBSI 8E6O"),
    Statistic("gradient_minimum", "min h'_i; 0 of one level", "IBSI VQB3"),
    Statistic("gradient_minimum_level", "argmin h'_i, the lowest of equals", "IBSI RHQZ"),
)
_SHARES = np.array((0.1, 0.25, 0.5, 0.75, 0.9))


class IntensityStatistics(Extractor):
    """Statistics of the grey values of the region, as they are.

    Parameters
    ----------
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    In units of the grey values: 0 to 255 of 8-bit images. Percentiles are interpolated linearly.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2),
    328-338. doi:10.1148/radiol.2020191145
    """

    family = "intensity"
    statistics = STATISTICS

    def __init__(self, size=None):
        self.size = size

    def _check(self):
        if self.size is not None:
            check_integer("size", self.size, 4, 4096)

    def _columns(self, shape):
        return tuple(f"intensity_{statistic.name}" for statistic in STATISTICS)

    def _fill(self, plan, image, inside, out):
        out[:] = self._describe(*cropped(*resized(image, inside, self.size)))

    def _describe(self, image, inside):
        return _describe(*tally(image, inside))


class IntensityHistogram(LevelExtractor):
    """Statistics of the histogram of grey levels in the region.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.

    Notes
    -----
    Levels count from 1. h'_i are the central differences of the counts, at the ends the one-sided
    ones.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2),
    328-338. doi:10.1148/radiol.2020191145
    """

    family = "histogram"
    statistics = HISTOGRAM_STATISTICS

    def _describe(self, levels, n_levels):
        return _describe_levels(levels, n_levels)


def describe_values(values):
    """The statistics of `STATISTICS`, in their order.

    Parameters
    ----------
    values : array of shape (n,)
        Real numbers, at least one.

    Returns
    -------
    statistics : float array, shape (18,)
    """
    return _describe(*tally(values, None))


def tally(image, inside):
    """The grey values of the region in their order, and how many pixels each stands for.

    Parameters
    ----------
    image : array of any shape
    inside : bool array of the same shape, or None

    Returns
    -------
    values, counts : float64 arrays, shape (n,)
        Each of 8-bit values once; of others, sorting is quicker than to count them.
    """
    if image.dtype == np.uint8:
        return _list(image, inside, 255)
    values = np.sort(image.ravel() if inside is None else image[inside]).astype(np.float64)
    return values, np.ones(len(values))


def _list(image, inside, greatest):
    """As `tally`, of whole numbers from 0 to the greatest."""
    counts = np.empty((4, greatest + 1), np.uint32)
    count_values(image.ravel(), None if inside is None else inside.ravel(), counts)
    values, numbers = np.empty((2, greatest + 1))
    n = list_values(counts, values, numbers)
    return values[:n], numbers[:n]


def describe_levels(levels, n_levels):
    """The statistics of `HISTOGRAM_STATISTICS`, in their order.

    Parameters
    ----------
    levels : int array, shape (n,)
        1 to n_levels.
    n_levels : int

    Returns
    -------
    statistics : list of 23 float
    """
    levels, _ = check_levels(levels, n_levels)
    return _describe_levels(levels.astype(np.uint16), n_levels)


def _describe_levels(levels, n_levels):
    """As `describe_levels`, of levels among which there may be 0: it does not count."""
    used, numbers = _list(levels, None, n_levels)
    first = int(used[0] == 0)
    used, numbers = used[first:], numbers[first:]
    counts = np.zeros(n_levels)
    counts[used.astype(np.intp) - 1] = numbers
    shares = numbers / numbers.sum()
    gradient = _gradient(counts)
    return [
        *_describe(used, numbers)[: len(_SHARED)].tolist(),
        float(counts.argmax() + 1),
        float(-(shares * np.log2(shares)).sum()),
        float(shares @ shares),
        gradient.max(),
        float(gradient.argmax() + 1),
        gradient.min(),
        float(gradient.argmin() + 1),
    ]


def _gradient(counts):
    """Central differences, one-sided at the ends; as np.gradient, but without what that does for
    other cases.
    """
    padded = np.concatenate((counts[:1], counts, counts[-1:]))
    gradient = padded[2:] - padded[:-2]
    gradient[1:-1] /= 2
    return gradient


def _describe(values, counts):
    """The statistics of `STATISTICS` of values in their order that stand for so many pixels
    each.
    """
    statistics = np.empty(len(STATISTICS))
    first_order_statistics(values, counts, percentiles(values, counts, _SHARES), statistics)
    return statistics


def percentiles(values, counts, shares):
    """Percentiles, interpolated linearly: float64 array, shape (n_shares,).

    Parameters
    ----------
    values, counts : float64 arrays, shape (n,)
        As from `tally`.
    shares : float64 array, shape (n_shares,)
        0 to 1, ascending.
    """
    found = np.empty(len(shares))
    find_percentiles(values, counts, shares, found)
    return found
