"""The size of the heart against its twin; no other package has it."""

from featurex.features import HeartSize
from tests.cases.base import Case, values_of
from tests.naive import heart as naive

CASES = (
    Case(
        "heart_size",
        "heart",
        values_of(HeartSize()),
        lambda image, inside: naive.heart_size(image),
        rtol=1e-3,
        atol=1e-3,
    ),
)
