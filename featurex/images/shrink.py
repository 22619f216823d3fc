"""Small pictures of images, in the shape of these: nothing is measured on them."""

import cv2
import numpy as np

from featurex.images import read_image
from featurex.images.grey import to_eight_bits


def fit_size(shape, side):
    """Find the size of a picture that keeps the shape of an image.

    Parameters
    ----------
    shape : tuple of (rows, columns)
        Of the image.
    side : int
        The longer side of the picture, pixels.

    Returns
    -------
    size : tuple of (columns, rows)
        As cv2.resize takes it.

    Examples
    --------
    >>> fit_size((1000, 2000), 320)
    (320, 160)
    """
    rows, columns = shape[:2]
    scale = side / max(rows, columns)
    return max(1, round(columns * scale)), max(1, round(rows * scale))


def read_picture(path, side):
    """Read an image and shrink it.

    Parameters
    ----------
    path : str or path-like
        As for `featurex.images.read_image`.
    side : int
        The longer side of the picture, pixels; smaller images are enlarged.

    Returns
    -------
    picture : uint8 array, shape (rows, columns)
        Grey levels.

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    image = np.ma.getdata(read_image(path, size=side))
    size = fit_size(image.shape, side)
    how = cv2.INTER_AREA if max(image.shape) > side else cv2.INTER_LINEAR
    return to_eight_bits(cv2.resize(image, size, interpolation=how))
