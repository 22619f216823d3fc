"""Co-occurrence: scikit-image's properties one by one, mahotas's matrices' properties, and laws."""

import numpy as np
import pytest
from skimage.feature import graycomatrix, graycoprops

from featurex.features import GLCM
from featurex.features.cooccurrence import cooccurrence, count_level_pairs, describe_matrices
from featurex.features.glcm import STATISTICS
from featurex.features.offsets import find_offset
from tests.naive import glcm as naive

pytestmark = pytest.mark.kernels

ANGLES = (0, 45, 90, 135)
N_LEVELS = 8
LEVELS = np.random.default_rng(0).integers(1, N_LEVELS + 1, (33, 40)).astype(np.uint16)
POSITIONS = {statistic.name: position for position, statistic in enumerate(STATISTICS)}


def offsets(distance, diagonal="square"):
    return [find_offset(distance, angle, diagonal) for angle in ANGLES]


@pytest.mark.parametrize("distance", [1, 2, 3, 5])
@pytest.mark.parametrize(
    "name", ["contrast", "dissimilarity", "homogeneity", "ASM", "energy", "correlation"]
)
def test_circle_gives_scikit_images_properties(name, distance):
    # Its angles turn clockwise.
    turns = [-np.deg2rad(angle) for angle in ANGLES]
    theirs = graycoprops(
        graycomatrix(LEVELS - 1, [distance], turns, N_LEVELS, symmetric=True), name
    )[0]
    ours = describe_matrices(cooccurrence(LEVELS, N_LEVELS, offsets(distance, "circle")))[
        :, POSITIONS[name.lower()]
    ]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize("distance", [1, 2, 3])
def test_square_gives_mahotas_properties(distance):
    haralick = pytest.importorskip("mahotas.features").haralick
    names = ["asm", "contrast", "correlation", "joint_variance", "homogeneity", "sum_average"]
    names += [None, "sum_entropy", "entropy", None, "difference_entropy", "information_1", None]
    theirs = haralick((LEVELS - 1).astype(np.uint8), distance=distance)
    # Its directions are 0, 135, 90, 45; its levels start at 0, which only the sum average feels.
    ours = describe_matrices(cooccurrence(LEVELS, N_LEVELS, offsets(distance)))[[0, 3, 2, 1]]
    ours[:, POSITIONS["sum_average"]] -= 2
    for column, name in enumerate(names):
        if name is not None:
            np.testing.assert_allclose(
                ours[:, POSITIONS[name]], theirs[:, column], rtol=1e-7, err_msg=name
            )


@pytest.mark.parametrize("n_offsets", [1, 2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("n_levels", [3, 60])
def test_any_number_of_offsets_is_counted_as_one_by_one(n_offsets, n_levels):
    # Of few levels triples are counted, two offsets at a time, and of many pairs.
    levels = np.random.default_rng(0).integers(0, n_levels + 1, (19, 23)).astype(np.uint16)
    steps = [*offsets(2), *offsets(5)][:n_offsets]
    for lower in (False, True):
        tables = count_level_pairs(levels, n_levels, steps, lower)
        for step, counts in zip(steps, tables, strict=True):
            expected = naive.matrix(levels, n_levels, step, False)
            if lower:
                expected = np.tril(expected) + np.tril(expected.T, -1)
            np.testing.assert_array_equal(counts[1:, 1:], expected)
            assert counts[0].sum() == counts[:, 0].sum() == 0


def test_every_pair_is_counted_once():
    rows, columns = LEVELS.shape
    for (down, right), counts in zip(
        offsets(3), count_level_pairs(LEVELS, N_LEVELS, offsets(3)), strict=True
    ):
        assert counts.sum() == (rows - abs(down)) * (columns - abs(right))


def test_the_other_direction_is_the_transpose():
    there = cooccurrence(LEVELS, N_LEVELS, [(1, -2)], symmetric=False)[0]
    back = cooccurrence(LEVELS, N_LEVELS, [(-1, 2)], symmetric=False)[0]
    np.testing.assert_array_equal(there, back.T)
    both = cooccurrence(LEVELS, N_LEVELS, [(1, -2)])[0]
    np.testing.assert_allclose(both, (there + back) / 2)


def test_a_transposed_image_swaps_the_axes():
    np.testing.assert_array_equal(
        cooccurrence(LEVELS.T, N_LEVELS, [(2, 1)]), cooccurrence(LEVELS, N_LEVELS, [(1, 2)])
    )


def test_a_region_is_a_smaller_image():
    inside = np.zeros(LEVELS.shape, bool)
    inside[4:20, 7:31] = True
    masked = cooccurrence(np.where(inside, LEVELS, 0).astype(np.uint16), N_LEVELS, offsets(2))
    np.testing.assert_array_equal(masked, cooccurrence(LEVELS[4:20, 7:31], N_LEVELS, offsets(2)))


@pytest.mark.parametrize("aggregate", ["none", "average", "merge"])
def test_distances_that_share_a_neighbour_have_values_of_their_own(aggregate):
    options = {
        "levels": None,
        "diagonal": "circle",
        "aggregate": aggregate,
        "grid": 1,
        "size": None,
    }
    chosen = (2, 1, 4), (2,), (1,), (4,)
    together, *alone = (
        GLCM(distances=distances, **options).fit_transform(LEVELS[None])[0] for distances in chosen
    )
    np.testing.assert_array_equal(together, np.concatenate(alone))


def test_aggregates_are_the_mean_of_values_and_the_value_of_all_pairs():
    options = {
        "levels": None,
        "distances": (1, 3),
        "properties": tuple(POSITIONS),
        "grid": 1,
        "size": None,
    }
    single, average, merged = (
        GLCM(aggregate=how, **options).fit_transform(LEVELS[None]).reshape(2, -1, len(POSITIONS))
        for how in ("none", "average", "merge")
    )
    np.testing.assert_allclose(average[:, 0], single.mean(axis=1), rtol=1e-5, atol=1e-6)
    counts = count_level_pairs(LEVELS, N_LEVELS, offsets(3)).sum(axis=0)[1:, 1:] * 1.0
    fractions = (counts + counts.T) / (2 * counts.sum())
    expected = describe_matrices(fractions[None])[0]
    np.testing.assert_allclose(merged[1, 0], expected, rtol=1e-5, atol=1e-6)
