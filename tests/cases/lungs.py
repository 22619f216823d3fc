"""Intensity inside the lungs against its twin; no other package has these statistics."""

import numpy as np

from featurex.features import LungIntensity
from tests.cases.base import Case
from tests.naive import lungs as naive

_BINS, _OPAQUE = 8, (0.5, 0.8)


def _ours(image, inside):
    extractor = LungIntensity(bins=_BINS, opaque=_OPAQUE, size=None)
    return extractor.fit_transform([image if inside is None else np.ma.masked_array(image, ~inside)])[0]


CASES = (
    Case(
        "lung_zones",
        "lung",
        _ours,
        lambda image, inside: naive.lung_intensity(image, inside, _BINS, _OPAQUE),
        masked=True,
        rtol=1e-5,
        atol=1e-5,
    ),
)
