"""All that pyradiomics computes of a region; without one, of two ellipses where lungs lie."""

from functools import cache

import numpy as np

from featurex.features import Radiomics
from featurex.features.glcm import STATISTICS
from featurex.features.offsets import find_offset
from tests.cases.base import Case, values_of
from tests.cases.size_matrices import dependence, runs, zones
from tests.naive import first_order, glcm, size_matrices

_LEVELS = 32
# The maximal correlation is left out everywhere: it takes longer than all the others.
_NAMES = tuple(
    statistic.name for statistic in STATISTICS if statistic.name != "maximal_correlation"
)
_ours = values_of(Radiomics(("intensity", "glcm", "glrlm", "glszm", "ngtdm", "ngldm"), _LEVELS))


@cache
def _lungs(shape):
    """Two upright ellipses, 43 % of the image."""
    row, column = (np.add(np.indices(shape)[axis], 0.5) / shape[axis] for axis in (0, 1))
    return (
        np.minimum(
            *(((row - 0.5) / 0.4) ** 2 + ((column - middle) / 0.17) ** 2 for middle in (0.3, 0.7))
        )
        < 1
    )


def _twin(image, inside):
    inside = _lungs(image.shape) if inside is None else inside
    values = [float(value) for value in image[inside]]
    low, high = min(values), max(values)
    levels = glcm.levels_of(image, inside, _LEVELS, (low, high if high > low else low + 1))
    matrices = [
        glcm.matrix(levels, _LEVELS, find_offset(1, angle, "square"), True)
        for angle in (0, 45, 90, 135)
    ]
    properties = [[glcm.properties(matrix)[name] for name in _NAMES] for matrix in matrices]
    return np.concatenate(
        [
            first_order.statistics(values),
            np.mean(properties, axis=0),
            runs(levels),
            zones(levels),
            size_matrices.tone_differences(levels, 1),
            dependence(1, 0)(levels),
        ]
    )


def _arguments(image):
    return {"region": _lungs(image.shape).astype(np.uint8), "levels": _LEVELS}


_CASE = Case(
    "radiomics_of_a_region",
    "radiomics",
    lambda image, inside: _ours(image, _lungs(image.shape) if inside is None else inside),
    _twin,
    elsewhere=dict.fromkeys(("pyradiomics", "nyxus", "pictologics"), _arguments),
    masked=True,
    rtol=3e-5,
    atol=1e-5,
    notes=(
        "First order, GLCM, GLRLM, GLSZM, NGTDM and NGLDM, 32 levels, distance 1, the mean of four "
        "directions. The peers leave out NGLDM's energy, and have a few statistics more."
    ),
)

CASES = (_CASE,)
