"""Pictures of a film with what was found on it, as data URIs."""

import base64

import cv2
import numpy as np

# Red, green, blue; the page's colours of the positive and the negative, which the colour-blind can tell apart.
RAISED, LOWERED, OUTLINE = (230, 97, 0), (0, 114, 178), (255, 255, 255)
# Side of a picture, pixels, and how opaque the strongest place of a map is.
SIDE, _OPACITY = 360, 0.72
# Share of the pixels whose strength is cut off, so that one zone does not hide the others.
_BRIGHTEST = 0.995


def show_grey(image):
    """A grey picture: uint8 array to a data URI."""
    return _encode(cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def show_map(image, heat, labels=None, *, limit=None):
    """A film with a map over it: orange where it is above 0, blue where it is below.

    Parameters
    ----------
    image : uint8 array of shape (rows, columns)
    heat : float array of shape (side, side)
    labels : uint8 array of shape (side, side), or None
        Lungs to be outlined.
    limit : float or None
        The value at which colours are strongest; None for that of the map's brightest places.

    Returns
    -------
    source : str
    """
    grey = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    heat = cv2.resize(heat.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    limit = limit or float(np.quantile(np.abs(heat), _BRIGHTEST)) or 1.0
    alpha = (_OPACITY * np.minimum(np.abs(heat) / limit, 1))[:, :, None]
    colours = np.where(heat[:, :, None] > 0, np.float32(RAISED), np.float32(LOWERED))
    picture = ((1 - alpha) * grey[:, :, None] + alpha * colours).astype(np.uint8)
    if labels is not None:
        lungs = cv2.resize(labels, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
        for label in (1, 2):
            outlines, _ = cv2.findContours((lungs == label).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(picture, outlines, -1, OUTLINE, 1, cv2.LINE_AA)
    return _encode(picture[:, :, ::-1])


def _encode(picture):
    # JPEG: films compress ten times better than as PNG, and nothing is measured on these.
    content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode('ascii')}"
