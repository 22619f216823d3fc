"""What becomes of a benchmark that is killed, whose files rot, or of which a model fails."""

import errno
import os
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.base import BaseEstimator, ClassifierMixin

from featurex.benchmark import one_fit
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import load_dataset
from featurex.engine import arrays, store
from featurex.engine.arrays import ArrayParts
from featurex.engine.filling import fill_parts
from featurex.engine.parts import plan_parts
from featurex.engine.workers import CRASHED, Inline
from featurex.errors import DataError, UnfinishedError
from featurex.report.terminal import ranked_table
from featurex.runs import read_record
from tests.faults.conftest import Killed
from tests.faults.processes import ROOT, descendants, is_alive, wait_for

TIMES = ["extract_ms_per_image", "fit_s", "predict_ms_per_image"]
PLAN = {
    "preprocess": {"size": 48},
    "features": {"zones": {"grids": [1, 2], "bins": [8, 8]}},
    "models": {"logistic": {}, "lda": {"n_components": 4}},
    "grid": [{"inputs": ["aligned"], "features": ["zones"], "models": ["logistic", "lda"]}],
    "folds": 2,
    "resamples": 100,
}
N_FITS = 2 * 3


@pytest.fixture(scope="module")
def films(drawn):
    return drawn()


@pytest.fixture(scope="module")
def undisturbed(films, tmp_path_factory):
    return run(films, tmp_path_factory.mktemp("undisturbed") / "run")


def run(films, out, n_jobs=1):
    return make_benchmark(read_configuration() | PLAN).run(load_dataset(films), out, n_jobs=n_jobs)


def same(made, undisturbed):
    """Whether two runs agree in all but times."""
    pd.testing.assert_frame_equal(
        made.rows.drop(columns=TIMES), undisturbed.rows.drop(columns=TIMES), check_exact=True
    )
    for name in ("predictions.csv", "features.parquet", "errors.csv"):
        assert (made.folder / name).read_bytes() == (undisturbed.folder / name).read_bytes()
    for name in ("controls", "importance", "mistakes", "subgroups", "ranking", "findings"):
        assert getattr(made.info, name) == getattr(undisturbed.info, name)
    return True


def test_a_benchmark_that_is_killed_or_fills_the_disk_again_and_again_gives_the_same_rows(
    films, undisturbed, tmp_path, killing, monkeypatch
):
    fits, fit_model = [], one_fit.fit_model
    monkeypatch.setattr(one_fit, "fit_model", lambda *given: (fits.append(1), fit_model(*given))[1])
    kills = 0
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for number, after in enumerate([0, 5, 9, 9, 4, 5, 6, 9]):
        killing(after, full if number % 2 else Killed)
        with pytest.raises((Killed, DataError), match=r"^$|^cannot write .*No space left"):
            run(films, tmp_path / "run")
        kills += 1
        assert not (tmp_path / "run" / "run.json").exists()
    killing(1 << 30)
    assert same(run(films, tmp_path / "run"), undisturbed)
    # The one that was being kept when the kill came is lost.
    assert N_FITS <= len(fits) <= N_FITS + kills


def test_a_part_that_rots_is_made_again(films, undisturbed, tmp_path, killing):
    killing(14)
    with pytest.raises(Killed):
        run(films, tmp_path / "run")
    parts = sorted((tmp_path / "run" / "work").glob("*/*.npz"))
    assert {path.parent.name for path in parts} == {"films", "inputs"}
    when = {path: path.stat().st_mtime_ns for path in parts}
    for path in (parts[1], parts[-1]):
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 4096] = bytes(len(content[middle : middle + 4096]))
        path.write_bytes(content)
    killing(5)
    with pytest.raises(Killed):
        run(films, tmp_path / "run")
    again = {path for path in parts if path.stat().st_mtime_ns != when[path]}
    assert again == {parts[1], parts[-1]}
    killing(1 << 30)
    assert same(run(films, tmp_path / "run"), undisturbed)


@pytest.mark.jobs
def test_a_command_that_is_stopped_says_how_to_go_on_and_leaves_no_orphans(
    films, undisturbed, tmp_path
):
    out = tmp_path / "run"
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(PLAN))
    command = [sys.executable, "-m", "featurex", "benchmark", str(films), "--out", str(out)]
    command += ["--jobs", "2", "--config", str(tmp_path / "plan.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert wait_for(lambda: len(list(out.glob("work/*/*.npz"))) > 1)
    with pytest.raises(DataError, match="another run is working in"):
        run(films, out)
    workers = descendants(process.pid)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert f"Stopped. To go on: the same command with --out {out}." in " ".join(err.split())
    assert "Traceback" not in err
    assert wait_for(lambda: not any(map(is_alive, workers)), 10)
    assert not [path for path in out.rglob(".*") if path.name != ".lock"]
    assert same(run(films, out), undisturbed)


class Moody(ClassifierMixin, BaseEstimator):
    """A model that cannot be fitted the third time: on the last fold."""

    fits = 0

    def fit(self, X, y):
        """Count, and fail."""
        Moody.fits += 1
        if Moody.fits == N_FITS // 2:
            raise ZeroDivisionError("no such luck")
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        """Say that nothing is known."""
        return np.full((len(X), 2), 0.5)


def test_a_model_that_fails_in_one_fold_leaves_the_others_their_rows(films, undisturbed, tmp_path):
    benchmark = make_benchmark(read_configuration() | PLAN)
    benchmark.models["lda"] = Moody()
    made = benchmark.run(load_dataset(films), tmp_path / "run", n_jobs=1)
    key = "aligned/zones/lda"
    assert list(made.info.failed) == [key]
    assert made.info.failed[key] == "on fold 2 of 2: ZeroDivisionError: no such luck"
    expected = undisturbed.rows[undisturbed.rows["model"] == "logistic"]
    pd.testing.assert_frame_equal(made.rows.drop(columns=TIMES), expected.drop(columns=TIMES))
    assert read_record(made.folder).info.failed == made.info.failed
    cells = [list(column.cells) for column in ranked_table(made.rows, made.info).columns]
    assert str(cells[2][-1]) == "failed"


class Dying(Inline):
    """Workers that die of the item 5, and of any two of the items in `together`."""

    def __init__(self, together=()):
        self.together = set(together)

    def run(self, function, jobs):
        """Work, or die."""
        for job in jobs:
            _, items, left_out = job
            yield job, CRASHED if self._kill(set(items) - set(left_out)) else function(job)

    def survives(self, function, job):
        """Try."""
        return not self._kill(set(job))

    def _kill(self, items):
        return 5 in items or len(self.together & items) > 1


def _squares(part, items, left_out):
    kept = [item for item in items if item not in left_out]
    return {"square": np.array(kept, int) ** 2, "errors": np.array(left_out, int)}


def test_the_film_of_which_workers_die_is_set_aside(tmp_path):
    parts, failed = ArrayParts(tmp_path), []
    plan = plan_parts(20, "x")
    items = lambda part: list(range(part.start, part.stop))  # noqa: E731
    shapes = fill_parts(parts, plan, _squares, items, Dying(), lambda rows, bad: failed.append(bad))
    squares = arrays.Column(parts, "square", shapes)[:]
    assert squares.tolist() == [number**2 for number in range(20) if number != 5]
    assert arrays.Column(parts, "errors", shapes)[:].tolist() == [5]
    assert sum(failed) == 1
    with pytest.raises(UnfinishedError, match="keep dying on images 8 to 15, and on none of them"):
        fill_parts(parts, plan_parts(20, "y"), _squares, items, Dying((9, 10)), lambda *_: None)


def test_a_step_that_another_user_signed_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    steps = store.Store(tmp_path / "steps", "stamp")
    steps.save("a/step", [1])
    assert steps.load("a/step") == [1]
    assert store.Store(tmp_path / "steps", "other").load("a/step") is store.MISSING
    (tmp_path / "theirs" / "featurex").mkdir(parents=True)
    (tmp_path / "theirs" / "featurex" / "key").write_bytes(b"of another user")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "theirs"))
    monkeypatch.setattr(store.pickle, "loads", None)
    assert steps.load("a/step") is store.MISSING
