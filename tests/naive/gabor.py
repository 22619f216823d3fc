"""Gabor magnitudes by direct convolution with sampled kernels."""

import numpy as np


def kernel(sigma, angle, aspect=0.7, wavelength=2.2, reach=5.0):
    """The complex wave under its envelope, without any response to a constant; sums of its samples
    are its responses.
    """
    half = int(np.ceil(reach * sigma / aspect))
    down, right = np.mgrid[-half : half + 1, -half : half + 1].astype(float)
    along = right * np.cos(angle) - down * np.sin(angle)
    across = right * np.sin(angle) + down * np.cos(angle)
    wide = sigma / aspect
    envelope = np.exp(-0.5 * ((along / sigma) ** 2 + (across / wide) ** 2)) / (
        2 * np.pi * sigma * wide
    )
    frequency = 2 * np.pi / (wavelength * sigma)
    return envelope * (np.exp(1j * frequency * along) - np.exp(-0.5 * (sigma * frequency) ** 2))


def magnitude(image, sigma, angle):
    """Magnitude of the response at every pixel; the image is mirrored at its borders."""
    filter_ = kernel(sigma, angle)
    half = filter_.shape[0] // 2
    padded = np.pad(image, half, mode="reflect")
    response = np.zeros(image.shape, complex)
    for row, column in np.ndindex(filter_.shape):
        part = padded[row : row + image.shape[0], column : column + image.shape[1]]
        # Convolution, not correlation: the kernel is turned by half.
        response += filter_[-1 - row, -1 - column] * part
    return np.abs(response)
