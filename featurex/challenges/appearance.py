"""Appearance swap: does a model look at lungs, or at how the image was made?

Each validation image takes the appearance of a random image of another class: its contrast, its
brightness curve, and how strong its finest details and its noise are. The score of a model that
reads the device falls. The framing swap sees nothing of it, as framing is all that it changes.
"""

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from featurex.images.grey import find_white
from featurex.lungs import fill_outlines, invert, mean_outlines, warp_image

# What is measured lies within the mean chest without these margins, as fractions of its sides...
_MARGIN = 0.15
# ... of a window of that side, and this far from the mean lungs, pixels of the window.
_SIDE, _DISTANCE = 112, 3
# Percentiles of the chest that stand for air and for the densest tissue.
_DARK, _BRIGHT = 3, 97
# Standard deviations of the Gaussian windows that part the bands, from fine to coarse, as fractions
# of the image's side: from what a detector resolves to the width of a vessel.
_SIGMAS = (0.003, 0.006, 0.012, 0.024)
# The most that a swap bends the brightness curve, and strengthens or weakens a band.
_GAMMA_LIMITS, _GAIN_LIMITS = (0.4, 2.5), (0.3, 3.0)
# Half a grey level of 256. A band of a quarter of it is the rounding of an 8-bit image.
_FLOOR = 0.5 / 255


class Appearance(NamedTuple):
    """How the chest in an image looks, whatever it shows.

    Parameters
    ----------
    dark, bright : float
        Grey values of air and of the densest tissue, as fractions of white.
    middle : float
        Where the median of the tissue around the lungs lies between the two, 0 to 1.
    details : float array, shape (4,)
        Standard deviation of the tissue around the lungs in each band, from fine to coarse, as
        fractions of white.
    """

    dark: float
    bright: float
    middle: float
    details: np.ndarray


def measure_appearance(image, matrix):
    """Measure how the chest in an image looks, where no lung lies.

    Disease darkens and brightens lungs; the tissue around them tells the device.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating.
    matrix : float array, shape (2, 3)
        From the mean chest to the image; see `featurex.lungs.Registration`.

    Returns
    -------
    appearance : Appearance
    """
    grey = _to_fractions(image)
    chest, tissue = _find_tissue(image.shape, matrix)
    dark, bright = np.percentile(grey[chest], [_DARK, _BRIGHT])
    bright = max(bright, dark + 8 * _FLOOR)
    middle = np.clip((np.median(grey[tissue]) - dark) / (bright - dark), 0.2, 0.95)
    bands, _ = _split(grey)
    details = np.array([band[tissue].std() for band in bands])
    return Appearance(float(dark), float(bright), float(middle), details)


def change_appearance(image, matrix, other):
    """Give an image the appearance of another.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating.
    matrix : float array, shape (2, 3)
        From the mean chest to the image.
    other : Appearance
        Of the other image.

    Returns
    -------
    image : array of the same shape and type

    Notes
    -----
    A grey value at the fraction u between dark and bright goes to the fraction u^gamma between
    those of the other, with the gamma that brings the median of the tissue to the other's. Then
    every band is multiplied by the ratio of its standard deviations around the lungs. Both maps are
    the same for all pixels: what differs between lung and lung stays.
    """
    own = measure_appearance(image, matrix)
    grey = _bend(_to_fractions(image), own, other)
    bands, changed = _split(grey)
    _, tissue = _find_tissue(image.shape, matrix)
    for band, wanted in zip(bands, other.details, strict=True):
        gain = (wanted + _FLOOR / 4) / (band[tissue].std() + _FLOOR / 4)
        changed += band * np.clip(gain, *_GAIN_LIMITS)
    changed = np.clip(changed, 0.0, 1.0) * find_white(image)
    return (np.rint(changed) if image.dtype.kind == "u" else changed).astype(image.dtype)


def swap_appearance(images, registration, partners):
    """Give every image the appearance of its partner.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As decoded or resized, not aligned.
    registration : Registration
        Where the mean chest lies in these images.
    partners : int array, shape (n,)
        For each image, the index of the one whose appearance it takes; see
        `featurex.challenges.framing.choose_partners`.

    Returns
    -------
    images : list of n arrays, of the same shapes and types

    Examples
    --------
    >>> import numpy as np
    >>> from featurex.lungs import Registration
    >>> grey = np.random.default_rng(0).integers(100, 140, (2, 64, 64)).astype(np.uint8)
    >>> images = [grey[0], grey[1] // 2]
    >>> registration = Registration(np.stack([np.eye(2, 3)] * 2), np.zeros(2, bool))
    >>> dark, bright = swap_appearance(images, registration, np.array([1, 0]))
    >>> bool(dark.mean() < 70), bool(bright.mean() > 100)
    (True, True)
    """
    maps = registration.matrices
    known = {
        int(index): measure_appearance(np.asarray(images[index]), maps[index])
        for index in np.unique(partners)
    }
    return [
        keep_region(image, change_appearance(np.asarray(image), maps[index], known[int(partner)]))
        for index, (image, partner) in enumerate(zip(images, partners, strict=True))
    ]


def keep_region(image, changed):
    """Give a changed image the region that it had, if any.

    Parameters
    ----------
    image : array or masked array of shape (rows, columns)
        As it was.
    changed : array of that shape
        As it is now.

    Returns
    -------
    changed : array, or masked array with the mask of `image`
    """
    if isinstance(image, np.ma.MaskedArray):
        return np.ma.masked_array(changed, np.ma.getmaskarray(image))
    return changed


def _bend(grey, own, other):
    """Map the brightness curve of an image to another's."""
    gamma = np.clip(np.log(other.middle) / np.log(own.middle), *_GAMMA_LIMITS)
    fractions = (grey - own.dark) / (own.bright - own.dark)
    # Below dark, where a power has no value, the line goes on.
    bent = np.where(fractions > 0, np.maximum(fractions, 1e-6) ** gamma, fractions)
    changed = other.dark + (other.bright - other.dark) * bent
    return np.clip(changed, 0.0, 1.0).astype(np.float32)


def _split(grey):
    """Split an image into bands, from fine to coarse, and what is coarser."""
    bands, finer = [], grey
    for sigma in _SIGMAS:
        coarser = cv2.GaussianBlur(grey, (0, 0), sigma * max(grey.shape))
        bands.append(finer - coarser)
        finer = coarser
    return bands, finer.copy()


def _find_tissue(shape, matrix):
    """Find the pixels of the chest, and those of them that lie around the lungs: bool arrays.

    Where the map leads beyond the image, all pixels are taken for both.
    """
    window = warp_image(_window(), invert(matrix), shape)
    chest, tissue = window > 0, window > 1
    everywhere = np.ones(shape, bool)
    minimum = chest.size // 100
    chest = chest if chest.sum() > minimum else everywhere
    return chest, tissue if tissue.sum() > minimum else chest


@lru_cache(maxsize=1)
def _window():
    """Draw the mean chest: 0 in its margins, 1 in and near the lungs, 3 elsewhere."""
    shape = (_SIDE, _SIDE)
    window = np.zeros(shape, np.uint8)
    first, last = round(_MARGIN * _SIDE), round((1 - _MARGIN) * _SIDE)
    window[first:last, first:last] = 3
    lungs = (fill_outlines(mean_outlines(), shape) > 0).astype(np.uint8)
    near = cv2.dilate(lungs, np.ones((2 * _DISTANCE + 1, 2 * _DISTANCE + 1), np.uint8)) > 0
    window[near & (window > 0)] = 1
    return window


def _to_fractions(image):
    return image.astype(np.float32) / np.float32(find_white(image))
