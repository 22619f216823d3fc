"""The cardiothoracic ratio: how wide the heart is, by the outlines of the visible lung field."""

from dataclasses import dataclass

import cv2
import numpy as np

from featurex.lungs.doubt import INVERTED, NO_LUNGS
from featurex.lungs.outline import ARCS, OUTLINES, POINTS

CROPPED, NO_BORDER, IMPLAUSIBLE = "cropped", "no heart border", "implausible"
# The heart lies beside the lower part of the inner borders: this fraction of each, from the base.
_BESIDE_HEART = 0.65
# How far beyond the image's edge a landmark may lie, in units of the sides.
_BEYOND = 0.01
# Ratios that neither a heart nor a film has.
_RATIOS = (0.25, 0.85)
# Side at which the two sides of a border are compared, and how far from it, pixels; and by how many
# standard deviations of the image the heart must be the brighter one.
_SIDE, _STEP = 56, 2
_MIN_STEP = 0.1


@dataclass(frozen=True)
class Heart:
    """How wide the heart is.

    Parameters
    ----------
    width : float
        Largest width of the heart in units of the image's width: from the vertical through the
        outermost point of its border with the right lung to that with the left lung.
    thorax : float
        Largest inner width of the thorax, from the outermost point of the right lung's outer
        border to that of the left lung's, in the same units.
    right_border, left_border : float
        By how many standard deviations of the image the heart is brighter than the right and the
        left lung beside it.
    doubt : str
        Why the ratio cannot be told, or "": "no lungs" where they were not found, "cropped" where
        the image ends within the lungs, "no heart border" where the heart is not brighter than
        the lungs beside it (effusion, consolidation: the silhouette sign), "implausible" where the
        ratio is that of no heart.

    References
    ----------
    C. S. Danzer (1919). The cardiothoracic ratio: an index of cardiac enlargement. American Journal
    of the Medical Sciences 157(4), 513-521.
    """

    width: float
    thorax: float
    right_border: float
    left_border: float
    doubt: str

    @property
    def ratio(self):
        """The cardiothoracic ratio, float, or None where `doubt` says why it cannot be told."""
        return None if self.doubt else self.width / self.thorax


def measure_heart(landmarks, image, doubt=""):
    """Measure the heart between the inner borders of the visible field.

    Parameters
    ----------
    landmarks : float array, shape (164, 2)
        As `Cascade.find` returns them.
    image : array of shape (rows, columns)
        The image in which they were found; see `Lungs` for its negative.
    doubt : str
        What is doubtful about the landmarks, as in `Lungs`.

    Returns
    -------
    heart : Heart
        Its widths, and whether the ratio can be told.
    """
    right, left = landmarks[OUTLINES.field].reshape(2, POINTS, 2)
    outer = slice(ARCS[0] + 1)
    borders = [_follow_heart(lung) for lung in (right, left)]
    thorax = float(left[outer, 0].max() - right[outer, 0].min())
    width = float(borders[1][:, 0].max() - borders[0][:, 0].min())
    used = np.concatenate([right[outer], left[outer], *borders])
    steps = _compare_sides(image, borders, doubt == INVERTED)
    if doubt == NO_LUNGS:
        reason = NO_LUNGS
    elif used.min() < -_BEYOND or used.max() > 1 + _BEYOND:
        reason = CROPPED
    elif min(steps) < _MIN_STEP:
        reason = NO_BORDER
    elif not _RATIOS[0] < width / max(thorax, 1e-9) < _RATIOS[1]:
        reason = IMPLAUSIBLE
    else:
        reason = ""
    return Heart(width, thorax, *steps, reason)


def _follow_heart(lung):
    """Return the landmarks on the border between a lung's field and the heart.

    The heart meets the diaphragm where the base is farthest below the line between its corners:
    that is the inner corner, or a place on the base where the heart is wide.
    """
    base = lung[ARCS[0] : ARCS[0] + ARCS[1] + 1]
    along, below = base[-1] - base[0], base - base[0]
    distances = along[0] * below[:, 1] - along[1] * below[:, 0]
    outward = np.sign(along[0])
    tip = ARCS[1] - int(np.argmax((outward * distances)[::-1]))
    return lung[ARCS[0] + tip : POINTS - ARCS[2] + round(_BESIDE_HEART * ARCS[2])]


def _compare_sides(image, borders, is_negative):
    """Compute by how many standard deviations of the image the heart is brighter than each lung.

    Parameters
    ----------
    image : array of shape (rows, columns)
    borders : list of two float arrays, shape (n, 2)
        Between heart and right lung, and heart and left lung.
    is_negative : bool
        Whether the lungs are the bright ones.

    Returns
    -------
    steps : list of two float
    """
    small = cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    deviation = float(small.std()) + 1e-6
    steps = []
    for points, inward in zip(borders, (1, -1), strict=True):
        # The nearest pixels: the small image is smooth enough.
        x, y = (points * _SIDE - 0.5).T
        rows = np.clip(np.rint(y), 0, _SIDE - 1).astype(int)
        columns = (np.rint(x + sign * inward * _STEP).astype(int) for sign in (1, -1))
        heart, lung = (small[rows, np.clip(at, 0, _SIDE - 1)].mean() for at in columns)
        steps.append(float(heart - lung) / deviation * (-1 if is_negative else 1))
    return steps
