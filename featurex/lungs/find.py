"""Finding both lungs in one radiograph, and saying whether the result can be believed."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from featurex.images.stack import check_image
from featurex.lungs.cascade import default_cascade
from featurex.lungs.contrast import normalize_contrast
from featurex.lungs.doubt import INVERTED, NO_LUNGS
from featurex.lungs.heart import Heart, measure_heart
from featurex.lungs.outline import OUTLINES, fill_outlines

# By how many levels of local contrast (of which 48 are a standard deviation) the surroundings of
# the lungs are brighter than the lungs. Of 379 chests (children, adults, NIH, Shenzhen) 1 % are
# below 14 and 5 % are below 23; docs/lungs.md says what it finds of other images.
_MIN_CONTRAST, _DOUBTFUL_CONTRAST = 14.0, 20.0
# Side at which they are compared, size of the dilation that makes the surroundings, and standard
# deviation of the window of local contrast, pixels.
_SIDE, _DILATION, _SIGMA = 112, 13, 6.5


@dataclass(frozen=True)
class Lungs:
    """Both lungs of one image.

    Parameters
    ----------
    labels : uint8 array, shape (rows, columns)
        The whole lungs, which reach behind heart and mediastinum: 1 in the lung on the left of the
        image (the patient's right), 2 in the other, 0 elsewhere.
    field : uint8 array, shape (rows, columns)
        The visible lung field, without heart and mediastinum, with the same labels.
    heart : Heart
        How wide the heart is; its `ratio` is the cardiothoracic ratio.
    contrast : float
        By how much the lungs are darker than their surroundings, in levels of local contrast, of
        which 48 are a standard deviation. Most radiographs have 20 to 55.
    doubt : str
        "" for plausible lungs; "inverted" where the negative of the image shows lungs and the image
        does not; "no lungs" where neither does, and `labels` holds the mean lungs.
    """

    labels: np.ndarray
    field: np.ndarray
    heart: Heart
    contrast: float
    doubt: str

    @property
    def mask(self):
        """True in either of the whole lungs: bool array, shape (rows, columns)."""
        return self.labels > 0


class Landmarks(NamedTuple):
    """Landmarks on the outlines of both lungs.

    Parameters
    ----------
    points : float array, shape (164, 2)
        x and y in units of the image's sides; `Outlines` names them.
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
    Learnt from children and adults; docs/lungs.md says how well it does, by cross-validation
    grouped by patient: a Dice coefficient of .944 (children) and .934 (adults, half of them in
    intensive care) for the whole lungs, and of .955 for the visible field.

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
    points = landmarks.points
    return Lungs(
        labels=fill_outlines(points[OUTLINES.whole], image.shape),
        field=fill_outlines(points[OUTLINES.field], image.shape),
        heart=measure_heart(points, image, landmarks.doubt),
        contrast=landmarks.contrast,
        doubt=landmarks.doubt,
    )


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
    lungs = fill_outlines(points[OUTLINES.whole], (_SIDE, _SIDE))
    around = cv2.dilate(lungs, np.ones((_DILATION, _DILATION), np.uint8)) > 0
    around &= lungs == 0
    if not lungs.any() or not around.any():
        return -np.inf
    return float(local[around].mean() - local[lungs > 0].mean())
