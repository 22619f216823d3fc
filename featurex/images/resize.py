"""Bringing an image to another size."""

import cv2
import numpy as np

from featurex.kernels.area import shrink_areas

# Sums along columns, which must hold a side times the brightest grey value.
_SUMS = {np.dtype(np.uint8): np.uint32, np.dtype(np.uint16): np.uint64}


def resize(image, size):
    """Resize an image to a square, as `Preprocess` does.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16, float32 or float64.
    size : int
        Rows and columns of the result, pixels.

    Returns
    -------
    image : array of the same type, shape (size, size)
        The image itself where it has that size.

    Notes
    -----
    Area averaging would leave steps where an image grows, whose size tells, after alignment, how
    the image was framed.
    """
    if image.shape == (size, size):
        return image
    rows, columns = (min(size, side) for side in image.shape)
    if (rows, columns) != image.shape:
        image = shrink(image, rows, columns)
    if (rows, columns) != (size, size):
        image = cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR)
    return image


def shrink(image, rows, columns):
    """Shrink an image by area averaging.

    Parameters
    ----------
    image : array of shape (old rows, old columns)
        uint8, uint16, float32 or float64.
    rows, columns : int
        The size of the result: from 1 to the size of the image.

    Returns
    -------
    smaller : array of the same type, shape (rows, columns)
        Integers are means rounded to the nearest, halves up. They are exact, since areas are
        counted in integer fractions of pixels. (OpenCV's INTER_AREA, in float32, is off by one
        level at some means that are nearly halves.)
    """
    smaller = np.empty((rows, columns), image.dtype)
    exact = image.dtype in _SUMS
    # Half a mean is what rounds; half a part more keeps the product with 1 / size off
    # integers.
    bias = image.size // 2 + 0.5 if exact else 0.0
    # One more sum, of nothing, for the last edge.
    sums = np.zeros(image.shape[1] + 1, _SUMS.get(image.dtype, np.float64))
    before = np.zeros(image.shape[1] + 1, np.int64 if exact else np.float64)
    shrink_areas(image, sums, before, bias, smaller)
    return smaller
