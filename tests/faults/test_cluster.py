"""Extraction and the benchmark on a Dask cluster of real processes, one of which is killed."""

import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import yaml

from featurex.benchmark import runner
from featurex.config import make_benchmark, read_configuration
from featurex.datasets import load_dataset
from featurex.engine import extract_to
from featurex.engine.workers import CRASHED, Cluster, Inline
from featurex.errors import DataError, UnfinishedError
from tests.commands import featurex
from tests.faults.chains import SECONDS, Means
from tests.faults.processes import (
    N_IMAGES,
    ROOT,
    finish,
    parts_of,
    poison,
    start,
    wait_for,
    write_images,
)
from tests.faults.test_benchmark import N_FITS, PLAN, same
from tests.faults.test_benchmark import run as run_benchmark

pytestmark = pytest.mark.jobs


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return write_images(tmp_path_factory.mktemp("cluster") / "set")


@pytest.fixture(scope="module")
def films(drawn):
    return drawn()


@pytest.fixture(scope="module")
def here(films, tmp_path_factory):
    return run_benchmark(films, tmp_path_factory.mktemp("here") / "run")


@contextmanager
def running(*arguments, seconds=0.0):
    """A process of Dask, which is ended at the end."""
    environment = {
        **os.environ,
        SECONDS: str(seconds),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def cluster(n_workers, seconds=0.0):
    """Address of a scheduler, its workers, and itself."""
    with running(
        "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"
    ) as scheduler:
        address = None
        while address is None:
            address = re.search(r"tcp://127\.0\.0\.1:\d+", scheduler.stderr.readline())
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        workers = [
            running("dask_worker", address[0], *options, seconds=seconds) for _ in range(n_workers)
        ]
        entered = [worker.__enter__() for worker in workers]
        try:
            yield address[0], entered, scheduler
        finally:
            for worker in workers:
                worker.__exit__(None, None, None)


def test_a_cluster_that_loses_a_worker_gives_the_same_table(images, tmp_path):
    extract_to(tmp_path / "here.parquet", images, Means(), n_jobs=1)
    out = tmp_path / "there.parquet"
    with cluster(2, seconds=0.1) as (address, workers, _):
        process = start(images, out, 1, "none", address)
        assert wait_for(lambda: len(parts_of(out)) > 0)
        workers[0].send_signal(signal.SIGKILL)
        assert finish(process) == (N_IMAGES, 0)
    assert out.read_bytes() == (tmp_path / "here.parquet").read_bytes()


def test_a_scheduler_that_goes_away_is_one_sentence_and_the_run_goes_on(images, tmp_path):
    out = tmp_path / "table.parquet"
    with cluster(1, seconds=0.3) as (address, _, scheduler):
        process = start(images, out, 1, "none", address)
        assert wait_for(lambda: len(parts_of(out)) > 0)
        scheduler.kill()
        _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "was lost: the scheduler is gone; what is finished is kept" in err
    assert len(err.splitlines()) == 1
    assert extract_to(out, images, Means(), n_jobs=1)[0] == N_IMAGES


def test_without_a_scheduler_the_address_is_named(images, tmp_path):
    began = time.monotonic()
    with pytest.raises(DataError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        extract_to(
            tmp_path / "table.parquet", images, Means(), n_jobs=1, cluster="tcp://127.0.0.1:9"
        )
    assert time.monotonic() - began < 40


def test_a_local_cluster_finds_the_image_that_kills_its_workers(tmp_path):
    folder = write_images(tmp_path / "set", 12)
    culprits = poison(folder, 5)
    process = start(folder, tmp_path / "table.parquet", 2, "abort", "local")
    assert finish(process) == (11, 1)
    assert culprits[0] in (tmp_path / "table.errors.csv").read_text()


def test_a_benchmark_that_loses_a_worker_of_its_cluster_gives_the_same_rows(films, here, tmp_path):
    out, plan = tmp_path / "there", tmp_path / "plan.yaml"
    plan.write_text(yaml.safe_dump(PLAN))
    with cluster(2) as (address, workers, _):
        command = [sys.executable, "-m", "featurex", "benchmark", str(films), "--out", str(out)]
        command += ["--cluster", address, "--config", str(plan)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        assert wait_for(lambda: len(list(out.glob("work/*/*.npz"))) > 0)
        workers[0].send_signal(signal.SIGKILL)
        _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert same(run_benchmark(films, out), here)


@pytest.fixture(scope="module")
def shared():
    """Address of a cluster that several tests use."""
    with cluster(1) as (address, _, _):
        yield address


@pytest.mark.parametrize(
    ("command", "name"), [("predict", "scores.csv"), ("audit", "tables"), ("lungs", "masks")]
)
def test_a_command_gives_the_same_on_a_cluster(command, name, films, shared, tmp_path):
    source, made = tmp_path / "set", []
    # So few patients that an audit fits no models.
    for path in sorted(films.glob("train/*/*"))[::4]:
        (source / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, source / path.parent.name)
    for place, where in (("here", ["--jobs", "1"]), ("there", ["--cluster", shared])):
        out = tmp_path / place / name
        out.parent.mkdir()
        ended = featurex(command, source, "--out", out, *where)
        files = sorted(path for path in out.parent.rglob("*") if path.is_file())
        made.append({path.relative_to(out.parent): path.read_bytes() for path in files})
        # An audit with findings ends with 4.
        assert ended.returncode in (0, 4), ended.stderr
    assert made[0] == made[1]
    assert made[0]


class Fragile(Cluster):
    """A cluster whose scheduler is gone after some jobs, and whose workers die of some fits."""

    def __init__(self, left, deadly=""):
        self.left, self.deadly, self._address = left, deadly, "tcp://somewhere"

    def run(self, function, jobs):
        """Do a few jobs, each as another process would."""
        for job in jobs:
            if self.left == 0:
                self._fail("the scheduler is gone")
            self.left -= 1
            sent = pickle.loads(pickle.dumps(function))
            yield job, CRASHED if job[1] == self.deadly else sent(job)

    def close(self):
        """Do nothing."""


# The second is lost while negative controls are fitted.
@pytest.mark.parametrize("left", [4, N_FITS + 2])
def test_fits_on_a_cluster_are_kept_and_go_on_elsewhere(films, here, tmp_path, monkeypatch, left):
    monkeypatch.setattr(runner, "make_workers", lambda *_: Inline())
    monkeypatch.setattr(runner, "Cluster", lambda *_: Fragile(left))
    benchmark, dataset = make_benchmark(read_configuration() | PLAN), load_dataset(films)
    with pytest.raises(UnfinishedError, match="was lost: the scheduler is gone; what is finished"):
        benchmark.run(dataset, tmp_path / "there", n_jobs=1, cluster="tcp://somewhere")
    fits = list((tmp_path / "there").glob("work/steps/fit*"))
    assert len(fits) == min(left, N_FITS)
    when = [path.stat().st_mtime_ns for path in fits]
    monkeypatch.setattr(runner.Store, "clear", lambda *_, **__: None)
    assert same(run_benchmark(films, tmp_path / "there"), here)
    assert [path.stat().st_mtime_ns for path in fits] == when


def test_a_fit_of_which_workers_die_fails_its_model_alone(films, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "make_workers", lambda *_: Inline())
    monkeypatch.setattr(runner, "Cluster", lambda *_: Fragile(-1, "fold 1 of 2"))
    plan = PLAN | {
        "models": {"logistic": {}},
        "grid": [{**PLAN["grid"][0], "models": ["logistic"]}],
    }
    benchmark = make_benchmark(read_configuration() | plan)
    with pytest.raises(DataError, match="on fold 1 of 2: its worker died or ran out of memory"):
        benchmark.run(load_dataset(films), tmp_path / "run", cluster="tcp://somewhere")
