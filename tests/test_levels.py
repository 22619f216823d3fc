"""Grey levels: the public stages refuse what their tables have no room for, and count right at the
edges of types.
"""

import numpy as np
import pytest
from numba import config

from featurex.errors import ParameterError
from featurex.features import NGLDM, NGTDM
from featurex.features.discretise import check_discretisation, discretise
from featurex.features.glrlm import run_counts
from featurex.features.glszm import list_zones
from featurex.features.intensity import describe_levels
from featurex.features.ngldm import dependence_counts, dependence_values
from featurex.features.ngtdm import differences
from featurex.kernels.discretise import assign_levels
from tests.naive import size_matrices as naive

pytestmark = pytest.mark.kernels

LEVELS = np.random.default_rng(0).integers(0, 7, (12, 17)).astype(np.uint16)
STAGES = (run_counts, dependence_counts, differences, describe_levels)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("levels", "n_levels", "message"),
    [
        (LEVELS, 5, "to n_levels, 5, but 0 to 6 were given"),
        (LEVELS.astype(np.int64) - 1, 6, "but -1 to 5 were given"),
        (LEVELS, 257, "n_levels must be an integer from 1 to 256, but 257 was given"),
        (LEVELS / 2, 6, "levels must be an array of integers, but one of float64"),
        (LEVELS[:0], 6, r"levels must be an array of integers, but .* shape \(0, 17\)"),
    ],
)
def test_other_levels_are_refused(stage, levels, n_levels, message):
    with pytest.raises(ParameterError, match=message):
        stage(levels, n_levels)


@pytest.mark.parametrize("stage", [run_counts, dependence_counts, differences])
def test_levels_of_another_shape_are_refused(stage):
    with pytest.raises(
        ParameterError, match=r"levels must be of shape \(rows, columns\), but .* \(204,\)"
    ):
        stage(LEVELS.ravel(), 6)


def test_zones_refuse_other_levels_and_distances():
    with pytest.raises(ParameterError, match="to n_levels, 256, but 0 to 600 were given"):
        list_zones(LEVELS * 100)
    with pytest.raises(
        ParameterError, match=r"distances must have the shape of levels, \(12, 17\), but \(12, 16\)"
    ):
        list_zones(LEVELS, np.zeros((12, 16), np.int64))


def test_neighbours_refuse_other_distances():
    with pytest.raises(
        ParameterError, match="distance must be an integer from 1 to 8, but 9 was given"
    ):
        dependence_counts(LEVELS, 6, distance=9)
    with pytest.raises(
        ParameterError, match="distance must be an integer from 1 to 8, but 0 was given"
    ):
        differences(LEVELS, 6, distance=0)


@pytest.mark.parametrize("n_levels", [6, 254, 255, 256])
@pytest.mark.parametrize("difference", [0, 3, 255])
def test_empty_levels_change_no_count_of_dependence(n_levels, difference):
    # Bytes hold the levels, though not all that there may be.
    counts = dependence_counts(LEVELS, n_levels, 1, difference)
    np.testing.assert_array_equal(counts[:6], dependence_counts(LEVELS, 6, 1, difference))
    np.testing.assert_allclose(
        dependence_values(counts),
        naive.statistics(naive.dependence(LEVELS, 1, difference), (LEVELS > 0).sum(), True),
    )


@pytest.mark.parametrize("top", [255, 256])
@pytest.mark.parametrize("distance", [1, 8])
def test_the_highest_levels_fit_their_sums(top, distance):
    # A bright field around a dark pixel: sums, and differences, as great as can be.
    levels = np.full((18, 19), top)
    levels[9, 9] = 1
    expected = naive.tone_differences(levels, distance)
    found = NGTDM(levels=None, distance=distance).fit_transform(levels[None].astype(np.uint16))[0]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    expected = naive.statistics(naive.dependence(levels, distance, 254), levels.size, energy=True)
    found = NGLDM(levels=None, distance=distance, difference=254).fit_transform(
        levels[None].astype(np.uint16)
    )[0]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.skipif(config.DISABLE_JIT, reason="takes long")
def test_sums_of_many_pixels_do_not_run_over():
    levels = np.ones((1500, 1600), np.uint16)
    levels[50::100, 50::100] = 256
    counts, sums = differences(levels, 256, distance=8)
    assert (counts[0], counts[255]) == (levels.size - 240, 240)
    # Around each bright pixel there are 288 dark ones, each with 288 neighbours of which it is one.
    assert sums[255] == 240 * 255
    assert sums[0] == pytest.approx(240 * 288 * 255 / 288)


def test_all_levels_of_any_integer_type_are_alike():
    for kind in (np.uint8, np.int16, np.int64):
        for stage in STAGES:
            for one, other in zip(stage(LEVELS, 6), stage(LEVELS.astype(kind), 6), strict=True):
                np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(list_zones(LEVELS), list_zones(LEVELS.astype(kind)))


@pytest.mark.parametrize("shape", [(1, 300), (300, 2), (1, 70000)])
def test_the_longest_runs_are_counted(shape):
    counts = run_counts(np.ones(shape, np.uint8), 1)
    assert counts[0, 0, shape[1] - 1] == shape[0]
    assert counts[2, 0, shape[0] - 1] == shape[1]
    lengths = np.arange(1, max(shape) + 1)
    assert (counts @ lengths == shape[0] * shape[1]).all()


def test_runs_are_counted_alike_whatever_the_room():
    # Of many levels each has room for short runs only; longer ones are counted elsewhere.
    levels = np.repeat(LEVELS, 20, axis=1)
    np.testing.assert_array_equal(run_counts(levels, 256)[:, :6], run_counts(levels, 6))
    assert run_counts(levels, 6)[0, :, 19].sum() > 0


def test_all_8_bit_values_are_in_the_bin_of_exact_arithmetic():
    """All 255 ranges, and all numbers of levels from 2 to 256: 8,388,225 values.

    Only differences from the minimum matter: they are exact.
    """
    numbers = np.arange(2, 257) if not config.DISABLE_JIT else np.array([8, 32, 255])
    values = np.arange(256, dtype=np.uint8)[None]
    for high in range(1, 256):
        above = values[:, : high + 1]
        levels = np.empty((len(numbers), high + 1), np.uint16)
        for n_levels, row in zip(numbers.tolist(), levels[:, None], strict=True):
            assign_levels(above, None, 0.0, float(n_levels), float(high), n_levels, row)
        bins = np.minimum(numbers[:, None] * above.astype(np.int64) // high, numbers[:, None] - 1)
        np.testing.assert_array_equal(levels, bins + 1)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.float64])
def test_values_on_a_bin_edge_are_in_the_upper_bin(kind):
    # 98, 196, 206 and 214 over 32 levels: a reciprocal puts some multiples of the width too low.
    for high in (98, 196, 206, 214):
        values = np.arange(high + 1)
        levels, _ = discretise(
            check_discretisation(32, None, "region"), (values + 17).astype(kind)[None], None
        )
        assert levels[0].tolist() == [min(32 * value // high, 31) + 1 for value in values.tolist()]
    # Ten widths of 0.1 make one whole: the maximum begins a level of its own.
    levels, n_levels = discretise(
        check_discretisation(None, 0.1, "region"), np.array([[0, 1]], kind), None
    )
    assert (levels[0, 1], n_levels) == (11, 11)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("inside", [LEVELS > 2, None], ids=["region", "whole"])
def test_padding_changes_no_level(kind, inside):
    image = LEVELS.astype(kind)
    for plan in (
        check_discretisation(4, None, "region"),
        check_discretisation(None, 0.5, "region"),
    ):
        levels, n_levels = discretise(plan, image, inside)
        framed, same = discretise(plan, image, inside, padding=3)
        assert n_levels == same
        np.testing.assert_array_equal(framed, np.pad(levels, 3))
        assert (levels > 0).all() if inside is None else ((levels > 0) == inside).all()


def test_a_region_without_pixels_has_no_counts():
    nothing = np.zeros((5, 6), np.uint16)
    assert (
        run_counts(nothing, 3).sum()
        == dependence_counts(nothing, 3).sum()
        == differences(nothing, 3)[0].sum()
        == 0
    )
    assert list_zones(nothing).shape == (0, 3)
