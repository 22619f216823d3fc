"""Drawing in the coordinates of the chest: soft lines, soft shapes, fractal noise.

The chest is the unit square, x to the right and y downwards; the patient's right is on the left, as
on a radiograph.
"""

import functools

import cv2
import numpy as np
import scipy.fft
from scipy.interpolate import splev, splprep

SIDE = 336
# cv2 draws at sixteenths of a pixel.
_SHIFT = 4


def smooth_curve(points, n_points=120, closed=False):
    """Draw a smooth curve through points, by a cubic spline.

    Parameters
    ----------
    points : array of shape (n, 2)
        (x, y), chest coordinates.
    n_points : int
        Points of the curve.
    closed : bool
        Whether the curve returns to its first point.

    Returns
    -------
    curve : array of shape (n_points, 2)
    """
    points = np.asarray(points, float)
    if closed:
        points = np.vstack([points, points[:1]])
    spline, _ = splprep(points.T, s=0, per=closed, k=min(3, len(points) - 1))
    return np.stack(splev(np.linspace(0, 1, n_points), spline), axis=1)


def fill(curve, blur=0.004):
    """Fill a shape, with a soft edge.

    Parameters
    ----------
    curve : array of shape (n, 2)
        Its outline, chest coordinates.
    blur : float
        Standard deviation of the edge's blur, chest units.

    Returns
    -------
    shape : float32 array, shape (SIDE, SIDE)
        0 outside to 1 inside.
    """
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(canvas, [_pixels(curve)], 255, cv2.LINE_AA, _SHIFT)
    return soften(canvas.astype(np.float32) / 255, blur)


def stroke(curves, width):
    """Draw lines of one width.

    Parameters
    ----------
    curves : sequence of arrays of shape (n, 2)
        The lines, chest coordinates.
    width : float
        Chest units; at least one pixel is drawn.

    Returns
    -------
    lines : uint8 array, shape (SIDE, SIDE)
        0, and up to 255 on the lines.
    """
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    thickness = max(1, round(width * SIDE))
    # Curves of one length are rounded at once.
    pixels = _pixels(curves) if isinstance(curves, np.ndarray) else map(_pixels, curves)
    cv2.polylines(canvas, list(pixels), False, 255, thickness, cv2.LINE_AA, _SHIFT)
    return canvas


def soften(canvas, blur):
    """Blur a canvas with a Gaussian window.

    Parameters
    ----------
    canvas : array of shape (SIDE, SIDE)
        Of any type.
    blur : float
        Standard deviation, chest units; 0 does not blur.

    Returns
    -------
    canvas : float32 array, shape (SIDE, SIDE)
        The blurred canvas.
    """
    return (
        cv2.GaussianBlur(canvas.astype(np.float32), (0, 0), blur * SIDE)
        if blur
        else canvas.astype(np.float32)
    )


def fractal_noise(generator, slope, side=SIDE):
    """Draw noise whose amplitude is proportional to frequency ** -slope.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of randomness.
    slope : float
        Larger slopes make larger clouds.
    side : int
        Rows and columns, pixels.

    Returns
    -------
    noise : float32 array, shape (side, side)
        Mean 0, standard deviation 1.
    """
    spectrum = scipy.fft.rfft2(generator.standard_normal((side, side)).astype(np.float32))
    noise = scipy.fft.irfft2(spectrum * _amplitudes(slope, side), s=(side, side))
    return (noise / noise.std()).astype(np.float32)


@functools.cache
def _amplitudes(slope, side):
    """Return the amplitude of every frequency of fractal noise: all images have the same."""
    frequency = np.hypot(scipy.fft.fftfreq(side)[:, None], scipy.fft.rfftfreq(side)[None])
    frequency[0, 0] = np.inf
    return frequency**-slope


def grid():
    """Return the chest coordinates of every pixel's centre.

    Returns
    -------
    x, y : float32 arrays, shape (SIDE, SIDE)
        0 at the left and top edge, 1 at the right and bottom.
    """
    axis = ((np.arange(SIDE) + 0.5) / SIDE).astype(np.float32)
    return np.meshgrid(axis, axis)


def _pixels(curve):
    return np.round((np.asarray(curve) * SIDE - 0.5) * 2**_SHIFT).astype(np.int32)
