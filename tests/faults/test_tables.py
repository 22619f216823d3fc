"""What becomes of a table when a run is stopped, files fail, disks are full or runs meet."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from featurex import IntensityStatistics
from featurex.cli import cli
from featurex.engine import extract, extract_to, extraction, read_table, writing
from featurex.engine.arrays import ArrayParts
from featurex.errors import DataError
from featurex.progress import Progress
from tests.faults.chains import Means
from tests.faults.processes import (
    N_IMAGES,
    ROOT,
    descendants,
    finish,
    is_alive,
    parts_of,
    poison,
    start,
    wait_for,
    write_images,
)
from tests.faults.run import PART

pytestmark = pytest.mark.jobs


def test_many_row_groups_are_the_same_from_one_process_and_two(images, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_ROWS", 2 * PART)
    tables = [tmp_path / f"{n_jobs}.parquet" for n_jobs in (1, 2)]
    for n_jobs, out in enumerate(tables, start=1):
        extract_to(out, images, Means(), n_jobs=n_jobs)
    assert tables[0].read_bytes() == tables[1].read_bytes()
    assert pyarrow.parquet.read_metadata(tables[0]).num_row_groups == -(-N_IMAGES // (2 * PART))
    pd.testing.assert_frame_equal(
        read_table(tables[1])[0], extract(images, Means(), n_jobs=1).frame
    )


def test_processes_that_start_on_a_cold_cache_of_kernels_agree(tmp_path):
    """Each compiles, and writes what it compiled where the others do."""
    code = "import numpy as np; from featurex.images.resize import shrink"
    code += "; print(shrink(np.arange(1200, dtype=np.uint8).reshape(30, 40), 7, 9).tolist())"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    values = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 2
    assert len(set(values)) == 1
    assert len(values[0]) > 20
    assert list(tmp_path.rglob("*.nbc")), "nothing was kept for the next process"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_ends_soon_leaves_no_orphans_and_goes_on(
    images, undisturbed, tmp_path, sent
):
    out = tmp_path / "table.parquet"
    process = start(images, out, seconds=0.2)
    assert wait_for(lambda: len(parts_of(out)) > 0)
    workers = descendants(process.pid)
    process.send_signal(sent)
    began = time.monotonic()
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 5
    assert process.returncode == 128 + sent
    assert "Stopped." in err
    assert "Traceback" not in err
    assert wait_for(lambda: not any(map(is_alive, workers)), 5)
    assert not out.exists()
    extract_to(out, images, Means(), n_jobs=1)
    assert out.read_bytes() == undisturbed


def test_files_removed_midway_are_set_aside(copy, tmp_path):
    out = tmp_path / "table.parquet"
    process = start(copy, out, seconds=0.1)
    assert wait_for(lambda: len(parts_of(out)) > 0)
    removed = sorted((copy / "PNEUMONIA").iterdir())[-10:]
    for path in removed:
        path.unlink()
    n_images, n_errors = finish(process)
    assert n_images + n_errors == N_IMAGES
    errors = pd.read_csv(out.with_suffix(".errors.csv"))
    assert set(errors["reason"]) == {"NOT_FOUND"}
    assert set(errors["path"]) <= set(map(str, removed))


def test_many_bad_files_cost_only_themselves(copy, tmp_path):
    bad = sorted(copy.rglob("*.png"))[::3]
    for path in bad:
        path.write_bytes(path.read_bytes()[:60])
    n_images, _, errors = extract_to(tmp_path / "table.parquet", copy, Means(), n_jobs=1)
    assert (n_images, len(errors)) == (N_IMAGES - len(bad), len(bad))
    assert errors["path"].tolist() == list(map(str, bad))


def test_names_that_are_no_text_come_through(tmp_path):
    folder = write_images(tmp_path / "set", 6)
    first, second, *_ = sorted((folder / "NORMAL").iterdir())
    first.rename(folder / "NORMAL" / "new\nline.png")
    os.rename(os.fsencode(second), os.fsencode(folder / "NORMAL") + b"/caf\xe9.png")
    n_images, _, errors = extract_to(tmp_path / "table.parquet", folder, Means(), n_jobs=1)
    frame, _ = read_table(tmp_path / "table.parquet")
    assert (n_images, len(errors)) == (6, 0)
    assert frame["path"].str.contains("new\nline").sum() == 1
    assert frame["path"].str.contains("caf%E9").sum() == 1


class Counting(Progress):
    """Keeps what was said."""

    def __init__(self):
        self.sentences = []

    def say(self, sentence):
        """Keep one."""
        self.sentences.append(sentence)


def test_only_parts_of_changed_files_are_made_again(copy, tmp_path, monkeypatch, stop_midway):
    out = tmp_path / "table.parquet"
    stop_midway(out, copy, 4)
    made = {path: path.stat().st_mtime_ns for path in parts_of(out)}
    poison(copy, 0)
    monkeypatch.setattr(ArrayParts, "remove", lambda parts: None)
    extract_to(out, copy, Means(), n_jobs=1)
    again = {path for path, when in made.items() if path.stat().st_mtime_ns != when}
    assert again == {sorted(made)[0]}
    frame, _ = read_table(out)
    pd.testing.assert_frame_equal(frame, extract(copy, Means(), n_jobs=1).frame, check_dtype=False)


def test_a_finished_table_is_left_alone_and_another_is_never_overwritten(
    copy, tmp_path, monkeypatch
):
    out = tmp_path / "table.parquet"
    first = extract_to(out, copy, Means(), n_jobs=1)
    when = out.stat().st_mtime_ns
    progress = Counting()
    again = extract_to(out, copy, Means(), n_jobs=1, progress=progress)
    assert first[:2] == again[:2]
    assert out.stat().st_mtime_ns == when
    assert progress.sentences == [f"{out} is complete already: nothing to do"]
    # Of a chain that learns nothing, without a look at the images.
    other = tmp_path / "other.parquet"
    first = extract_to(other, copy, IntensityStatistics(), n_jobs=1)
    with monkeypatch.context() as patch:
        patch.delattr(extraction, "fit_chain")
        assert extract_to(other, copy, IntensityStatistics(), n_jobs=1)[:2] == first[:2]
    poison(copy, 5)
    with pytest.raises(DataError, match=r"table\.parquet exists, and comes from other files"):
        extract_to(out, copy, Means(), n_jobs=1)
    assert out.stat().st_mtime_ns == when
    extract_to(out, copy, Means(), n_jobs=1, restart=True)
    pd.testing.assert_frame_equal(
        read_table(out)[0], extract(copy, Means(), n_jobs=1).frame, check_dtype=False
    )


def test_parts_of_another_configuration_are_refused(images, tmp_path, stop_midway):
    out = tmp_path / "table.parquet"
    stop_midway(out, images, 1)
    with pytest.raises(DataError, match=r"holds parts of a run with another chain: .*--restart"):
        extract_to(out, images, Means("memory"), n_jobs=1)
    assert extract_to(out, images, Means("memory"), n_jobs=1, restart=True)[0] == N_IMAGES


def test_two_runs_on_one_output_do_not_mix(images, undisturbed, tmp_path):
    out = tmp_path / "table.parquet"
    process = start(images, out, seconds=0.1)
    assert wait_for(lambda: len(parts_of(out)) > 0)
    with pytest.raises(DataError, match=r"another run is working in .*table\.parquet\.parts"):
        extract_to(out, images, Means(), n_jobs=1)
    assert finish(process) == (N_IMAGES, 0)
    assert out.read_bytes() == undisturbed


def test_a_disk_that_is_full_is_one_message_and_the_run_goes_on_later(
    images, undisturbed, tmp_path
):
    out = tmp_path / "table.parquet"
    process = start(
        images, out, limits=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))
    )
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.strip().splitlines()[-1].startswith("Error: cannot write ")
    assert not out.exists()
    extract_to(out, images, Means(), n_jobs=1)
    assert out.read_bytes() == undisturbed


def test_too_little_space_is_said_before_work_starts(images, tmp_path, monkeypatch):
    monkeypatch.setattr(
        extraction.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0)
    )
    with pytest.raises(DataError, match=r"need about 0 MB, but 0 MB are free"):
        extract_to(tmp_path / "table.parquet", images, Means(), n_jobs=1)


def test_a_place_that_cannot_be_written_is_refused_before_work_starts(images):
    with pytest.raises(DataError, match="cannot write into /proc"):
        extract_to("/proc/featurex/engine.parquet", images, Means(), n_jobs=1)


def test_progress_can_be_read_by_programs(images, tmp_path):
    import json

    arguments = [
        "extract",
        str(images),
        "--out",
        str(tmp_path / "t.parquet"),
        "--log-json",
        "--jobs",
        "1",
    ]
    settings = ["--set", "features={zones: {size: 32}}", "--input", "original"]
    result = CliRunner().invoke(cli, [*arguments, *settings], standalone_mode=False)
    assert result.exception is None
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    last = [line for line in lines if line.get("stage") == "Reading and extracting"][-1]
    assert (last["event"], last["done"], last["total"], last["set_aside"]) == (
        "end",
        N_IMAGES,
        N_IMAGES,
        0,
    )
