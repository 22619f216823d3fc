"""Searches for parameters: nested, halved, checked."""

from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from featurex.benchmark.one_fit import fit_all, fit_fold
from featurex.benchmark.search import Search, check_tune, list_combinations
from featurex.benchmark.seeds import split_seeds
from featurex.config import make_benchmark, read_configuration
from featurex.errors import DataError, ParameterError
from featurex.models import CNN, Logistic, XGBoost

N = 60


class Weighted(ClassifierMixin, BaseEstimator):
    """Scores an image by its first column, as far as `weight` goes, and else by its second."""

    seen: ClassVar[list] = []

    def __init__(self, weight=0.0):
        self.weight = weight

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        Weighted.seen.append((self.weight, set(X[:, 2].astype(int))))
        return self

    def predict_proba(self, X):
        Weighted.seen[-1][1].update(X[:, 2].astype(int))
        score = self.weight * X[:, 0] + (1 - self.weight) * X[:, 1]
        return np.column_stack([1 - score, score])


def make_source():
    """The first column tells the class, in swapped images alike; the second is noise, and the third
    the number of the image.
    """
    generator = np.random.default_rng(0)
    labels = np.arange(N) // 2 % 2
    values = np.column_stack(
        [
            0.2 + 0.6 * labels + generator.uniform(-0.1, 0.1, N),
            generator.uniform(size=N),
            np.arange(N),
        ]
    )
    block = SimpleNamespace(
        others=("swap", "appearance"),
        values=lambda rows: values[rows],
    )
    partners = (np.arange(N) + 2) % N
    patients = np.arange(N) // 2
    return SimpleNamespace(
        block=block,
        examples=lambda rows: (values[rows], labels[rows], patients[rows]),
        values=values,
        labels=labels,
        patients=patients,
        partners=partners,
        swapped=lambda swap, rows: values[rows],
        swapped_rows=np.arange(N),
        testing=np.arange(5),
    )


def search(*weights):
    return Search(Weighted(), tuple({"weight": weight} for weight in weights), 0)


@pytest.fixture(autouse=True)
def forget():
    Weighted.seen.clear()


def test_the_best_by_swapped_scores_is_chosen_and_fitted():
    fit = fit_all(search(0.0, 1.0, 0.1), make_source())
    assert fit.model.weight == 1.0
    assert fit.found.best.parameters == {"weight": 1.0}
    assert fit.found.best.words == "weight=1.0"
    assert fit.found.best.swap_auc == 1.0
    # Fewer than four are tried in every fold.
    assert [len(one.swap_aucs) for one in fit.found.tried] == [3, 3, 3]
    assert len(Weighted.seen) == 9 + 1
    assert 0 < fit.found.seconds < fit.fit_s


def test_the_better_half_of_four_or_more_goes_on():
    fit = fit_all(search(0.0, 0.1, 1.0, 0.9, 0.2), make_source())
    tried = {one.parameters["weight"]: len(one.swap_aucs) for one in fit.found.tried}
    assert sorted(tried.values()) == [1, 1, 2, 3, 3]
    assert tried[0.0] == 1
    assert tried[1.0] == 3
    assert fit.model.weight == 1.0


def test_a_search_never_sees_the_held_out_images_nor_those_swapped_with_them():
    source, valid = make_source(), np.arange(40, 52)
    train = np.setdiff1d(np.arange(N), valid)
    fit = fit_fold(search(0.0, 1.0), source, (train, valid))
    assert fit.found.best.parameters == {"weight": 1.0}
    *searched, final = Weighted.seen
    assert len(searched) == 2 * 3
    for _, seen in searched:
        assert not seen & set(valid)
    assert set(valid) <= final[1]
    # The partner of 39 is 41, which is held out: 39 is fitted on, but never scored.
    scored = [rows for _, rows in source_rows(source, search(0.0, 1.0), train)]
    assert 39 in train
    assert not any(39 in rows for rows in scored)


def source_rows(source, made, rows):
    return list(made._list_folds(source, rows))


def test_patients_stay_together_within_a_search():
    source = make_source()
    for train, valid in source_rows(source, search(0.0, 1.0), np.arange(N)):
        assert not set(source.patients[train]) & set(source.patients[valid])


def test_too_few_images_are_said():
    with pytest.raises(DataError, match="tune: there are too few patients"):
        search(0.0, 1.0).run(make_source(), np.array([0, 1]), None, None)


def test_every_seed_searches():
    made = Search(CNN(n_seeds=2), ({"max_iter": 1}, {"max_iter": 2}), 0)
    assert [(one.model.random_state, one.combinations) for one in split_seeds(made)] == [
        (0, made.combinations),
        (1, made.combinations),
    ]


def test_combinations_are_all():
    assert list_combinations({"a": [1, 2], "b": [3, 4]}) == [
        {"a": 1, "b": 3},
        {"a": 1, "b": 4},
        {"a": 2, "b": 3},
        {"a": 2, "b": 4},
    ]


@pytest.mark.parametrize(
    ("tune", "message"),
    [
        ({"boost": {}}, "a model in tune must be one of logistic, xgboost, but 'boost'"),
        ({"xgboost": {"depth": [1, 2]}}, "a parameter in tune.xgboost must be one of .*max_depth"),
        ({"xgboost": {"random_state": [1, 2]}}, "a parameter in tune.xgboost must be one of"),
        ({"xgboost": {"max_depth": 3}}, r"tune\.xgboost\.max_depth must be a list"),
        ({"xgboost": {"max_depth": [3]}}, r"tune\.xgboost must be 2 to 200 combinations"),
        (
            {"xgboost": {"max_depth": list(range(1, 30)), "n_estimators": list(range(1, 9))}},
            "2 to 200",
        ),
        (
            {"xgboost": {"max_depth": [3, 99]}},
            "tune.xgboost: max_depth must be an integer from 1 to 30",
        ),
        ({"xgboost": [3]}, "tune.xgboost must be a mapping"),
        ([], "tune must be a mapping"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(tune, message):
    with pytest.raises(ParameterError, match=message):
        check_tune(tune, {"logistic": Logistic(), "xgboost": XGBoost()})


def test_a_configuration_names_what_to_tune():
    tree = read_configuration("quick", ["tune.xgboost={max_depth: [3, 5], n_estimators: [20, 40]}"])
    assert make_benchmark(tree).tune == {"xgboost": {"max_depth": [3, 5], "n_estimators": [20, 40]}}
    assert make_benchmark(read_configuration("quick")).tune == {}
