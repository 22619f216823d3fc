"""Bilinear interpolation against fractions, and against OpenCV, which does it from version 5 on."""

import math
from fractions import Fraction

import cv2
import numpy as np
import pytest

from featurex.kernels.warp import sample_points, warp_affine
from featurex.lungs.affine import warp_image
from tests.battery import films
from tests.naive import warp as naive

pytestmark = pytest.mark.kernels

# In binary fractions, so that the points are exact: turned, larger, smaller, beyond each border.
MAPS = np.array(
    [
        [[1, 0, 0], [0, 1, 0]],
        [[0.75, 0.125, 1.5], [-0.25, 0.5, 2.25]],
        [[2.5, 0, -7.5], [0.5, 3, -9.25]],
        [[1, 0, 900.5], [0, 1, -900.5]],
    ]
)


@pytest.mark.parametrize("matrix", MAPS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_warp_is_interpolation(matrix, dtype):
    image = np.random.default_rng(0).integers(0, 256, (6, 7)).astype(dtype)
    warped = np.empty((8, 5), dtype)
    rounded = warped.dtype.kind == "u"
    warp_affine(image, matrix, rounded, warped)
    for row, column in np.ndindex(warped.shape):
        x, y = matrix @ [column, row, 1]
        expected = naive.interpolate(image, x, y)
        if rounded:
            assert warped[row, column] == math.floor(expected + Fraction(1, 2))
        else:
            assert warped[row, column] == pytest.approx(float(expected), rel=1e-6)


def test_points_are_interpolated():
    image = np.random.default_rng(1).normal(size=(6, 7)).astype(np.float32)
    x, y = np.random.default_rng(2).uniform(-3, 9, (2, 20, 3)).astype(np.float32)
    found = np.empty((20, 3), np.float32)
    sample_points(image, x, y, found)
    expected = [
        float(naive.interpolate(image, *point)) for point in zip(x.flat, y.flat, strict=True)
    ]
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-5, atol=1e-6)


def test_opencv_interpolates_nearly_the_same():
    image = films(dtype=np.uint8)[0]
    matrix = np.array([[0.72, 0.01, 3.3], [-0.013, 0.69, 2.8]])
    warped = np.empty_like(image)
    warp_affine(image, matrix, True, warped)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    opencv = cv2.warpAffine(
        image, matrix, image.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    difference = np.abs(warped.astype(int) - opencv)
    # Before version 5 its weights are rounded to 32nds of a pixel.
    assert difference.max() <= (1 if int(cv2.__version__.split(".")[0]) >= 5 else 8)


def test_what_lies_beyond_the_border_is_outside():
    image = np.ma.masked_array(np.full((8, 8), 9, np.uint8), np.zeros((8, 8), bool))
    warped = warp_image(image, np.array([[1.0, 0, 0.5], [0, 1, 0]]))
    assert (warped.data == 9).all()
    assert warped.mask.tolist() == [[False] * 4 + [True] * 4] * 8
