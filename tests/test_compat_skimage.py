"""The drop-in module gives what scikit-image gives."""

import warnings

import numpy as np
import pytest
from skimage import feature

from featurex.compat.skimage import hog, local_binary_pattern
from featurex.errors import ParameterError
from tests.battery import films
from tests.cases.base import inputs

pytestmark = pytest.mark.kernels

IMAGES = {name: image for name, image, _ in inputs(33)}
IMAGES["film"] = films()[0]
IMAGES["floats"] = np.random.default_rng(1).normal(size=(37, 44))
# Vertical edges and differences of rounding size along them: angles next to 180 degrees.
IMAGES["rounding"] = np.cumsum(
    np.random.default_rng(2).normal(size=(37, 44)), axis=1
) + 1e-16 * np.eye(37, 44)

METHODS = ("default", "ror", "uniform", "nri_uniform", "var")


def assert_same_hog(image, atol=1e-6, **parameters):
    expected = feature.hog(image, **parameters)
    found = hog(image, **parameters)
    if not parameters.get("visualize"):
        expected, found = (expected,), (found,)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.dtype == theirs.dtype
        assert ours.shape == theirs.shape
        size = np.nanmax(np.abs(theirs), initial=1.0) if theirs.shape == image.shape else 1.0
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=atol * size)


@pytest.mark.parametrize("norm", ["L1", "L1-sqrt", "L2", "L2-Hys"])
@pytest.mark.parametrize("name", IMAGES)
def test_hog_has_the_same_values(name, norm):
    # The root in L1-sqrt magnifies what is left of a sum where nearly everything cancels.
    assert_same_hog(IMAGES[name], block_norm=norm, atol=2e-5 if norm == "L1-sqrt" else 1e-6)


@pytest.mark.parametrize(
    "parameters",
    [
        {"orientations": 8, "cells_per_block": (1, 1)},
        {"orientations": 1},
        {"orientations": 7, "pixels_per_cell": (5, 3), "cells_per_block": (2, 3)},
        {"orientations": 12, "pixels_per_cell": (3, 4), "cells_per_block": (1, 2)},
        {"pixels_per_cell": (16, 16), "cells_per_block": (2, 2)},
        {"feature_vector": False},
        {"visualize": True, "orientations": 3},
        {"visualize": True, "pixels_per_cell": (9, 7), "cells_per_block": (2, 2)},
        {"transform_sqrt": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["noise", "steps", "film", "uint16"])
def test_hog_takes_the_same_parameters(name, parameters):
    assert_same_hog(IMAGES[name], **parameters)


@pytest.mark.parametrize("orientations", [2, 4, 12, 26, 36, 52])
def test_hog_breaks_ties_between_bins_alike(orientations):
    """Gradients along rows, columns and diagonals, which lie on edges of bins."""
    image = np.random.default_rng(7).integers(0, 2, (40, 41), dtype=np.uint8) * 200
    assert_same_hog(image, orientations=orientations, cells_per_block=(1, 1))
    assert_same_hog(image.astype(float), orientations=orientations, cells_per_block=(1, 1))


@pytest.mark.parametrize(
    "dtype", [bool, np.int8, np.uint8, np.int32, np.float16, np.float32, np.float64, ">f2", ">f4"]
)
def test_hog_has_the_same_types(dtype):
    image = (
        np.random.default_rng(3).integers(0, 2 if dtype is bool else 100, (30, 40)).astype(dtype)
    )
    assert_same_hog(image, visualize=True)
    assert_same_hog(image, transform_sqrt=True)


@pytest.mark.parametrize("axis", [0, 1, -1, (2,)])
def test_hog_takes_channels(axis):
    image = np.random.default_rng(4).integers(0, 256, (34, 29, 3), dtype=np.uint8)
    place = axis[0] if isinstance(axis, tuple) else axis
    assert_same_hog(np.moveaxis(image, 2, place), channel_axis=axis)


@pytest.mark.parametrize("pixel", [np.nan, np.inf])
@pytest.mark.parametrize("position", [(3, 5, 0), (0, 1, 0), (9, 9, 1)])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_hog_of_an_image_with_missing_pixels_is_missing_in_the_same_blocks(pixel, position):
    image = np.random.default_rng(0).random((18, 20, 2))
    image[position] = pixel
    assert_same_hog(image, cells_per_block=(1, 1), channel_axis=-1)
    assert_same_hog(image[:, :, position[2]], cells_per_block=(1, 1), block_norm="L1")


def test_hog_draws_cells_of_one_pixel_over_each_other():
    image = np.array([[0.0007, 0.0008, 0.0009, 0.0005]])
    cells = {"pixels_per_cell": (1, 1), "cells_per_block": (1, 1)}
    assert_same_hog(image, orientations=16, visualize=True, **cells)


@pytest.mark.parametrize("size", [(24, 24), (24, 25), (25, 40)])
def test_hog_of_the_smallest_image(size):
    assert_same_hog(np.random.default_rng(5).integers(0, 256, size, dtype=np.uint8))
    assert_same_hog(np.ones((1, 5)), pixels_per_cell=(1, 1), cells_per_block=(1, 1))


@pytest.mark.parametrize(
    ("image", "parameters", "message"),
    [
        (np.zeros((20, 40)), {}, r"image is too small given .* at least 24 rows and 24 columns"),
        (np.zeros((30, 30, 3)), {}, "two spatial axes beside those of channels"),
        (np.zeros((30, 30)), {"channel_axis": -1}, "two spatial axes beside those of channels"),
        (
            np.zeros((30, 30)),
            {"block_norm": "Linf"},
            "block_norm must be one of L1, L1-sqrt, L2, L2-Hys, but 'Linf'",
        ),
        (np.zeros((30, 30), complex), {}, "must hold real numbers"),
    ],
    ids=["small", "axes", "channels", "norm", "complex"],
)
def test_hog_refuses_what_scikit_image_refuses(image, parameters, message):
    with pytest.raises(ValueError, match=r"."):
        feature.hog(image, **parameters)
    with pytest.raises(ParameterError, match=message):
        hog(image, **parameters)


def test_hog_needs_whole_cells():
    assert_same_hog(IMAGES["noise"], pixels_per_cell=(8.0, 8))
    for function in (hog, feature.hog):
        with pytest.raises(TypeError, match="integer"):
            function(np.zeros((40, 40)), cells_per_block=(1, 1.0))
    with pytest.raises(TypeError, match="integer"):
        hog(np.zeros((40, 40)), pixels_per_cell=(8, 7.5))


@pytest.mark.parametrize("orientations", [0, -1, 2.5])
def test_hog_needs_a_bin(orientations):
    with pytest.raises(ParameterError, match="orientations must be an integer of at least 1"):
        hog(np.zeros((40, 40)), orientations)


def test_hog_needs_a_channel():
    with pytest.raises(ParameterError, match="two spatial axes"):
        hog(np.zeros((40, 40, 0)), channel_axis=-1)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("points", "radius"), [(8, 1), (16, 2), (24, 3), (5, 1.7), (1, 1), (12, 0.3), (8, 40.1)]
)
def test_patterns_are_identical(points, radius, method):
    for image in IMAGES.values():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            expected = feature.local_binary_pattern(image, points, radius, method)
            found = local_binary_pattern(image, points, radius, method)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("points", "method"), [(31, "ror"), (32, "default"), (40, "uniform"), (64, "nri_uniform")]
)
def test_patterns_of_many_points_are_identical(points, method):
    for name in ("noise", "ramp", "film"):
        expected = feature.local_binary_pattern(IMAGES[name], points, 3, method)
        np.testing.assert_array_equal(
            local_binary_pattern(IMAGES[name], points, 3, method), expected
        )


@pytest.mark.parametrize(("points", "radius"), [(8, 3.98), (11, 2.1), (7, 5.2), (24, 2.488375)])
def test_the_radius_has_double_precision(points, radius):
    images = np.random.default_rng(3).integers(0, 16, (20, 32, 32)).astype(np.uint8)
    for image in images:
        for method in ("default", "var"):
            np.testing.assert_array_equal(
                local_binary_pattern(image, points, radius, method),
                feature.local_binary_pattern(image, points, radius, method),
            )


@pytest.mark.parametrize("dtype", [bool, np.int16, np.uint32, np.int64])
def test_patterns_take_all_whole_numbers(dtype):
    image = np.random.default_rng(6).integers(0, 2 if dtype is bool else 90, (12, 15)).astype(dtype)
    expected = feature.local_binary_pattern(image, 8, 1)
    np.testing.assert_array_equal(local_binary_pattern(image, 8, 1), expected)


def test_patterns_do_not_change_the_image():
    image = IMAGES["noise"].copy()
    local_binary_pattern(image, 8, 1, "var")
    np.testing.assert_array_equal(image, IMAGES["noise"])


@pytest.mark.parametrize("pattern", [local_binary_pattern, feature.local_binary_pattern])
def test_floating_images_are_warned_about(pattern):
    with pytest.warns(
        UserWarning, match="Applying `local_binary_pattern` to floating-point images"
    ):
        pattern(IMAGES["floats"], 8, 1)


@pytest.mark.parametrize(
    "image", [np.zeros(9, int), np.zeros((3, 3, 3), int), np.zeros((0, 4), int)], ids=str
)
def test_patterns_refuse_what_scikit_image_refuses(image):
    with pytest.raises(ValueError, match="image"):
        feature.local_binary_pattern(image, 8, 1)
    with pytest.raises(
        ParameterError, match=r"image must be a 2-dimensional array with pixels, but its shape is"
    ):
        local_binary_pattern(image, 8, 1)


def test_patterns_refuse_other_methods_and_points():
    image = IMAGES["noise"]
    for pattern in (local_binary_pattern, feature.local_binary_pattern):
        with pytest.raises(KeyError, match="median"):
            pattern(image, 8, 1, "median")
        with pytest.raises(TypeError, match="int"):
            pattern(image, None, 1)
    with pytest.raises(
        ParameterError, match="P must be an integer from 1 to 64 for method 'default', but 65"
    ):
        local_binary_pattern(image, 65, 1)
    with pytest.raises(
        ParameterError, match="P must be an integer from 1 to 31 for method 'ror', but 32"
    ):
        local_binary_pattern(image, 32, 1, "ror")
