import pickle

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from featurex.errors import ParameterError
from featurex.evaluation.metrics import auc, macro_auc
from featurex.models import MODELS
from featurex.models.balance import EqualPriors
from featurex.models.kernel_svm import KernelSVM, sample_rows
from featurex.models.vote import Vote

TABLE_MODELS = [name for name in MODELS if name not in ("cnn", "resnet18")]
# Enough for the tests and fast; everything else as in code.
SMALL = {
    "random_forest": {"n_estimators": 40},
    "extra_trees": {"n_estimators": 40},
    "hist_boosting": {"n_estimators": 30},
    "xgboost": {"n_estimators": 30},
    "svm": {"n_components": 10},
}


def make_model(name, seed=0):
    return MODELS[name](**SMALL.get(name, {}), random_state=seed)


def make_features(n_classes=2, n_images=240, weights=(0.75, 0.25), seed=0):
    """Features as the models are given them: float32, one constant column, classes of unequal
    size.
    """
    values, labels = make_classification(
        n_images,
        30,
        n_informative=8,
        n_classes=n_classes,
        weights=list(weights) if n_classes == 2 else None,
        class_sep=1.5,
        random_state=seed,
    )
    values[:, 3] = 7.0
    return values.astype(np.float32), labels


@pytest.fixture(scope="module")
def two_classes():
    return make_features()


@pytest.fixture(scope="module")
def fitted(two_classes):
    values, labels = two_classes
    return {name: make_model(name).fit(values[:160], labels[:160]) for name in TABLE_MODELS}


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_probabilities_are_probabilities_and_find_the_class(fitted, two_classes, name):
    values, labels = two_classes
    probabilities = fitted[name].predict_proba(values[160:])
    assert probabilities.shape == (80, 2)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(80), abs=1e-6)
    assert np.all((probabilities >= 0.0) & (probabilities <= 1.0))
    assert auc(labels[160:], probabilities[:, 1]) > 0.85
    assert is_classifier(fitted[name])
    assert fitted[name].classes_.tolist() == [0, 1]


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_the_class_decided_is_the_likeliest(fitted, two_classes, name):
    values = two_classes[0][160:]
    likeliest = fitted[name].predict_proba(values).argmax(axis=1)
    assert np.array_equal(fitted[name].predict(values), likeliest)


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_a_class_does_not_gain_by_its_number(name):
    # Two unit Gaussians, one with eight times the images: between them either class is as likely.
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], [1600, 200])
    values = (rng.normal(size=(1800, 6)) + 0.8 * labels[:, None]).astype(np.float32)
    model = make_model(name)
    if "forest" in name or "trees" in name:
        # Weights act within leaves: in one of two images they have little to weigh.
        model.set_params(min_samples_leaf=50)
    probabilities = model.fit(values, labels).predict_proba(values)[:, 1]
    between = np.abs(values.mean(axis=1) - 0.4) < 0.15
    assert 0.3 < probabilities[between & (labels == 0)].mean() < 0.55
    assert auc(labels, probabilities) > 0.9


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_three_classes(name):
    values, labels = make_features(n_classes=3)
    probabilities = make_model(name).fit(values[:160], labels[:160]).predict_proba(values[160:])
    assert probabilities.shape == (80, 3)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(80), abs=1e-6)
    assert macro_auc(labels[160:], probabilities) > 0.8


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_the_seed_decides_and_a_clone_is_the_same_model(fitted, two_classes, name):
    values, labels = two_classes
    again = clone(fitted[name]).fit(values[:160], labels[:160])
    assert np.array_equal(again.predict_proba(values), fitted[name].predict_proba(values))


@pytest.mark.parametrize("name", ["random_forest", "extra_trees", "hist_boosting", "xgboost"])
def test_another_seed_is_another_model(fitted, two_classes, name):
    values, labels = two_classes
    other = make_model(name, seed=1).fit(values[:160], labels[:160])
    assert not np.array_equal(other.predict_proba(values), fitted[name].predict_proba(values))


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_a_model_survives_pickling(fitted, two_classes, name):
    values = two_classes[0]
    again = pickle.loads(pickle.dumps(fitted[name]))
    assert np.array_equal(again.predict_proba(values), fitted[name].predict_proba(values))


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_features_are_not_modified(two_classes, name):
    values, labels = two_classes[0].copy(), two_classes[1]
    values.setflags(write=False)
    make_model(name).fit(values[:160], labels[:160]).predict_proba(values)


@pytest.mark.parametrize("name", TABLE_MODELS)
def test_names_of_classes_may_be_texts(two_classes, name):
    values, labels = two_classes
    texts = np.array(["normal", "pneumonia"])[labels]
    model = make_model(name).fit(values[:160], texts[:160])
    assert model.classes_.tolist() == ["normal", "pneumonia"]
    assert set(model.predict(values)) == {"normal", "pneumonia"}


def test_equal_priors_are_what_equal_frequencies_would_give():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0.0, 1.0, (8000, 1)), rng.normal(1.0, 1.0, (2000, 1))])
    labels = np.repeat([0, 1], [8000, 2000])
    grid = np.linspace(-3.0, 4.0, 15)[:, None]
    # Of two unit Gaussians at 0 and 1 with equal priors, the logit is x - 1/2.
    probabilities = (
        EqualPriors(LogisticRegression(C=1e6)).fit(values, labels).predict_proba(grid)[:, 1]
    )
    assert probabilities == pytest.approx(1 / (1 + np.exp(0.5 - grid[:, 0])), abs=0.03)


def test_with_equal_frequencies_equal_priors_change_nothing():
    values, labels = make_features(weights=(0.5, 0.5))
    values, labels = np.tile(values, (2, 1)), np.concatenate([labels, 1 - labels])
    alone = LogisticRegression().fit(values, labels).predict_proba(values)
    assert EqualPriors(LogisticRegression()).fit(values, labels).predict_proba(
        values
    ) == pytest.approx(alone)


def test_the_machines_probabilities_are_a_logistic_function_of_its_margins(fitted, two_classes):
    values = two_classes[0][160:]
    margins = fitted["svm"].estimator_.decision_function(values)
    probabilities = fitted["svm"].predict_proba(values)[:, 1]
    assert probabilities == pytest.approx(1 / (1 + np.exp(-2.0 * margins)), abs=1e-12)


def test_three_classes_of_the_machine_are_coupled_in_their_order():
    # Three far clusters on a line: an image on a cluster belongs to it, one half way to both sides
    # alike.
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 40)
    values = rng.normal(size=(120, 2)) * 0.3 + np.column_stack([4.0 * labels, 0.0 * labels])
    model = MODELS["svm"]().fit(values, labels)
    probabilities = model.predict_proba(np.array([[0.0, 0.0], [4.0, 0.0], [8.0, 0.0], [2.0, 0.0]]))
    assert probabilities[:3].argmax(axis=1).tolist() == [0, 1, 2]
    assert probabilities[3, :2] == pytest.approx([0.5, 0.5], abs=0.2)
    assert probabilities[3, 2] < 0.15


def test_fewer_columns_than_components_are_all_used(two_classes):
    values, labels = two_classes
    model = MODELS["svm"](n_components=150).fit(values[:, :4], labels)
    assert model.estimator_[0].pipeline_[1].n_components_ == 4


def test_the_vote_is_the_mean_of_its_members(two_classes):
    values, labels = two_classes
    members = [
        MODELS[name]().fit(values, labels).predict_proba(values) for name in ("logistic", "svm")
    ]
    vote = MODELS["vote"](estimators=["logistic", "svm"]).fit(values, labels)
    assert vote.predict_proba(values) == pytest.approx(np.mean(members, axis=0), abs=1e-12)


def test_parameters_reach_the_estimators():
    assert MODELS["logistic"](C=0.5).make_estimator()[-1].C == 0.5
    assert MODELS["random_forest"](n_estimators=7).make_estimator().n_estimators == 7
    assert MODELS["xgboost"](max_features=0.5).make_estimator().estimator.colsample_bytree == 0.5
    assert MODELS["hist_boosting"](n_estimators=7).make_estimator().estimator.max_iter == 7


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("logistic", {"C": 0}, "C must be a number from 1e-09"),
        (
            "svm",
            {"n_components": 0},
            "n_components must be an integer of at least 1, but 0 was given",
        ),
        ("svm", {"C": -1}, "C must be a number from 1e-09"),
        (
            "lda",
            {"shrinkage": "none"},
            "shrinkage must be 'auto' or a number from 0 to 1, but 'none'",
        ),
        ("lda", {"shrinkage": 2}, r"shrinkage must be a number from 0\.0 to 1\.0, but 2 was given"),
        ("random_forest", {"n_estimators": 0}, "n_estimators must be an integer from 1 to 10000"),
        (
            "extra_trees",
            {"min_samples_leaf": 0.5},
            "min_samples_leaf must be an integer of at least 1",
        ),
        ("hist_boosting", {"max_leaf_nodes": 1}, "max_leaf_nodes must be an integer of at least 2"),
        ("xgboost", {"max_features": 2}, "max_features must be a number from 0.0001 to 1.0"),
        ("vote", {"estimators": []}, "estimators must be a list with at least one item"),
        (
            "vote",
            {"estimators": ["logistic", "cnn"]},
            r"estimators\[1\] must be one of logistic, svm, .* but 'cnn'",
        ),
        ("logistic", {"random_state": -1}, "random_state must be an integer from 0 to 4294967295"),
    ],
)
def test_a_wrong_parameter_is_named_when_the_model_is_fitted(name, parameters, message):
    # Not before: clone and set_params construct models whose parameters are not final.
    model = clone(MODELS[name](**parameters))
    with pytest.raises(ParameterError, match=message):
        model.fit(*make_features())
    with pytest.raises(ParameterError, match=message):
        model.check_parameters()


def test_models_take_part_in_a_grid_search(two_classes):
    grid = {"C": [1e-6, 0.1]}
    search = GridSearchCV(MODELS["logistic"](), grid, scoring="roc_auc", cv=3).fit(*two_classes)
    assert search.best_params_ == {"C": 0.1}


def test_a_sample_keeps_the_shares_of_classes_and_every_class():
    y = np.repeat(["rare", "common", "half"], [1, 399, 400])
    rows = sample_rows(y, 101, seed=3)
    assert len(set(rows)) == len(rows) == 101
    assert (np.diff(rows) > 0).all()
    counts = {name: int((y[rows] == name).sum()) for name in set(y)}
    assert counts == {"rare": 1, "common": 50, "half": 50}
    assert rows.tolist() == sample_rows(y, 101, seed=3).tolist() != sample_rows(y, 101, 4).tolist()


def test_a_kernel_machine_takes_a_sample_of_many_images_and_says_so(two_classes):
    values, labels = two_classes
    few = KernelSVM(n_components=5, max_rows=100).fit(values, labels)
    rows = sample_rows(labels, 100, 0)
    same = KernelSVM(n_components=5).fit(values[rows], labels[rows])
    assert few.n_rows_ == same.n_rows_ == 100 < len(values)
    assert np.array_equal(few.predict_proba(values), same.predict_proba(values))
    assert KernelSVM(n_components=5, max_rows=len(values)).fit(values, labels).n_rows_ == len(
        values
    )


def test_a_vote_was_fitted_on_as_many_as_its_smallest_sample(two_classes, monkeypatch):
    values, labels = two_classes
    monkeypatch.setattr(KernelSVM.__init__, "__defaults__", (3.0, 5, 100, 0))
    assert Vote(estimators=("logistic", "svm")).fit(values, labels).n_rows_ == 100
