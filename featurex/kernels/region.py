"""Regions: filling a polygon, and the bounding box of a region."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def fill_polygon(corners, value, out):
    """Set every pixel whose centre lies inside a polygon, by the even-odd rule.

    Scanline filling (Foley et al. 1990, section 3.6): on each row, the edges that cross it are
    sorted, and pixels between each first and second crossing are inside.

    Parameters
    ----------
    corners : float64 array, shape (n, 2)
        x and y in pixels; a pixel's centre is at its integer coordinates. The last corner is joined
        to the first.
    value : int
        What pixels inside are set to, 0 to 255.
    out : uint8 array, shape (rows, columns)
        Changed inside the polygon only.

    References
    ----------
    J. D. Foley, A. van Dam, S. K. Feiner, J. F. Hughes (1990). Computer Graphics: Principles and
    Practice, 2nd edition. Addison-Wesley.
    """
    rows, columns = out.shape
    n = len(corners)
    crossings = np.empty(n)
    for row in range(rows):
        count = 0
        x0, y0 = corners[n - 1]
        for i in range(n):
            x1, y1 = corners[i]
            # Half-open edges: one end counts and the other does not, so that a corner that lies on
            # the row is crossed once.
            if (y0 <= row) != (y1 <= row):
                crossings[count] = x0 + (row - y0) / (y1 - y0) * (x1 - x0)
                count += 1
            x0, y0 = x1, y1
        ordered = np.sort(crossings[:count])
        for pair in range(0, count - 1, 2):
            first = max(0, int(np.ceil(ordered[pair])))
            last = min(columns - 1, int(np.floor(ordered[pair + 1])))
            for column in range(first, last + 1):
                out[row, column] = value


@jit
def find_bounding_box(inside):
    """Find the bounding box of a region: the smallest rectangle that holds it.

    Parameters
    ----------
    inside : bool array, shape (rows, columns)
        True inside the region.

    Returns
    -------
    top, bottom, left, right : int
        The box is ``inside[top:bottom, left:right]``; all are 0 for an empty region.
    """
    rows, columns = inside.shape
    used = np.zeros(columns, np.bool_)
    top, bottom = 0, 0
    for row in range(rows):
        here, some = inside[row], False
        # Two loops without an exit: both vectorise.
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
