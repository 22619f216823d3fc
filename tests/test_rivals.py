"""Scores of models from elsewhere: matched by path, refused by name, and compared."""

import re
from shutil import copytree

import numpy as np
import pandas as pd
import pytest

from featurex.benchmark.rival_files import check_rivals, match_scores, read_rival
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import load_dataset
from featurex.errors import DataError, ParameterError
from featurex.evaluation.comparison import compare_auc
from featurex.evaluation.sites import site_folds
from featurex.report import rivals, run_page
from featurex.runs import read_record

CLASSES = ("normal", "pneumonia")
SMALL = [
    "inputs={original: {}}",
    "features={zones: {grids: [2], bins: [8]}}",
    "models={logistic: {}}",
    "grid=[{inputs: [original], features: [zones], models: [logistic]}]",
    "preprocess.size=64",
    "folds=2",
    "resamples=100",
]


def read(tmp_path, text, classes=CLASSES, **given):
    (tmp_path / "scores.csv").write_text(text)
    return read_rival("net", {"scores": str(tmp_path / "scores.csv"), "threshold": 0.5}, classes)


@pytest.fixture(scope="module")
def finished(drawn, tmp_path_factory):
    """A run with a rival that scored all images by paths of another machine, and an external set,
    which is the same images under other names of classes.
    """
    folder = tmp_path_factory.mktemp("rivals")
    here = load_dataset(copytree(drawn(), folder / "here"))
    there = load_dataset(copytree(drawn(seed=4), folder / "there"))
    generator, frames = np.random.default_rng(0), []
    for dataset in (here, there):
        sick = (dataset.table["label"] == "PNEUMONIA").to_numpy()
        scores = np.clip(0.5 * sick + generator.uniform(0, 0.5, len(sick)), 0, 1)
        paths = [path.replace(str(folder), r"C:\\gpu") for path in dataset.table["path"]]
        frames.append(pd.DataFrame({"path": paths, "score": scores}))
    pd.concat(frames).to_csv(folder / "net.csv", index=False)
    known = {"site": ["east", "west"], "sex": ["F", "M", ""], "age": range(20)}
    count = len(here)
    known = {name: np.resize(list(values), count) for name, values in known.items()}
    here.table.assign(**known).to_csv(folder / "here.csv", index=False)
    here = load_dataset(folder / "here.csv")
    tree = {
        **read_configuration(settings=SMALL),
        "external": {"there": str(folder / "there")},
        "rivals": {"net": str(folder / "net.csv")},
        "subgroups": ["sex", "age"],
    }
    return make_benchmark(tree).run(here, folder / "run", n_jobs=1)


def test_a_rival_is_a_row_a_curve_and_a_test(finished):
    record = read_record(finished.folder)
    assert finished.rows["model"].tolist() == ["logistic", "net"]
    row = record.row("elsewhere/scores/net")
    assert row["threshold"] == 0.5
    assert row["test_auc"] > 0.95
    (rival,) = record.info.rivals
    (test,) = rival.tests
    labels, own = record.scores("original/zones/logistic")
    _, other = record.scores("elsewhere/scores/net")
    patients = record.predictions[record.predictions["split"] == "test"].drop_duplicates("path")
    expected = compare_auc(labels, own, other, patients["patient"].to_numpy())
    assert test.difference == pytest.approx(expected.difference)
    assert test.p == pytest.approx(expected.p)
    assert rival.n_unused == finished.rows["n_train"].iloc[0]


def test_a_rival_is_scored_elsewhere_too(finished):
    rows = read_record(finished.folder).external
    assert rows["model"].tolist() == ["logistic", "net"]
    assert rows["n"].tolist() == [60, 60]
    assert rows["unlike"].isna().tolist() == [False, True]


def test_the_page_shows_it(finished):
    record = read_record(finished.folder)
    page = run_page.render_run(record)
    assert "net from elsewhere" in page
    assert "How it was trained is not known here" in page
    assert "net from elsewhere has an AUC of" in rivals.make_section(record).lead


# --- sites and further columns of the list


def test_each_site_is_scored_by_a_model_of_the_others(finished):
    own, rival = finished.rows["site_auc"]
    assert 0.5 < own <= 1
    assert np.isnan(rival)
    page = run_page.render_run(read_record(finished.folder))
    assert "Site AUC" in page


def test_columns_of_the_list_are_groups(finished):
    groups = finished.info.subgroups.groups
    names = [group.name for group in groups if group.kind in ("site", "column")]
    ages = [name for name in names if name.startswith("age: ")]
    sexes = ["sex: F", "sex: M", "sex: not known"]
    assert names == ["site: east", "site: west", *sexes, *ages]
    assert len(ages) == 4
    every = sum(group.images for group in groups if group.name in ages)
    assert every == sum(group.images for group in groups if group.name in sexes)
    assert every == groups[0].images


def test_a_column_that_is_not_there_is_refused(finished, tmp_path):
    dataset = load_dataset(finished.folder.parent / "here.csv")
    tree = {**read_configuration(settings=SMALL), "subgroups": ["view"]}
    with pytest.raises(DataError, match=r"no column 'view' that could make .* it has site"):
        make_benchmark(tree).run(dataset, tmp_path / "run", n_jobs=1)
    with pytest.raises(ParameterError, match="subgroups must be a list of names"):
        make_benchmark({**tree, "subgroups": "sex"})


def test_a_patient_of_two_sites_is_never_on_both_sides():
    labels, sites = np.array([0, 1, 0, 1, 1]), np.array(["a", "a", "b", "b", "b"])
    folds = site_folds(labels, sites, np.array([1, 2, 3, 4, 2]))
    assert [train.tolist() for train, _ in folds] == [[2, 3], [0]][: len(folds)]
    assert [valid.tolist() for _, valid in folds] == [[0, 1]]


@pytest.mark.parametrize(
    ("folders", "sites"),
    [
        (("a/normal", "a/TB", "b/normal", "b/TB"), {"a", "b"}),
        (("NORMAL/p1", "NORMAL/p2", "TB/p1", "TB/p2"), None),
        (("train/normal", "train/TB", "test/normal", "test/TB"), None),
        (("normal/train", "normal/test", "TB/train", "TB/test"), None),
    ],
)
def test_sites_lie_above_class_folders(tmp_path, folders, sites):
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.png").write_bytes(b"")
    table = load_dataset(tmp_path).table
    assert set(table["label"]) <= {"NORMAL", "normal", "TB"}
    assert (set(table["site"]) if "site" in table else None) == sites


# --- files


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("path,score\na.png,0.25\n", [0.25]),
        ("path,NORMAL,Pneumonia\na.png,0.75,0.25\n", [0.25]),
        ("path;score_0;score_1\na.png;0.75;0.25\n", [0.25]),
    ],
)
def test_scores_are_read(tmp_path, text, values):
    assert read(tmp_path, text).values.tolist() == values


def test_scores_of_three_classes_are_read(tmp_path):
    text = "path,a,b,c\nx.png,0.2,0.3,0.5\n"
    rival = read(tmp_path, text, ("a", "b", "c"))
    assert rival.values.tolist() == [[0.2, 0.3, 0.5]]
    assert rival.threshold is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,score\na.png,0.5\n", "has no column path; it has file, score"),
        ("path,other\na.png,0.5\n", "needs score, or a column for each class (normal, pneumonia)"),
        ("path,score\na.png,1.5\nb.png,0.5\n", "which 1 of 2 rows is not: a.png"),
        ("path,score\na.png,0.5\nb.png,\n", "which 1 of 2 rows is not: b.png"),
        ("path,score\na.png,nan\n", "scores must be from 0 to 1"),
        ("path,normal,pneumonia\na.png,0.5,0.9\n", "must sum to 1"),
        ("path,score\n", "holds no scores"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_images(tmp_path, text, words):
    with pytest.raises(DataError, match=re.escape(words)):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a/b": "x.csv"}, "letters, digits"),
        ({"a": {"score": "x.csv"}}, "rivals.a.score does not exist"),
        ({"a": {"scores": "x.csv", "threshold": 2}}, "rivals.a.threshold must be a number"),
        ({"a": None}, "rivals.a.scores must be a file of scores"),
    ],
)
def test_what_is_no_rival_is_refused(given, words):
    with pytest.raises(ParameterError, match=re.escape(words)):
        check_rivals(given)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("path,score\nc.png,0.5\n", "1 path may mean several images"),
        (
            "path,score\na/c.png,0.5\n./a/c.png,0.6\n",
            "1 image is scored twice: ./a/c.png",
        ),
    ],
)
def test_paths_that_mean_several_images_are_refused(tmp_path, text, words):
    paths = ["/d/a/c.png", "/d/b/c.png"]
    with pytest.raises(DataError, match=re.escape(words)):
        match_scores(read(tmp_path, text), {"own": (paths, ["a/c.png", "b/c.png"])})


def test_names_that_occur_in_two_sets_are_told_apart_by_their_folders(tmp_path):
    rival = read(tmp_path, "path,score\n/x/b/n/1.png,0.5\n/x/a/n/1.png,0.6\nn/2.png,0.7\n")
    names = ["n/1.png", "n/2.png"]
    sets = {name: ([f"/{name}/{image}" for image in names], names) for name in ("a", "b")}
    rows = match_scores(rival, sets)
    # What may be either is the first set's.
    assert {name: row.tolist() for name, row in rows.items()} == {"a": [1, 2], "b": [0, -1]}


def test_a_test_image_without_a_score_is_named(finished, tmp_path):
    folder = finished.folder.parent
    scores = pd.read_csv(folder / "net.csv")
    testing = scores["path"].str.contains("here.*test.*PNEUMONIA")
    gone = scores.index[testing][0]
    scores.drop(index=gone).to_csv(tmp_path / "less.csv", index=False)
    tree = {**read_configuration(settings=SMALL), "rivals": {"net": str(tmp_path / "less.csv")}}
    name = scores["path"][gone].replace("\\", "/").rpartition("/")[2]
    with pytest.raises(DataError, match=re.escape(name)):
        make_benchmark(tree).run(load_dataset(folder / "here"), tmp_path / "run", n_jobs=1)
