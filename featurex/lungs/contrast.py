"""Local contrast: what is left of an image without exposure and slow shading."""

import cv2
import numpy as np


def normalize_contrast(image, sigma):
    """Subtract the local mean and divide by the local standard deviation.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating; the maximum of the latter two becomes 255 first.
    sigma : float
        Standard deviation of the Gaussian window of the mean, pixels; the window of the deviation
        is 1.5 times as wide.

    Returns
    -------
    normalized : float32 array, shape (rows, columns)
        Mean 128, standard deviation about 48, clipped to [0, 255].
    """
    peak = float(image.max())
    scale = 255.0 / peak if image.dtype != np.uint8 and peak > 0 else 1.0
    image = image.astype(np.float32) * np.float32(scale)
    difference = image - _blur(image, sigma)
    deviation = np.sqrt(_blur(difference * difference, 1.5 * sigma))
    # Four grey levels keep flat background from turning into noise.
    return np.clip(difference / (deviation + 4) * 48 + 128, 0, 255)


def _blur(image, sigma):
    """Blur by a wide Gaussian, at half the size: a quarter of the time, and hardly a difference."""
    rows, columns = image.shape
    half = ((columns + 1) // 2, (rows + 1) // 2)
    small = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / 2)
    return cv2.resize(blurred, (columns, rows), interpolation=cv2.INTER_LINEAR)
