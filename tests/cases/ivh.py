"""The intensity-volume histogram against its twin; no peer has it for images."""

import numpy as np

from featurex.features import IntensityVolumeHistogram
from tests.cases.base import Case, values_of
from tests.naive import glcm as naive_levels
from tests.naive import ivh as naive

_LEVELS, _LIMITS = 25, (0, 65536)


def _twin(image, inside):
    levels = naive_levels.levels_of(image, inside, _LEVELS, _LIMITS)
    return np.array(naive.statistics([int(x) for x in np.ravel(levels) if x > 0], _LEVELS))


CASES = (
    Case(
        "ivh_25_levels",
        "ivh",
        values_of(IntensityVolumeHistogram(levels=_LEVELS, limits=_LIMITS)),
        _twin,
        masked=True,
    ),
)
