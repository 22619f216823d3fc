"""The whole job on small phantoms; and everything a user can get wrong."""

import csv
import shutil
import sys

import numpy as np
import pandas as pd
import pytest

from featurex import load_model, save_model
from featurex.benchmark import questions
from featurex.benchmark.scored import Skipped
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import load_dataset
from featurex.engine.store import Memory
from featurex.errors import DataError
from featurex.report.image_page import render_image
from featurex.report.run_page import render_run
from featurex.runs import answers, read_record
from tests.commands import featurex

SPREAD = ["test_auc_mean", "test_auc_sd"]
COLUMNS = (
    *(
        "dataset",
        "task",
        "input",
        "features",
        "model",
        "n_columns",
        "seed",
        "cv_auc",
        "swap_auc",
        "appearance_auc",
        "site_auc",
        "n_seeds",
        *SPREAD,
        "tuned",
        "threshold",
    ),
    *(
        "test_auc",
        "test_auc_low",
        "test_auc_high",
        "test_accuracy",
        "test_sensitivity",
        "test_specificity",
    ),
    *(
        "test_f1",
        "test_mcc",
        "test_coverage",
        "test_undecided",
        "brier",
        "ece",
        "extract_ms_per_image",
        "fit_s",
        "predict_ms_per_image",
    ),
    *("n_train", "n_test"),
)
TIMES = ["extract_ms_per_image", "fit_s", "predict_ms_per_image"]
SMALL = [
    "features={zones: {grids: [1, 2, 4], bins: [16, 16, 8]}, hog: {cell: 32}}",
    "models={logistic: {}, extra_trees: {n_estimators: 20}, cnn: {max_iter: 2, size: 32, "
    "channels: [4, 8], n_seeds: 2}}",
    "grid=[{inputs: [original, aligned], features: [zones, zones+hog], models: [logistic, "
    "extra_trees]},"
    " {inputs: [original, aligned], features: [pixels], models: [cnn]}]",
    "preprocess.size=96",
    "folds=3",
    "resamples=100",
    "save=[cnn]",
    "tune={logistic: {C: [0.001, 0.1]}}",
]
# For what a run says of its images, and not of many models.
FEW = [
    "models={logistic: {}, cnn: {max_iter: 1, size: 32, channels: [4, 8]}}",
    "grid=[{inputs: [aligned], features: [zones], models: [logistic]},"
    " {inputs: [aligned], features: [pixels], models: [cnn]}]",
    "folds=2",
    "tune=null",
]


def run(dataset, folder, *settings, n_jobs=2):
    tree = read_configuration(settings=[*SMALL, *settings])
    return make_benchmark(tree).run(dataset, folder, n_jobs=n_jobs)


@pytest.fixture(scope="module")
def phantom(drawn):
    return drawn(120, 5, 112)


@pytest.fixture(scope="module")
def finished(phantom, tmp_path_factory):
    return run(load_dataset(phantom), tmp_path_factory.mktemp("runs") / "run")


def test_every_file_is_there_and_nothing_else(finished):
    names = {path.name for path in finished.folder.iterdir()}
    assert names == {
        "rows.csv",
        "predictions.csv",
        "features.parquet",
        "errors.csv",
        "run.json",
        "pictures",
        "work",
    }


def test_rows_hold_every_combination_with_plausible_values(finished):
    rows = pd.read_csv(finished.folder / "rows.csv", keep_default_na=True).fillna({"tuned": ""})
    assert tuple(rows.columns) == COLUMNS
    assert len(rows) == 2 * 2 * 2 + 2
    # The phantom names no sites.
    assert rows.pop("site_auc").isna().all()
    spread, networks = rows[SPREAD], rows["model"] == "cnn"
    assert spread[~networks].isna().all(axis=None)
    assert spread[networks].notna().all(axis=None)
    rows = rows.drop(columns=SPREAD)
    assert not rows.isna().any(axis=None)
    shares = rows[
        [name for name in COLUMNS if "auc" in name and name != "site_auc" and name not in SPREAD]
        + ["test_accuracy", "test_sensitivity", "brier", "ece"]
    ]
    assert shares.to_numpy().min() >= 0
    assert shares.to_numpy().max() <= 1
    assert (rows["test_auc_low"] <= rows["test_auc"]).all()
    assert (rows["test_auc"] <= rows["test_auc_high"]).all()
    assert (rows["n_train"] + rows["n_test"] == 120).all()
    assert (rows[TIMES] > 0).all(axis=None)


def test_scores_in_the_file_give_the_numbers_in_the_rows(finished):
    from sklearn.metrics import accuracy_score, roc_auc_score

    predictions = pd.read_csv(finished.folder / "predictions.csv")
    for row in finished.rows.to_dict("records"):
        key = "/".join((row["input"], row["features"], row["model"]))
        own = predictions[predictions["model"] == key].set_index("split")
        for split, column in (
            ("train", "cv_auc"),
            ("swap", "swap_auc"),
            ("appearance", "appearance_auc"),
            ("test", "test_auc"),
        ):
            lines = own.loc[split]
            assert roc_auc_score(lines["label"], lines["score"]) == pytest.approx(row[column])
        test = own.loc["test"]
        assert accuracy_score(test["label"], test["score"] >= row["threshold"]) == pytest.approx(
            row["test_accuracy"]
        )


def test_what_was_searched_for_is_told(finished):
    rows, tuned = finished.rows, finished.info.tuned
    searched = rows["model"] == "logistic"
    assert (rows["tuned"] == "").tolist() == (~searched).tolist()
    assert len(tuned) == searched.sum() == 4
    for row in rows[searched].to_dict("records"):
        found = tuned["/".join((row["input"], row["features"], row["model"]))]
        assert row["tuned"] == found.chosen
        assert {found.chosen, *found.in_folds} <= {"C=0.001", "C=0.1"}
        assert len(found.in_folds) == 3
        assert [one.folds for one in found.tried] == [3, 3]
        assert found.chosen == max(found.tried, key=lambda one: one.swap_auc).parameters
        assert 0 < found.search_s < row["fit_s"]
    page = render_run(read_record(finished.folder))
    assert "Parameters that were searched for" in page


def test_patients_are_never_on_both_sides(finished):
    predictions = pd.read_csv(finished.folder / "predictions.csv")
    sides = (
        predictions.assign(test=predictions["split"] == "test").groupby("patient")["test"].nunique()
    )
    assert (sides == 1).all()


def test_the_shortcut_is_seen_and_alignment_takes_it_away(finished):
    rows = finished.rows.set_index(["input", "features", "model"])
    plain = rows.loc[("original", "zones", "logistic")]
    aligned = rows.loc[("aligned", "zones", "logistic")]
    gap, left = (row["cv_auc"] - row["swap_auc"] for row in (plain, aligned))
    assert gap > 0.08
    assert left < 0.25 * gap
    assert finished.info.selection.classical.startswith("aligned/")


def test_facts_say_what_was_done(finished):
    info = read_record(finished.folder).info
    assert info == finished.info
    assert info.dataset.synthetic is True
    assert info.protocol.folds == 3
    assert info.protocol.test == "official test split"
    assert sum(count.images for count in info.dataset.counts) == 120
    assert info.configuration["folds"] == 3
    assert info.versions["numba"]
    assert info.alignment.n == 120
    assert {control.name for control in info.controls} == {
        "border ring",
        "outside the lungs",
        "registration",
        "file",
    }
    assert info.learning == ()
    assert info.robustness == ()
    assert info.comparison.b == info.selection.cnn
    for example in info.examples:
        for panel in example.panels:
            assert (finished.folder / panel.file).read_bytes().startswith(b"\x89PNG")


def test_facts_say_what_the_chosen_model_goes_by(finished):
    importance = finished.info.importance
    assert importance.key == finished.info.selection.classical
    assert {row.name for row in importance.families} == set(importance.key.split("/")[1].split("+"))
    for row in importance.families + importance.places:
        assert row.auc_drop_low <= row.auc_drop <= row.auc_drop_high
    assert sum(row.n_columns for row in importance.places) == len(finished.chosen.columns)
    assert 0 < importance.fraction_in_lungs < 1
    assert -1 <= importance.stability <= 1
    assert (finished.folder / importance.file).is_file()


def test_mistakes_are_those_of_the_predictions(finished):
    mistakes = finished.info.mistakes
    lines = pd.read_csv(finished.folder / "predictions.csv")
    lines = lines[
        (lines["split"] == "test") & (lines["model"] == finished.info.selection.classical)
    ]
    wrong = (lines["score"] >= finished.chosen.threshold) != (lines["label"] == 1)
    assert {mistake.path for mistake in mistakes} <= set(lines["path"][wrong])
    assert len(mistakes) == sum(min(6, count) for count in lines["label"][wrong].value_counts())
    assert all((finished.folder / mistake.file).is_file() for mistake in mistakes)


def test_net_benefit_is_that_of_calibrated_scores_on_the_test_images(finished):
    curves = finished.info.decision
    comparison = finished.info.comparison
    assert [model.key for model in curves.models] == [comparison.a, comparison.b]
    predictions = pd.read_csv(finished.folder / "predictions.csv")
    for model in curves.models:
        test = predictions[(predictions["model"] == model.key) & (predictions["split"] == "test")]
        odds = np.log(test["score"] / (1 - test["score"])) * model.slope + model.intercept
        # At 25 % a false alarm costs a third of a case found.
        acted = 1 / (1 + np.exp(-odds)) >= 0.25
        expected = (acted & (test["label"] == 1)).mean() - (acted & (test["label"] == 0)).mean() / 3
        assert curves.threshold[24] == 0.25
        assert model.net_benefit[24] == pytest.approx(expected, abs=1e-6)
    assert curves.everyone[24] == pytest.approx(
        curves.prevalence - (1 - curves.prevalence) / 3, abs=1e-6
    )


def test_groups_of_test_images_hold_them_all(finished):
    chosen = finished.info.subgroups.key
    row = finished.rows.set_index(["input", "features", "model"]).loc[tuple(chosen.split("/"))]
    groups = finished.info.subgroups.groups
    everyone = groups[0]
    assert (everyone.auc, everyone.images) == (row["test_auc"], row["n_test"])
    for name in ("accuracy", "sensitivity", "specificity"):
        low, value, high = (getattr(everyone, name + end) for end in ("_low", "", "_high"))
        assert value == pytest.approx(row[f"test_{name}"])
        assert low < value < high or value in (0, 1)
    assert {group.name for group in groups if group.kind == "subtype"} == {
        "bacteria",
        "virus",
    }
    assert sum(group.images for group in groups if group.kind == "size") == row["n_test"]
    assert groups[-1].name == "alignment failed"


def test_models_on_the_chosen_features_are_ranked_fold_by_fold(finished):
    ranking = finished.info.ranking
    way, families, _ = finished.info.selection.classical.split("/")
    keys = {f"{way}/{families}/logistic", f"{way}/{families}/extra_trees", f"{way}/pixels/cnn"}
    assert {model.key for model in ranking.models} == keys
    assert all(len(model.auc) == 3 for model in ranking.models)
    ranks = [model.mean_rank for model in ranking.models]
    assert ranks == sorted(ranks)
    assert sum(ranks) == pytest.approx(6)
    assert ranking.models[0].p == pytest.approx(1)
    # The hand's product for three models in three folds; 2.343 is Demšar's q.
    assert ranking.critical_difference == pytest.approx(2.343 * (12 / 18) ** 0.5, rel=1e-3)


def test_features_are_kept_for_every_image_and_input(finished):
    frame = pd.read_parquet(finished.folder / "features.parquet")
    assert len(frame) == 240
    assert set(frame["input"]) == {"original", "aligned"}
    assert not frame.isna().any(axis=None)


def test_the_same_seed_gives_the_same_rows_whatever_the_threads(phantom, finished, tmp_path):
    again = run(load_dataset(phantom), tmp_path / "again", n_jobs=1)
    pd.testing.assert_frame_equal(again.rows.drop(columns=TIMES), finished.rows.drop(columns=TIMES))


def test_without_pytorch_the_rest_runs_and_the_extra_is_named(phantom, tmp_path, monkeypatch):
    monkeypatch.setattr("featurex.benchmark.session.find_spec", lambda name: None)
    made = run(load_dataset(phantom), tmp_path / "run", *FEW)
    assert set(made.rows["model"]) == {"logistic"}
    assert made.info.selection.cnn is None
    assert "pip install 'featurex-xray[cnn]'" in made.info.selection.cnn_missing


def test_the_chosen_network_is_saved_and_needs_no_pytorch(finished, phantom, tmp_path, monkeypatch):
    (network,) = finished.others
    assert network.entry.key == finished.info.selection.cnn
    save_model(tmp_path / "n.featurex", finished, network)
    monkeypatch.setitem(sys.modules, "torch", None)
    model = load_model(tmp_path / "n.featurex")
    assert model.manifest.configuration["models"]["cnn"]["n_seeds"] == 1
    lines = pd.read_csv(finished.folder / "predictions.csv")
    lines = lines[(lines["split"] == "test") & (lines["model"] == network.entry.key)]
    rows = model.predict_rows([str(phantom / path) for path in lines["path"]], n_jobs=2)
    scores = [row["score"] for row in rows]
    np.testing.assert_allclose(scores, lines["score"], rtol=0, atol=1e-5)
    page = render_image(model.explain(rows[0]["path"]), rows[0], [], model)
    assert "8 x 8 squares hidden" in page
    assert "columns with the largest contributions" not in page


def test_three_classes(phantom, tmp_path):
    made = run(load_dataset(phantom), tmp_path / "run", *FEW, "task=three-class")
    assert made.rows["threshold"].isna().all()
    assert made.info.classes == ("normal", "bacteria", "virus")
    assert made.info.comparison is None
    assert made.info.decision is None
    predictions = pd.read_csv(made.folder / "predictions.csv")
    assert np.allclose(predictions[["score_0", "score_1", "score_2"]].sum(axis=1), 1)


def test_etiology_leaves_normal_images_out(phantom, tmp_path):
    made = run(load_dataset(phantom), tmp_path / "run", *FEW, "task=etiology")
    assert made.info.classes == ("bacteria", "virus")
    assert {count.subtype for count in made.info.dataset.counts} == {"bacteria", "virus"}


def test_without_a_test_split_patients_are_held_out(phantom, tmp_path):
    shutil.copytree(phantom / "train", tmp_path / "set")
    made = run(load_dataset(tmp_path / "set"), tmp_path / "run", *FEW)
    assert made.info.protocol.test.startswith("patient-grouped 20% holdout")
    assert 0.1 < made.rows["n_test"][0] / (made.rows["n_test"][0] + made.rows["n_train"][0]) < 0.3


def test_bad_files_are_set_aside(phantom, tmp_path):
    shutil.copytree(phantom, tmp_path / "set")
    broken = sorted((tmp_path / "set" / "train" / "PNEUMONIA").iterdir())[0]
    broken.write_bytes(broken.read_bytes()[:100])
    made = run(load_dataset(tmp_path / "set"), tmp_path / "run", *FEW)
    with open(made.folder / "errors.csv", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["path"] for line in lines] == [str(broken)]
    assert made.rows["n_train"][0] + made.rows["n_test"][0] == 119
    titles = [finding.title for finding in made.info.findings]
    assert any(title.startswith("1 of 120 files cannot be read (1 ") for title in titles)


def test_a_question_that_fails_costs_its_section_alone(monkeypatch):
    def fail(run):
        raise ZeroDivisionError("no patients")

    point = answers.CostPoint(key="a/b/c", cpu_s=np.nan, accuracy=0.5, auc=0.5)
    asked = {
        "controls": fail,
        "cost": lambda run: (point,),
        "ranking": lambda run: Skipped("Too few."),
        "mistakes": lambda run: (),
    }
    monkeypatch.setattr(questions, "QUESTIONS", asked)
    with pytest.warns(RuntimeWarning, match="question '(controls|cost)' failed") as caught:
        answered, skipped = questions.ask_all(None, Memory())
    assert len(caught) == 2
    assert answered == {"mistakes": ()}
    assert skipped == {
        "controls": "This part of the run failed: ZeroDivisionError: no patients",
        "cost": "This part of the run failed: DataError: run.json: cost[0].cpu_s must be a number, "
        "but None was given",
        "ranking": "Too few.",
    }


def test_another_run_is_never_overwritten(phantom, finished):
    with pytest.raises(
        DataError,
        match=r"differs in models\.logistic\.C, folds; choose another folder with --out, or",
    ):
        run(load_dataset(phantom), finished.folder, "folds=4", "models.logistic.C=3.0")


def test_a_finished_run_is_left_alone_and_given_back(phantom, finished):
    when = {path: path.stat().st_mtime_ns for path in finished.folder.rglob("*.*")}
    again = run(load_dataset(phantom), finished.folder)
    assert {path: path.stat().st_mtime_ns for path in finished.folder.rglob("*.*")} == when
    pd.testing.assert_frame_equal(again.rows, finished.rows)
    assert again.info == finished.info
    assert again.chosen.entry == finished.chosen.entry


def test_what_could_not_start_leaves_an_empty_folder(phantom, tmp_path):
    _few_patients(phantom, tmp_path / "data")
    with pytest.raises(DataError, match="patients"):
        run(load_dataset(tmp_path / "data"), tmp_path / "run", "folds=5")
    assert list((tmp_path / "run").iterdir()) == []


def _one_class(phantom, folder):
    shutil.copytree(phantom / "train" / "NORMAL", folder / "train" / "NORMAL")


def _no_classes(phantom, folder):
    shutil.copytree(phantom / "train" / "NORMAL", folder)


def _few_patients(phantom, folder):
    for label in ("NORMAL", "PNEUMONIA"):
        (folder / label).mkdir(parents=True)
        for path in sorted((phantom / "train" / label).iterdir())[:3]:
            shutil.copy(path, folder / label)


def _only_text(phantom, folder):
    for label in ("NORMAL", "PNEUMONIA"):
        (folder / label).mkdir(parents=True)
        for number in range(8):
            (folder / label / f"{number}.jpeg").write_text("text")


@pytest.mark.jobs
@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (None, [], "data"),
        (lambda _, folder: folder.mkdir(), [], "holds no images in class folders"),
        (_no_classes, [], "holds no images in class folders"),
        (_one_class, [], "the label of every image is 'NORMAL'"),
        (_few_patients, [], "patients"),
        (_only_text, [], "none of 16 images could be used"),
        (_few_patients, ["--config", "none.yaml"], "cannot read the configuration none.yaml"),
        (_few_patients, ["--set", "curves=1"], "curves must be true or false"),
        (_few_patients, ["--set", "folds=many"], "folds must be an integer"),
        (
            _few_patients,
            ["--set", "featurs.hog.cell=8"],
            "featurs does not exist; did you mean features?",
        ),
        (_few_patients, ["--out", "."], "holds files already; choose another folder with --out"),
        (_few_patients, ["--out", "/proc/run"], "cannot write into /proc/run"),
        (_few_patients, ["--jobs", "0"], "0 is not in the range x>=1"),
    ],
)
def test_what_is_wrong_is_said_in_one_message(phantom, tmp_path, make, arguments, message):
    if make:
        make(phantom, tmp_path / "data")
    done = featurex("benchmark", "data", *arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.jobs
def test_the_command_writes_a_report_and_sets_bad_files_aside(phantom, tmp_path):
    shutil.copytree(phantom, tmp_path / "data")
    sorted((tmp_path / "data" / "train" / "NORMAL").iterdir())[0].write_bytes(b"")
    grid = (
        "grid=[{inputs: [original], features: [zones], models: [logistic]},"
        " {inputs: [original], features: [pixels], models: [cnn]}]"
    )
    settings = [word for setting in (*SMALL, *FEW, grid) for word in ("--set", setting)]
    wanted = ["--curves", "--save", "original/zones/logistic"]
    done = featurex(
        "benchmark", "data", "--out", "run", "--jobs", 2, *wanted, *settings, cwd=tmp_path
    )
    assert done.returncode == 3, done.stderr
    saved = load_model(tmp_path / "run" / "original-zones-logistic.featurex")
    assert saved.manifest.key == "original/zones/logistic"
    assert (tmp_path / "run" / "model.featurex").is_file()
    assert "1 file was set aside (1 EMPTY_FILE): see run/errors.csv" in " ".join(
        done.stderr.split()
    )
    assert "Report: run/report.html" in done.stdout
    assert "Research use only" in " ".join(done.stdout.split())
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000
    assert "On disturbed images" in (tmp_path / "run" / "report.html").read_text()
