"""Grey-level run-length matrices: how long stretches of one level are."""

import numpy as np

from featurex.checks import check_choice
from featurex.features.levels import LevelExtractor, pad_levels
from featurex.features.size_matrices import describe_matrices, name_statistics
from featurex.kernels.glrlm import count_positions, count_runs

STATISTICS = name_statistics(
    "22OV W4KF V3SW G3QZ HTZT GD3A IVPO 3KUM R5YN OVBL W92Y IC23 9ZK5 8CE5 SXLW HJ9O",
    "Galloway 1975, doi:10.1016/S0146-664X(75)80008-6",
)
# Counters of one direction that fit the L1 cache.
_COUNTERS = 4096


class GLRLM(LevelExtractor):
    """Statistics of runs of equal grey level in four directions: size j is the length of a run.

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
    aggregate : "average" or "merge"
        The mean of the directions' values, or the value of all directions' runs together.

    Notes
    -----
    A run ends at the region's border. Long runs are even areas: consolidation, air.

    References
    ----------
    M. M. Galloway (1975). Texture analysis using gray level run lengths. Computer Graphics and
    Image Processing 4(2), 172-179. doi:10.1016/S0146-664X(75)80008-6

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import GLRLM
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> GLRLM(levels=None).fit_transform(levels)[0, :2].round(3)
    array([0.806, 1.777], dtype=float32)
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

    def _describe(self, plan, region):
        counts = _count_runs(region.pad_levels(1), region.n_levels)
        if self.aggregate == "merge":
            counts = counts.sum(axis=0, keepdims=True)
        return run_values(counts).mean(axis=0)


def run_counts(levels, n_levels):
    """Count the runs of each level and length at 0, 45, 90 and 135 degrees.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to n_levels inside.
    n_levels : int
        1 to 256.

    Returns
    -------
    counts : int64 array, shape (4, n_levels, longest side)
        Entry (k, i, j) for runs of level i + 1 and of j + 1 pixels in the direction k.

    Raises
    ------
    ParameterError
        If `levels` or `n_levels` break their rule.

    Examples
    --------
    >>> import numpy as np
    >>> run_counts(np.array([[1, 1, 2]]), 2)[0]
    array([[0, 1, 0],
           [1, 0, 0]])
    """
    levels = pad_levels(levels, n_levels, 1)
    counts = _count_runs(levels, n_levels)
    out = np.zeros((*counts.shape[:2], max(levels.shape) - 2), np.int64)
    out[:, :, : counts.shape[2]] = counts
    return out


def _count_runs(levels, n_levels):
    """Count runs as `run_counts` does, in padded levels: float64 counts up to the longest run."""
    rows, columns = levels.shape
    longest = max(rows, columns) - 2
    # An odd number of cache lines for each level: the first counters of all levels, which are used
    # most, do not evict each other.
    n_positions = max(16, _COUNTERS // (n_levels + 1) // 32 * 32 - 16)
    scratch = np.zeros((6, columns), np.uint16 if longest < 65536 else np.uint32)
    near = np.zeros((4, (n_levels + 1) * n_positions), np.uint32)
    far = np.zeros((4, n_levels + 1, longest + 2), np.uint32)
    # At most 257 levels of 16 positions, or 4,096 counters: their indices fit 16 bits.
    entries = np.empty((4, columns - 2), np.uint16)
    longest = count_positions(
        levels, scratch.dtype.type(n_positions - 1), scratch, entries, near, far
    )
    counts = np.empty((4, n_levels, longest))
    count_runs(near.reshape(4, n_levels + 1, n_positions), far, counts)
    return counts


def run_values(counts):
    """Compute the statistics of run-length matrices.

    Parameters
    ----------
    counts : array of shape (n_matrices, n_levels, n_lengths)
        Runs by level and length, both from 1.

    Returns
    -------
    values : float64 array, shape (n_matrices, 16)
        In the order of `STATISTICS`.
    """
    return describe_matrices(counts)[:, : len(STATISTICS)]
