"""The battery over all extractors; and broken ones, which it must catch."""

import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from numba import config
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline

from featurex.errors import ParameterError
from featurex.features import EXTRACTORS, GLCM, HOG, LBP, Gabor, LungIntensity, ZoneHistogram
from featurex.features.grid import find_zones, zone_edges
from tests.battery import CHECKS, REGION_CHECKS, SIDE, check_values, films
from tests.broken_extractors import BROKEN

# Most checks are of the contract, and the same whatever runs the kernels; values are not.
ALL_CHECKS = [
    pytest.param(check, id=check.__name__, marks=[pytest.mark.kernels] * (check is check_values))
    for check in CHECKS
]


@pytest.mark.parametrize("check", ALL_CHECKS)
@pytest.mark.parametrize("family", sorted(EXTRACTORS))
def test_every_extractor_passes_the_battery(family, check):
    check(EXTRACTORS[family])


# The cases of tests/cases have regions, too; these here take minutes where nothing is compiled.
@pytest.mark.kernels
@pytest.mark.skipif(config.DISABLE_JIT, reason="takes long")
@pytest.mark.parametrize("check", REGION_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("family", [name for name, kind in EXTRACTORS.items() if kind.takes_region])
def test_a_region_is_respected(family, check):
    check(EXTRACTORS[family])


def test_a_family_of_whole_images_refuses_a_region():
    images = np.ma.masked_array(films(), np.broadcast_to(np.eye(SIDE, dtype=bool), (3, SIDE, SIDE)))
    with pytest.raises(ParameterError, match="HeartSize needs the whole image, but image 0 has a"):
        EXTRACTORS["heart"]().fit_transform(images)


@pytest.mark.parametrize(
    "family", [name for name in EXTRACTORS if "limits" in EXTRACTORS[name]().get_params()]
)
def test_stated_limits_make_the_type_irrelevant(family):
    def extract(images, limits):
        # Resized integers would be rounded.
        return EXTRACTORS[family](limits=limits, size=None).fit_transform(images)

    bytes_, floats = films(), films().astype(np.float32)
    for limits in ((0, 255), "region"):
        expected = extract(bytes_, limits)
        assert len(np.unique(expected)) > 10
        for same in (floats, films().astype(np.int64)):
            np.testing.assert_allclose(extract(same, limits), expected, rtol=1e-5, atol=1e-5)
    # 12 bits in 16; the statistics of grey values themselves, in the set, are in their unit.
    if family != "radiomics":
        wide, expected = (
            extract(films().astype(np.uint16) * 16, (0, 4080)),
            extract(bytes_, (0, 255)),
        )
        np.testing.assert_allclose(wide, expected, rtol=1e-5, atol=1e-5)
    for ambiguous, message in (
        (floats, "of float32, of which 0 is black and 1 is white, but its grey values are from"),
        (films().astype(np.int32), "of int32, which does not tell the grey values of black"),
        (films().astype(np.uint16) * 16, "of uint16, of which 65535 is white, but its maximum is"),
    ):
        with pytest.raises(ParameterError, match=f"image 0 is {message}"):
            extract(ambiguous, "dtype")
    with pytest.raises(ParameterError, match=r"limits must be region, dtype or .*low < high"):
        extract(bytes_, (3, 3))


def test_parameters_that_change_are_checked_anew():
    distances = [1, 2]
    extractor = GLCM(distances=distances, grid=1, size=None)
    images = films()
    before = extractor.fit_transform(images)
    distances[1] = 3
    assert not np.array_equal(extractor.transform(images), before)
    distances[1] = 0
    with pytest.raises(ParameterError, match="distances"):
        extractor.transform(images)
    distances[1] = 2
    assert np.array_equal(extractor.transform(images), before)
    # Which equals 1.
    extractor.set_params(grid=True)
    with pytest.raises(ParameterError, match="grid must be an integer"):
        extractor.transform(images)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_extractor_fails_its_check_and_no_other(broken):
    failed = []
    for check in (*CHECKS, *REGION_CHECKS):
        try:
            check(broken)
        except Exception:
            failed.append(check)
    assert failed == [BROKEN[broken]]


def test_every_check_is_shown_to_fail():
    assert {*CHECKS, *REGION_CHECKS} == set(BROKEN.values())


@pytest.mark.parametrize("family", sorted(EXTRACTORS))
def test_statistics_have_formula_and_source(family):
    for statistic in EXTRACTORS[family].statistics:
        assert statistic.name
        assert statistic.formula
        assert statistic.source


@pytest.mark.kernels
@pytest.mark.parametrize("family", sorted(EXTRACTORS))
def test_a_figure_is_two_dimensional(family):
    extractor = EXTRACTORS[family]()
    figure = extractor.draw(films()[0])
    assert (figure is None) == (extractor.drawing is None)
    assert figure is None or (figure.ndim == 2 and np.isfinite(figure).all())


def test_what_was_prepared_is_neither_pickled_nor_cloned():
    extractor = HOG().fit(films())
    assert extractor._prepared is not None
    for copy in (clone(extractor), pickle.loads(pickle.dumps(extractor))):
        assert copy._prepared is None


def test_columns_are_named_once_for_each_shape(monkeypatch):
    extractor, named = HOG(size=None), []

    def name_columns(shape):
        named.append(shape)
        return HOG._columns(extractor, shape)

    monkeypatch.setattr(extractor, "_columns", name_columns)
    for _ in range(2):
        extractor.fit(films()).transform(films())
        extractor.get_feature_names_out()
    assert named == [(SIDE, SIDE)]


@pytest.mark.parametrize(("side", "grid"), [(96, 5), (7, 3), (2, 5), (65, 4)])
def test_a_zone_is_the_same_rectangle_however_it_is_asked_for(side, grid):
    edges = zone_edges(side, grid)
    zones = find_zones(np.arange(side), side, grid)
    np.testing.assert_array_equal(np.bincount(zones, minlength=grid), np.diff(edges))


def test_names_are_unique_over_all_families():
    names = [
        name
        for family in EXTRACTORS.values()
        for name in family().fit(films()).get_feature_names_out()
    ]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("extractor", "number"),
    [
        (LBP(points=(8, 8), radii=(1.0, 1.04)), "_s010p4_"),
        (Gabor(sigmas=(2.0, 2.01)), "_s020p1_"),
        (LungIntensity(opaque=(0.5, 0.504)), "_x050p4"),
    ],
)
def test_numbers_that_differ_have_columns_that_differ(extractor, number):
    names = extractor.fit(films()).get_feature_names_out()
    assert len(set(names)) == len(names)
    assert any(number in name for name in names)


def test_a_column_that_would_be_there_twice_is_refused():
    with pytest.raises(ParameterError, match=r"GLCM: .* column glcm_contrast_d01_.* twice"):
        GLCM(distances=(1, 1)).transform(films())


def _letters_of_columns():
    """Letters and families of the default columns: what is left without the statistics' names."""
    for family, extractor in EXTRACTORS.items():
        names = sorted((statistic.name for statistic in extractor.statistics), key=len)
        statistics = re.compile(f"{family}_({'|'.join(reversed(names))})")
        for column in extractor().fit(films()).get_feature_names_out():
            for letter in re.findall(r"_([a-z])\d*(?=_|$)", statistics.sub("", column, count=1)):
                yield letter, family


def test_letters_in_columns_are_documented_with_one_meaning_in_each_family():
    page = Path(__file__).resolve().parents[1] / "docs" / "conventions.md"
    rows = re.findall(r"^\| `([a-z])` \| (.+) \| (.+) \|$", page.read_text("utf-8"), re.MULTILINE)
    documented = [
        (letter, family) for letter, _, families in rows for family in families.split(", ")
    ]
    assert len(set(documented)) == len(documented), "a letter has two meanings in one family"
    assert set(documented) == set(_letters_of_columns())


def test_a_union_in_a_pipeline_gives_a_named_frame():
    union = FeatureUnion(
        [("zones", ZoneHistogram()), ("hog", HOG())], verbose_feature_names_out=False
    ).set_output(transform="pandas")
    frame = union.fit_transform(films())
    assert list(frame.columns) == list(union.get_feature_names_out())
    assert frame.shape[0] == 3


def test_cross_validation_and_grid_search_take_images():
    images, labels = films(12), np.arange(12) % 2
    pipeline = make_pipeline(ZoneHistogram(grids=(1,), bins=(8,)), LogisticRegression())
    assert len(cross_val_score(pipeline, images, labels, cv=3)) == 3
    search = GridSearchCV(pipeline, {"zonehistogram__bins": [(4,), (8,)]}, cv=3).fit(images, labels)
    assert search.best_params_["zonehistogram__bins"] in [(4,), (8,)]


def test_regions_pass_through_cross_validation():
    inside = np.zeros((SIDE, SIDE), bool)
    inside[8:-8, 8:-8] = True
    images = np.ma.masked_array(films(12), np.broadcast_to(~inside, (12, SIDE, SIDE)))
    pipeline = make_pipeline(ZoneHistogram(grids=(1,), bins=(8,)), LogisticRegression())
    assert len(cross_val_score(pipeline, images, np.arange(12) % 2, cv=3)) == 3


def test_set_params_lists_what_exists():
    with pytest.raises(
        ValueError, match=r"Invalid parameter 'cells'.*Valid parameters are: .*'cell'"
    ):
        HOG().set_params(cells=8)


def test_images_of_different_sizes_need_one_size():
    images = [films()[0], films()[0][:24, :24]]
    with pytest.raises(
        ParameterError, match=r"image 1 of shape \(24, 24\) gives .* columns, but the first gave"
    ):
        HOG(cell=8, size=None).fit_transform(images)
    assert HOG().fit_transform(images).shape == (2, 1764)
