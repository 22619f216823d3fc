"""First-order statistics: of grey values, and of the histogram of grey levels."""

import numpy as np

from featurex.features.base import Statistic
from featurex.features.levels import LevelExtractor, RegionExtractor, check_levels
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
_FRACTIONS = np.array((0.1, 0.25, 0.5, 0.75, 0.9))


class IntensityStatistics(RegionExtractor):
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

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import IntensityStatistics
    >>> images = np.ma.masked_equal(np.array([[[10, 20], [30, 0]]], np.uint8), 0)
    >>> IntensityStatistics().fit_transform(images)[0, :2].round(2)
    array([20.  , 66.67], dtype=float32)
    """

    family = "intensity"
    statistics = STATISTICS

    def __init__(self, size=None):
        self.size = size

    def _describe(self, plan, region):
        return _describe_counts(*count_grey_values(region.image, region.inside))


class IntensityHistogram(LevelExtractor):
    """Statistics of the histogram of grey levels in the region.

    Parameters
    ----------
    levels : int or None
        Number of grey levels of equal width, 2 to 256; None without a width: the image holds levels
        from 1 on already.
    width : float or None
        Width of a level in grey values, in place of their number.
    limits : "region", "dtype" or (low, high)
        The grey values between which the levels lie: the region's smallest and largest, those of
        the image's type, or stated ones.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    Levels count from 1. h'_i are the central differences of the counts, at the ends the one-sided
    ones.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2),
    328-338. doi:10.1148/radiol.2020191145

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import IntensityHistogram
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> IntensityHistogram(levels=None).fit_transform(levels)[0, :2].round(3)
    array([2.   , 0.667], dtype=float32)
    """

    family = "histogram"
    statistics = HISTOGRAM_STATISTICS

    def _describe(self, plan, region):
        return _describe_levels(region.pad_levels(1), region.n_levels)


def describe_values(values):
    """Compute the statistics of grey values.

    Parameters
    ----------
    values : array of shape (n,)
        Real numbers, at least one.

    Returns
    -------
    statistics : float64 array, shape (18,)
        In the order of `STATISTICS`.

    Examples
    --------
    >>> import numpy as np
    >>> describe_values(np.array([1, 2, 3, 6]))[:2]
    array([3. , 3.5])
    """
    return _describe_counts(*count_grey_values(values, None))


def count_grey_values(image, inside):
    """Count how many pixels of the region have each grey value.

    Parameters
    ----------
    image : array of any shape
        Grey values.
    inside : bool array of the same shape, or None
        True where a pixel belongs to the region; None where every pixel does.

    Returns
    -------
    values, counts : float64 arrays, shape (n,)
        Ascending values, and the pixels that each stands for: every value once for 8 bits. Of other
        types each pixel is listed, since sorting is faster than counting.
    """
    if image.dtype == np.uint8:
        return _count_integers(image, inside, 255)
    values = np.sort(image.ravel() if inside is None else image[inside]).astype(np.float64)
    return values, np.ones(len(values))


def _count_integers(image, inside, maximum):
    """Count as `count_grey_values` does, integers from 0 to the maximum."""
    # Four tables are used in turn; see the kernel.
    tables = np.empty((4, maximum + 1), np.uint32)
    count_values(image.ravel(), None if inside is None else inside.ravel(), tables)
    values, counts = np.empty((2, maximum + 1))
    n = list_values(tables, values, counts)
    return values[:n], counts[:n]


def describe_levels(levels, n_levels):
    """Compute the statistics of a histogram of levels.

    Parameters
    ----------
    levels : int array, shape (n,)
        1 to n_levels.
    n_levels : int
        1 to 256.

    Returns
    -------
    statistics : list of 23 float
        In the order of `HISTOGRAM_STATISTICS`.

    Examples
    --------
    >>> describe_levels([1, 2, 2, 3], 3)[0]
    2.0
    """
    levels, _ = check_levels(levels, n_levels)
    return _describe_levels(levels.astype(np.uint16), n_levels)


def _describe_levels(levels, n_levels):
    """Describe as `describe_levels` does, levels among which zeros do not count."""
    values, numbers = _count_integers(levels, None, n_levels)
    first = int(values[0] == 0)
    values, numbers = values[first:], numbers[first:]
    counts = np.zeros(n_levels)
    counts[values.astype(np.intp) - 1] = numbers
    fractions = numbers / numbers.sum()
    gradient = _gradient(counts)
    return [
        *_describe_counts(values, numbers)[: len(_SHARED)].tolist(),
        float(counts.argmax() + 1),
        float(-(fractions * np.log2(fractions)).sum()),
        float(fractions @ fractions),
        gradient.max(),
        float(gradient.argmax() + 1),
        gradient.min(),
        float(gradient.argmin() + 1),
    ]


def _gradient(counts):
    """Compute central differences, one-sided at the ends, as np.gradient does more slowly."""
    padded = np.concatenate((counts[:1], counts, counts[-1:]))
    gradient = padded[2:] - padded[:-2]
    gradient[1:-1] /= 2
    return gradient


def _describe_counts(values, counts):
    """Compute the statistics of `STATISTICS` of counted values."""
    statistics = np.empty(len(STATISTICS))
    percentiles = np.empty(len(_FRACTIONS))
    find_percentiles(values, counts, _FRACTIONS, percentiles)
    first_order_statistics(values, counts, percentiles, statistics)
    return statistics
