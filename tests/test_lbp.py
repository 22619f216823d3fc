"""Laws of local binary patterns, beside the numbers of tests/cases."""

import numpy as np
import pytest

from featurex.errors import ParameterError
from featurex.features import LBP
from featurex.features.lbp import binary_codes
from tests.battery import films
from tests.naive.lbp import sample

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("method", ["uniform", "ror"])
def test_turning_the_image_turns_no_pattern(method):
    """A quarter turn moves every sample at radius 1 to where another was."""
    image = np.pad(films()[0][:20, :26], 3)
    extractor = LBP(points=(8,), radii=(1,), grid=1, size=None, method=method)
    inside = np.zeros(image.shape, bool)
    inside[2:-2, 2:-2] = True
    upright = extractor.fit_transform([np.ma.masked_array(image, ~inside)])
    turned = extractor.fit_transform([np.ma.masked_array(np.rot90(image), ~np.rot90(inside))])
    # Samples between pixels are rounded in another order, which decides ties.
    np.testing.assert_allclose(turned, upright, atol=0.02)


def test_brighter_and_steeper_images_have_the_same_patterns():
    image = films()[0][:24, :24].astype(np.uint16)
    codes = binary_codes(image, 8, 1)[1:-1, 1:-1]
    np.testing.assert_array_equal(binary_codes(4 * image, 8, 1)[1:-1, 1:-1], codes)


@pytest.mark.parametrize(("points", "radius"), [(8, 1), (16, 2), (24, 3), (12, 2.5)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_fast_codes_differ_only_at_ties(points, radius, dtype):
    image = films(dtype=dtype)[0][:30, :33]
    image[5:20, 5:20] = image[5, 5]
    changed = binary_codes(image, points, radius) ^ binary_codes(image, points, radius, "fast")
    bound = float(image.max()) * 2.0**-19
    for row, column in np.argwhere(changed):
        for i in range(points):
            if changed[row, column] >> np.uint32(i) & 1:
                turn = 2 * np.pi * i / points
                y, x = (
                    row + round(-radius * np.sin(turn), 5),
                    column + round(radius * np.cos(turn), 5),
                )
                assert abs(sample(image.astype(float), y, x) - float(image[row, column])) < bound


def test_fast_codes_of_a_flat_image_are_all_ones():
    for grey in range(0, 256, 5):
        flat = np.full((20, 20), grey, np.uint8)
        assert (binary_codes(flat, 24, 3, "fast")[4:-4, 4:-4] == 2**24 - 1).all()


@pytest.mark.parametrize(
    ("method", "points", "columns"),
    [("uniform", 8, 10), ("nri_uniform", 8, 59), ("ror", 8, 36), ("default", 8, 256)],
)
def test_methods_have_as_many_columns_as_patterns(method, points, columns):
    extractor = LBP(points=(points,), radii=(1,), grid=1, size=None, method=method).fit(films())
    assert len(extractor.get_feature_names_out()) == columns
    np.testing.assert_allclose((extractor.transform(films()) ** 2).sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"method": "var"},
            "method must be one of uniform, nri_uniform, ror, default, but 'var' was given",
        ),
        ({"mode": "rough"}, "mode must be one of exact, fast, but 'rough' was given"),
        (
            {"method": "default", "points": (16, 8, 8)},
            r"points\[0\] must be an integer from 4 to 8, but 16 was given",
        ),
        ({"radii": (1, 2)}, "radii must name one radius for each of 3 scales"),
    ],
)
def test_wrong_parameters_are_named(parameters, message):
    with pytest.raises(ParameterError, match=message):
        LBP(**parameters).fit(films())
