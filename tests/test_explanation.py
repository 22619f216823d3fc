import itertools
import math

import numpy as np
import pytest
from scipy.special import logit
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from featurex.errors import ParameterError
from featurex.evaluation.importance import permutation_importance
from featurex.explanation import (
    can_take_apart,
    draw_map,
    explain,
    family_of,
    fraction_inside,
    locate_columns,
)
from featurex.explanation.sampling import sample_shapley_values
from featurex.features import GLCM, HOG, Gabor, ZoneHistogram
from featurex.models import MODELS

COLUMNS = 12
GROUPS = np.repeat(np.arange(4), 3)
# Every model that takes columns; small, since exactness does not depend on size.
SMALL = {
    "logistic": {},
    "lda": {"n_components": 11},
    "svm": {"n_components": 11},
    "xgboost": {"n_estimators": 20},
    "hist_boosting": {"n_estimators": 10},
    "random_forest": {"n_estimators": 10},
    "extra_trees": {"n_estimators": 10},
    "vote": {},
}


@pytest.fixture(scope="module")
def data():
    """Columns of which the first three tell two classes apart, and one of three classes."""
    generator = np.random.default_rng(0)
    values = generator.normal(size=(150, COLUMNS)).astype(np.float32)
    values[:, 4] *= 10
    strength = values[:, 0] + 0.7 * values[:, 1] - 0.5 * values[:, 2]
    labels = (strength + 0.3 * generator.normal(size=150) > 0.4).astype(int)
    return values, labels, labels + (labels == 1) * (values[:, 3] > 0)


@pytest.mark.parametrize("name", SMALL)
def test_contributions_sum_to_the_score(data, name):
    values, labels, _ = data
    model = MODELS[name](**SMALL[name]).fit(values, labels)
    found = explain(model, values[:6], values.mean(axis=0), GROUPS)
    np.testing.assert_allclose(found.scores, model.predict_proba(values[:6])[:, 1], atol=2e-6)
    assert found.columns.shape == (6, COLUMNS)


@pytest.mark.parametrize("target", [0, 1])
def test_the_other_class_is_the_mirror_image(data, target):
    values, labels, _ = data
    model = MODELS["logistic"]().fit(values, labels)
    found = explain(model, values[:6], values.mean(axis=0), GROUPS, target)
    np.testing.assert_allclose(found.scores, model.predict_proba(values[:6])[:, target], atol=2e-6)


@pytest.mark.parametrize("target", [0, 1, 2])
def test_contributions_of_three_classes_sum_to_the_score(data, target):
    values, _, labels = data
    model = MODELS["xgboost"](n_estimators=10).fit(values, labels)
    found = explain(model, values[:3], values.mean(axis=0), GROUPS, target)
    np.testing.assert_allclose(found.scores, model.predict_proba(values[:3])[:, target], atol=1e-5)


def test_a_foreign_model_is_sampled(data):
    values, labels, _ = data
    model = KNeighborsClassifier(9).fit(values, labels)
    assert not can_take_apart(model)
    found = explain(model, values[:2], values.mean(axis=0), GROUPS)
    np.testing.assert_allclose(found.scores, model.predict_proba(values[:2])[:, 1], atol=2e-6)


@pytest.mark.parametrize("name", SMALL)
def test_what_tells_the_classes_apart_counts_most(data, name):
    values, labels, _ = data
    model = MODELS[name](**SMALL[name]).fit(values, labels)
    assert can_take_apart(model)
    found = explain(model, values[:40], values.mean(axis=0), np.arange(COLUMNS))
    strength = np.abs(found.columns).mean(axis=0)
    # By chance they would have a quarter.
    assert strength[:3].sum() > 0.4 * strength.sum()


def test_linear_contributions_by_hand(data):
    values, labels, _ = data
    model = MODELS["logistic"]().fit(values, labels)
    scaler, regression = model.estimator_[0], model.estimator_[1]
    found = explain(model, values, scaler.mean_, GROUPS)
    expected = regression.coef_[0] * (values - scaler.mean_) / scaler.scale_
    np.testing.assert_allclose(found.columns, expected, atol=1e-12)
    assert found.base == pytest.approx(regression.intercept_[0])


def test_integrated_gradients_against_finite_differences(data):
    values, labels, _ = data
    model = MODELS["svm"](n_components=6).fit(values, labels)
    mean, image = values.mean(axis=0).astype(float), values[3].astype(float)

    def log_odds(points):
        return logit(model.predict_proba(points)[:, 1])

    # The slow twin: a rectangle rule of central differences along the straight line.
    steps, width, slopes = 200, 1e-4, np.zeros(COLUMNS)
    for step in range(steps):
        point = mean + (step + 0.5) / steps * (image - mean)
        near = np.tile(point, (COLUMNS, 1))
        slopes += (
            log_odds(near + width * np.eye(COLUMNS)) - log_odds(near - width * np.eye(COLUMNS))
        ) / (2 * width)
    found = explain(model, values[3:4], mean, GROUPS).columns[0]
    np.testing.assert_allclose(found, slopes / steps * (image - mean), atol=1e-4)


def test_sampled_shares_against_all_orders():
    def function(rows):
        return rows[:, 0] * rows[:, 1] + 2 * rows[:, 2]

    mean, image = np.array([1.0, 0.5, 0.0]), np.array([3.0, 2.0, 1.0])
    exact = np.zeros(3)
    for order in itertools.permutations(range(3)):
        point = mean.copy()
        for column in order:
            before = function(point[None])[0]
            point[column] = image[column]
            exact[column] += (function(point[None])[0] - before) / math.factorial(3)
    base, shares = sample_shapley_values(function, image[None], mean, np.arange(3))
    assert base == function(mean[None])[0]
    # An order and its reverse are exact for products of two.
    np.testing.assert_allclose(shares[0], exact, atol=1e-12)


def test_wrong_shapes_are_refused(data):
    values, labels, _ = data
    model = MODELS["logistic"]().fit(values, labels)
    with pytest.raises(
        ParameterError, match=r"values, mean and groups must be of shapes .* \(12,\) and \(3,\)"
    ):
        explain(model, values, values.mean(axis=0), np.arange(3))


# --- places


def test_places_of_the_families():
    image = np.zeros((1, 224, 224), np.uint8)
    chain = make_pipeline(ZoneHistogram(grids=(1, 2), bins=(2, 2)))
    names = chain.fit(image).get_feature_names_out()
    places = dict(zip(names, locate_columns(names).tolist(), strict=True))
    assert places["zones_root_g01_r00_c00_b000"] == [0, 0, 1, 1]
    assert places["zones_root_g02_r01_c00_b001"] == [0.5, 0, 1, 0.5]
    for extractor in (HOG(), GLCM(), Gabor()):
        places = locate_columns(extractor.fit(image).get_feature_names_out())
        assert not np.isnan(places).any()
        assert places.min() == 0
        assert places.max() == 1
    assert np.isnan(locate_columns(["lung_mean_right_whole"])).all()


def test_a_block_of_hog_names_its_cells():
    names = HOG().fit(np.zeros((1, 224, 224), np.uint8)).get_feature_names_out()
    places = dict(zip(names, locate_columns(names).tolist(), strict=True))
    # The last cell of the last block: block 6, cell 1 of 8 cells a side.
    assert places["hog_share_r06_c06_i1_j1_o08"] == [0.875, 0.875, 1, 1]


def test_families_of_columns():
    assert family_of("zones_root_g01_r00_c00_b000") == "zones"


def test_a_map_sums_to_what_has_a_place():
    generator = np.random.default_rng(1)
    names = [
        *ZoneHistogram(grids=(3, 5), bins=(2, 2))
        .fit(np.zeros((1, 64, 64), np.uint8))
        .get_feature_names_out()
    ]
    values = generator.normal(size=len(names) + 1)
    heat = draw_map(values, locate_columns([*names, "lung_mean_right_whole"]), 56)
    assert heat.sum() == pytest.approx(values[:-1].sum())


def test_a_map_points_at_the_zone():
    heat = draw_map(np.array([2.0, -1.0]), np.array([[0.5, 0, 1, 0.5], [0, 0.5, 0.5, 1]]), 8)
    assert heat[4:, :4].sum() == pytest.approx(2)
    assert heat[:4, 4:].sum() == pytest.approx(-1)
    mask = np.zeros((8, 8))
    mask[4:, :4] = 1
    assert fraction_inside(heat, mask) == pytest.approx(2 / 3)
    assert math.isnan(fraction_inside(np.zeros((8, 8)), mask))


# --- permutation importance


def test_only_what_tells_falls(data):
    values, labels, _ = data
    model = MODELS["logistic"]().fit(values[:90], labels[:90])
    groups = {"first": np.arange(3), "rest": np.arange(3, COLUMNS)}
    falls = permutation_importance(
        model, values[90:], labels[90:], np.arange(60), groups, n_resamples=100
    )
    assert falls["first"].low > 0.1
    assert falls["rest"].low < 0.02
    assert falls["first"].low <= falls["first"].value <= falls["first"].high
