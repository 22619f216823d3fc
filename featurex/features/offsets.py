"""Offsets from a pixel to its neighbours, by distance and direction."""

import functools

import numpy as np

# Degrees, counter-clockwise as one sees the image -> rows down and columns right of the neighbour.
ANGLES = {0: (0, 1), 45: (-1, 1), 90: (-1, 0), 135: (-1, -1)}


def find_offset(distance, angle, diagonal):
    """Find the offset from a pixel to its neighbour.

    Parameters
    ----------
    distance : int
        Pixels.
    angle : int
        0, 45, 90 or 135 degrees, counter-clockwise.
    diagonal : "square" or "circle"
        Where diagonal neighbours lie; see `GLCM`.

    Returns
    -------
    offset : (int, int)
        Rows down and columns right.

    Examples
    --------
    >>> find_offset(2, 135, "square"), find_offset(2, 135, "circle")
    ((-2, -2), (-1, -1))
    """
    rows, columns = ANGLES[angle]
    if diagonal == "circle" and rows and columns:
        distance = round(distance * np.sqrt(0.5))
    return rows * distance, columns * distance


@functools.lru_cache(maxsize=32)
def list_distinct_offsets(distances, angles, diagonal):
    """List the offsets that differ, and which of them each distance and direction has.

    Parameters
    ----------
    distances : tuple of int
        Pixels.
    angles : tuple of int
        0, 45, 90 or 135 degrees, counter-clockwise.
    diagonal : "square" or "circle"
        Where diagonal neighbours lie; see `GLCM`.

    Returns
    -------
    offsets : int64 array, shape (n_offsets, 2)
        Rows down and columns right.
    positions : list of int
        The offset of each direction, distance after distance.
    """
    offsets = [find_offset(distance, angle, diagonal) for distance in distances for angle in angles]
    # On a circle, one pixel and two have the same diagonal neighbour: its pairs are counted once.
    distinct = list(dict.fromkeys(offsets))
    return np.array(distinct), [distinct.index(each) for each in offsets]
