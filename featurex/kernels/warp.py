"""Bilinear interpolation of an image at the points of an affine map, or at any points.

OpenCV's `warpAffine` and `remap` changed with version 5: before it, weights were rounded to 32nds
of a pixel. What decides a score must not depend on that.
"""

import math

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def warp_affine(image, matrix, rounded, out):
    """Interpolate an image at every pixel of the result.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values. Beyond the border its edge is repeated.
    matrix : float64 array, shape (2, 3)
        From a pixel (x, y, 1) of the result to a point (x, y) of the image, in pixels.
    rounded : bool
        Whether values are rounded to the nearest integer, halves up.
    out : array of shape (new rows, new columns)
        Filled; of the image's type.
    """
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            x = matrix[0, 0] * column + matrix[0, 1] * row + matrix[0, 2]
            y = matrix[1, 0] * column + matrix[1, 1] * row + matrix[1, 2]
            value = _interpolate(image, x, y)
            out[row, column] = math.floor(value + 0.5) if rounded else value


@jit
def sample_points(image, x, y, out):
    """Interpolate an image at any points.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
        Grey values. Beyond the border its edge is repeated.
    x, y : float32 array, shape (n, m)
        The points, in pixels.
    out : float32 array, shape (n, m)
        Filled.
    """
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[row, column] = _interpolate(
                image, np.float64(x[row, column]), np.float64(y[row, column])
            )


@inline
def _interpolate(image, x, y):
    """The weighted mean of the four pixels around a point."""
    rows, columns = image.shape
    # Points far outside are brought to the edge, where they have its value.
    x = min(max(x, -1.0), float(columns))
    y = min(max(y, -1.0), float(rows))
    left, top = math.floor(x), math.floor(y)
    across, down = x - left, y - top
    first, last = max(int(left), 0), min(int(left) + 1, columns - 1)
    upper, lower = max(int(top), 0), min(int(top) + 1, rows - 1)
    first, upper = min(first, columns - 1), min(upper, rows - 1)
    above = image[upper, first] * (1.0 - across) + image[upper, last] * across
    below = image[lower, first] * (1.0 - across) + image[lower, last] * across
    return above * (1.0 - down) + below * down
