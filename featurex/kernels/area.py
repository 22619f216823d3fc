"""Shrinking by area averaging: every new pixel is the mean of what it covers."""

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def shrink_areas(image, sums, before, bias, out):
    """Write the mean grey value of the area that each pixel of the result covers.

    A pixel of the image is divided into as many parts along each axis as the result has pixels
    there; each pixel of the result then covers as many parts as the image has pixels. All counts
    are integers, and so are the sums of integer images: their means are exact until the division.
    Rows are summed first, then differences of a running sum along the row give the areas (a
    summed-area table of one row: Crow 1984).

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    sums : uint32, uint64 or float64 array, shape (columns + 1,)
        Scratch buffer for sums along columns, weighted by the parts covered; the last, which
        belongs to no pixel, must be 0. Its type must hold `rows` times the largest grey value.
    before : int64 or float64 array, shape (columns + 1,)
        Scratch buffer for the running sum; the first must be 0.
    bias : float
        Added to the sum over an area before it is divided, for rounding.
    out : array of shape (new rows, new columns)
        Filled; at most as large as the image.

    References
    ----------
    F. C. Crow (1984). Summed-area tables for texture mapping. SIGGRAPH 18(3), 207-212.
    doi:10.1145/800031.808600
    """
    (rows, columns), (new_rows, new_columns) = image.shape, out.shape
    factor = 1.0 / (rows * columns)
    # Left edges of the new pixels: the pixel in which each lies, and the parts of it to the left.
    edges = np.arange(new_columns + 1) * columns
    pixels, parts = edges // new_columns, edges % new_columns
    left_of = np.empty(new_columns + 1, before.dtype)
    for row in range(new_rows):
        begin, end = row * rows, (row + 1) * rows
        sums[:columns] = 0
        for line in range(begin // new_rows, (end - 1) // new_rows + 1):
            covered = min(end, (line + 1) * new_rows) - max(begin, line * new_rows)
            _add_row(image, np.uintp(line), sums.dtype.type(covered), sums)
        for column in range(columns):
            before[column + 1] = before[column] + before.dtype.type(sums[column])
        for edge in range(np.uintp(edges.size)):
            pixel = np.uintp(pixels[edge])
            left_of[edge] = (
                before[pixel] * new_columns + before.dtype.type(sums[pixel]) * parts[edge]
            )
        for column in range(np.uintp(new_columns)):
            out[np.uintp(row), column] = (
                left_of[column + np.uintp(1)] - left_of[column] + bias
            ) * factor


@inline
def _add_row(image, line, covered, sums):
    """Add a row of the image, times the parts of it that are covered."""
    # Unsigned indices need no test for a negative one, which would keep the loop from vectorising.
    for column in range(np.uintp(image.shape[1])):
        sums[column] += sums.dtype.type(covered * sums.dtype.type(image[line, column]))
