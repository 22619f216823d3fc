"""Scorers against the fitted classifiers that they were made of, and broken ones."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from featurex.errors import DataError
from featurex.models import MODELS
from featurex.models.export import make_scorer
from featurex.scorers import (
    Chain,
    Components,
    EqualPriors,
    KernelMachine,
    Linear,
    Standardization,
    Vote,
    from_arrays,
    to_arrays,
)
from tests.naive import trees as naive

COLUMNS = 6
# Every model that takes columns; small, since equality does not depend on size.
SMALL = {
    "logistic": {},
    "svm": {"n_components": 5},
    "lda": {"n_components": 5},
    "random_forest": {"n_estimators": 5},
    "extra_trees": {"n_estimators": 5},
    "hist_boosting": {"n_estimators": 5, "max_features": 0.5},
    "xgboost": {"n_estimators": 5, "max_features": 0.5},
    "vote": {"estimators": ("logistic", "svm", "lda", "extra_trees")},
}


def draw(n):
    """Columns of very different scales, some of them equal to thresholds that trees may take."""
    generator = np.random.default_rng(n)
    values = generator.normal(size=(n, COLUMNS)).round(2)
    return (values * 10.0 ** np.arange(-3, COLUMNS - 3)).astype(np.float32)


@pytest.fixture(scope="module", params=[2, 3], ids="{} classes".format)
def fitted(request):
    """Every model, fitted to so many classes."""
    values = draw(120)
    labels = (values[:, 0] > 0).astype(int)
    if request.param == 3:
        labels += (labels == 1) & (values[:, 2] > 0)
    return {name: MODELS[name](**given).fit(values, labels) for name, given in SMALL.items()}


def test_every_model_is_tried():
    # Networks: tests/test_networks.py.
    assert {*SMALL, "cnn", "resnet18"} == set(MODELS)


@pytest.mark.parametrize("name", SMALL)
def test_a_scorer_repeats_its_model(fitted, name):
    model = fitted[name]
    tree, arrays = to_arrays(make_scorer(model), "estimator")
    scorer = from_arrays(tree, arrays, "estimator")
    values = np.concatenate([draw(120), draw(50)])
    expected = model.predict_proba(values)
    np.testing.assert_allclose(scorer.predict_proba(values), expected, rtol=0, atol=1e-6)
    assert (scorer.n_columns, scorer.n_classes) == (COLUMNS, expected.shape[1])
    assert scorer.classes_.tolist() == model.classes_.tolist()


@pytest.mark.parametrize("name", ["random_forest", "hist_boosting", "xgboost"])
def test_trees_node_by_node(fitted, name):
    trees = getattr(make_scorer(fitted[name]), "last", make_scorer(fitted[name]))
    values = draw(20)
    sums = trees.find_sums(values)
    for image, found in zip(values, sums, strict=True):
        expected = trees.constants.copy()
        for root, output in zip(trees.roots, trees.outputs, strict=True):
            for place in range(trees.leaves.shape[1]):
                expected[output + place] += naive.find_value(trees, root, image, place)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.kernels
def test_shapley_values_by_their_definition():
    values = draw(60)
    labels = (values[:, 0] * 1000 + values[:, 3] > 0).astype(int)
    trees = make_scorer(
        MODELS["hist_boosting"](n_estimators=3, max_features=1.0).fit(values, labels)
    )
    base, columns = trees.last.explain_sum(values[:3], 0)
    expected = [naive.shapley_values(trees.last, image) for image in values[:3]]
    np.testing.assert_allclose(columns, expected, rtol=0, atol=1e-12)
    sums = trees.last.find_sums(values[:3])[:, 0]
    np.testing.assert_allclose(base + columns.sum(axis=1), sums, rtol=0, atol=1e-12)


def test_shapley_values_are_those_of_xgboost():
    from xgboost import DMatrix

    values = draw(60)
    model = MODELS["xgboost"](n_estimators=20, max_features=1.0)
    model.fit(values, (values[:, 0] > 0).astype(int))
    booster = model.estimator_.estimator_.get_booster()
    expected = booster.predict(DMatrix(values[:9]), pred_contribs=True)
    base, columns = make_scorer(model).last.explain_sum(values[:9], 0)
    np.testing.assert_allclose(columns, expected[:, :-1], rtol=0, atol=1e-5)
    assert base == pytest.approx(expected[0, -1], abs=1e-5)


def test_scores_near_0_keep_their_order():
    margins = np.linspace(-600, -40, 50)[:, None]
    scores = Linear(np.ones((1, 1)), np.zeros(1)).predict_proba(margins)[:, 1]
    assert (np.diff(scores) > 0).all()


def test_a_foreign_model_has_no_scorer():
    from sklearn.neighbors import KNeighborsClassifier

    with pytest.raises(DataError, match="a KNeighborsClassifier has no form as plain arrays"):
        make_scorer(KNeighborsClassifier())


# --- what is broken is refused, before it is followed

LINE = Linear(np.ones((1, 2)), np.zeros(1))
SCALE = Standardization(np.zeros(2), np.ones(2))


@pytest.fixture(scope="module")
def trees():
    values = draw(60)
    model = MODELS["hist_boosting"](n_estimators=2).fit(values, (values[:, 0] > 0).astype(int))
    return make_scorer(model).last


def _set(array, index, value):
    array = array.copy()
    array[index] = value
    return array


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("left", lambda trees: _set(trees.left, 0, 0), "children must follow their parents"),
        ("left", lambda trees: _set(trees.left, 0, 10**6), "children must follow their parents"),
        ("right", lambda trees: _set(trees.right, 0, -7), "children must follow their parents"),
        ("right", lambda trees: trees.left, "every node but a root must have one parent"),
        ("left", lambda trees: _set(trees.left, -1, 1), "a leaf has no children"),
        ("columns", lambda trees: _set(trees.columns, 0, COLUMNS), "columns must be below 6"),
        ("columns", lambda trees: _set(trees.columns, 0, -9), "columns must be below 6"),
        ("columns", lambda trees: trees.columns.astype(float), "must be an array of integers"),
        ("roots", lambda trees: _set(trees.roots, 0, 1), "roots must ascend from 0"),
        ("roots", lambda trees: _set(trees.roots, 1, 10**6), "roots must ascend from 0"),
        ("roots", lambda trees: trees.roots[::-1], "roots must ascend from 0"),
        ("outputs", lambda trees: _set(trees.outputs, 0, 1), "outputs must lie among"),
        (
            "thresholds",
            lambda trees: _set(trees.thresholds, 0, np.nan),
            "thresholds must be finite",
        ),
        ("leaves", lambda trees: trees.leaves[1:], r"leaves must be of shape \(\d+, n\)"),
        ("kind", lambda trees: "odds", "kind must be margins or probabilities"),
        ("kind", lambda trees: "probabilities", "there must be a probability for each class"),
    ],
)
def test_broken_trees_are_refused(trees, name, change, message):
    with pytest.raises(DataError, match=message):
        dataclasses.replace(trees, **{name: change(trees)})


def test_a_tree_deeper_than_any_is_refused(trees):
    n = 2003
    index = np.arange(n)
    inner = (index % 2 == 0) & (index < n - 1)
    with pytest.raises(DataError, match="at most 1000 deep"):
        dataclasses.replace(
            trees,
            columns=np.where(inner, 0, -1),
            left=np.where(inner, index + 1, -1),
            right=np.where(inner, index + 2, -1),
            thresholds=np.zeros(n),
            covers=np.ones(n),
            leaves=np.zeros((n, 1)),
            roots=np.zeros(1, int),
            outputs=np.zeros(1, int),
        )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Linear(np.ones(2), np.zeros(1)), r"Linear: weights must be of shape \(n, n\)"),
        (lambda: Linear(np.full((1, 2), np.inf), np.zeros(1)), "weights must be finite"),
        (lambda: Linear(np.ones((1, 2)), np.zeros(2)), r"constants must be of shape \(1\)"),
        (lambda: Standardization(np.zeros(2), np.array([1.0, 0])), "scale must be above 0"),
        (lambda: Components(np.zeros(2), np.ones((1, 3))), r"axes must be of shape \(n, 2\)"),
        (lambda: Chain((), LINE), "there must be a step before the classifier"),
        (lambda: Chain((LINE,), LINE), "Linear is no step"),
        (lambda: Chain((SCALE,), SCALE), "must be a classifier, but it is Standardization"),
        (
            lambda: Chain((Components(np.zeros(2), np.ones((3, 2))),), LINE),
            "Components gives 3 columns, but Linear takes 2",
        ),
        (lambda: EqualPriors(LINE, np.ones(3)), r"priors must be of shape \(2\)"),
        (lambda: EqualPriors(LINE, np.array([1.0, 0])), "priors must be above 0"),
        (lambda: Vote(()), "there must be at least one member"),
        (lambda: Vote((LINE, Linear(np.ones((1, 3)), np.zeros(1)))), "must take the same columns"),
        (
            lambda: KernelMachine(np.ones((2, 2)), np.ones((1, 2)), np.zeros(1), -1.0),
            "gamma must be above 0",
        ),
        (
            lambda: KernelMachine(np.ones((2, 2)), np.ones((2, 2)), np.zeros(2), 1.0),
            "a row for every pair of classes, but there are 2",
        ),
    ],
)
def test_broken_scorers_are_refused(make, message):
    with pytest.raises(DataError, match=message):
        make()


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ([], "estimator must be one of affine, chain, components"),
        ({"scorer": "pickle"}, "estimator must be one of affine, chain, components"),
        ({"scorer": ["linear"]}, "estimator must be one of affine, chain, components"),
        ({"scorer": "linear"}, "the array estimator.weights is missing"),
        ({"scorer": "linear", "more": 1}, "estimator must hold nothing"),
        ({"scorer": "vote", "members": {}}, "estimator.members must be a list"),
        ({"scorer": "chain", "steps": []}, "estimator must hold last, steps"),
    ],
)
def test_broken_forms_are_refused(tree, message):
    with pytest.raises(DataError, match=message):
        from_arrays(tree, {}, "estimator")


def test_a_form_of_endless_depth_is_refused():
    tree = {"scorer": "linear"}
    for _ in range(500):
        tree = {"scorer": "vote", "members": [tree]}
    with pytest.raises(DataError, match="at most 8 deep"):
        from_arrays(tree, {}, "estimator")


def test_scoring_imports_no_library_that_fits():
    code = (
        "import sys, featurex.scorers; assert not {'sklearn', 'xgboost', 'scipy', 'numba', "
        "'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
