"""How much memory a benchmark needs is said before, with what to change; and sums are streamed."""

import tracemalloc

import numpy as np
import pytest

from featurex.benchmark.blocks import Block
from featurex.benchmark.memory import estimate_memory, free_memory, warn_of_memory
from featurex.evaluation.intervals import resample_weights
from featurex.models import MODELS
from featurex.scorers import typical

NEEDS = {"aligned/zones/logistic": (1000, MODELS["logistic"]()), "a/b/xgboost": (900, None)}


def test_memory_grows_with_images_columns_and_jobs():
    base = estimate_memory(0, 0, 1)
    assert estimate_memory(10, 100, 2) - base == 4 * 10 * 100 * 7
    assert estimate_memory(10, 100, 1) - base == 4 * 10 * 100 * 4


@pytest.mark.parametrize("free", [None, 1e12])
def test_nothing_is_said_where_memory_does_or_nobody_knows(free):
    assert warn_of_memory(NEEDS, 10**5, 2, free) is None


def test_what_needs_too_much_is_named_with_what_to_change():
    sentence = warn_of_memory(NEEDS, 10**5, 2, 2e9)
    assert "fits of aligned/zones/logistic need about 3.1 GB, and 2.0 GB are free" in sentence
    assert "--jobs 1, which needs 1.9 GB" in sentence
    assert "--jobs" not in warn_of_memory(NEEDS, 10**5, 2, 1e9)
    assert "--jobs" not in warn_of_memory(NEEDS, 10**5, 1, 1e9)


def test_the_model_counts_as_well_as_the_columns():
    needs = NEEDS | {"a/b/xgboost": (900, MODELS["xgboost"]())}
    assert "fits of a/b/xgboost need about 5.7 GB" in warn_of_memory(needs, 10**5, 2, 2e9)


def test_free_memory_is_told_or_unknown():
    free = free_memory()
    assert free is None or 0 <= free < 2**50


def test_what_is_usual_of_many_images_is_summed_some_at_a_time():
    images = np.random.default_rng(0).integers(0, 256, (2500, 4, 4), dtype=np.uint8)
    asked = []

    class Column:
        shape = images.shape

        def __getitem__(self, rows):
            asked.append(len(rows))
            return images[rows]

    rows = np.arange(0, 2500, 2)
    usual = Block([Column()], {}, (), 0.0, rows, rows).usual(rows)
    assert max(asked) <= 1024
    expected = [images[rows].mean(axis=0), images[rows].std(axis=0)]
    assert np.allclose(usual, expected, rtol=1e-6)


def peak_of(work):
    """The result of some work, and the bytes that it took at most."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_resampling_takes_hardly_more_than_its_weights():
    labels, patients = np.arange(3000) % 2, np.arange(3000)
    weights, peak = peak_of(lambda: resample_weights(labels, patients, 500))
    assert (weights.sum(axis=1) == 3000).all()
    assert peak < 4 * weights.nbytes


def test_what_is_typical_of_many_images_takes_less_than_their_columns(monkeypatch):
    values = np.random.default_rng(0).normal(3, 2, (1000, 300)).astype(np.float32)
    whole = typical.Typical.from_columns(values)
    monkeypatch.setattr(typical, "_VALUES", 10_000)
    cut, peak = peak_of(lambda: typical.Typical.from_columns(values))
    assert peak < values.nbytes / 2
    for one, other in zip(cut, whole, strict=True):
        np.testing.assert_array_equal(one, other)
