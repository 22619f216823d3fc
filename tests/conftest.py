"""Shared fixtures: the folder of real radiographs, where there is one."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def real_data_folder():
    """The folder of real data: the variable FEATUREX_DATA, else ../shared/data; None without."""
    for folder in (os.environ.get("FEATUREX_DATA"), ROOT.parent / "shared" / "data"):
        if folder and Path(folder).is_dir():
            return Path(folder)
    return None


@pytest.fixture(scope="session")
def real_data():
    folder = real_data_folder()
    if folder is None:
        pytest.skip("no real radiographs here: set FEATUREX_DATA to the folder that holds them")
    return folder
