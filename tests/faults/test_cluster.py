"""Extraction on a Dask cluster of real processes, one of which is killed."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from featurex.engine import extract_to
from featurex.errors import DataError
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

pytestmark = pytest.mark.jobs


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return write_images(tmp_path_factory.mktemp("cluster") / "set")


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
    extract_to(tmp_path / "here.parquet", images, Means(), n_jobs=2)
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
    assert finish(start(images, out, 1)) == (N_IMAGES, 0)


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
