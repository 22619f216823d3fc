"""Fixtures of the fault trials: a small set of images, and the table of an undisturbed run."""

import shutil
from pathlib import Path

import pytest

from featurex.engine import extract_to
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
    extract_to(out, images, Means(), n_jobs=2)
    return out.read_bytes()
