"""What the fractal dimension must be where geometry tells."""

import numpy as np
import pytest

from featurex.errors import ParameterError
from featurex.features import FractalDimension

pytestmark = pytest.mark.kernels


def test_a_plane_has_dimension_2():
    flat = np.full((1, 64, 64), 90, np.uint8)
    np.testing.assert_allclose(FractalDimension(size=None).fit_transform(flat), 2)


def test_noise_is_rougher_than_a_slope():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    slope = np.broadcast_to(np.linspace(0, 255, 64).astype(np.uint8), (64, 64))
    rough, smooth = FractalDimension(grid=1, size=None).fit_transform([noise, slope]).ravel()
    # Whole boxes round a slope's few levels, which costs or adds a little.
    assert smooth == pytest.approx(2, abs=0.15)
    assert 2.5 < rough <= 3


def test_dimension_does_not_change_when_the_image_is_turned():
    image = np.random.default_rng(1).integers(0, 256, (64, 64), dtype=np.uint8)
    values = FractalDimension(grid=2, size=None).fit_transform([image, image.T])
    np.testing.assert_allclose(values[0].reshape(2, 2), values[1].reshape(2, 2).T)


def test_a_size_too_small_for_the_boxes_is_refused():
    with pytest.raises(
        ParameterError, match=r"size must be .* from 64 to 4096, grid \* 2\*\*scales, .* but 32 was"
    ):
        FractalDimension(scales=4, grid=4, size=32).fit(np.zeros((1, 8, 8), np.uint8))
