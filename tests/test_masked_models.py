"""A model that was fitted to what lies inside of masks: saved, and applied to images with masks."""

from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from featurex import load_model
from featurex.bundle.scoring import Scoring
from featurex.cli.benchmark import benchmark
from featurex.cli.predict import predict
from featurex.datasets import load_dataset
from featurex.errors import DataError, ParameterError
from featurex.images import MaskedPath, read_image
from tests.test_findings import SMALL
from tests.test_masks import write


@pytest.fixture(scope="module")
def masked(drawn, tmp_path_factory):
    """Pictures with masks of two values, and the run of a benchmark on what has the value 2, with
    an external set whose masks have both values, too.
    """
    folder = tmp_path_factory.mktemp("masked")
    films = copytree(drawn(), folder / "films")
    write_masks(films, folder / "masks")
    write_masks(copytree(drawn(seed=4), folder / "there"), folder / "elsewhere")
    settings = [part for setting in SMALL for part in ("--set", setting)]
    options = ["--masks", folder / "masks", "--mask-label", "2", "--jobs", "1"]
    options += ["--external", f"there={folder}/there"]
    options += ["--external-masks", f"there={folder}/elsewhere"]
    run = [films, *options, *settings, "--out", folder / "run"]
    ended = CliRunner().invoke(benchmark, list(map(str, run)), standalone_mode=False)
    assert ended.exception is None, ended.exception
    return folder


def write_masks(films, folder):
    for path in load_dataset(films).table["path"]:
        shape = read_image(path).shape
        rows, columns = np.indices(shape) / np.reshape(shape, (2, 1, 1))
        mask = np.where(np.hypot(rows - 0.5, columns - 0.5) < 0.35, 2, 1).astype(np.uint8)
        write(folder / f"{path.rsplit('/')[-1]}.png", mask)


def call(*arguments):
    return CliRunner().invoke(predict, list(map(str, arguments)), standalone_mode=False)


def test_its_scores_are_those_of_the_benchmark(masked):
    options = ["--masks", masked / "masks", "--out", masked / "scores.csv"]
    ended = call(masked / "run", masked / "films", *options)
    assert ended.exception is None, ended.exception
    scores = pd.read_csv(masked / "scores.csv", keep_default_na=False)
    assert len(scores) == 60
    key = load_model(masked / "run").manifest.key
    known = pd.read_csv(masked / "run" / "predictions.csv", keep_default_na=False)
    known = known[(known["split"] == "test") & (known["model"] == key)]
    assert len(known) > 5
    for row in known.itertuples():
        (score,) = scores["score"][scores["path"].str.endswith(row.path)]
        assert float(score) == pytest.approx(row.score, abs=1e-5)


def test_another_value_of_the_mask_can_be_asked_for(masked):
    for label, name in (("1", "first.csv"), ("any", "any.csv")):
        out = masked / name
        options = ["--masks", masked / "masks", "--mask-label", label, "--out", out]
        ended = call(masked / "run", masked / "films", *options)
        assert ended.exception is None, ended.exception
    first, any_value = (pd.read_csv(masked / name)["score"] for name in ("first.csv", "any.csv"))
    assert (first != any_value).all()


def test_a_run_with_another_value_takes_no_part_of_the_first(masked, tmp_path, monkeypatch):
    model, table = load_model(masked / "run"), load_dataset(masked / "films").table[:12]
    masks = [f"{masked}/masks/{path.rsplit('/')[-1]}.png" for path in table["path"]]
    first, second = ([*map(MaskedPath, table["path"], masks, [label] * 12)] for label in (1, 2))
    expected = model.predict_rows(second, n_jobs=1)
    scored, score = [], Scoring.score

    def count(self, images):
        if len(scored) == 10:
            raise KeyboardInterrupt
        scored.append(images)
        return score(self, images)

    with monkeypatch.context() as patch:
        patch.setattr(Scoring, "score", count)
        with (
            pytest.raises(KeyboardInterrupt),
            model.predict_each(first, folder=tmp_path, n_jobs=1),
        ):
            pass
    assert len(list(tmp_path.glob("*.npz"))) == 1
    with model.predict_each(second, folder=tmp_path, n_jobs=1) as rows:
        assert repr(list(rows)) == repr(expected)


def test_an_explanation_and_labels_take_masks_too(masked):
    options = ["--masks", masked / "masks", "--labels", "--out", masked / "labelled.csv"]
    ended = call(masked / "run", masked / "films", *options)
    assert ended.exception is None, ended.exception
    assert pd.read_csv(masked / "labelled.external.csv")["n"].tolist() == [60]
    known = pd.read_csv(masked / "labelled.csv").iloc[0]
    name = known["path"].rsplit("/")[-1]
    path = MaskedPath(known["path"], str(masked / "masks" / f"{name}.png"), 2)
    assert load_model(masked / "run").explain(path).score == pytest.approx(known["score"])


def test_an_external_set_has_masks_of_its_own(masked, tmp_path):
    out = tmp_path / "scores.csv"
    ended = call(
        masked / "run", masked / "there", "--labels", "--masks", masked / "elsewhere", "--out", out
    )
    assert ended.exception is None, ended.exception
    key = load_model(masked / "run").manifest.key
    known = pd.read_csv(masked / "run" / "external.csv")
    (row,) = [row for row in known.itertuples() if f"{row.input}/{row.features}/{row.model}" == key]
    again = pd.read_csv(out.with_suffix(".external.csv")).iloc[0]
    assert (row.n, row.auc) == (60, pytest.approx(again["auc"]))
    assert row.brier == pytest.approx(again["brier"], abs=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--external", "a=x", "--external-masks", "b=y"], "no external set of this name, but a;"),
        (
            ["--external", "a={}/there", "--external-masks", "a={}/elsewhere"],
            "own images have none",
        ),
        (["--external", "a={}/there", "--masks", "{}/masks"], "--external-masks a=FOLDER"),
    ],
)
def test_masks_of_one_side_alone_are_refused(masked, tmp_path, options, message):
    settings = [part for setting in SMALL for part in ("--set", setting)]
    options = [option.replace("{}", str(masked)) for option in options]
    given = [masked / "films", *options, *settings, "--mask-label", "2", "--out", tmp_path / "run"]
    given = [part for part in given if "--masks" in options or part not in ("--mask-label", "2")]
    ended = CliRunner().invoke(benchmark, list(map(str, given)), standalone_mode=False)
    assert isinstance(ended.exception, (DataError, ParameterError))
    assert message in str(ended.exception)


def test_the_model_refuses_images_without_masks(masked):
    model = load_model(masked / "run")
    path = load_dataset(masked / "films").table["path"][0]
    message = "has no mask, but this model was fitted to what lies inside of masks: name their"
    with pytest.raises(ParameterError, match=message):
        model.predict([path])
    with pytest.raises(ParameterError, match=f"image 0 {message}"):
        model.score_images([read_image(path)])
    ended = call(masked / "run", masked / "films")
    assert message in str(ended.exception)
    with pytest.raises(ParameterError, match="has a mask, but this model was fitted to images"):
        load_model().predict([MaskedPath(path, path, 2)])


def test_the_card_says_that_masks_are_needed(masked):
    model = load_model(masked / "run")
    assert model.masked
    assert "It needs a mask of every image" in model.card
    assert "only pixels inside count (value 2)" in model.card
    assert "needs a mask" not in load_model().card
