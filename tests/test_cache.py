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
    caches = []

    class Cache:
        def __init__(self, function):
            if numba.config.CACHE_DIR == "nowhere":
                raise RuntimeError(
                    "cannot cache function 'add': no locator available for file 'add.py'"
                )
            caches.append(self)

    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    monkeypatch.setattr(_numba, "Cache", Cache)
    return caches


def test_a_private_folder_is_taken_and_said_once(refusing):
    with pytest.warns(UserWarning, match="set NUMBA_CACHE_DIR to a folder that can be"):
        dispatcher = _numba.make_dispatcher(add, {"cache": True})
    assert os.environ["NUMBA_CACHE_DIR"] == numba.config.CACHE_DIR != "nowhere"
    # The next kernel finds it: a warning would be an error here.
    other = _numba.make_dispatcher(add, {"cache": True})
    assert [dispatcher._cache, other._cache] == refusing


def test_without_any_folder_nothing_is_kept(refusing, monkeypatch):
    def refuse(**options):
        raise PermissionError

    monkeypatch.setattr(_numba.tempfile, "mkdtemp", refuse)
    assert _numba.make_dispatcher(add, {"cache": True})(2, 3) == 5
    assert refusing == []


def keep_code_in(folder, monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    # Numba reads its variables again whenever it compiles.
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder))
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))


def test_code_of_other_types_is_not_taken_for_what_it_is_not(monkeypatch, tmp_path):
    keep_code_in(tmp_path, monkeypatch)
    first = _numba.make_dispatcher(add, {"cache": True})
    assert [first(2, 3), first(0.5, 0.25)] == [5, 0.75]
    # As two processes leave it that compile at the same time.
    integers, floats = sorted(tmp_path.rglob("*.nbc"))
    floats.write_bytes(integers.read_bytes())
    again = _numba.make_dispatcher(add, {"cache": True})
    assert [again(2, 3), again(0.5, 0.25)] == [5, 0.75]
    # Each has a file of its own after one more run that makes the one that was forgotten.
    for expected in (1, 2):
        other = _numba.make_dispatcher(add, {"cache": True})
        assert [other(2, 3), other(0.5, 0.25)] == [5, 0.75]
        assert sum(other.stats.cache_hits.values()) == expected


def test_a_numba_that_is_not_known_keeps_its_own_cache(monkeypatch, tmp_path):
    keep_code_in(tmp_path, monkeypatch)
    assert _numba.knows_numba()
    monkeypatch.setattr(_numba.CompileResult, "_rebuild", lambda context, *parts, more: None)
    assert not _numba.knows_numba()
    dispatcher = _numba.make_dispatcher(add, {"cache": True})
    assert type(dispatcher._cache) is _numba.FunctionCache
