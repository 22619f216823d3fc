"""``featurex predict`` on many files: in parts, resumable, and the same whoever works."""

import csv
import json

import pytest
from click.testing import CliRunner

from featurex.bundle import load_model
from featurex.bundle.scoring import Scoring
from featurex.cli import FILES_SET_ASIDE, cli
from featurex.errors import DataError, ParameterError
from tests.faults.processes import write_images


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twenty films of noise, and a file that is none."""
    folder = write_images(tmp_path_factory.mktemp("predict") / "films", 20, side=48)
    (folder / "NORMAL" / "0002.png").write_text("no image")
    return folder


@pytest.fixture(scope="module")
def rows(folder):
    """Rows that were made without parts."""
    return load_model().predict_rows(sorted(map(str, folder.rglob("*.png"))), n_jobs=1)


def invoke(*arguments):
    return CliRunner().invoke(cli, ["predict", *map(str, arguments)], standalone_mode=False)


def test_a_model_that_is_not_there_is_not_replaced_by_another(folder, tmp_path):
    result = invoke(tmp_path / "runs" / "frist", folder, "--jobs", "1")
    assert isinstance(result.exception, ParameterError)
    assert "frist: the first of PATHS is the folder of a finished benchmark" in str(
        result.exception
    )


@pytest.mark.parametrize("name", ["scores.csv", "scores.jsonl"])
def test_rows_go_into_the_file_as_they_come(folder, rows, tmp_path, name):
    out = tmp_path / name
    result = invoke(folder, "--out", out, "--jobs", 1)
    assert result.return_value == FILES_SET_ASIDE
    assert "21 of 21 images" in result.stdout
    with open(out, encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file) if name.endswith("csv") else map(json.loads, file))
    assert [line["path"] for line in lines] == [row["path"] for row in rows]
    assert [line["reason"] for line in lines].count("NOT_AN_IMAGE") == 1
    for line, row in zip(lines, rows, strict=True):
        if not row["reason"]:
            assert float(line["score"]) == row["score"]
            assert (line["decision"], line["flags"]) == (row["decision"], row["flags"])
    assert list(tmp_path.iterdir()) == [out]


def test_a_run_that_was_stopped_goes_on_and_gives_the_same_rows(
    folder, rows, tmp_path, monkeypatch
):
    model, paths, parts = load_model(), [row["path"] for row in rows], tmp_path / "parts"
    scored, score = [], Scoring.score

    def count(self, images):
        if len(scored) == 10:
            raise KeyboardInterrupt
        scored.append(len(images))
        return score(self, images)

    monkeypatch.setattr(Scoring, "score", count)
    with (
        pytest.raises(KeyboardInterrupt),
        model.predict_each(paths, folder=parts, n_jobs=1),
    ):
        pass
    # A part has eight films, of which the file that is none was not scored.
    finished = len(list(parts.glob("*.npz")))
    assert finished == 1
    scored[:] = [0] * 11
    with model.predict_each(paths, folder=parts, n_jobs=1) as again:
        assert repr(list(again)) == repr(rows)
    assert len(scored) - 11 == len(paths) - 8
    assert not parts.exists()


def test_parts_of_another_model_are_refused(folder, rows, tmp_path):
    model, paths = load_model(), [row["path"] for row in rows]
    with (
        pytest.raises(ZeroDivisionError),
        model.predict_each(paths[:2], folder=tmp_path, n_jobs=1),
    ):
        raise ZeroDivisionError
    text = (tmp_path / "identity.json").read_text()
    (tmp_path / "identity.json").write_text(text.replace('"model": "', '"model": "x'))
    with (
        pytest.raises(DataError, match=r"parts of a run with another model: .* --restart"),
        model.predict_each(paths[:2], folder=tmp_path, n_jobs=1),
    ):
        pass
