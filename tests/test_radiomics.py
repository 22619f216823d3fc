"""Radiomics of a region: the same values as the families one by one."""

import numpy as np
import pytest

from featurex.errors import ParameterError
from featurex.features import EXTRACTORS, GLCM, GLDZM, Radiomics
from featurex.kernels.region import find_bounding_box
from tests.battery import disc, films, masked
from tests.ibsi import DATA, codes
from tests.naive import size_matrices as naive

pytestmark = pytest.mark.kernels

_FAMILIES = ("intensity", "histogram", "glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")


def _alone(family, aggregate, images):
    parameters = {"levels": 12, "distance": 2, "difference": 1, "aggregate": aggregate}
    if family == "glcm":
        names = [statistic.name for statistic in GLCM.statistics[:-1]]
        extractor = GLCM(
            12, None, "region", (2,), aggregate=aggregate, properties=names, grid=1, size=None
        )
    else:
        known = EXTRACTORS[family]().get_params()
        extractor = EXTRACTORS[family](
            **{name: value for name, value in parameters.items() if name in known}
        )
    values = extractor.fit_transform(images)
    return values, [f"radiomics_{name}" for name in extractor.get_feature_names_out()]


@pytest.mark.parametrize("aggregate", ["average", "merge"])
@pytest.mark.parametrize("inside", [disc(), None], ids=["region", "whole"])
def test_equal_to_the_families_one_by_one(aggregate, inside):
    images = films() if inside is None else masked(films(), inside)
    together = Radiomics(_FAMILIES, 12, distance=2, difference=1, aggregate=aggregate)
    values = together.fit_transform(images)
    expected, names = zip(*(_alone(family, aggregate, images) for family in _FAMILIES), strict=True)
    np.testing.assert_array_equal(values, np.concatenate(expected, axis=1))
    assert list(together.get_feature_names_out()) == [name for each in names for name in each]


def test_families_are_chosen_and_ordered():
    names = Radiomics(("ngtdm", "glszm")).fit(films()).get_feature_names_out()
    assert [name.split("_")[1] for name in names] == 5 * ["ngtdm"] + 16 * ["glszm"]


def test_a_family_named_twice_counts_once():
    once, twice = Radiomics(("glcm", "ngtdm")), Radiomics(("glcm", "ngtdm", "glcm"))
    np.testing.assert_array_equal(once.fit_transform(films()), twice.fit_transform(films()))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"families": ("glcm", "hog")}, "families.*hog"),
        ({"difference": 256}, "difference"),
        ({"distance": 9}, "distance"),
        ({"levels": 1}, "levels"),
        ({"aggregate": "none"}, "aggregate"),
        ({"families": ("intensity",), "difference": -1}, "difference"),
    ],
)
def test_a_wrong_parameter_is_named(parameters, message):
    with pytest.raises(ParameterError, match=message):
        Radiomics(**parameters).fit(films())


@pytest.mark.parametrize(
    ("rows", "columns", "box"),
    [
        ([2], [3], (2, 3, 3, 4)),
        ([0, 6], [4, 1], (0, 7, 1, 5)),
        ([], [], (0, 0, 0, 0)),
        ([6, 0], [0, 8], (0, 7, 0, 9)),
    ],
)
def test_the_box_around_a_region(rows, columns, box):
    inside = np.zeros((7, 9), bool)
    inside[rows, columns] = True
    assert find_bounding_box(inside) == box


@pytest.mark.parametrize(
    ("aggregate", "names"),
    [
        ("average", {"2D, averaged", "2.5D, direction-merged", "2D", "2.5D", "by volume"}),
        ("merge", {"2D, slice-merged", "2.5D, merged"}),
    ],
)
def test_published_values_of_slices_and_volumes(aggregate, names):
    """IBSI's digital phantom through the public class; 2-D values are means over its slices."""
    slices = np.ma.masked_array(
        np.array(DATA["intensity"], np.uint8), ~np.array(DATA["inside"], bool)
    )
    radiomics = Radiomics(_FAMILIES, None, aggregate=aggregate).fit(slices)
    of_slices = radiomics.transform(slices).mean(axis=0, dtype=np.float64)
    of_volume = radiomics.transform_volumes([slices])[0]
    places = {}
    for column, name in enumerate(radiomics.get_feature_names_out()):
        family, rest = name.removeprefix("radiomics_").split("_", 1)
        for code, place in codes(EXTRACTORS[family].statistics).items():
            if (
                rest == EXTRACTORS[family].statistics[place].name
                or rest.startswith(f"{EXTRACTORS[family].statistics[place].name}_d")
                or rest == f"{EXTRACTORS[family].statistics[place].name}_{aggregate}"
            ):
                places[code] = column
    met = 0
    for _, code, feature, aggregation, expected in DATA["rows"]:
        if aggregation not in names:
            continue
        found = (of_slices if aggregation.startswith("2D") else of_volume)[places[code]]
        assert float(f"{found:.3g}") == expected, (feature, code, aggregation)
        met += 1
    assert met == sum(row[3] in names for row in DATA["rows"])


def test_slices_of_a_volume_may_differ_in_shape_and_are_resized_each():
    one = Radiomics(("ngtdm",), 8, limits="dtype").fit(films())
    volume = [films()[0], films()[1][:20, :30]]
    assert one.transform_volumes([volume, volume[:1]]).shape == (2, 5)
    np.testing.assert_array_equal(one.transform_volumes([films()[:1]]), one.transform(films()[:1]))
    sized = Radiomics(("ngtdm",), 8, limits="dtype", size=16).fit(films())
    np.testing.assert_array_equal(
        sized.transform_volumes([films()[:1]]), sized.transform(films()[:1])
    )


# Computed by MIRP 2.7.0, which takes both masks as IBSI does: extract_features(image=image[None],
# mask=inside[None], by_slice=True, base_feature_families="dzm", base_discretisation_method="none",
# resegmentation_intensity_range=[2.0, 5.0]).
_BY_MIRP = (
    0.6373015873015874, 3.085714285714286, 0.11003968253968253, 14.228571428571428,
    0.06634722222222222, 9.618253968253969, 0.3959206349206349, 38.25714285714286,
    8.82857142857143, 0.2522448979591837, 14.485714285714286, 0.4138775510204082,
    0.6730769230769231, 1.2685714285714282, 0.5257142857142857, 3.1888216752051486,
)  # fmt: skip


def test_distances_from_the_morphological_mask_are_those_of_another_program():
    y, x = np.mgrid[:9, :10]
    image = ((3 * x + 2 * y * y + x * y) % 7 + 1).astype(np.uint8)
    inside = np.ones(image.shape, bool)
    inside[:2, :3] = inside[8, 6:] = inside[4, 4] = False
    values = GLDZM(None, resegment=(2, 5)).fit_transform(masked(image[None], inside))[0]
    np.testing.assert_allclose(values, _BY_MIRP, rtol=1e-6)


def test_distances_are_those_of_the_morphological_mask():
    """Re-segmentation makes holes in the intensity mask, which are no border."""
    outline = disc()
    image = np.random.default_rng(3).integers(1, 7, outline.shape, dtype=np.uint8)
    values = GLDZM(None, resegment=(2, 5)).fit_transform(masked(image[None], outline))[0]
    levels = np.where(outline & (image >= 2) & (image <= 5), image, 0)
    away = naive.distances(outline.astype(int))
    counts = naive.Counter(
        (level, min(away[place] for place in zone)) for level, zone in naive.zones(levels)
    )
    np.testing.assert_allclose(values, naive.statistics(counts, (levels > 0).sum()), rtol=1e-5)
    holes = GLDZM(None).fit_transform(np.ma.masked_array(image[None], levels[None] == 0))[0]
    assert not np.allclose(values, holes)
    together = Radiomics(("gldzm", "intensity"), None, resegment=(2, 5))
    both = together.fit_transform(masked(image[None], outline))[0]
    np.testing.assert_array_equal(both[: len(values)], values)
    assert both[len(values)] == pytest.approx(levels[levels > 0].mean())


@pytest.mark.parametrize("resegment", [(3, 2), "region", (1,), (1, 2, 3)])
def test_a_wrong_range_of_grey_values_is_named(resegment):
    with pytest.raises(ParameterError, match="resegment must be"):
        GLDZM(resegment=resegment).fit(films())


def test_a_range_without_a_pixel_is_refused():
    with pytest.raises(ParameterError, match="no pixel of the region has a grey value from 900"):
        GLDZM(resegment=(900, 901)).fit_transform(films())


@pytest.mark.parametrize("grid", [1, 2])
def test_normalised_properties_go_by_the_highest_level_of_the_region(grid):
    """IBSI's N_g: stated limits beyond the region's grey values change nothing but the offset."""
    names = ("inverse_difference_normalized", "homogeneity_normalized")
    levels = np.random.default_rng(0).integers(1, 6, (1, 24, 24), dtype=np.uint8)
    levels[0, 0::12, 0::12] = 5
    expected = GLCM(None, grid=grid, properties=names, size=None).fit_transform(levels)
    stated = GLCM(None, 1.0, (1, 200), grid=grid, properties=names, size=None)
    np.testing.assert_array_equal(stated.fit_transform(levels), expected)
