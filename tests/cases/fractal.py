"""Fractal dimensions against a loop over boxes."""

import numpy as np

from featurex.features import FractalDimension
from tests.cases.base import Case, values_of
from tests.naive import fractal as naive

_SCALES, _GRID = 3, 2


def _twin(image, inside):
    inside = np.ones(image.shape, bool) if inside is None else inside
    # As ours, in float32: at the border of two boxes, one more digit would decide otherwise.
    grey = image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)
    return naive.dimensions(grey, inside, _SCALES, _GRID)


CASES = (
    Case(
        "fractal_dimension",
        "fractal",
        values_of(FractalDimension(scales=_SCALES, grid=_GRID, size=None)),
        _twin,
        masked=True,
        rtol=1e-6,
        notes="no maintained package offers differential box counting",
    ),
)
