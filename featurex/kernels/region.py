"""Outlines of regions: filling them, and the box around one."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def fill_polygon(corners, value, out):
    """Set every pixel whose centre lies inside a polygon, by the even-odd rule.

    Parameters
    ----------
    corners : float64 array, shape (n, 2)
        x and y in pixels; pixel centres are whole numbers. The last is joined to the first.
    value : int
    out : uint8 array, shape (rows, columns)
    """
    rows, columns = out.shape
    n = len(corners)
    crossings = np.empty(n)
    for row in range(rows):
        count = 0
        x0, y0 = corners[n - 1]
        for i in range(n):
            x1, y1 = corners[i]
            # One end counts and the other does not, so that a corner on the row is crossed once.
            if (y0 <= row) != (y1 <= row):
                crossings[count] = x0 + (row - y0) / (y1 - y0) * (x1 - x0)
                count += 1
            x0, y0 = x1, y1
        inside = np.sort(crossings[:count])
        for pair in range(0, count - 1, 2):
            first = max(0, int(np.ceil(inside[pair])))
            last = min(columns - 1, int(np.floor(inside[pair + 1])))
            for column in range(first, last + 1):
                out[row, column] = value


@jit
def find_bounding_box(inside):
    """Find the least box that holds a region.

    Parameters
    ----------
    inside : bool array, shape (rows, columns)

    Returns
    -------
    top, bottom, left, right : int
        First row and column of it, and the first behind it; all 0 for an empty region.
    """
    rows, columns = inside.shape
    used = np.zeros(columns, np.bool_)
    top, bottom = 0, 0
    for row in range(rows):
        here, some = inside[row], False
        # Two loops without an exit: they vectorise.
        for column in range(columns):
            some |= here[column]
        for column in range(columns):
            used[column] |= here[column]
        if some:
            top, bottom = (top if bottom else row), row + 1
    left, right = 0, 0
    for column in range(columns):
        if used[column]:
            left, right = (left if right else column), column + 1
    return top, bottom, left, right
