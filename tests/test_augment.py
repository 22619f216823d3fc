"""Models that are fitted to swapped variants of their training images, too."""

import numpy as np
import pytest

from featurex.benchmark.one_fit import Source, fit_all, fit_fold
from featurex.config import make_benchmark, read_configuration
from featurex.errors import ParameterError
from featurex.models import Logistic


class Samples:
    """Four training images and a test image."""

    labels = np.array([0, 1, 0, 1, 1])
    patients = np.array(["a", "b", "c", "d", "e"])
    training = np.array([True, True, True, True, False])
    testing = ~training


class Block:
    """One column, which the swaps lift by 10 and by 20."""

    others = ("swap", "appearance")

    def values(self, rows):
        return np.arange(5.0)[:, None][rows]

    swapped_rows = np.arange(4)

    def swapped(self, swap):
        return np.arange(4.0)[:, None] + {"swap": 10, "appearance": 20}[swap]


class Recorder(Logistic):
    """Remembers what it was fitted to, and scores as if it did not matter."""

    def fit(self, X, y, groups=None):
        self.seen_ = X[:, 0].tolist(), y.tolist(), groups.tolist()
        return self

    def predict_proba(self, X):
        return np.tile([0.5, 0.5], (len(X), 1))


def test_each_training_image_comes_once_more_for_each_swap():
    source = Source(Block(), Samples(), ("swap", "appearance"))
    model = fit_all(Recorder(), source).model
    assert model.seen_ == (
        [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23],
        [0, 1, 0, 1] * 3,
        ["a", "b", "c", "d"] * 3,
    )


def test_variants_of_images_that_are_left_out_are_left_out(monkeypatch):
    seen = []
    monkeypatch.setattr(Recorder, "predict_proba", lambda self, X: seen.append(self.seen_) or X)
    fold = np.array([0, 1]), np.array([2, 3])
    fit_fold(Recorder(), Source(Block(), Samples(), ("swap",)), fold)
    assert seen[0][0] == [0, 1, 10, 11]


def test_without_augmentation_nothing_is_added():
    assert fit_all(Recorder(), Source(Block(), Samples())).model.seen_[0] == [0, 1, 2, 3]


def test_the_configuration_names_swaps():
    benchmark = make_benchmark(read_configuration("quick", settings=["augment=[appearance]"]))
    assert benchmark.protocol.augment == ("appearance",)
    assert make_benchmark(read_configuration("quick")).protocol.augment == ()
    with pytest.raises(ParameterError, match="must be one of framing, appearance"):
        make_benchmark(read_configuration("quick", settings=["augment=[noise]"]))
