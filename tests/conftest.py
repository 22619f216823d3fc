"""Shared fixtures: the folder of real radiographs, where there is one, and phantom films."""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from featurex import plugins
from featurex.phantom import Framing, make_anatomy, make_radiograph, write_phantom

# A phantom framed like the mean chest.
PLAIN = Framing(
    zoom=1.0, shift=(0.0, 0.0), angle=0.0, aspect=1.0, collimation=0.0, marker="", exposure=1.0
)
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


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A function that draws a phantom set once for all tests of a run, as that takes seconds: none
    of them may change it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def draw(n_images=60, seed=3, rows=96):
        folder = shared / f"phantom-{n_images}-{seed}-{rows}"
        if not folder.exists():
            new = tmp_path_factory.mktemp("drawn")
            write_phantom(new / "set", n_images, seed, rows=rows, n_jobs=1)
            # The other worker may have been faster.
            with suppress(OSError):
                new.rename(folder)
        return folder / "set"

    return draw


@pytest.fixture(scope="session")
def chests():
    """Eight phantom chests, framed alike: array of shape (8, 128, 128)."""
    films = [
        make_radiograph(
            "normal",
            make_anatomy(np.random.default_rng(n)),
            PLAIN,
            np.random.default_rng(100 + n),
            128,
        )
        for n in range(8)
    ]
    return np.stack([film.image for film in films])


@pytest.fixture(autouse=True)
def forgotten_plugins(monkeypatch):
    """What a test allows is forgotten after it: tables name the plugins they were made with."""
    monkeypatch.setattr(plugins, "ALLOWED", {})
