"""Other hospitals: labels matched, own images counted out, and frozen models scored once."""

import dataclasses
import json
import re
from shutil import copytree

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score

from featurex.benchmark.external_samples import check_external
from featurex.benchmark.overlap import find_overlap
from featurex.cli import cli
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import TASKS, load_dataset, make_dataset
from featurex.datasets.matching import match_classes
from featurex.errors import DataError, ParameterError
from featurex.evaluation.external import measure_frozen
from featurex.report import external, run_page
from featurex.runs import read_record
from featurex.scorers.typical import Typical
from tests.report_run import write_run

COLUMNS = [
    "set",
    "input",
    "features",
    "model",
    "n",
    "n_positive",
    "auc",
    "auc_low",
    "auc_high",
    "accuracy",
    "balanced_accuracy",
    "sensitivity",
    "specificity",
    "threshold",
    "brier",
    "ece",
    "alignment_failed",
    "unlike",
    "coverage",
    "undecided",
    "adapt",
]
SETS = ("there", "sick", "tb", "adapted")
SMALL = [
    "inputs={original: {}}",
    "features={zones: {grids: [2], bins: [8]}}",
    "models={logistic: {}, lda: {n_components: 4}}",
    "grid=[{inputs: [original], features: [zones], models: [logistic, lda]}]",
    "preprocess.size=64",
    "folds=2",
    "resamples=100",
]


def run(folder, data, external):
    tree = read_configuration(settings=SMALL)
    return make_benchmark({**tree, "external": external}).run(load_dataset(data), folder, n_jobs=1)


def write_list(path, dataset, rows, **changes):
    """A list of some images of a data set."""
    table = dataset.table.iloc[rows][["path", "label", "patient"]].assign(**changes)
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def phantoms(drawn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("phantoms")
    for name, seed in (("here", 3), ("there", 4)):
        copytree(drawn(seed=seed), folder / name)
    return folder


@pytest.fixture(scope="module")
def finished(phantoms, tmp_path_factory):
    """A run with three external sets: a phantom; its sick with two of the run's own images, one
    saved again in another format; and both classes by other names.
    """
    folder, here = tmp_path_factory.mktemp("external"), load_dataset(phantoms / "here")
    there = load_dataset(phantoms / "there")
    sick = np.flatnonzero(there.table["label"] == "PNEUMONIA")
    own = here.table[here.table["label"] == "PNEUMONIA"].head(2)
    again = folder / "again.png"
    cv2.imwrite(str(again), cv2.imread(own["path"].iloc[1], cv2.IMREAD_GRAYSCALE))
    mixed = there.table.iloc[sick][["path", "label", "patient"]]
    extra = own[["path", "label"]].assign(
        path=[own["path"].iloc[0], str(again)], patient=["x", "y"]
    )
    broken = folder / "broken.png"
    broken.write_bytes(b"no image")
    lost = pd.DataFrame({"path": [str(broken)], "label": ["PNEUMONIA"], "patient": ["z"]})
    pd.concat([mixed, extra, lost]).to_csv(folder / "sick.csv", index=False)
    names = there.table["label"].map({"NORMAL": "healthy", "PNEUMONIA": "TB"})
    write_list(folder / "tb.csv", there, np.arange(60), label=names.to_numpy())
    sets = {
        "there": str(phantoms / "there"),
        "sick": {"data": str(folder / "sick.csv")},
        "tb": {"data": str(folder / "tb.csv"), "same_patients": False},
        "adapted": {"data": str(folder / "tb.csv"), "same_patients": False, "adapt": "site"},
    }
    return run(folder / "run", phantoms / "here", sets)


# --- the whole run


def test_every_model_scores_every_set_once(finished):
    rows = pd.read_csv(finished.folder / "external.csv")
    assert list(rows.columns) == COLUMNS
    assert rows["set"].tolist() == [name for name in SETS for _ in range(2)]
    lines = pd.read_csv(finished.folder / "predictions.csv")
    frozen = finished.rows.set_index("model")["threshold"]
    for row in rows.to_dict("records"):
        own = lines[
            (lines["split"] == f"external:{row['set']}")
            & (lines["model"] == f"original/zones/{row['model']}")
        ]
        assert len(own) == row["n"] == own["path"].nunique()
        assert row["threshold"] == frozen[row["model"]]
        decided = own["score"] >= row["threshold"]
        assert row["accuracy"] == pytest.approx((decided == (own["label"] == 1)).mean())
        assert 0 <= row["unlike"] <= 1


def test_nothing_of_the_run_changes_with_an_external_set(finished, phantoms, tmp_path):
    alone = run(tmp_path / "alone", phantoms / "here", None)
    for name in ("cv_auc", "swap_auc", "threshold", "test_auc"):
        assert alone.rows[name].tolist() == finished.rows[name].tolist()
    assert "external" in alone.info.skipped
    assert not (alone.folder / "external.csv").exists()


def test_own_images_are_counted_out_even_if_saved_again(finished):
    sick = finished.info.external[1]
    n_sick = sick.classes[0].images
    assert (sick.n_identical, sick.n_shared, sick.n_errors) == (2, 0, 1)
    assert sick.images == n_sick
    assert any("2 images of sick are in the run's own data" in note for note in sick.notes)
    assert finished.errors["path"].str.endswith("broken.png").tolist() == [True]


def test_a_set_that_lacks_a_class_has_no_auc_but_the_rest(finished):
    rows = read_record(finished.folder).external
    rows = rows[rows["set"] == "sick"]
    assert rows[["auc", "auc_low", "specificity", "balanced_accuracy"]].isna().all(axis=None)
    assert rows[["accuracy", "sensitivity", "brier", "ece"]].notna().all(axis=None)
    sick = finished.info.external[1]
    assert sick.lacking == ("normal",)
    assert any("there is no AUC" in note for note in sick.notes)


def test_other_names_are_matched_by_normal_and_said(finished):
    rows = pd.read_csv(finished.folder / "external.csv").set_index(["set", "model"])
    assert rows.loc["tb", "auc"].tolist() == rows.loc["there", "auc"].tolist()
    tb = finished.info.external[2]
    assert {(part.label, part.name) for part in tb.classes} == {
        ("healthy", "normal"),
        ("TB", "pneumonia"),
    }
    assert any("one class of each set is normal" in note for note in tb.notes)


def test_columns_are_adapted_to_a_set_only_where_asked_and_it_is_said(finished):
    rows = pd.read_csv(finished.folder / "external.csv").set_index("set")
    assert rows["adapt"].fillna("").to_dict() == {
        "there": "",
        "sick": "",
        "tb": "",
        "adapted": "site",
    }
    assert rows.loc["adapted", "unlike"].tolist() == rows.loc["tb", "unlike"].tolist()
    assert (rows.loc["adapted", "brier"].to_numpy() != rows.loc["tb", "brier"].to_numpy()).all()
    assert any("adapt: site" in note for note in finished.info.external[3].notes)


def test_prediction_sets_are_measured_at_home_and_elsewhere(finished):
    rows = pd.read_csv(finished.folder / "external.csv")
    assert rows[["coverage", "undecided"]].stack().between(0, 1).all()
    assert (rows["coverage"] + 1e-9 >= rows["accuracy"]).all()
    assert finished.info.protocol.coverage == 0.9
    assert (finished.rows["test_coverage"] >= finished.rows["test_accuracy"]).all()


def test_adapted_columns_have_the_training_images_mean_and_deviation_whatever_the_device():
    generator = np.random.default_rng(0)
    typical = Typical.from_columns(generator.normal(3, 2, (50, 4)))
    values = generator.normal(1, 5, (30, 4))
    values[:, 3] = 0.1
    adapted = typical.adapt(values)
    np.testing.assert_allclose(adapted.mean(axis=0), typical.mean)
    np.testing.assert_allclose(adapted[:, :3].std(axis=0), typical.deviation[:3])
    np.testing.assert_allclose(typical.adapt(7 * values - 2), adapted)
    with pytest.raises(DataError, match="at least 20 images of one site, but there are 19"):
        typical.adapt(values[:19])


def test_the_page_of_a_real_run_shows_it(finished):
    page = run_page.render_run(read_record(finished.folder))
    section = page[page.index('<section id="external"') :]
    assert "sick holds no image of normal" in section
    assert section.count("most unlike the training images") >= 3


def test_the_configuration_of_the_run_makes_the_same_benchmark(finished):
    tree = json.loads((finished.folder / "run.json").read_text())["configuration"]
    assert make_benchmark(tree).external == {
        name: {"classes": None, "same_patients": None, "adapt": None, **given}
        for name, given in tree["external"].items()
    }


# --- what is refused


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("x", "external must be a mapping of names"),
        ({"a b": "x"}, "letters, digits"),
        ({"a": {"data": "x", "clases": {}}}, "external.a.clases does not exist"),
        ({"a": {}}, "external.a.data must be a folder or list"),
        ({"a": {"data": "x", "adapt": "me"}}, "external.a.adapt must be one of site"),
        ({"a": {"data": "x", "same_patients": "no"}}, "external.a.same_patients must be true"),
    ],
)
def test_what_is_no_external_set_is_refused(given, words):
    with pytest.raises(ParameterError, match=re.escape(words)):
        check_external(given)


def make_set(*labels):
    rows = [(f"{i}.png", label, "", str(i), "", "") for i, label in enumerate(labels)]
    return make_dataset("set", rows)


@pytest.mark.parametrize(
    ("labels", "given", "index"),
    [
        (("normal", "Pneumonia"), None, {"normal": 0, "Pneumonia": 1}),
        (("NORMAL", "TB", "COVID"), None, {"NORMAL": 0}),
        (("No Finding", "TB"), None, {"No Finding": 0, "TB": 1}),
        (("a", "b"), {"pneumonia": ["a"], "normal": "b"}, {"a": 1, "b": 0}),
    ],
)
def test_labels_are_matched(labels, given, index):
    task = TASKS["pneumonia"]
    match = match_classes(make_set(*labels), task, tuple(task.classes), given)
    assert match.index == index
    assert bool(match.note) == ("TB" in labels and len(labels) == 2)


@pytest.mark.parametrize(
    ("labels", "given", "words"),
    [
        (("a", "b"), None, "its labels a, b cannot be matched to the classes normal, pneumonia"),
        (("a", "b"), {"normal": "c"}, "no image has the label 'c'"),
        (("a", "b"), {"sick": "a"}, "must be named normal, pneumonia, but 'sick' was given"),
    ],
)
def test_labels_that_match_nothing_are_refused(labels, given, words):
    with pytest.raises(DataError, match=re.escape(words)):
        match_classes(make_set(*labels), TASKS["pneumonia"], ("normal", "pneumonia"), given)


def test_a_set_that_is_the_run_s_own_is_refused(phantoms, tmp_path):
    with pytest.raises(DataError, match="every image is in the run's own data"):
        run(tmp_path / "run", phantoms / "here", {"same": str(phantoms / "here")})


# --- patients


@pytest.mark.parametrize(
    ("folder", "answer", "n_shared", "words"),
    [
        ("elsewhere", None, 0, "taken for different patients"),
        ("elsewhere", True, 1, "taken for the same patients"),
        ("here", None, 1, "taken for the same patients"),
        ("here", False, 0, "taken for different patients"),
    ],
)
def test_an_id_is_one_patient_where_there_is_evidence(folder, answer, n_shared, words):
    images = np.random.default_rng(0).integers(0, 256, (3, 40, 40), np.uint8)
    own = pd.DataFrame({"path": ["/here/a.png", "/here/b.png"], "patient": ["1", "2"]})
    other = pd.DataFrame({"path": [f"/{folder}/c.png"], "patient": ["1"]})
    overlap = find_overlap("x", own, images[:2], other, images[2:], answer)
    assert overlap.shared.sum() == n_shared
    assert not overlap.identical.any()
    assert words in overlap.note


def test_an_equal_image_under_an_equal_id_is_evidence():
    images = np.random.default_rng(0).integers(0, 256, (3, 40, 40), np.uint8)
    own = pd.DataFrame({"path": ["/here/a.png"], "patient": ["1"]})
    other = pd.DataFrame({"path": ["/there/a.png", "/there/b.png"], "patient": ["1", "1"]})
    overlap = find_overlap("x", own, images[:1], other, images[[0, 2]])
    assert overlap.identical.tolist() == [True, False]
    assert overlap.shared.tolist() == [False, True]


# --- measures and the section


def test_three_classes_of_which_one_is_lacking():
    scores = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])
    measured = measure_frozen(np.array([0, 1]), scores, None, np.array(["a", "b"]))
    assert (measured.n, measured.n_positive, measured.auc) == (2, None, None)
    assert measured.accuracy == 1
    assert measured.brier == pytest.approx((0.14 + 0.06) / 4)


def test_the_section_says_how_far_the_chosen_model_falls(tmp_path):
    write_run(tmp_path)
    record = read_record(tmp_path)
    key, one = record.chosen[0], record.info.external[0]
    row = external.find_row(record, "other", key)
    words = external.describe_fall(record, one)
    assert f"{row['auc']:.3f} on other (60 images" in words
    assert f"{record.row(key)['test_auc']:.3f} on the run's own" in words
    (lost, _) = external.list_thresholds(record)
    assert lost["lost"] == "10.0"
    assert external.list_curves(record)[0].detail == f"AUC {row['auc']:.3f}"
    three = dataclasses.replace(
        record.info, external=(one, dataclasses.replace(one, lacking=("x",)))
    )
    assert len(external.list_curves(dataclasses.replace(record, info=three))) == 6


def test_a_saved_model_tells_what_it_is_worth_on_labelled_images(phantoms, tmp_path):
    there = load_dataset(phantoms / "there")
    rows = np.r_[0:4, -4:0]
    listed = write_list(tmp_path / "list.csv", there, rows, label=["healthy"] * 4 + ["TB"] * 4)
    out = tmp_path / "scores.csv"
    arguments = ["predict", str(listed), "--labels", "--out", str(out), "--jobs", "1"]
    done = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert done.exception is None
    scores, (measures,) = pd.read_csv(out), pd.read_csv(tmp_path / "scores.external.csv").iloc
    assert list(measures.index) == COLUMNS
    # Of all images, those without a decision among them.
    right = (scores["score"] >= measures["threshold"]) == (scores["label"] == "pneumonia")
    assert measures["accuracy"] == pytest.approx(right.mean())
    assert measures["n_positive"] == (scores["label"] == "pneumonia").sum() == 4
    assert measures["auc"] == roc_auc_score(scores["label"] == "pneumonia", scores["score"])
    assert "one class of each set is normal" in done.output + done.stderr
