"""Local statistics against a loop over pixels, scipy and scikit-image's rank filter."""

import numpy as np

from featurex.features import LocalStatistics
from tests.cases.base import Case, values_of
from tests.naive import local_statistics as naive

_LEVELS, _RADIUS, _GRID = 16, 3, 2


def _share(image):
    # As ours, in float32: at the border of two levels, one more digit would decide otherwise.
    return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)


def _twin(image, inside):
    inside = np.ones(image.shape, bool) if inside is None else inside
    return naive.statistics(
        naive.compute_maps(_share(image), inside, _LEVELS, _RADIUS), inside, _GRID
    )


def _peers(image, inside):
    from scipy import ndimage
    from skimage.filters import rank

    grey = _share(image).astype(np.float64)
    down, right = (
        ndimage.correlate1d(grey, [-0.5, 0, 0.5], axis=axis, mode="nearest") for axis in (0, 1)
    )
    levels = np.minimum(_share(image) * _LEVELS, _LEVELS - 1).astype(np.uint8)
    window = np.ones((2 * _RADIUS + 1,) * 2, np.uint8)
    maps = [
        np.hypot(down, right),
        np.abs(ndimage.laplace(grey, mode="nearest")),
        rank.entropy(levels, window),
    ]
    return naive.statistics(maps, np.ones(image.shape, bool), _GRID)


CASES = (
    Case(
        "local_statistics",
        "local",
        values_of(LocalStatistics(levels=_LEVELS, radius=_RADIUS, grid=_GRID, size=None)),
        _twin,
        peers={"SciPy and scikit-image": _peers},
        comparable=("SciPy and scikit-image",),
        masked=True,
        # Ours computes in float32, and standard deviations from sums of squares.
        rtol=1e-5,
        atol=2e-5,
    ),
)
