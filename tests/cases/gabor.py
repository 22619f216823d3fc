"""Gabor magnitudes against direct convolution, scipy's FFT and OpenCV's filter2D."""

import numpy as np

from featurex.features import Gabor
from tests.cases.base import Case
from tests.naive import gabor as naive

_SIGMAS, _TURNS = (1.5, 3.0), 4


def _share(image):
    return image.astype(np.float64) / np.iinfo(image.dtype).max


def _statistics(magnitudes):
    return np.log(np.array([[m.mean(), m.std()] for m in magnitudes]).ravel() + 1e-3)


def _ours(image, inside):
    return Gabor(sigmas=_SIGMAS, orientations=_TURNS, grid=1, size=None).fit_transform([image])[0]


def _twin(image, inside):
    angles = np.pi * np.arange(_TURNS) / _TURNS
    return _statistics([naive.magnitude(_share(image), sigma, angle) for sigma in _SIGMAS for angle in angles])


def _opencv(image, inside):
    import cv2

    magnitudes = []
    for sigma in _SIGMAS:
        for angle in np.pi * np.arange(_TURNS) / _TURNS:
            # OpenCV correlates: the kernel is turned by half.
            filter_ = naive.kernel(sigma, angle)[::-1, ::-1]
            parts = [
                cv2.filter2D(_share(image), -1, np.ascontiguousarray(part), borderType=cv2.BORDER_REFLECT_101)
                for part in (filter_.real, filter_.imag)
            ]
            magnitudes.append(np.hypot(*parts))
    return _statistics(magnitudes)


CASES = (
    Case(
        "gabor_8_filters",
        "gabor",
        _ours,
        _twin,
        peers={"OpenCV": _opencv},
        comparable=("OpenCV",),
        # The frequency domain knows the whole kernel, the twin five standard deviations of it.
        atol=2e-3,
    ),
)
