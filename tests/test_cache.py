"""Compiled code where no folder for it can be written."""

import os

import numba
import pytest

from featurex.kernels import _numba


def add(a, b):
    return a + b


@pytest.fixture
def refusing(monkeypatch):
    """Numba as on a machine whose package, home and cache are read-only, until another is named."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", "nowhere")
    monkeypatch.setattr(numba.config, "CACHE_DIR", "nowhere")
    compiled = []

    def njit(**options):
        if options["cache"] and numba.config.CACHE_DIR == "nowhere":
            raise RuntimeError(
                "cannot cache function 'add': no locator available for file 'add.py'"
            )
        compiled.append(options["cache"])
        return lambda function: function

    monkeypatch.setattr(_numba, "njit", njit)
    return compiled


def test_a_private_folder_is_taken_and_said_once(refusing):
    with pytest.warns(UserWarning, match="set NUMBA_CACHE_DIR to a folder that can be"):
        assert _numba.make_dispatcher(add, {"cache": True}) is add
    assert os.environ["NUMBA_CACHE_DIR"] == numba.config.CACHE_DIR != "nowhere"
    # The next kernel finds it: a warning would be an error here.
    _numba.make_dispatcher(add, {"cache": True})
    assert refusing == [True, True]


def test_without_any_folder_nothing_is_kept(refusing, monkeypatch):
    def refuse(**options):
        raise PermissionError

    monkeypatch.setattr(_numba.tempfile, "mkdtemp", refuse)
    _numba.make_dispatcher(add, {"cache": True})
    assert refusing == [False]
