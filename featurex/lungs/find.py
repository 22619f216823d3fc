"""Finding both lungs in one radiograph, and saying whether the result can be believed."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from featurex.images.stack import check_image
from featurex.lungs.cascade import default_cascade
from featurex.lungs.contrast import normalize_contrast
from featurex.lungs.outline import fill_outlines

INVERTED, NO_LUNGS = "inverted", "no lungs"
# By how many levels of local contrast (of which 48 are a standard deviation) the surroundings of
# the lungs are brighter than the lungs. Of 718 held-out images none is below 11 and 5 % are below
# 20; of the same images inverted 91 % are below 9.
_MIN_CONTRAST, _DOUBTFUL_CONTRAST = 9.0, 20.0
# Side at which they are compared, size of the dilation that makes the surroundings, and standard
# deviation of the window of local contrast, pixels.
_SIDE, _DILATION, _SIGMA = 112, 13, 6.5


@dataclass(frozen=True)
class Lungs:
    """Both lungs of one image.

    Parameters
    ----------
    labels : uint8 array, shape (rows, columns)
        1 in the lung on the left of the image (the patient's right), 2 in the other, 0 elsewhere.
    contrast : float
        By how much the lungs are darker than their surroundings, in levels of local contrast, of
        which 48 are a standard deviation. Most radiographs have 20 to 55.
    doubt : str
        "" for plausible lungs; "inverted" where the negative of the image shows lungs and the image
        does not; "no lungs" where neither does, and `labels` holds the mean lungs.
    """

    labels: np.ndarray
    contrast: float
    doubt: str

    @property
    def mask(self):
        """True in either lung: bool array, shape (rows, columns)."""
        return self.labels > 0


class Landmarks(NamedTuple):
    """Landmarks on the outlines of both lungs.

    Parameters
    ----------
    points : float array, shape (104, 2)
        x and y in units of the image's sides; first the lung on the left of the image.
    contrast : float
        As in `Lungs`.
    doubt : str
        As in `Lungs`.
    """

    points: np.ndarray
    contrast: float
    doubt: str


def find_lungs(image, cascade=None):
    """Find both lungs in one radiograph.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating.
    cascade : Cascade or None
        The landmark cascade; None for the one that comes with featurex.

    Returns
    -------
    lungs : Lungs
        Their mask, and what is doubtful about it.

    Raises
    ------
    ParameterError
        If `image` is no 2-D array of finite numbers, or has a region already.

    Notes
    -----
    Fitted to the images of 70 % of the patients with outlines (Kermany's, by V7 Labs) and scored on
    718 of the others, the Dice coefficient is .947 (5th percentile .903; normal .960, bacterial
    .944, viral .938); with another division of the patients, .945. Two humans agree at .95. Of the
    718 images inverted 99.4 % are noticed, and no upright one is taken for inverted. 3.7 ms an
    image on one core.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import find_lungs
    >>> y, x = np.mgrid[:96, :96] / 96
    >>> chest = np.full((96, 96), 180, np.uint8)
    >>> for centre in (0.3, 0.7):
    ...     chest[((x - centre) / 0.14) ** 2 + ((y - 0.5) / 0.32) ** 2 < 1] = 60
    >>> lungs = find_lungs(chest)
    >>> lungs.doubt, lungs.labels.shape, lungs.labels[48, [28, 48, 67]].tolist()
    ('', (96, 96), [1, 0, 2])
    >>> find_lungs(255 - chest).doubt
    'inverted'
    """
    image, _ = check_image(image, region="refuse")
    landmarks = find_landmarks(image, cascade)
    labels = fill_outlines(landmarks.points, image.shape)
    return Lungs(labels, landmarks.contrast, landmarks.doubt)


def find_landmarks(image, cascade=None):
    """Find the landmarks of both lungs, and check them against the image.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating; not checked.
    cascade : Cascade or None
        As for `find_lungs`.

    Returns
    -------
    landmarks : Landmarks
        Of the image, of its negative, or the mean ones, as their `doubt` says.
    """
    cascade = cascade or default_cascade()
    points = cascade.find(image)
    contrast = _measure_contrast(image, points)
    if contrast >= _DOUBTFUL_CONTRAST:
        return Landmarks(points, contrast, "")
    # Only now: looking in the negative, too, takes as long again.
    negative = image.max() - image
    in_negative = cascade.find(negative)
    negative_contrast = _measure_contrast(negative, in_negative)
    if max(contrast, negative_contrast) < _MIN_CONTRAST:
        return Landmarks(cascade.shapes[0], contrast, NO_LUNGS)
    if negative_contrast > contrast:
        return Landmarks(in_negative, contrast, INVERTED)
    return Landmarks(points, contrast, "")


def _measure_contrast(image, points):
    """Compute mean local contrast around the lungs less that inside; -inf if either is empty."""
    local = normalize_contrast(
        cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), _SIGMA
    )
    lungs = fill_outlines(points, (_SIDE, _SIDE))
    around = cv2.dilate(lungs, np.ones((_DILATION, _DILATION), np.uint8)) > 0
    around &= lungs == 0
    if not lungs.any() or not around.any():
        return -np.inf
    return float(local[around].mean() - local[lungs > 0].mean())
