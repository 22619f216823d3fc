"""Affine maps of images, in units of the image's side, so that they hold at every size."""

import cv2
import numpy as np

RESAMPLE = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def warp_image(image, matrix, shape=None):
    """Resample an image by a map in units of its side; beyond the border its edge is repeated.

    Parameters
    ----------
    image : array of shape (rows, columns)
    matrix : float array, shape (2, 3)
        From a point of the result to a point of `image`, both in [0, 1].
    shape : tuple of int or None
        Rows and columns of the result; None for those of `image`.
    """
    rows, columns = image.shape if shape is None else shape
    side = np.array(image.shape[::-1], float)
    linear = matrix[:, :2] * side[:, None] / np.array([columns, rows], float)
    # Pixel centres lie at half a pixel from the edge.
    offset = matrix[:, 2] * side + linear @ [0.5, 0.5] - 0.5
    pixels = np.column_stack([linear, offset])
    return cv2.warpAffine(
        image, pixels, (columns, rows), flags=RESAMPLE, borderMode=cv2.BORDER_REPLICATE
    )


def compose(outer, inner):
    """The affine map that applies `inner` first and `outer` to its result; all of shape (2, 3)."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.column_stack([linear, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def invert(matrix):
    """The inverse of an affine map of shape (2, 3)."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])
