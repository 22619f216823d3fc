"""HOG's bins: no arc tangent is taken, and yet every gradient lies where the angle says."""

import numpy as np
import pytest
from numba import config

from featurex.compat.hog_bins import bin_edges
from featurex.compat.skimage import hog
from featurex.kernels.hog import hog_cells

pytestmark = pytest.mark.kernels

# All steps of 8-bit levels, some of which are enough for slow loops.
_STEPS = np.arange(-255, 256, 51 if config.DISABLE_JIT else 1)


def _gradients():
    """An image in whose every third row, at every other column, lies each gradient: steps down, and
    across.
    """
    across = np.zeros((3, 2 * len(_STEPS) + 3), np.uint8)
    left = 0
    for place, step in enumerate(
        np.stack([_STEPS[::-1], -_STEPS[::-1]], axis=1).ravel()[: len(_STEPS)]
    ):
        right = left + step
        across[1, 2 * place], across[1, 2 * place + 2] = left, right
        left = right
    image = np.tile(across, (len(_STEPS), 1))
    for place, step in enumerate(_STEPS):
        image[3 * place], image[3 * place + 2] = max(-step, 0), max(step, 0)
    return image


@pytest.mark.parametrize("orientations", [8, 9, 26])
def test_every_gradient_of_bytes_lies_in_its_bin(orientations):
    image = _gradients()
    found = np.empty((*image.shape, orientations), np.float32)
    hog_cells(image, None, None, 1, 1, bin_edges(orientations, np.float32), 0.0, found)
    grey = image.astype(float)
    down, right = grey[2::3, 1:-1] - grey[::3, 1:-1], grey[1::3, 2:] - grey[1::3, :-2]
    length = np.hypot(down, right)
    angle = np.rad2deg(np.arctan2(down, right)) % 180
    edges = 180 / orientations * np.arange(orientations + 1)
    inside = (angle[..., None] >= edges[:-1]) & (angle[..., None] < edges[1:])
    assert set(down.ravel()) == set(right.ravel()) == set(_STEPS)
    np.testing.assert_allclose(found[1::3, 1:-1], length[..., None] * inside, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("orientations", [2, 4, 12])
def test_rounded_grey_levels_lie_in_the_bins_of_integers(orientations, dtype):
    """Steps of equally many levels are on an edge at 45 degrees, whatever the levels are."""
    image = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8) // 32 * 32
    image[::2] += 7
    parameters = {"orientations": orientations, "pixels_per_cell": (4, 4), "block_norm": "L1"}
    np.testing.assert_allclose(
        hog((image / 255).astype(dtype), **parameters), hog(image, **parameters), atol=2e-5
    )


@pytest.mark.parametrize(
    ("across", "down", "orientations", "index"), [(1, 3, 9, 3), (-1, 3, 9, 6), (3, 1, 12, 2)]
)
def test_roots_on_an_edge_lie_in_the_upper_bin(across, down, orientations, index):
    """Steps of sqrt(k) and sqrt(3 k) are at 30, 60 and 120 degrees."""
    bins = []
    for k in range(1, 86):
        image = np.zeros((3, 3), np.uint8)
        image[1, 1 + np.sign(across)], image[2, 1] = abs(across) * k, down * k
        values = hog(image, orientations, (3, 3), (1, 1), transform_sqrt=True)
        bins.append(np.flatnonzero(values).tolist())
    assert bins == [[index]] * 85
