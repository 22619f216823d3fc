"""First-order statistics against their twins, and the moments against scipy."""

import numpy as np

from featurex.features import IntensityHistogram, IntensityStatistics
from tests.cases.base import Case, values_of
from tests.naive import first_order as naive
from tests.naive import glcm as naive_levels

_LEVELS, _LIMITS = 32, (0, 65536)


def _counted(image, inside):
    return [float(value) for value in (image.ravel() if inside is None else image[inside])]


def _histogram(image, inside):
    levels = naive_levels.levels_of(image, inside, _LEVELS, _LIMITS)
    return naive.histogram([int(level) for level in np.ravel(levels) if level > 0], _LEVELS)


def _scipy(image, inside):
    """Time only: scipy has no more than these of the statistics."""
    from scipy import stats

    values = image.ravel().astype(float)
    return stats.describe(values), stats.iqr(values), stats.median_abs_deviation(values)


CASES = (
    Case(
        "intensity_statistics",
        "intensity",
        values_of(IntensityStatistics()),
        lambda image, inside: np.array(naive.statistics(_counted(image, inside))),
        peers={"scipy": _scipy},
        masked=True,
        rtol=1e-5,
        atol=1e-6,
        notes="scipy's describe, iqr and median_abs_deviation are fewer statistics.",
    ),
    Case(
        "histogram_32_levels",
        "histogram",
        values_of(IntensityHistogram(levels=_LEVELS, limits=_LIMITS)),
        lambda image, inside: np.array(_histogram(image, inside)),
        masked=True,
        rtol=1e-5,
        atol=1e-6,
    ),
)
