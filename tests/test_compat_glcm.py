"""graycomatrix and graycoprops give what scikit-image gives."""

import numpy as np
import pytest
from skimage import feature

from featurex.compat.skimage import graycomatrix, graycoprops
from featurex.errors import ParameterError

pytestmark = pytest.mark.kernels

RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 16, (33, 40)).astype(np.uint8)
ANGLES = [0, np.pi / 6, np.pi / 4, np.pi / 2, 2.0, 3 * np.pi / 4, np.pi, 5.0]
PROPERTIES = ["contrast", "dissimilarity", "homogeneity", "ASM", "energy", "correlation"]
PROPERTIES += ["mean", "variance", "std", "entropy"]


@pytest.mark.parametrize("normed", [False, True])
@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32", "int64", "uint64"])
def test_matrices_are_identical(dtype, symmetric, normed):
    arguments = (IMAGE.astype(dtype), [1, 2.5, 3, 50], ANGLES, 16, symmetric, normed)
    ours, theirs = graycomatrix(*arguments), feature.graycomatrix(*arguments)
    assert ours.dtype == theirs.dtype
    assert ours.flags.c_contiguous
    np.testing.assert_array_equal(ours, theirs)


def test_eight_bits_have_256_levels():
    bright = IMAGE * 16
    np.testing.assert_array_equal(
        graycomatrix(bright, [1], [0]), feature.graycomatrix(bright, [1], [0])
    )


def test_large_images_have_the_same_matrices(monkeypatch):
    monkeypatch.setattr("featurex.compat._glcm._LARGE", 1)
    arguments = (IMAGE, [1, 2.5, 3, 50], ANGLES, 16, True, True)
    np.testing.assert_array_equal(graycomatrix(*arguments), feature.graycomatrix(*arguments))


@pytest.mark.parametrize("prop", PROPERTIES)
@pytest.mark.parametrize(
    "image", [IMAGE, np.full_like(IMAGE, 7), IMAGE // 15], ids=["noise", "constant", "two"]
)
def test_properties_are_equal(image, prop):
    counts = feature.graycomatrix(image, [1, 3, 50], ANGLES, 16)
    ours, theirs = graycoprops(counts, prop), feature.graycoprops(counts, prop)
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((IMAGE.astype(float), [1], [0], 16), "integer dtype"),
        ((IMAGE.astype(np.uint16), [1], [0]), "levels must be given"),
        ((IMAGE.astype(np.int16) - 9, [1], [0], 16), "no negative grey levels"),
        ((IMAGE, [1], [0], 15), "above the maximum of the image, 15"),
        ((IMAGE[None], [1], [0], 16), "image must be a 2-dimensional"),
        ((IMAGE, [], [0], 16), "distances must be a 1-dimensional"),
        ((IMAGE, [1], 0, 16), "angles must be a 1-dimensional"),
    ],
)
def test_what_scikit_image_refuses_is_refused(arguments, match):
    with pytest.raises(ParameterError, match=match):
        graycomatrix(*arguments)
    with pytest.raises(ValueError, match=r"."):
        feature.graycomatrix(*arguments)


@pytest.mark.parametrize(
    ("matrices", "prop", "match"),
    [
        (np.ones((4, 4, 1, 1)), "shine", "prop must be one of contrast"),
        (np.ones((4, 5, 1, 1)), "contrast", "as many rows as columns"),
        (np.ones((4, 4)), "contrast", "P must be a 4-dimensional"),
    ],
)
def test_wrong_matrices_are_refused(matrices, prop, match):
    with pytest.raises(ParameterError, match=match):
        graycoprops(matrices, prop)
    with pytest.raises(ValueError, match=r"."):
        feature.graycoprops(matrices, prop)


@pytest.mark.parametrize("small", [1e-6, 1e-15, 1e-16, 1e-20])
def test_correlation_of_nearly_constant_matrices(small):
    matrix = np.array([[1.0, 2 * small], [small, small]])[:, :, None, None]
    np.testing.assert_allclose(
        graycoprops(matrix, "correlation"), feature.graycoprops(matrix, "correlation"), rtol=1e-12
    )


@pytest.mark.parametrize("prop", ["contrast", "energy", "correlation", "mean"])
def test_matrices_of_a_negative_sum_are_divided_by_it(prop):
    matrix = -np.arange(1.0, 10.0).reshape(3, 3, 1, 1)
    np.testing.assert_allclose(graycoprops(matrix, prop), feature.graycoprops(matrix, prop))
