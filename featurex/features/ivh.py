"""The intensity-volume histogram: how much of a region is at least so bright."""

import numpy as np

from featurex.checks import check_integer, check_number
from featurex.errors import ParameterError
from featurex.features.base import Statistic
from featurex.features.discretise import check_count, check_limits, find_limits
from featurex.features.intensity import count_grey_values
from featurex.features.levels import RegionExtractor

# The standard's number of bins for images of arbitrary units, which radiographs are.
_LEVELS = 1000
_MAX_LEVELS = 2**16
_FRACTIONS = (0.1, 0.9)
STATISTICS = (
    Statistic(
        "volume_at_10",
        "n(x >= k) / n, k the smallest level with (k - 1) / (N - 1) >= .1",
        "IBSI BC2M",
    ),
    Statistic("volume_at_90", "the same with (k - 1) / (N - 1) >= .9", "IBSI BC2M"),
    Statistic("intensity_at_10", "the smallest level k with n(x >= k) / n <= .1", "IBSI GBPN"),
    Statistic("intensity_at_90", "the same with n(x >= k) / n <= .9", "IBSI GBPN"),
    Statistic("volume_difference", "volume_at_10 - volume_at_90", "IBSI DDTU"),
    Statistic("intensity_difference", "intensity_at_10 - intensity_at_90", "IBSI CNV2"),
)


class IntensityVolumeHistogram(RegionExtractor):
    """Fractions of the region that are at least so bright, and how bright such fractions are.

    Parameters
    ----------
    levels : int or None
        Number N of grey levels of equal width, 2 to 65,536; None without a width: the image holds
        levels from 1 on already. The standard has 1000 for images of arbitrary units.
    width : float or None
        Width of a level in grey values, in place of their number.
    limits : "region", "dtype" or (low, high)
        The grey values between which the levels lie: the region's smallest and largest, those of
        the image's type, or stated ones.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    The standard speaks of volumes; in a radiograph they are areas. Intensities are numbers of
    levels, from 1; where no level is reached by few enough pixels, N + 1. With N = 1, or of a
    constant region without stated limits, (k - 1) / (N - 1) is 0 for level 1.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2),
    328-338. doi:10.1148/radiol.2020191145

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import IntensityVolumeHistogram
    >>> images = np.arange(1, 101, dtype=np.uint8).reshape(1, 10, 10)
    >>> IntensityVolumeHistogram(levels=None).fit_transform(images)[0]
    array([ 0.9,  0.1, 91. , 11. ,  0.8, 80. ], dtype=float32)
    """

    family = "ivh"
    statistics = STATISTICS

    def __init__(self, levels=_LEVELS, width=None, limits="region", size=None):
        self.levels = levels
        self.width = width
        self.limits = limits
        self.size = size

    def _check(self):
        levels, width = self.levels, self.width
        if levels is not None:
            levels = check_integer("levels", levels, 2, _MAX_LEVELS)
        if width is not None:
            width = check_number("width", width, 1e-12)
        return levels, width, check_limits(self.limits)

    def _describe(self, plan, region):
        values, counts = count_grey_values(region.image, region.inside)
        levels, n_levels = _assign_levels(plan, region, values)
        return describe_volumes(levels, counts, n_levels)


def _assign_levels(plan, region, values):
    """Return the level of each grey value, from 1, and the number of levels."""
    n_levels, width, limits = plan
    if n_levels is None and width is None:
        if values[0] < 1 or (values != np.floor(values)).any():
            raise ParameterError(
                "levels=None needs integers from 1 on in the region; set levels or width instead"
            )
        n_levels = int(values[-1])
        check_count(n_levels, "the image", _MAX_LEVELS)
        return values, n_levels
    low, high = find_limits(limits, region.image, region.inside)
    if width is not None:
        levels = np.floor((values - low) / width) + 1
        n_levels = int(np.floor((high - low) / width)) + 1
        check_count(n_levels, f"a width of {width}", _MAX_LEVELS)
    elif high > low:
        levels = np.floor(n_levels * (values - low) / (high - low)) + 1
    else:
        levels = np.ones(len(values))
    return np.clip(levels, 1, n_levels), n_levels


def describe_volumes(levels, counts, n_levels):
    """Compute the statistics of the histogram of levels.

    Parameters
    ----------
    levels : array, shape (n,)
        Ascending levels from 1; a level may be there several times.
    counts : array, shape (n,)
        Pixels that each stands for.
    n_levels : int
        The number N of levels, empty ones included.

    Returns
    -------
    statistics : list of 6 float
        In the order of `STATISTICS`.

    Examples
    --------
    >>> describe_volumes([1, 2], [3, 1], 2)
    [0.25, 0.25, 3.0, 2.0, 0.0, 1.0]
    """
    # Pixels of each level and above; none above the last, which is level N + 1 and bounds both.
    histogram = np.bincount(np.asarray(levels, np.intp), counts, n_levels + 2)
    fractions = np.cumsum(histogram[::-1])[::-1][1:] / np.sum(counts)
    positions = np.arange(n_levels) / max(n_levels - 1, 1)
    volumes = [
        float(fractions[:-1][positions >= fraction].max(initial=0)) for fraction in _FRACTIONS
    ]
    intensities = [float(1 + np.argmax(fractions <= fraction)) for fraction in _FRACTIONS]
    return [
        *volumes,
        *intensities,
        volumes[0] - volumes[1],
        intensities[0] - intensities[1],
    ]
