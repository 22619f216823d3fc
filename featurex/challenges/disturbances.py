"""Disturbances: images changed on purpose as they may differ between two hospitals, to see whether
a model withstands it.
"""

from typing import NamedTuple

import cv2
import numpy as np

from featurex.checks import check_choice
from featurex.images.grey import find_white


class Disturbance(NamedTuple):
    """One way to change an image.

    Parameters
    ----------
    title : str
        What is changed, for a reader.
    apply : callable (grey, strength, generator) -> grey
        Maps a float32 array of shape (rows, columns), 0 black to 1 white, to another, which is
        clipped afterwards.
    steps : dict of str to float or None
        Label of a strength -> the strength, in the order to show; None is the image as it is.
    """

    title: str
    apply: callable
    steps: dict


def disturb(image, name, strength, seed=0):
    """Change an image as it was decoded.

    Parameters
    ----------
    image : uint8 or uint16 array or masked array, shape (rows, columns)
        The image to change; a region moves with it.
    name : str
        A key of `DISTURBANCES`.
    strength : float or None
        A value of `Disturbance.steps`; None leaves the image as it is.
    seed : int
        Seed of noise, and of the direction of a rotation.

    Returns
    -------
    image : array of the same type
        Crop and resolution change its shape. White is as `featurex.images.grey.find_white` says.

    Raises
    ------
    ParameterError
        If there is no disturbance of that name.
    """
    disturbance = DISTURBANCES[check_choice("disturbance", name, tuple(DISTURBANCES))]
    if strength is None:
        return image
    if isinstance(image, np.ma.MaskedArray):
        return _disturb_masked(image, name, strength, seed)
    white = find_white(image)
    grey = disturbance.apply(
        image.astype(np.float32) / white, strength, np.random.default_rng(seed)
    )
    return np.rint(np.clip(grey, 0.0, 1.0) * white).astype(image.dtype)


def _disturb_masked(image, name, strength, seed):
    """Change an image that has a region."""
    changed = disturb(image.data, name, strength, seed)
    outside = np.ma.getmaskarray(image)
    if name in _MOVING:
        # The same seed: a region is turned as its image is.
        generator = np.random.default_rng(seed)
        inside = (~outside).astype(np.float32)
        outside = DISTURBANCES[name].apply(inside, strength, generator) < 0.5
    return np.ma.masked_array(changed, outside)


def _add_noise(grey, deviation, generator):
    return grey + np.float32(deviation) * generator.standard_normal(grey.shape, np.float32)


def _blur(grey, fraction, generator):
    return cv2.GaussianBlur(grey, (0, 0), fraction * min(grey.shape))


def _compress(grey, quality, generator):
    _, encoded = cv2.imencode(
        ".jpg", np.rint(255 * grey).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255


def _change_contrast(grey, factor, generator):
    mean = grey.mean()
    return mean + factor * (grey - mean)


def _change_gamma(grey, exponent, generator):
    return grey**exponent


def _rotate(grey, degrees, generator):
    rows, columns = grey.shape
    turn = cv2.getRotationMatrix2D(
        ((columns - 1) / 2, (rows - 1) / 2), degrees * generator.choice((-1, 1)), 1.0
    )
    # Black corners would be a disturbance of their own.
    return cv2.warpAffine(
        grey, turn, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _crop(grey, fraction, generator):
    rows, columns = (round(fraction * side) for side in grey.shape)
    return grey[rows : grey.shape[0] - rows, columns : grey.shape[1] - columns]


def _coarsen(grey, side, generator):
    zoom = side / min(grey.shape)
    if zoom >= 1:
        return grey
    shape = [max(1, round(zoom * length)) for length in grey.shape]
    return cv2.resize(grey, shape[::-1], interpolation=cv2.INTER_AREA)


# What moves pixels, or changes their number.
_MOVING = ("rotation", "crop", "resolution")
# Mild to severe, or from one side to the other; each beyond what two scanners differ by at its end.
DISTURBANCES = {
    "noise": Disturbance(
        "Noise, of the grey scale",
        _add_noise,
        {"0": None, "2 %": 0.02, "5 %": 0.05, "10 %": 0.1, "20 %": 0.2},
    ),
    "blur": Disturbance(
        "Blur, of the side",
        _blur,
        {"0": None, "0.25 %": 0.0025, "0.5 %": 0.005, "1 %": 0.01, "2 %": 0.02},
    ),
    "jpeg": Disturbance(
        "JPEG quality", _compress, {"as is": None, "50": 50, "20": 20, "10": 10, "5": 5}
    ),
    "contrast": Disturbance(
        "Contrast",
        _change_contrast,
        {"×0.25": 0.25, "×0.5": 0.5, "as is": None, "×1.5": 1.5, "×2": 2.0},
    ),
    "gamma": Disturbance(
        "Gamma", _change_gamma, {"0.4": 0.4, "0.7": 0.7, "as is": None, "1.5": 1.5, "2.5": 2.5}
    ),
    "rotation": Disturbance(
        "Rotation", _rotate, {"0°": None, "2°": 2, "5°": 5, "10°": 10, "20°": 20}
    ),
    "crop": Disturbance(
        "Crop, of every side",
        _crop,
        {"0": None, "2 %": 0.02, "5 %": 0.05, "10 %": 0.1, "15 %": 0.15},
    ),
    "resolution": Disturbance(
        "Resolution, shorter side",
        _coarsen,
        {"as is": None, "128": 128, "64": 64, "48": 48, "32": 32},
    ),
}
