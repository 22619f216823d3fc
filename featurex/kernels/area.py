"""Shrinking by area averaging: every new pixel is the mean of what it covers."""

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def shrink_areas(image, sums, before, bias, out):
    """Write the mean grey value of the area that each pixel of the result covers.

    A pixel of the image is divided into as many parts along each axis as the result has pixels
    there; each pixel of the result then covers as many parts as the image has pixels.

    Parameters
    ----------
    image : array of shape (rows, columns)
    sums : uint32, uint64 or float64 array, shape (columns + 1,)
        For sums along columns; the last is 0.
    before : int64 or float64 array, shape (columns + 1,)
        For sums of these; the first is 0.
    bias : float
        Added to the sum of all parts of an area before it is divided.
    out : array of shape (new rows, new columns)
    """
    (rows, columns), (new_rows, new_columns) = image.shape, out.shape
    factor = 1.0 / (rows * columns)
    edges = np.arange(new_columns + 1) * columns
    pixels, rests = edges // new_columns, edges % new_columns
    left_of = np.empty(new_columns + 1, before.dtype)
    for row in range(new_rows):
        begin, end = row * rows, (row + 1) * rows
        sums[:columns] = 0
        for line in range(begin // new_rows, (end - 1) // new_rows + 1):
            covered = min(end, (line + 1) * new_rows) - max(begin, line * new_rows)
            _add_line(image, np.uintp(line), sums.dtype.type(covered), sums)
        for column in range(columns):
            before[column + 1] = before[column] + before.dtype.type(sums[column])
        for edge in range(np.uintp(edges.size)):
            pixel = np.uintp(pixels[edge])
            left_of[edge] = (
                before[pixel] * new_columns + before.dtype.type(sums[pixel]) * rests[edge]
            )
        for column in range(np.uintp(new_columns)):
            out[np.uintp(row), column] = (
                left_of[column + np.uintp(1)] - left_of[column] + bias
            ) * factor


@inline
def _add_line(image, line, covered, sums):
    """Add a line of the image as often as it is covered."""
    # Indices without a sign need no test for a negative one, which would keep the loop from
    # vectorising.
    for column in range(np.uintp(image.shape[1])):
        sums[column] += sums.dtype.type(covered * sums.dtype.type(image[line, column]))
