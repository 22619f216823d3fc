"""Neighbouring grey-level dependence matrices: in how alike surroundings pixels lie."""

import numpy as np

from featurex.checks import check_integer
from featurex.features.levels import LevelExtractor, pad_levels
from featurex.features.size_matrices import describe_matrix, name_statistics
from featurex.kernels.ngldm import count_dependences

STATISTICS = name_statistics(
    "SODN IMOQ TL9H OAE7 EQ3F JA6D NBZI 9QMG FP8K 5SPA Z87G OKJI 6XV8 1PFV DNX2 FCBV CAS9",
    "Sun and Wee 1983, doi:10.1016/0734-189X(83)90032-4",
)
# Tables that are used in turn, and pixels at a time; see the kernel.
_LANES, _STRETCH = 4, 2048


class NGLDM(LevelExtractor):
    """Statistics of dependence: size j is one more than a pixel's neighbours of nearly its level.

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
    difference : int
        By how many levels a neighbour may differ, 0 to 255; IBSI's alpha.

    Notes
    -----
    The percentage is 1 by definition, and kept since IBSI has it.

    References
    ----------
    C. Sun, W. G. Wee (1983). Neighboring gray level dependence matrix for texture classification.
    Computer Vision, Graphics, and Image Processing 23(3), 341-352. doi:10.1016/0734-189X(83)90032-4

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import NGLDM
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> NGLDM(levels=None).fit_transform(levels)[0, :2].round(3)
    array([0.241, 7.   ], dtype=float32)
    """

    family = "ngldm"
    statistics = STATISTICS

    def __init__(self, levels=32, width=None, limits="region", size=None, distance=1, difference=0):
        super().__init__(levels, width, limits, size)
        self.distance = distance
        self.difference = difference

    def _check(self):
        check_integer("distance", self.distance, 1, 8)
        check_integer("difference", self.difference, 0, 255)
        return super()._check()

    def _suffix(self):
        return f"_d{self.distance}_t{self.difference:03d}"

    def _padding(self):
        return self.distance

    def _describe(self, plan, region):
        levels = region.pad_levels(self.distance)
        return dependence_values(
            _count_dependences(levels, region.n_levels, self.distance, self.difference)
        )


def dependence_counts(levels, n_levels, distance=1, difference=0):
    """Count the pixels of each level and dependence.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to n_levels inside.
    n_levels : int
        1 to 256.
    distance, difference : int
        Reach of the neighbourhood, and tolerated difference of levels; see `NGLDM`.

    Returns
    -------
    counts : int64 array, shape (n_levels, (2 distance + 1)^2)
        Entry (i, j) for pixels of level i + 1 with j neighbours of nearly that level.

    Raises
    ------
    ParameterError
        If a parameter breaks its rule.

    Examples
    --------
    >>> import numpy as np
    >>> dependence_counts(np.array([[1, 1, 2]]), 2)[:, :3]
    array([[0, 2, 0],
           [1, 0, 0]])
    """
    check_integer("distance", distance, 1, 8)
    check_integer("difference", difference, 0, 255)
    levels = pad_levels(levels, n_levels, distance)
    return _count_dependences(levels, n_levels, distance, difference).astype(np.int64)


def _count_dependences(levels, n_levels, distance, difference):
    """Count as `dependence_counts` does, in levels padded by the distance: float64."""
    counts = np.empty((_LANES, n_levels + 1, (2 * distance + 1) ** 2 + 1), np.uint32)
    # Indices of counters: as narrow as they can be, so that a vector register holds more of them.
    scratch = np.empty((2, _STRETCH), np.uint16 if counts.size < 65536 else np.uint32)
    # Below a distance of 8, the (2 distance + 1)^2 pixels of a window, at most 225, fit a byte.
    numbers = np.empty(_STRETCH, np.uint8 if distance < 8 else np.uint16)
    count_dependences(levels, distance, levels.dtype.type(difference), numbers, scratch, counts)
    return counts.sum(axis=0, dtype=np.float64)[1:, 1:]


def dependence_values(counts):
    """Compute the statistics of a dependence matrix.

    Parameters
    ----------
    counts : array of shape (n_levels, n_dependences)
        As from `dependence_counts`.

    Returns
    -------
    values : float64 array, shape (17,)
        In the order of `STATISTICS`.
    """
    return describe_matrix(counts, n_pixels=counts.sum())
