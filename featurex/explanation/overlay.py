"""A map of contributions over an image, in colours."""

import cv2
import numpy as np

from featurex.images.shrink import fit_size

# Red, green, blue of positive values, of negative ones, which the colour-blind can tell apart, and
# of outlines.
_RAISED, _LOWERED, _OUTLINE = (230, 97, 0), (0, 114, 178), (255, 255, 255)
# Opacity of the strongest pixels of a map.
_OPACITY = 0.72
# Fraction of the pixels whose strength is not cut off, so that one zone does not hide the others.
_SHOWN = 0.995


def draw_overlay(image, heat, labels, side, limit=None):
    """Lay a map over an image: orange where it is above 0, blue where it is below.

    Parameters
    ----------
    image : uint8 array of shape (rows, columns)
        The image below.
    heat : float array of shape (h, w)
        The map, of the whole image; it is resized.
    labels : uint8 array of any shape
        Lungs to be outlined, of the whole image; see `featurex.lungs.Lungs`.
    side : int
        The longer side of the picture, pixels; it has the shape of the image.
    limit : float or None
        The value at which colours are strongest; None for that of the map's strongest places.

    Returns
    -------
    picture : uint8 array, shape (rows, columns, 3)
        Red, green, blue.
    """
    size = fit_size(image.shape, side)
    grey = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    heat = cv2.resize(heat.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    limit = limit or float(np.quantile(np.abs(heat), _SHOWN)) or 1.0
    alpha = (_OPACITY * np.minimum(np.abs(heat) / limit, 1))[:, :, None]
    colours = np.where(heat[:, :, None] > 0, np.float32(_RAISED), np.float32(_LOWERED))
    picture = np.ascontiguousarray(
        ((1 - alpha) * grey[:, :, None] + alpha * colours).astype(np.uint8)
    )
    lungs = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    for label in (1, 2):
        outlines, _ = cv2.findContours(
            (lungs == label).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        cv2.drawContours(picture, outlines, -1, _OUTLINE, 1, cv2.LINE_AA)
    return picture
