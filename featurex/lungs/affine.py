"""Affine maps of images, in units of the image's sides, so that they hold at every size."""

import numpy as np

from featurex.kernels.warp import warp_affine


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
        # A frame of zeros is what is repeated beyond the border.
        inside = np.pad(~np.ma.getmaskarray(image), 1).astype(np.float32)
        in_pixels = _to_pixels(matrix, image.shape, warped.shape)
        in_pixels[:, 2] += 1
        return np.ma.masked_array(warped, _warp(inside, in_pixels, warped.shape) < 0.5)
    shape = shape or image.shape
    return _warp(image, _to_pixels(matrix, image.shape, shape), shape)


def _to_pixels(matrix, old, new):
    """The map from pixels of the new shape to pixels of the old one."""
    sides = np.array(old[::-1], float)
    linear = matrix[:, :2] * sides[:, None] / np.array(new[::-1], float)
    # Pixel centres lie at half a pixel from the edge.
    offset = matrix[:, 2] * sides + linear @ [0.5, 0.5] - 0.5
    return np.column_stack([linear, offset])


def _warp(image, in_pixels, shape):
    warped = np.empty(shape, image.dtype)
    warp_affine(image, in_pixels, image.dtype.kind == "u", warped)
    return warped


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
