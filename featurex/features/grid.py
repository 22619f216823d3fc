"""The zones of a grid: which pixels of an image belong to which of its rectangles."""

import functools
from itertools import pairwise

import numpy as np


@functools.lru_cache(maxsize=256)
def zone_edges(side, grid):
    """Divide a side of the image into zones.

    Pixel x lies in zone floor(x grid / side), so that zone k begins at pixel ceil(k side / grid).
    Every family follows this rule: ``_r02_c03`` is the same rectangle in all of them.

    Parameters
    ----------
    side : int
        Pixels, or coefficients, along the side.
    grid : int
        Zones along the side; some are empty where there are more of them than pixels.

    Returns
    -------
    edges : intp array, shape (grid + 1,)
        First pixel of each zone, and the side. The array is shared: do not write to it.

    Examples
    --------
    >>> zone_edges(7, 3)
    array([0, 3, 5, 7])
    """
    # The ceiling of a quotient, in integers: floating point could round it to the next pixel.
    return -(np.arange(grid + 1) * -side // grid)


def find_zones(pixels, side, grid):
    """Find the zone of each pixel along a side, by the rule of `zone_edges`.

    Parameters
    ----------
    pixels : int array of any shape
        From 0 to `side` - 1.
    side, grid : int
        As for `zone_edges`.

    Returns
    -------
    zones : int array of the same shape
        From 0 to `grid` - 1.
    """
    return pixels * grid // side


def sum_zones(values, grid):
    """Sum over the zones of the last two axes.

    Parameters
    ----------
    values : array of shape (..., rows, columns)
        Numbers; there may be fewer pixels than zones.
    grid : int
        Zones along each side.

    Returns
    -------
    sums : array of shape (..., grid, grid)
        0 for a zone without pixels.

    Examples
    --------
    >>> sum_zones(np.arange(6).reshape(2, 3), 2)
    array([[1, 2],
           [7, 5]])
    """
    # Not np.add.reduceat, for which the sum of an empty zone is the next pixel.
    for axis in (-2, -1):
        edges = zone_edges(values.shape[axis], grid)
        values = np.moveaxis(values, axis, 0)
        sums = [values[start:stop].sum(axis=0) for start, stop in pairwise(edges)]
        values = np.moveaxis(np.stack(sums), 0, axis)
    return values


def zone_names(grid):
    """Name the zones of a grid as columns do, row by row.

    Parameters
    ----------
    grid : int
        Zones along each side.

    Returns
    -------
    names : list of str
        "r00_c00", "r00_c01" and so on.
    """
    return [f"r{row:02d}_c{column:02d}" for row in range(grid) for column in range(grid)]
