from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from featurex.benchmark import subgroups
from featurex.evaluation.intervals import clustered_interval, wilson_interval
from featurex.evaluation.metrics import auc
from featurex.evaluation.subgroups import score_group

# Six images of five patients; the threshold is .5.
LABELS = np.array([0, 0, 1, 1, 1, 0])
SCORES = np.array([0.1, 0.6, 0.9, 0.4, 0.8, 0.7])
PATIENTS = np.array(["a", "b", "c", "c", "d", "e"])
DECISIONS = (SCORES >= 0.5).astype(int)


def rows(*chosen):
    return np.isin(np.arange(6), chosen)


@pytest.mark.parametrize(("hits", "trials"), [(0, 7), (3, 7), (7, 7), (40, 100), (1, 1)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_wilsons_interval_equals_scipy(hits, trials, level):
    found = wilson_interval(hits / trials, trials, level=level)
    expected = stats.binomtest(hits, trials).proportion_ci(level, method="wilson")
    assert found.low == pytest.approx(expected.low, abs=1e-12)
    assert found.high == pytest.approx(expected.high, abs=1e-12)


def test_a_group_by_hand():
    found = score_group(LABELS, SCORES, DECISIONS, PATIENTS, rows(0, 1, 2, 3))
    assert (found.images, found.patients) == (4, 3)
    # .9 beats .1 and .6; .4 beats .1 alone: three of four pairs.
    assert found.auc.value == 0.75
    assert found.sensitivity.value == 0.5
    assert found.specificity.value == 0.5
    assert found.accuracy.value == 0.5
    # Both positive images are of one patient: one trial.
    assert found.sensitivity == wilson_interval(0.5, 1)
    assert found.specificity == wilson_interval(0.5, 2)


def test_a_group_of_one_class_is_ranked_against_its_rivals():
    alone = score_group(LABELS, SCORES, DECISIONS, PATIENTS, rows(3, 4))
    assert alone.auc is None
    assert alone.specificity is None
    against = score_group(LABELS, SCORES, DECISIONS, PATIENTS, rows(3, 4), LABELS == 0)
    # .4 beats one of three, .8 all three; the rivals count in nothing else.
    assert against.auc.value == pytest.approx(4 / 6)
    assert against._replace(auc=None) == alone


def test_nobody_has_no_scores():
    found = score_group(LABELS, SCORES, DECISIONS, PATIENTS, rows())
    assert found == (0, 0, None, None, None, None)


def test_the_area_of_a_large_group_has_the_bootstraps_interval_and_of_a_small_or_perfect_one_none():
    rng = np.random.default_rng(0)
    labels, patients = np.arange(60) % 2, np.arange(60)
    scores = rng.normal(labels, 1.0)
    everyone, few = np.ones(60, bool), np.arange(60) < 18
    large = score_group(labels, scores, labels, patients, everyone, n_resamples=200, seed=3)
    assert large.auc == clustered_interval(
        lambda weights: auc(labels, scores, weights), labels, patients, n_resamples=200, seed=3
    )
    assert np.isnan(score_group(labels, scores, labels, patients, few).auc.low)
    perfect = score_group(labels, labels.astype(float), labels, patients, everyone)
    assert perfect.auc.value == 1.0
    assert np.isnan(perfect.auc.high)
    assert perfect.accuracy.low < 0.95


def test_three_classes_have_accuracy():
    labels = np.array([0, 1, 2, 0, 1, 2])
    scores = np.eye(3)[[0, 1, 2, 0, 1, 0]]
    found = score_group(labels, scores, scores.argmax(axis=1), np.arange(6), np.ones(6, bool))
    assert found.accuracy.value == pytest.approx(5 / 6)
    assert found.sensitivity is None


def make_samples(kinds):
    testing = np.array([False, *[True] * len(kinds)])
    strata = np.array(["normal", *kinds])
    return SimpleNamespace(
        table=pd.DataFrame({"path": [f"{index}.png" for index in range(len(strata))]}),
        labels=(strata != "normal").astype(int),
        strata=strata,
        sites=None,
        testing=testing,
    )


def test_the_groups_are_subtypes_quarters_of_sizes_and_failures(monkeypatch):
    samples = make_samples(["normal", "normal", "bacteria", "virus"])
    pixels = {"1.png": 10, "2.png": 10, "3.png": 30, "4.png": 40}
    monkeypatch.setattr(subgroups, "_count_pixels", lambda path: pixels[path] * 100_000)
    groups = subgroups.list_groups(samples, np.array([True, False, False, True, False]))
    assert [
        (group.kind, group.name, np.flatnonzero(group.members).tolist()) for group in groups
    ] == [
        ("all", "all test images", [0, 1, 2, 3]),
        ("subtype", "bacteria", [2]),
        ("subtype", "virus", [3]),
        ("size", "smallest quarter of images, 1 to 1 megapixels", [0, 1]),
        ("size", "third quarter of images, 3 to 3 megapixels", [2]),
        ("size", "largest quarter of images, 4 to 4 megapixels", [3]),
        ("alignment", "alignment found", [0, 1, 3]),
        ("alignment", "alignment failed", [2]),
    ]
    assert np.flatnonzero(groups[1].rivals).tolist() == [0, 1]


def test_films_of_one_size_and_classes_of_one_kind_are_not_divided(monkeypatch):
    monkeypatch.setattr(subgroups, "_count_pixels", lambda path: 784)
    groups = subgroups.list_groups(make_samples(["normal", "virus"]), np.zeros(3, bool))
    assert [group.name for group in groups] == ["all test images", "alignment failed"]
