"""The outlines of both lungs as landmarks: from a mask, and back to one.

A lung has two outlines. The *whole* lung reaches behind heart and mediastinum to the spine; the
visible *field* ends where they begin. Both share the apex and the outer border, so that a mask of
either kind teaches that of both.
"""

from typing import NamedTuple

import cv2
import numpy as np

from featurex.kernels.region import fill_polygon

# Landmarks of a lung, at equal distances along each arc: outer border, base, inner border.
ARCS = (22, 12, 18)
POINTS = sum(ARCS)
# Landmarks of both outlines of both lungs, in the order of the cascade: first the whole outlines,
# then the field's bases and inner borders.
LANDMARKS = 2 * POINTS + 2 * (POINTS - ARCS[0])
# Which of them both outlines share, and which belong to one.
_OUTER = np.concatenate([np.arange(ARCS[0]), POINTS + np.arange(ARCS[0])])
WHOLE, FIELD = "whole", "field"
SHARED, BEHIND, VISIBLE = "shared", "behind", "visible"
# Side at which masks are traced, pixels.
_SIDE = 224


class Outlines(NamedTuple):
    """Which of the landmarks of the cascade make which outline.

    Parameters
    ----------
    shared : int array, shape (44,)
        Apex and outer border, of both lungs, which both outlines have.
    behind : int array, shape (60,)
        Base and inner border of the whole lungs: they pass behind the heart.
    visible : int array, shape (60,)
        Base and inner border of the visible field.
    whole, field : int array, shape (104,)
        Each outline in the order of `trace_outlines`.
    """

    shared: np.ndarray
    behind: np.ndarray
    visible: np.ndarray
    whole: np.ndarray
    field: np.ndarray


def _order_outlines():
    whole, visible = np.arange(2 * POINTS), np.arange(2 * POINTS, LANDMARKS)
    behind = np.setdiff1d(whole, _OUTER)
    field = whole.copy()
    field[behind] = visible
    return Outlines(_OUTER, behind, visible, whole, field)


OUTLINES = _order_outlines()


def place_outline(outline, kind):
    """Place one traced outline among the landmarks of the cascade.

    Parameters
    ----------
    outline : float array, shape (104, 2)
        As `trace_outlines` returns it.
    kind : {"whole", "field"}
        Whether its mask counts the lung behind the heart, or the visible field only.

    Returns
    -------
    landmarks : float array, shape (164, 2)
        NaN where the mask does not show the landmark.
    """
    landmarks = np.full((LANDMARKS, 2), np.nan)
    landmarks[getattr(OUTLINES, kind)] = outline
    return landmarks


def trace_outlines(mask):
    """Place landmarks on the outlines of the two largest connected components of a mask.

    Parameters
    ----------
    mask : array of shape (rows, columns)
        Greater than 0 inside the lungs.

    Returns
    -------
    landmarks : float array, shape (104, 2), or None
        x and y in units of the image's sides; first the lung on the left of the image. Within a
        lung they run from the apex down the outer border, along the base, and up the inner border.
        None where there are not two lungs with distinct corners.
    """
    soft = cv2.resize(
        (np.asarray(mask) > 0).astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA
    )
    count, components, statistics, centers = cv2.connectedComponentsWithStats(
        (soft > 0.5).astype(np.uint8)
    )
    if count < 3:
        return None
    largest = 1 + np.argsort(-statistics[1:, cv2.CC_STAT_AREA])[:2]
    largest = largest[np.argsort(centers[largest, 0])]
    lungs = []
    for component, outward in zip(largest, (-1, 1), strict=True):
        # The soft border of a component lies just outside it.
        near = cv2.dilate((components == component).astype(np.uint8), np.ones((3, 3), np.uint8))
        lungs.append(_trace(soft * near, outward))
    if any(lung is None for lung in lungs):
        return None
    return (np.concatenate(lungs) + 0.5) / _SIDE


def fill_outlines(landmarks, shape):
    """Fill the outlines that landmarks describe.

    Parameters
    ----------
    landmarks : float array, shape (104, 2)
        x and y in units of the image's sides, as `trace_outlines` returns them.
    shape : tuple of int
        Rows and columns of the image.

    Returns
    -------
    lungs : uint8 array of that shape
        1 in the lung on the left of the image (the patient's right), 2 in the other, 0 elsewhere.
    """
    lungs = np.zeros(shape, np.uint8)
    corners = np.ascontiguousarray(landmarks * (shape[1], shape[0]) - 0.5)
    fill_polygon(corners[:POINTS], 1, lungs)
    fill_polygon(corners[POINTS:], 2, lungs)
    return lungs


def _trace(soft, outward):
    """Place the landmarks of one lung, in pixels; `outward` is the sign of x from the spine on."""
    # Only training traces outlines: whoever finds lungs need not load scikit-image.
    from skimage.measure import find_contours

    contours = find_contours(np.pad(soft, 1), 0.5)
    outline = max(contours, key=len)[:-1, ::-1] - 1
    x, y = outline.T
    area = 0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)
    if np.sign(area) != outward:
        outline = outline[::-1]
    apex, outer, inner = _find_corners(outline, outward)
    outline = np.roll(outline, -apex, axis=0)
    outer, inner = ((corner - apex) % len(outline) for corner in (outer, inner))
    if not 0 < outer < inner:
        return None
    closed = np.concatenate([outline, outline[:1]])
    arcs = (closed[: outer + 1], closed[outer : inner + 1], closed[inner:])
    return np.concatenate([_resample(arc, count) for arc, count in zip(arcs, ARCS, strict=True)])


def _find_corners(outline, outward):
    """Find the apex and the outer and inner corner of the base on an outline: three indices."""
    x, y = outline.T
    across, down = outward * x / np.ptp(x), (y - y.min()) / np.ptp(y)
    top = down < 0.01 + 0.3 / np.ptp(y)
    apex = np.argmin(np.where(top, np.abs(x - x[top].mean()), np.inf))
    lower = down > 0.4
    outer = np.argmax(np.where(lower, down + 0.8 * across, -np.inf))
    inner = np.argmax(np.where(lower, down - across, -np.inf))
    return apex, outer, inner


def _resample(arc, count):
    """Place points at equal distances along an arc, from its start on and without its end."""
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(arc, axis=0).T))])
    positions = np.linspace(0, lengths[-1], count + 1)[:-1]
    return np.column_stack([np.interp(positions, lengths, coordinate) for coordinate in arc.T])
