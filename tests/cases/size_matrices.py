"""Run-length, zone, dependence and tone-difference matrices against their twins."""

from collections import Counter

import numpy as np

from featurex.features import GLDZM, GLRLM, GLSZM, NGLDM, NGTDM
from tests.cases.base import Case, values_of
from tests.naive import glcm as naive_levels
from tests.naive import size_matrices as naive

_LEVELS, _LIMITS = 8, (0, 256)


def _bytes(image):
    return (image >> 8).astype(np.uint8) if image.dtype == np.uint16 else image


def _case(name, make, twin, **parameters):
    values = values_of(make(levels=_LEVELS, limits=_LIMITS, **parameters))

    def ours(image, inside):
        return values(_bytes(image), inside)

    def slow(image, inside):
        return np.array(twin(naive_levels.levels_of(_bytes(image), inside, _LEVELS, _LIMITS)))

    return Case(name, make.family, ours, slow, masked=True, rtol=2e-5, atol=1e-6)


def n_pixels(levels):
    return int((levels > 0).sum())


def runs(levels):
    return np.mean(
        [naive.statistics(counts, n_pixels(levels)) for counts in naive.runs(levels)], axis=0
    )


def _merged_runs(levels):
    return naive.statistics(sum(naive.runs(levels), Counter()), 4 * n_pixels(levels))


def zones(levels):
    return naive.statistics(
        Counter((level, len(zone)) for level, zone in naive.zones(levels)), n_pixels(levels)
    )


def _distances(levels):
    away = naive.distances(levels)
    counts = Counter(
        (level, min(away[place] for place in zone)) for level, zone in naive.zones(levels)
    )
    return naive.statistics(counts, n_pixels(levels))


def dependence(distance, difference):
    return lambda levels: naive.statistics(
        naive.dependence(levels, distance, difference), n_pixels(levels), energy=True
    )


CASES = (
    _case("glrlm_average", GLRLM, runs),
    _case("glrlm_merged", GLRLM, _merged_runs, aggregate="merge"),
    _case("glszm", GLSZM, zones),
    _case("gldzm", GLDZM, _distances),
    _case("ngldm", NGLDM, dependence(1, 0)),
    _case("ngldm_far", NGLDM, dependence(2, 1), distance=2, difference=1),
    _case("ngtdm", NGTDM, lambda levels: naive.tone_differences(levels, 1)),
    _case("ngtdm_far", NGTDM, lambda levels: naive.tone_differences(levels, 2), distance=2),
)
