"""The battery over all extractors; and broken ones, which it must catch."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline

from featurex.errors import ParameterError
from featurex.features import EXTRACTORS, GLCM, HOG, ZoneHistogram
from tests.battery import CHECKS, REGION_CHECKS, SIDE, films

pytestmark = pytest.mark.kernels

# Families whose definition does not know a region; each says so in its docstring.
WITHOUT_REGION = {"hog", "wavelet"}
# Families that compute pixel by pixel before the region chooses: their neighbours outside matter,
# as they say.
NEIGHBOURS_MATTER = {"lbp"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("family", sorted(EXTRACTORS))
def test_every_extractor_passes_the_battery(family, check):
    check(EXTRACTORS[family])


@pytest.mark.parametrize("check", REGION_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("family", sorted(set(EXTRACTORS) - WITHOUT_REGION - NEIGHBOURS_MATTER))
def test_a_region_is_respected(family, check):
    check(EXTRACTORS[family])


@pytest.mark.parametrize("family", sorted(WITHOUT_REGION | NEIGHBOURS_MATTER))
def test_the_exceptions_say_so(family):
    text = " ".join(EXTRACTORS[family].__doc__.split())
    assert "region is ignored" in text or "a region chooses which of them are counted" in text


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


class _Misnamed(ZoneHistogram):
    def _columns(self, shape):
        return super()._columns(shape)[:-1]


class _Twice(ZoneHistogram):
    def _columns(self, shape):
        return ("zones_same",) * len(super()._columns(shape))


class _Stateful(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        super()._fill(plan, image, inside, out)
        out += getattr(self, "_seen", 0.0)
        self._seen = float(image.mean())


class _Modifying(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        super()._fill(plan, image, inside, out)
        image[0, 0] = 255 - image[0, 0]


class _Leaking(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        super()._fill(plan, image, None, out)


class _Converting(ZoneHistogram):
    def __init__(self, grids=(1, 2), bins=(8, 8), scale="root", size=96):
        super().__init__(list(grids), bins, scale, size)


class _Trusting(HOG):
    def _check(self):
        return super()._check() if isinstance(self.norm, str) else (np.ones(9, np.float32),) * 2


class _Raising(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        raise ParameterError("no")


class _Constant(ZoneHistogram):
    def _fill(self, plan, image, inside, out):
        out[:] = 1.0


@pytest.mark.parametrize(
    "broken",
    [
        _Misnamed,
        _Twice,
        _Stateful,
        _Modifying,
        _Leaking,
        _Converting,
        _Trusting,
        _Raising,
        _Constant,
    ],
)
def test_a_broken_extractor_is_caught(broken):
    caught = []
    for check in (*CHECKS, *REGION_CHECKS):
        try:
            check(broken)
        except Exception:
            caught.append(check.__name__)
    assert caught


@pytest.mark.parametrize("family", sorted(EXTRACTORS))
def test_statistics_have_formula_and_source(family):
    for statistic in EXTRACTORS[family].statistics:
        assert statistic.name
        assert statistic.formula
        assert statistic.source


@pytest.mark.parametrize("family", sorted(EXTRACTORS))
def test_a_picture_is_two_dimensional(family):
    picture = EXTRACTORS[family]().picture(films()[0])
    assert picture is None or (picture.ndim == 2 and np.isfinite(picture).all())


def test_names_are_unique_over_all_families():
    names = [
        name
        for family in EXTRACTORS.values()
        for name in family().fit(films()).get_feature_names_out()
    ]
    assert len(set(names)) == len(names)


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
