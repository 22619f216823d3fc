"""Affine maps of images, in units of the image's sides, so that they hold at every size."""

import cv2
import numpy as np

# Maps lead from the result to the image, which OpenCV calls the inverse.
_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def warp_image(image, matrix, shape=None):
    """Resample an image by an affine map; beyond its border the image's edge is repeated.

    Parameters
    ----------
    image : array or masked array of shape (rows, columns)
        uint8, uint16 or floating.
    matrix : float array, shape (2, 3)
        From a point (x, y, 1) of the result to a point (x, y) of `image`, both in units of the
        sides: 0 is the left or top edge, 1 the right or bottom.
    shape : tuple of int or None
        Rows and columns of the result; None for those of `image`.

    Returns
    -------
    warped : array or masked array of that shape
        Of the image's type, by bilinear interpolation. What lies beyond the border of a masked
        array is outside of its region.
    """
    if isinstance(image, np.ma.MaskedArray):
        warped = warp_image(image.data, matrix, shape)
        inside = (~np.ma.getmaskarray(image)).astype(np.float32)
        return np.ma.masked_array(warped, _warp(inside, matrix, shape, cv2.BORDER_CONSTANT) < 0.5)
    return _warp(image, matrix, shape, cv2.BORDER_REPLICATE)


def _warp(image, matrix, shape, border):
    rows, columns = image.shape if shape is None else shape
    sides = np.array(image.shape[::-1], float)
    linear = matrix[:, :2] * sides[:, None] / np.array([columns, rows], float)
    # Pixel centres lie at half a pixel from the edge.
    offset = matrix[:, 2] * sides + linear @ [0.5, 0.5] - 0.5
    in_pixels = np.column_stack([linear, offset])
    return cv2.warpAffine(image, in_pixels, (columns, rows), flags=_FLAGS, borderMode=border)


def transform_points(matrix, points):
    """Apply an affine map to points.

    Parameters
    ----------
    matrix : float array, shape (2, 3)
        The map.
    points : float array, shape (n, 2)
        x and y.

    Returns
    -------
    points : float array, shape (n, 2)
        Where the map brings them.
    """
    return points @ matrix[:, :2].T + matrix[:, 2]


def compose(outer, inner):
    """Combine two affine maps into one.

    Parameters
    ----------
    outer, inner : float array, shape (2, 3)
        `inner` is applied first, and `outer` to its result.

    Returns
    -------
    matrix : float array, shape (2, 3)
        The combined map.
    """
    linear = outer[:, :2] @ inner[:, :2]
    return np.column_stack([linear, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def invert(matrix):
    """Invert an affine map.

    Parameters
    ----------
    matrix : float array, shape (2, 3)
        The map; its linear part must not be singular.

    Returns
    -------
    inverse : float array, shape (2, 3)
        The map in the other direction.
    """
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])
