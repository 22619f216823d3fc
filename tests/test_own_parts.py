"""Saved models whose extractors and classifiers are the user's own."""

import sys
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from featurex import Benchmark, Preprocess, ZoneHistogram, load_dataset, load_model, plugins
from featurex.bundle import save_model
from featurex.bundle.archive import read_archive, write_archive
from featurex.cli.predict import predict
from featurex.errors import DataError, ParameterError
from featurex.models import Logistic
from featurex.models.own import find_scorer
from featurex.scorers import from_arrays, to_arrays

MINE = """
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin


class Above(TransformerMixin, BaseEstimator):
    '''Learns the mean image.'''

    def __init__(self, step=4):
        self.step = step

    def fit(self, X, y=None):
        self.mean_ = np.mean(X, axis=0)
        return self

    def transform(self, X):
        return (np.asarray(X) > self.mean_)[:, :: self.step, :: self.step].reshape(len(X), -1)

    def get_feature_names_out(self, input_features=None):
        size = self.mean_[:: self.step, :: self.step].size
        return np.array([f"above_{index}" for index in range(size)], object)


class Nearest(ClassifierMixin, BaseEstimator):
    def __init__(self, softness=1.0):
        self.softness = softness

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self._means = np.stack([X[y == k].mean(axis=0) for k in self.classes_])
        return self

    def predict_proba(self, X):
        distances = np.linalg.norm(X[:, None] - self._means, axis=2) / self.softness
        odds = np.exp(distances.min(axis=1, keepdims=True) - distances)
        return odds / odds.sum(axis=1, keepdims=True)

    def get_fitted(self):
        return {"means": self._means, "classes": self.classes_}

    def set_fitted(self, fitted):
        self._means, self.classes_ = fitted["means"], fitted["classes"]
"""
KEY = "original/above+zones/nearest"


@pytest.fixture(autouse=True)
def mine(folder):
    """The plugin, and only in the tests that load it."""
    yield folder / "own_kinds.py"
    sys.modules.pop("own_kinds", None)


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """The run of a benchmark with an extractor and a classifier of a file, and its model."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "own_kinds.py").write_text(MINE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "ALLOWED", {})
        plugins.load_plugin(folder / "own_kinds.py")
        kinds = sys.modules["own_kinds"]
        run = Benchmark(
            inputs={"original": []},
            features={"above": kinds.Above(), "zones": ZoneHistogram(grids=(2,), bins=(8,))},
            models={"nearest": kinds.Nearest(softness=2.0)},
            grid=[{"inputs": ["original"], "features": ["above+zones"], "models": ["nearest"]}],
            preprocess=Preprocess(size=32),
            folds=2,
            resamples=100,
        ).run(
            load_dataset(copytree(drawn(), folder / "films")),
            folder / "run",
            n_jobs=1,
        )
        save_model(folder / "run" / "model.featurex", run)
    sys.modules.pop("own_kinds", None)
    return folder


def call(*arguments):
    return CliRunner().invoke(predict, list(map(str, arguments)), standalone_mode=False)


def test_the_model_scores_as_in_the_benchmark(folder, mine):
    ended = call(
        folder / "run", folder / "films", "--plugin", mine, "--jobs", 1, "--out", folder / "s.csv"
    )
    assert ended.exception is None, ended.exception
    scores = pd.read_csv(folder / "s.csv")["score"]
    paths = pd.read_csv(folder / "s.csv")["path"]
    known = pd.read_csv(folder / "run" / "predictions.csv", keep_default_na=False)
    known = known[(known["split"] == "test") & (known["model"] == KEY)]
    assert len(known) > 5
    for row in known.itertuples():
        (score,) = scores[paths.str.endswith(row.path)]
        assert score == pytest.approx(float(row.score), abs=1e-5)


def test_it_loads_only_where_its_classes_are_allowed(folder, mine, monkeypatch):
    ended = call(folder / "run", folder / "films")
    assert isinstance(ended.exception, DataError)
    assert (
        "own_kinds.Above and own_kinds.Nearest are no classes of featurex; if you trust it, allow "
        "it with --plugin own_kinds.py, or, where installed, --allow own_kinds.Above --allow"
    ) in str(ended.exception)
    assert "own_kinds" not in sys.modules
    monkeypatch.syspath_prepend(folder)
    with pytest.raises(DataError, match=r"own_kinds\.Nearest is no class of featurex"):
        load_model(folder / "run", allow=["own_kinds.Above"])
    model = load_model(folder / "run", allow=["own_kinds.Above", "own_kinds.Nearest"])
    assert model.scoring.scorer.part.softness == 2.0
    # What was allowed once is not allowed for good.
    with pytest.raises(DataError, match="are no classes of featurex"):
        load_model(folder / "run")
    kinds = sys.modules["own_kinds"]
    assert load_model(folder / "run", allow=[kinds.Above, kinds.Nearest]).classes == model.classes
    with pytest.raises(ParameterError, match=r"by its whole name, as package\.module\.Name"):
        load_model(folder / "run", allow=["Nearest"])


def change_class(manifest):
    manifest["estimator"]["name"] = "subprocess.Popen"


def change_attribute(manifest):
    manifest["parts"]["features.above"]["numbers"] = {"__class__": 1}


def change_parts(manifest):
    manifest["parts"] = None


def change_kind(manifest):
    manifest["parts"]["features.above"]["name"] = "own_kinds.Nearest"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (change_class, "subprocess.Popen is no class of featurex; if you trust it"),
        (change_attribute, "__class__ is no name of what was learnt"),
        (change_parts, "features.above learns from images, but what it has learnt is missing"),
        (change_kind, "cannot be loaded: "),
    ],
)
def test_a_changed_file_is_refused(folder, mine, tmp_path, change, message):
    plugins.load_plugin(mine)
    manifest, members = read_archive(folder / "run" / "model.featurex")
    change(manifest)
    write_archive(tmp_path / "m.featurex", manifest, members)
    with pytest.raises(DataError, match=message):
        load_model(tmp_path / "m.featurex")


def make_data():
    random = np.random.default_rng(0)
    X = random.normal(size=(60, 4))
    return X, (X[:, 0] + random.normal(size=60) > 0).astype(int)


def find(model, allowed=None):
    X, y = make_data()
    model.fit(X, y)
    with plugins.allowing([allowed or type(model)]):
        scorer = find_scorer(model, X.mean(axis=0), X.std(axis=0), 2)
        again = from_arrays(*to_arrays(scorer, "estimator"), "estimator")
    np.testing.assert_allclose(again.predict_proba(X), model.predict_proba(X), atol=1e-6)
    return type(scorer).__name__


class Bayes(GaussianNB):
    pass


class Contrary(Logistic):
    def predict_proba(self, X):
        return super().predict_proba(X)[:, ::-1]


def test_a_classifier_of_known_parts_needs_no_class():
    assert find(make_pipeline(StandardScaler(), Logistic().make_estimator())) == "Chain"


def test_what_was_learnt_is_found_by_the_names_of_attributes():
    assert find(Bayes()) == "OwnClassifier"


def test_a_subclass_that_scores_otherwise_is_made_anew_by_its_class():
    """Its arrays alone would give the scores of its base."""
    with pytest.raises(DataError, match=r"Contrary has no form as plain arrays: estimator_ is a "):
        find(Contrary())


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (make_pipeline(MinMaxScaler(), GaussianNB()), "its parameter steps is "),
        (SVC(probability=True), r"no form as plain arrays: shape_fit_ is a tuple; give the class"),
        (type("Local", (GaussianNB,), {})(), "cannot be found again by its name"),
    ],
)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_cannot_be_made_anew_is_refused(model, message):
    with pytest.raises(DataError, match=message):
        find(model, GaussianNB)
