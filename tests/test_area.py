"""Area averaging against fractions, and against OpenCV."""

import math
from fractions import Fraction

import cv2
import numpy as np
import pytest

from featurex.images.resize import shrink
from tests.battery import films
from tests.naive import area as naive

pytestmark = pytest.mark.kernels

SHAPES = [
    ((7, 9), (3, 4)),
    ((8, 6), (4, 2)),
    ((5, 5), (5, 2)),
    ((6, 1), (1, 1)),
    ((9, 11), (1, 11)),
    ((3, 4), (3, 4)),
]


@pytest.mark.parametrize(("old", "new"), SHAPES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_integers_are_rounded_exactly(old, new, dtype):
    image = np.random.default_rng(0).integers(0, np.iinfo(dtype).max, old, dtype, endpoint=True)
    expected = [math.floor(mean + Fraction(1, 2)) for mean in naive.shrink(image, *new).ravel()]
    assert shrink(image, *new).ravel().tolist() == expected


@pytest.mark.parametrize(("old", "new"), SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_means(old, new, dtype):
    image = np.random.default_rng(1).normal(size=old).astype(dtype)
    result = shrink(image, *new)
    assert result.dtype == dtype
    np.testing.assert_allclose(
        result, naive.shrink(image, *new).astype(float), rtol=0, atol=np.finfo(dtype).eps * 4
    )


def test_the_brightest_stay_the_brightest():
    """No sum overflows."""
    for dtype in (np.uint8, np.uint16):
        white = np.full((300, 40), np.iinfo(dtype).max, dtype)
        assert (shrink(white, 7, 9) == np.iinfo(dtype).max).all()


def test_opencv_rounds_nearly_the_same():
    image = films(dtype=np.uint8)[0]
    sides = image.shape[1] // 3, image.shape[0] // 2
    opencv = cv2.resize(image, sides, interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(shrink(image, *sides[::-1]) - opencv).max() <= 1
