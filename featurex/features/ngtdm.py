"""Neighbourhood grey-tone difference matrices: how much pixels differ from what surrounds them."""

import numpy as np

from featurex.checks import check_integer
from featurex.features.base import Statistic
from featurex.features.levels import LevelExtractor
from featurex.kernels.neighbours import sum_differences

_SOURCE = "Amadasun and King 1989, doi:10.1109/21.44046"
STATISTICS = (
    Statistic("coarseness", "1 / sum p_i s_i, at most 10^6", f"IBSI QCDE; {_SOURCE}"),
    Statistic("contrast", "sum_ij p_i p_j (i - j)^2 / (g (g - 1)) * sum s_i / N; 0 if g is 1", f"IBSI 65HE; {_SOURCE}"),
    Statistic("busyness", "sum p_i s_i / sum_ij |i p_i - j p_j|; 0 if g is 1", f"IBSI NQ30; {_SOURCE}"),
    Statistic("complexity", "sum_ij |i - j| (p_i s_i + p_j s_j) / (p_i + p_j) / N", f"IBSI HDEZ; {_SOURCE}"),
    Statistic("strength", "sum_ij (p_i + p_j) (i - j)^2 / sum s_i; 0 if nothing differs", f"IBSI 1X9X; {_SOURCE}"),
)
_COARSEST = 1e6


class NGTDM(LevelExtractor):
    """Coarseness, contrast, busyness, complexity and strength of a texture, as people see them.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.
    distance : int
        Neighbours are at most so many rows and columns away, 1 to 8.

    Notes
    -----
    n_i of N pixels with neighbours in the region have level i, p_i = n_i / N, and s_i is the sum of their differences
    from the mean of their neighbours; g levels occur. Without such pixels all is as where nothing differs.

    References
    ----------
    M. Amadasun, R. King (1989). Textural features corresponding to textural properties. IEEE Transactions on Systems,
    Man, and Cybernetics 19(5), 1264-1274. doi:10.1109/21.44046
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

    def _describe(self, levels, n_levels):
        return difference_values(*differences(levels, n_levels, self.distance))


def differences(levels, n_levels, distance=1):
    """Pixels of each level, and the sums of their differences from their neighbours: two arrays, shape (n_levels,)."""
    counts, sums = np.empty(n_levels, np.int64), np.empty(n_levels)
    sum_differences(levels, distance, counts, sums)
    return counts, sums


def difference_values(counts, sums):
    """The statistics of `STATISTICS`: list of 5 float."""
    total = counts.sum()
    used = np.flatnonzero(counts)
    i, p, s = used + 1.0, counts[used] / max(total, 1), sums[used]
    weighted, all_sums = p @ s, s.sum()
    coarseness = min(1 / weighted, _COARSEST) if weighted > 0 else _COARSEST
    if len(used) < 2:
        return [coarseness, 0.0, 0.0, 0.0, 0.0]
    apart = np.abs(i[:, None] - i)
    together = p[:, None] + p
    contrast = (p[:, None] * p * apart**2).sum() / (len(used) * (len(used) - 1)) * all_sums / total
    spread = np.abs((i * p)[:, None] - i * p).sum()
    complexity = (apart * ((p * s)[:, None] + p * s) / together).sum() / total
    strength = (together * apart**2).sum() / all_sums if all_sums > 0 else 0.0
    return [coarseness, contrast, weighted / spread if spread > 0 else 0.0, complexity, strength]
