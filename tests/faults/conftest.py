"""Fixtures of the fault trials: a small set of images, the table of an undisturbed run, and a kill
that needs no process of its own.
"""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from featurex.engine import arrays, extract_to, store
from tests.faults.chains import Means
from tests.faults.processes import write_images


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return write_images(tmp_path_factory.mktemp("faults") / "set")


@pytest.fixture
def copy(images, tmp_path):
    return Path(shutil.copytree(images, tmp_path / "copy"))


@pytest.fixture(scope="module")
def undisturbed(images, tmp_path_factory):
    """The table of a run that nothing happened to: its bytes."""
    out = tmp_path_factory.mktemp("undisturbed") / "table.parquet"
    extract_to(out, images, Means(), n_jobs=1)
    return out.read_bytes()


class Killed(BaseException):
    """The process is gone: nothing handles it."""


@pytest.fixture
def killing(monkeypatch):
    """A function that lets so many files be written, and kills, or raises, with the next."""
    state, replacing = {"left": 1 << 30}, store.replacing

    @contextmanager
    def write(path):
        with replacing(path) as temporary:
            state["left"] -= 1
            if state["left"] < 0:
                raise state["error"]
            yield temporary

    for module in (store, arrays):
        monkeypatch.setattr(module, "replacing", write)
    return lambda after, error=Killed: state.update(left=after, error=error)


@pytest.fixture
def stop_midway(killing):
    """A function that begins the table of a set in this process, and is killed after some parts."""

    def stop(out, source, after):
        killing(after)
        with pytest.raises(Killed):
            extract_to(out, source, Means(), n_jobs=1)
        killing(1 << 30)

    return stop
