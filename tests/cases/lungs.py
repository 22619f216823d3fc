"""Intensity inside the lungs against its twin; no other package has these statistics."""

from featurex.features import LungIntensity
from tests.cases.base import Case, values_of
from tests.naive import lungs as naive

_BINS, _OPAQUE = 8, (0.5, 0.8)


CASES = (
    Case(
        "lung_zones",
        "lung",
        values_of(LungIntensity(bins=_BINS, opaque=_OPAQUE, size=None)),
        lambda image, inside: naive.lung_intensity(image, inside, _BINS, _OPAQUE),
        masked=True,
        rtol=1e-5,
        atol=1e-5,
    ),
)
