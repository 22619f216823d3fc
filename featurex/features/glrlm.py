"""Grey-level run-length matrices: how long stretches of one level are."""

import numpy as np

from featurex.checks import check_choice
from featurex.features.emphasis import describe_matrices, name_statistics
from featurex.features.levels import LevelExtractor, padded
from featurex.kernels.glrlm import count_positions, count_runs

STATISTICS = name_statistics(
    "22OV W4KF V3SW G3QZ HTZT GD3A IVPO 3KUM R5YN OVBL W92Y IC23 9ZK5 8CE5 SXLW HJ9O",
    "Galloway 1975, doi:10.1016/S0146-664X(75)80008-6",
)
# Counters of a direction that stay in the fastest memory.
_COUNTERS = 4096


class GLRLM(LevelExtractor):
    """Statistics of runs of equal grey level in four directions: size j is the length of a run.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.
    aggregate : "average" or "merge"
        The mean of the directions' values, or the value of all directions' runs together.

    Notes
    -----
    A run ends at the region's border. Long runs are even areas: consolidation, air.

    References
    ----------
    M. M. Galloway (1975). Texture analysis using gray level run lengths. Computer Graphics and
    Image Processing 4(2), 172-179. doi:10.1016/S0146-664X(75)80008-6
    """

    family = "glrlm"
    statistics = STATISTICS

    def __init__(self, levels=32, width=None, limits="region", size=None, aggregate="average"):
        super().__init__(levels, width, limits, size)
        self.aggregate = aggregate

    def _check(self):
        check_choice("aggregate", self.aggregate, ("average", "merge"))
        return super()._check()

    def _suffix(self):
        return f"_{self.aggregate}"

    def _describe(self, levels, n_levels):
        counts = _count(levels, n_levels)
        return run_values(
            counts if self.aggregate == "average" else counts.sum(axis=0, keepdims=True)
        ).mean(axis=0)


def run_counts(levels, n_levels):
    """Runs of each level and length at 0, 45, 90 and 135 degrees.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to n_levels inside.
    n_levels : int

    Returns
    -------
    counts : int64 array, shape (4, n_levels, longest side)

    Raises
    ------
    ParameterError
        If there are other levels.
    """
    levels = padded(levels, n_levels, 1)
    counts = _count(levels, n_levels)
    out = np.zeros((*counts.shape[:2], max(levels.shape) - 2), np.int64)
    out[:, :, : counts.shape[2]] = counts
    return out


def _count(levels, n_levels):
    """As `run_counts`, of levels in their frame: float64 counts of lengths up to the longest
    run.
    """
    rows, columns = levels.shape
    longest = max(rows, columns) - 2
    # An odd number of cache lines for each level: the first of all levels, which are used most, do
    # not get in each other's way.
    places = max(16, _COUNTERS // (n_levels + 1) // 32 * 32 - 16)
    work = np.zeros((6, columns), np.uint16 if longest < 65536 else np.uint32)
    near = np.zeros((4, (n_levels + 1) * places), np.uint32)
    far = np.zeros((4, n_levels + 1, longest + 2), np.uint32)
    entries = np.empty((4, columns - 2), np.uint16)
    longest = count_positions(levels, work.dtype.type(places - 1), work, entries, near, far)
    counts = np.empty((4, n_levels, longest))
    count_runs(near.reshape(4, n_levels + 1, places), far, counts)
    return counts


def run_values(counts):
    """The statistics of `STATISTICS` of matrices of shape (n, n_levels, n_lengths): array of shape
    (n, 16).
    """
    return describe_matrices(counts)[:, : len(STATISTICS)]
