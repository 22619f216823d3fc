"""Radiomics of a region: the same values as the families one by one."""

import numpy as np
import pytest

from featurex.errors import ParameterError
from featurex.features import EXTRACTORS, GLCM, Radiomics
from featurex.kernels.region import find_bounding_box
from tests.battery import disc, films, masked

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
