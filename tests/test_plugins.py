"""Classes of the user's own, by name in a configuration and from files."""

import sys
from contextlib import closing

import cv2
import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from featurex import load_dataset, plugins, read_table
from featurex.benchmark.recipes import Recipe
from featurex.benchmark.view import View, compute_inputs
from featurex.config import make_benchmark, make_chain, read_configuration
from featurex.construct import make_all
from featurex.engine import extract, extract_to
from featurex.engine.workers import Inline, Processes, run_all
from featurex.errors import DataError, ParameterError
from featurex.features import EXTRACTORS
from featurex.runs import Entry

MINE = """
import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from featurex import Extractor, Statistic


class Peak(Extractor):
    family = "peak"
    statistics = (Statistic("share", "n(x > level) / n", "this file"),)

    def __init__(self, level=200):
        self.level = level

    def _columns(self, shape):
        return ("peak_share",)

    def _fill(self, plan, image, inside, out):
        counted = image if inside is None else image[inside]
        out[0] = np.mean(counted > self.level)


class Rows(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.n_rows_ = np.shape(X)[1]
        return self

    def transform(self, X):
        return np.asarray(X, float).mean(axis=2)

    def get_feature_names_out(self, input_features=None):
        return np.array([f"rows_{index}" for index in range(self.n_rows_)], object)


class Fails(Rows):
    def transform(self, X):
        if np.shape(X)[0] > 0:
            raise ValueError("no such luck")


class Narrow(Rows):
    def transform(self, X):
        return super().transform(X)[:, :3]


class Brightest(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.maximum_ = np.max(X)
        return self

    def transform(self, X):
        return np.max(X, axis=(1, 2))[:, None] / self.maximum_

    def get_feature_names_out(self, input_features=None):
        return np.array(["brightest"], object)


class Nothing:
    pass
"""


@pytest.fixture
def mine(tmp_path):
    """A plugin that is forgotten after the test."""
    path = tmp_path / "own_parts.py"
    path.write_text(MINE)
    plugins.load_plugin(path)
    yield path
    sys.modules.pop("own_parts", None)


def tree(**features):
    return {
        "preprocess": {"size": 32},
        "inputs": {"original": {}},
        "features": {
            name: {"class": f"own_parts.{name}", **given} for name, given in features.items()
        },
    }


def images(folder):
    folder.mkdir()
    for index in range(4):
        write_png(folder / f"{index}.png", index)
    return folder


def write_png(path, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 40), dtype=np.uint8)
    assert cv2.imwrite(str(path), pixels)


def test_own_extractors_and_transformers_make_columns_in_workers(mine, tmp_path):
    chain = make_chain(tree(Peak={"level": 100}, Rows={}), "original")
    dataset = load_dataset(images(tmp_path / "films"), labelled=False)
    out = tmp_path / "table.parquet"
    assert extract_to(out, dataset, chain, n_jobs=2)[:2] == (4, 33)
    frame, _ = read_table(out)
    assert 0.4 < frame["peak_share"][0] < 0.8
    assert list(frame.columns[-2:]) == ["rows_30", "rows_31"]
    digest = plugins.digest_plugins()
    mine.write_text(MINE + "# changed\n")
    assert plugins.digest_plugins() != digest


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_plugin_that_raises_is_named(mine, n_jobs):
    chain = make_chain(tree(Fails={}), "original")
    with pytest.raises(ValueError, match="no such luck") as caught:
        run(chain.steps[-1][1], n_jobs)
    sentence = plugins.find_culprit(caught.value)
    assert sentence.startswith("the plugin own_parts raised ValueError: no such luck (line ")
    assert plugins.find_culprit(KeyError("another")) is None


def run(union, n_jobs):
    stacks = [np.zeros((2, 32, 32), np.uint8)] * 2
    with closing(Inline() if n_jobs == 1 else Processes(n_jobs)) as workers:
        run_all(workers, union.fit(stacks[0]).transform, stacks)


def test_a_transformer_whose_names_and_values_differ_is_refused(mine, tmp_path):
    dataset = load_dataset(images(tmp_path / "films"), labelled=False)
    with pytest.raises(DataError, match=r"name 32 columns, but gave values of shape \(4, 3\)"):
        extract(dataset, make_chain(tree(Narrow={}), "original"), n_jobs=1)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "own_parts.Nothing",
            "own_parts.Nothing has no method fit; what stands here",
        ),
        ("own_parts.Missing", "own_parts has no class Missing"),
        ("no_such_package.Name", "cannot import no_such_package: ModuleNotFoundError"),
    ],
)
def test_what_cannot_be_an_extractor_is_explained(mine, name, message):
    with pytest.raises(ParameterError, match=message):
        make_all(EXTRACTORS, {"x": {"class": name}}, "features", importing=True)


def test_nothing_is_imported_for_a_tree_that_is_not_the_users(mine):
    with pytest.raises(ParameterError, match="is no class of featurex; if you trust it, allow it"):
        make_all(EXTRACTORS, {"x": {"class": "colorsys.Name"}}, "features")
    assert "colorsys" not in plugins.ALLOWED
    assert list(make_all(EXTRACTORS, {"x": {"class": "own_parts.Peak"}}, "features")) == ["x"]


def test_any_classifier_with_probabilities_is_a_model():
    given = read_configuration(None, ["seed=3"])
    given["models"] = {
        "bayes": {"class": "sklearn.naive_bayes.GaussianNB"},
        "trees": {"class": "sklearn.ensemble.ExtraTreesClassifier", "n_estimators": 5},
    }
    given["grid"] = [{"inputs": ["original"], "features": ["zones"], "models": ["bayes", "trees"]}]
    models = make_benchmark(given).models
    assert models["trees"].random_state == 3
    given["models"]["bayes"] = {"class": "sklearn.cluster.KMeans"}
    with pytest.raises(ParameterError, match="KMeans has no method predict_proba"):
        make_benchmark(given)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("gone.py", None, "there is no file"),
        ("broken.py", "x = 1 / 0\n", r"cannot be imported: ZeroDivisionError: .*\(line 1 of"),
        ("json.py", "x = 1\n", "called as the module json, which is loaded already"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_explained(tmp_path, name, text, message):
    if text:
        (tmp_path / name).write_text(text)
    with pytest.raises(ParameterError, match=message):
        plugins.load_plugin(tmp_path / name)


def test_what_an_own_extractor_learnt_holds_for_new_images(mine):
    """It is fitted on training images alone, and not to the images that are scored."""
    fitted = sys.modules["own_parts"].Brightest().fit(np.full((2, 16, 16), 9, np.uint8))
    chain = Pipeline([("as_is", "passthrough")])
    new = np.full((1, 16, 16), 4, np.uint8)
    view = View(Entry("original", "brightest", "lda"), chain, (fitted,), 16)
    assert compute_inputs([view], new)[0].tolist() == [[4 / 9]]
    values, _ = Recipe(chain, {"brightest": fitted}, 16).compute(new)
    assert values["brightest"].tolist() == [[4 / 9]]
