"""Grey-level run-length matrices: how long stretches of one level are."""

import numpy as np

from featurex.checks import check_choice
from featurex.features.emphasis import describe_matrix, name_statistics
from featurex.features.levels import LevelExtractor
from featurex.kernels.runs import count_runs

STATISTICS = name_statistics(
    "22OV W4KF V3SW G3QZ HTZT GD3A IVPO 3KUM R5YN OVBL W92Y IC23 9ZK5 8CE5 SXLW HJ9O",
    "Galloway 1975, doi:10.1016/S0146-664X(75)80008-6",
)
_STEPS = np.array([(0, 1), (-1, 1), (-1, 0), (-1, -1)])


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
    M. M. Galloway (1975). Texture analysis using gray level run lengths. Computer Graphics and Image Processing 4(2),
    172-179. doi:10.1016/S0146-664X(75)80008-6
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
        counts = run_counts(levels, n_levels)
        merged = counts if self.aggregate == "average" else counts.sum(axis=0, keepdims=True)
        return run_values(merged).mean(axis=0)


def run_counts(levels, n_levels):
    """Runs of each level and length at 0, 45, 90 and 135 degrees: int64 array, shape (4, n_levels, longest side)."""
    counts = np.empty((len(_STEPS), n_levels, max(levels.shape)), np.int64)
    count_runs(levels, _STEPS, counts)
    return counts


def run_values(counts):
    """The statistics of `STATISTICS` of matrices of shape (n, n_levels, n_lengths): array of shape (n, 16)."""
    lengths = np.arange(1, counts.shape[2] + 1)
    # Every pixel lies in one run, so that the runs' lengths add up to the pixels.
    return np.array([describe_matrix(matrix, (matrix * lengths).sum())[: len(STATISTICS)] for matrix in counts])
