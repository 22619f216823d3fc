"""Drawing in the coordinates of the chest: soft lines, soft shapes, fractal noise.

The chest is the unit square, x to the right and y downwards; the patient's right is on the left, as
on a film.
"""

import cv2
import numpy as np
import scipy.fft
from scipy.interpolate import splev, splprep

SIDE = 336
# cv2 draws at sixteenths of a pixel.
_SHIFT = 4


def smooth_curve(points, n_points=120, closed=False):
    """A smooth curve through points.

    Parameters
    ----------
    points : array of shape (n, 2)
        (x, y), chest coordinates.
    n_points : int
    closed : bool

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
    """A filled shape with a soft edge: float32 array of shape (SIDE, SIDE), 0 to 1."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(canvas, [_pixels(curve)], 255, cv2.LINE_AA, _SHIFT)
    return soften(canvas.astype(np.float32) / 255, blur)


def stroke(curves, width):
    """Lines of one width: uint8 array of shape (SIDE, SIDE), 0 or up to 255."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    thickness = max(1, round(width * SIDE))
    for curve in curves:
        cv2.polylines(canvas, [_pixels(curve)], False, 255, thickness, cv2.LINE_AA, _SHIFT)
    return canvas


def soften(canvas, blur):
    """Gaussian blur of a standard deviation in chest units."""
    return (
        cv2.GaussianBlur(canvas.astype(np.float32), (0, 0), blur * SIDE)
        if blur
        else canvas.astype(np.float32)
    )


def fractal_noise(generator, slope, side=SIDE):
    """Noise whose amplitude falls with the frequency to the power of `slope`: mean 0, standard
    deviation 1.
    """
    spectrum = scipy.fft.rfft2(generator.standard_normal((side, side)).astype(np.float32))
    frequency = np.hypot(scipy.fft.fftfreq(side)[:, None], scipy.fft.rfftfreq(side)[None])
    frequency[0, 0] = np.inf
    noise = scipy.fft.irfft2(spectrum * frequency**-slope, s=(side, side))
    return (noise / noise.std()).astype(np.float32)


def grid():
    """Place of every pixel's centre, x and y in chest coordinates: two float32 arrays of shape
    (SIDE, SIDE).
    """
    axis = ((np.arange(SIDE) + 0.5) / SIDE).astype(np.float32)
    return np.meshgrid(axis, axis)


def _pixels(curve):
    return np.round((np.asarray(curve) * SIDE - 0.5) * 2**_SHIFT).astype(np.int32)
