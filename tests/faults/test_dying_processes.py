"""What happens to a run when it is killed, or its workers are."""

import os
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from featurex.engine import extract, extract_to, filling, read_table
from featurex.engine.workers import CRASHED, Processes
from featurex.errors import DataError
from tests.faults.chains import Means
from tests.faults.processes import (
    N_IMAGES,
    descendants,
    finish,
    is_alive,
    parts_of,
    poison,
    start,
    wait_for,
)

pytestmark = pytest.mark.jobs


def test_a_run_that_is_killed_again_and_again_gives_the_same_table(images, undisturbed, tmp_path):
    out = tmp_path / "table.parquet"
    generator = np.random.default_rng(1)
    kills = 0
    while kills < 2:
        process = start(images, out, seconds=0.2)
        before = len(parts_of(out))
        wait_for(
            lambda process=process, n=before: len(parts_of(out)) > n or process.poll() is not None
        )
        if process.poll() is not None:
            finish(process)
            break
        time.sleep(generator.uniform(0, 0.2))
        workers = descendants(process.pid)
        process.kill()
        process.communicate()
        kills += 1
        assert wait_for(lambda workers=workers: not any(map(is_alive, workers)), 5), (
            "workers outlive their parent"
        )
        if out.exists():
            break
    assert kills
    # Also where the last kill came between the table and the end of its parts.
    extract_to(out, images, Means(), n_jobs=1)
    assert out.read_bytes() == undisturbed
    assert not Path(f"{out}.parts").exists()


def test_a_worker_that_is_killed_is_replaced(images, undisturbed, tmp_path):
    out = tmp_path / "table.parquet"
    process = start(images, out, seconds=0.1)
    assert wait_for(lambda: len(parts_of(out)) > 0)
    os.kill(descendants(process.pid)[-1], signal.SIGKILL)
    assert finish(process) == (N_IMAGES, 0)
    assert out.read_bytes() == undisturbed


@pytest.mark.parametrize("trouble", ["abort", "limit"])
def test_an_image_that_kills_its_worker_is_found_and_set_aside(copy, tmp_path, trouble):
    culprits = poison(copy, 11)
    out = tmp_path / "table.parquet"
    n_images, _, errors = extract_to(out, copy, Means(trouble), n_jobs=2)
    assert (n_images, len(errors)) == (N_IMAGES - len(culprits), len(culprits))
    frame, _ = read_table(out)
    errors = pd.read_csv(out.with_suffix(".errors.csv"))
    assert errors["path"].tolist() == culprits
    assert set(errors["reason"]) == {"CRASHED"}
    assert not set(culprits) & set(frame["path"])
    plain = extract(copy, Means(), n_jobs=1).frame
    expected = plain[~plain["path"].isin(culprits)].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame, expected, check_dtype=False)


def test_without_the_search_such_an_image_ends_the_run(copy, tmp_path, monkeypatch):
    """The protection is needed: with the search taken out, the same image is no row of errors."""
    poison(copy, 11)
    monkeypatch.setattr(filling, "find_culprits", lambda workers, probe, paths: [])
    with pytest.raises(DataError, match="workers keep dying on images 8 to 15"):
        extract_to(tmp_path / "table.parquet", copy, Means("abort"), n_jobs=2)


def test_a_job_that_dies_is_told_apart_from_those_beside_it():
    workers = Processes(2)
    try:
        found = dict(workers.run(_die_of_three, range(6)))
    finally:
        workers.close()
    assert found.pop(3) is CRASHED
    assert found == {number: number**2 for number in (0, 1, 2, 4, 5)}


def _die_of_three(number):
    if number == 3:
        os.abort()
    return number**2
