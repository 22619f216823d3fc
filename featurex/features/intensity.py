"""First-order statistics: of grey values, and of the histogram of grey levels."""

import numpy as np

from featurex.checks import check_integer
from featurex.features.base import Extractor, Statistic, resized
from featurex.features.levels import LevelExtractor

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
    ("robust_mean_absolute_deviation", "the same of p10 <= x <= p90", "1128", "WRZB"),
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
    *(Statistic(name, formula.replace("x", "i"), f"IBSI {code}") for name, formula, _, code in _SHARED),
    Statistic("mode", "the level with most pixels, the lowest of equals", "IBSI AMMC"),
    Statistic("entropy", "-sum p_i log2 p_i", "IBSI TLU2"),
    Statistic("uniformity", "sum p_i^2", "IBSI BJ5W"),
    Statistic("gradient_maximum", "max h'_i; 0 of one level", "IBSI 12CE"),
    Statistic("gradient_maximum_level", "argmax h'_i, the lowest of equals", "IBSI 8E6O"),
    Statistic("gradient_minimum", "min h'_i; 0 of one level", "IBSI VQB3"),
    Statistic("gradient_minimum_level", "argmin h'_i, the lowest of equals", "IBSI RHQZ"),
)


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
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2), 328-338.
    doi:10.1148/radiol.2020191145
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
        image, inside = resized(image, inside, self.size)
        out[:] = describe_values(image.ravel() if inside is None else image[inside])


class IntensityHistogram(LevelExtractor):
    """Statistics of the histogram of grey levels in the region.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.

    Notes
    -----
    Levels count from 1. h'_i are the central differences of the counts, at the ends the one-sided ones.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2), 328-338.
    doi:10.1148/radiol.2020191145
    """

    family = "histogram"
    statistics = HISTOGRAM_STATISTICS

    def _describe(self, levels, n_levels):
        return describe_levels(levels[levels > 0], n_levels)


def describe_values(values):
    """The statistics of `STATISTICS`, in their order.

    Parameters
    ----------
    values : array of shape (n,)
        Real numbers, at least one.

    Returns
    -------
    statistics : list of 18 float
    """
    values = values.astype(np.float64)
    squares = float(values @ values)
    return [*_describe(values), squares, np.sqrt(squares / len(values))]


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
    counts = np.bincount(levels, minlength=n_levels + 1)[1:].astype(np.float64)
    shares = counts / counts.sum()
    filled = shares[shares > 0]
    gradient = np.gradient(counts) if n_levels > 1 else np.zeros(1)
    return [
        *_describe(levels.astype(np.float64)),
        float(counts.argmax() + 1),
        float(-(filled * np.log2(filled)).sum()),
        float(shares @ shares),
        gradient.max(),
        float(gradient.argmax() + 1),
        gradient.min(),
        float(gradient.argmin() + 1),
    ]


def _describe(values):
    """What grey values and levels have in common."""
    mean, variance = values.mean(), values.var()
    p10, p25, median, p75, p90 = np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9))
    centered = values - mean
    squared = centered * centered
    # Rounding leaves a constant region some variance.
    flat = values.min() == values.max()
    middle = values[(values >= p10) & (values <= p90)]
    return [
        mean,
        0.0 if flat else variance,
        0.0 if flat else (squared * centered).mean() / variance**1.5,
        0.0 if flat else (squared * squared).mean() / variance**2 - 3,
        median,
        values.min(),
        p10,
        p90,
        values.max(),
        p75 - p25,
        values.max() - values.min(),
        np.abs(centered).mean(),
        np.abs(middle - middle.mean()).mean(),
        np.abs(values - median).mean(),
        0.0 if flat or mean == 0 else np.sqrt(variance) / mean,
        (p75 - p25) / (p75 + p25) if p75 + p25 != 0 else 0.0,
    ]
