"""Learning curves and robustness of a small run, against the same done by hand from its files."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import recall_score, roc_auc_score

from featurex import read_image
from featurex.benchmark.learning import DRAWS, FRACTIONS
from featurex.challenges.disturbances import DISTURBANCES, disturb
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import load_dataset
from featurex.evaluation.splits import grouped_share

SETTINGS = [
    "curves=true",
    "features={zones: {grids: [1, 2], bins: [16, 8]}, hog: {cell: 32}}",
    "models={logistic: {}, cnn: {max_iter: 2, size: 32, channels: [4, 8]}}",
    "grid=[{inputs: [aligned], features: [zones+hog], models: [logistic]},"
    " {inputs: [original], features: [pixels], models: [cnn]}]",
    "preprocess.size=96",
    "folds=2",
    "resamples=100",
    "seed=3",
]
KEYS = ["aligned/zones+hog/logistic", "original/pixels/cnn"]


@pytest.fixture(scope="module")
def folder(drawn):
    return drawn(80, 5, 112)


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    benchmark = make_benchmark(read_configuration(settings=SETTINGS))
    return benchmark.run(load_dataset(folder), tmp_path_factory.mktemp("runs") / "run", n_jobs=2)


@pytest.fixture(scope="module")
def rows(finished):
    facts = json.loads((finished.folder / "run.json").read_text())
    return {name: pd.DataFrame(facts[name]) for name in ("learning", "robustness")}


def test_every_share_is_drawn_and_the_whole_is_the_row_of_the_table(finished, rows):
    for key, own in rows["learning"].groupby("key"):
        assert own["fraction"].tolist() == [*np.repeat(FRACTIONS, DRAWS), 1.0]
        row = finished.rows.set_index(["input", "features", "model"]).loc[tuple(key.split("/"))]
        whole = own.iloc[-1]
        assert (whole["auc"], whole["images"]) == (row["test_auc"], row["n_train"])
        assert (whole["auc_low"], whole["auc_high"]) == (row["test_auc_low"], row["test_auc_high"])
        assert own["patients"].is_monotonic_increasing
    assert list(rows["learning"]["key"].unique()) == KEYS


def test_a_share_by_hand_from_the_features_of_the_run(finished, rows):
    table = pd.read_parquet(finished.folder / "features.parquet").query("input == 'aligned'")
    columns = list(finished.chosen.columns)
    train, test = (table[table["split"] == split] for split in ("train", "test"))
    own = rows["learning"].query(f"key == '{KEYS[0]}' and fraction == 0.5")
    for row in own.to_dict("records"):
        kept = train[grouped_share(train["subtype"], train["patient"], 0.5, (3, row["draw"]))]
        assert (row["patients"], row["images"]) == (kept["patient"].nunique(), len(kept))
        model = clone(finished.chosen.estimator).fit(
            kept[columns].to_numpy(), kept["label"] == "PNEUMONIA"
        )
        scores = model.predict_proba(test[columns].to_numpy())[:, 1]
        assert roc_auc_score(test["label"] == "PNEUMONIA", scores) == pytest.approx(row["auc"])


def test_every_step_of_every_disturbance_is_there_and_none_is_the_row_of_the_table(finished, rows):
    for key, own in rows["robustness"].groupby("key"):
        steps = [(name, label) for name, kind in DISTURBANCES.items() for label in kind.steps]
        assert list(zip(own["disturbance"], own["label"], strict=True)) == steps
        row = finished.rows.set_index(["input", "features", "model"]).loc[tuple(key.split("/"))]
        unchanged = own[own["strength"].isna()]
        assert len(unchanged) == len(DISTURBANCES)
        for name in ("auc", "auc_low", "auc_high", "sensitivity", "specificity"):
            assert unchanged[name].tolist() == pytest.approx([row[f"test_{name}"]] * len(unchanged))
        assert own["balanced_accuracy"].tolist() == pytest.approx(
            ((own["sensitivity"] + own["specificity"]) / 2).tolist()
        )


@pytest.mark.parametrize(("name", "label"), [("crop", "10 %"), ("noise", "20 %")])
def test_a_disturbance_by_hand_from_the_files(folder, finished, rows, name, label):
    benchmark, chosen = make_benchmark(read_configuration(settings=SETTINGS)), finished.chosen
    table = load_dataset(folder).table.query("split == 'test'")
    images = [
        disturb(read_image(path, size=96), name, DISTURBANCES[name].steps[label], (3, place))
        for place, path in enumerate(table["path"])
    ]
    prepared = chosen.chain.transform(benchmark.preprocess.transform(images))
    values = [
        clone(benchmark.features[family]).fit_transform(prepared) for family in ("zones", "hog")
    ]
    scores = chosen.estimator.predict_proba(np.concatenate(values, axis=1))[:, 1]
    labels = table["label"] == "PNEUMONIA"
    row = (
        rows["robustness"]
        .query(f"key == '{KEYS[0]}' and disturbance == '{name}' and label == '{label}'")
        .iloc[0]
    )
    assert row["auc"] == pytest.approx(roc_auc_score(labels, scores))
    assert row["sensitivity"] == pytest.approx(recall_score(labels, scores >= chosen.threshold))


def test_it_is_done_once_and_only_where_it_is_asked_for(finished):
    assert make_benchmark(read_configuration()).curves is False
    stages = [stage.name for stage in finished.info.timings]
    assert stages.count("Learning curves") == stages.count("Disturbed images") == 1
