"""Neighbourhood grey-tone difference matrices: how much pixels differ from what surrounds them."""

import numpy as np

from featurex.checks import check_integer
from featurex.features.base import Statistic
from featurex.features.levels import LevelExtractor, pad_levels
from featurex.kernels.ngtdm import ngtdm_statistics, sum_differences

_SOURCE = "Amadasun and King 1989, doi:10.1109/21.44046"
STATISTICS = (
    Statistic("coarseness", "1 / sum p_i s_i, at most 10^6", f"IBSI QCDE; {_SOURCE}"),
    Statistic(
        "contrast",
        "sum_ij p_i p_j (i - j)^2 / (g (g - 1)) * sum s_i / N; 0 if g is 1",
        f"IBSI 65HE; {_SOURCE}",
    ),
    Statistic(
        "busyness", "sum p_i s_i / sum_ij |i p_i - j p_j|; 0 if g is 1", f"IBSI NQ30; {_SOURCE}"
    ),
    Statistic(
        "complexity",
        "sum_ij |i - j| (p_i s_i + p_j s_j) / (p_i + p_j) / N",
        f"IBSI HDEZ; {_SOURCE}",
    ),
    Statistic(
        "strength",
        "sum_ij (p_i + p_j) (i - j)^2 / sum s_i; 0 if nothing differs",
        f"IBSI 1X9X; {_SOURCE}",
    ),
)
_COARSEST = 1e6
# Tables that are used in turn, and pixels at a time; see the kernel.
_LANES, _STRETCH = 4, 2048


class NGTDM(LevelExtractor):
    """Coarseness, contrast, busyness, complexity and strength of a texture, as people see them.

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
    distance : int
        Neighbours are at most so many rows and columns away, 1 to 8.

    Notes
    -----
    n_i of N pixels with neighbours in the region have level i, p_i = n_i / N, and s_i is the sum of
    their differences from the mean of their neighbours; g levels occur. Without such pixels, the
    values are those of a region in which nothing differs.

    References
    ----------
    M. Amadasun, R. King (1989). Textural features corresponding to textural properties. IEEE
    Transactions on Systems, Man, and Cybernetics 19(5), 1264-1274. doi:10.1109/21.44046

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import NGTDM
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> NGTDM(levels=None).fit_transform(levels)[0, :2].round(3)
    array([0.5  , 0.148], dtype=float32)
    """

    family = "ngtdm"
    statistics = STATISTICS

    def __init__(self, levels=32, width=None, limits="region", size=None, distance=1):
        super().__init__(levels, width, limits, size)
        self.distance = distance

    def _check(self):
        check_integer("distance", self.distance, 1, 8)
        return super()._check()

    def _suffix(self):
        return f"_d{self.distance}"

    def _padding(self):
        return self.distance

    def _describe(self, plan, region):
        levels = region.pad_levels(self.distance)
        return difference_values(*_sum_differences(levels, region.n_levels, self.distance))


def differences(levels, n_levels, distance=1):
    """Sum the differences of each level's pixels from the mean of their neighbours.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to n_levels inside.
    n_levels : int
        1 to 256.
    distance : int
        Reach of the neighbourhood; see `NGTDM`.

    Returns
    -------
    counts : int64 array, shape (n_levels,)
        Pixels of each level that have neighbours in the region.
    sums : float64 array, shape (n_levels,)
        The sums of their absolute differences.

    Raises
    ------
    ParameterError
        If a parameter breaks its rule.

    Examples
    --------
    >>> import numpy as np
    >>> counts, sums = differences(np.array([[1, 1, 3]]), 3)
    >>> counts.tolist(), sums.tolist()
    ([2, 0, 1], [1.0, 0.0, 2.0])
    """
    check_integer("distance", distance, 1, 8)
    return _sum_differences(pad_levels(levels, n_levels, distance), n_levels, distance)


def _sum_differences(levels, n_levels, distance):
    """Sum as `differences` does, in levels padded by the distance."""
    n_kinds = (2 * distance + 1) ** 2 + 1
    # Sums of 9 pixels of 256 levels, in units of 16, fit 16 bits; of 289 pixels in units of 512, 32
    # bits.
    dtype, unit = (np.uint16, 16) if distance == 1 else (np.uint32, 512)
    scratch = np.empty((5, _STRETCH + 2 * distance), dtype)
    packed = np.zeros((_LANES, n_levels + 1, n_kinds), np.int64)
    counts, sums = np.zeros(n_levels, np.int64), np.zeros(n_levels)
    sum_differences(levels, distance, dtype(unit), scratch, packed, counts, sums)
    return counts, sums


def difference_values(counts, sums):
    """Compute the statistics of neighbourhood differences.

    Parameters
    ----------
    counts, sums : array of shape (n_levels,)
        As from `differences`.

    Returns
    -------
    values : float64 array, shape (5,)
        In the order of `STATISTICS`.
    """
    values = np.empty(len(STATISTICS))
    ngtdm_statistics(
        np.asarray(counts, np.float64), np.asarray(sums, np.float64), _COARSEST, values
    )
    return values
