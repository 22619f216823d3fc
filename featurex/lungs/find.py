"""Finding both lungs in one radiograph, and saying whether the result can be believed."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from featurex.images.stack import check_image
from featurex.lungs.cascade import default_cascade
from featurex.lungs.contrast import normalize_contrast
from featurex.lungs.doubt import INVERTED, NO_LUNGS, default_chest_model
from featurex.lungs.heart import Heart, measure_heart
from featurex.lungs.outline import OUTLINES, fill_outlines

# Side at which lungs and surroundings are compared, size of the dilation that makes the latter, and
# standard deviation of the window of local contrast, pixels.
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
    likeness : float
        How much the image looks like a chest around these lungs, in log-odds. Most radiographs of
        chests have 1 to 5, other images -5 to -1.
    doubt : str
        "" where the likeness is at least 0; "inverted" where that of the negative is, and that of
        the image is not; "no lungs" where neither is, and `labels` holds the mean lungs.
    """

    labels: np.ndarray
    field: np.ndarray
    heart: Heart
    contrast: float
    likeness: float
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
    contrast, likeness : float
        As in `Lungs`.
    doubt : str
        As in `Lungs`.
    """

    points: np.ndarray
    contrast: float
    likeness: float
    doubt: str


def find_lungs(image: np.ndarray, cascade=None) -> Lungs:
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
    >>> from featurex.phantom import Framing, make_anatomy, make_radiograph
    >>> framing, random = Framing(1, (0, 0), 0, 1, 0, "", 1), np.random.default_rng
    >>> film = make_radiograph("normal", make_anatomy(random(0)), framing, random(1), rows=96)
    >>> lungs = find_lungs(film.image)
    >>> lungs.doubt, lungs.labels.shape, lungs.labels[48, [28, 48, 67]].tolist()
    ('', (96, 96), [1, 0, 2])
    >>> find_lungs(255 - film.image).doubt
    'inverted'
    >>> y, x = np.mgrid[:96, :96] / 96
    >>> find_lungs((127 * (1 + np.sin(40 * x + 9 * y))).astype(np.uint8)).doubt
    'no lungs'
    """
    image, _ = check_image(image, region="refuse")
    landmarks = find_landmarks(image, cascade)
    points = landmarks.points
    return Lungs(
        labels=fill_outlines(points[OUTLINES.whole], image.shape),
        field=fill_outlines(points[OUTLINES.field], image.shape),
        heart=measure_heart(points, image, landmarks.doubt),
        contrast=landmarks.contrast,
        likeness=landmarks.likeness,
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
    contrast, chest = _measure_contrast(image, points), default_chest_model()
    likeness = chest.measure(image, points)
    if likeness >= 0:
        return Landmarks(points, contrast, likeness, "")
    # Only now: looking in the negative, too, takes as long again.
    negative = image.max() - image
    in_negative = cascade.find(negative)
    if chest.measure(negative, in_negative) >= 0:
        return Landmarks(in_negative, contrast, likeness, INVERTED)
    return Landmarks(cascade.shapes[0], contrast, likeness, NO_LUNGS)


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
