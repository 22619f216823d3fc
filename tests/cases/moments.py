"""Moments against loops over pixels, mahotas and OpenCV."""

import numpy as np

from featurex.features import Moments
from tests.cases.base import Case, values_of
from tests.naive import moments as naive

_DEGREE = 6


def _share(image, inside):
    return image.astype(np.float64) / np.iinfo(image.dtype).max * (1 if inside is None else inside)


def _mahotas(image, inside):
    import mahotas

    grey = _share(image, inside)
    if not grey.any():
        return np.zeros(16)
    centre = tuple((side - 1) / 2 for side in image.shape)
    return mahotas.features.zernike_moments(grey, min(image.shape) / 2, degree=_DEGREE, cm=centre)


def _opencv(image, inside):
    import cv2

    return naive.rooted(cv2.HuMoments(cv2.moments(_share(image, inside))))


CASES = (
    Case(
        "moments_zernike",
        "moments",
        values_of(Moments(("zernike",), degree=_DEGREE, size=None)),
        lambda image, inside: naive.zernike(_share(image, inside), _DEGREE),
        peers={"mahotas": _mahotas},
        comparable=("mahotas",),
        masked=True,
        rtol=1e-5,
        atol=1e-7,
    ),
    Case(
        "moments_hu",
        "moments",
        values_of(Moments(("hu",), degree=_DEGREE, size=None)),
        lambda image, inside: naive.rooted(naive.hu(_share(image, inside))),
        peers={"OpenCV": _opencv},
        comparable=("OpenCV",),
        masked=True,
        rtol=1e-5,
        # A root of degree 4 makes the rounding errors of what should be 0 visible.
        atol=1e-4,
    ),
)
