"""Prediction sets: the stated coverage at home, and what a saved model then says."""

import numpy as np
import pytest

from featurex.errors import DataError, ParameterError
from featurex.evaluation.conformal import PredictionSets, fit_sets
from featurex.evaluation.thresholds import decide


def draw(n, seed, shift=1.0):
    """Labels, and scores of a model that tells them apart moderately."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, n)
    return labels, 1 / (1 + np.exp(-generator.normal(shift * (2 * labels - 1), 1.5)))


def naive_lowest(scores, coverage):
    """The lowest score such that enough of n + 1 exchangeable scores are at least as high."""
    for lowest in sorted(scores, reverse=True):
        if np.sum(np.array(scores) >= lowest) >= coverage * (len(scores) + 1) - 1e-9:
            return lowest
    return 0.0


@pytest.mark.parametrize("coverage", [0.6, 0.8, 0.9, 0.95, 0.99])
def test_lowest_scores_are_those_of_the_definition(coverage):
    labels, scores = draw(60, 1)
    sets = fit_sets(labels, scores, coverage)
    assert sets.lowest == (
        naive_lowest(1 - scores[labels == 0], coverage),
        naive_lowest(scores[labels == 1], coverage),
    )


def test_each_class_is_covered_as_stated_on_new_images():
    covered = []
    for seed in range(40):
        sets = fit_sets(*draw(200, seed), coverage=0.9)
        labels, scores = draw(2000, 1000 + seed)
        found = sets.find(scores, decide(scores, 0.5))
        covered.append([found[labels == label, label].mean() for label in (0, 1)])
    # The decision is always in the set, which can only add to the coverage.
    assert (np.mean(covered, axis=0) > 0.895).all()
    assert (np.mean(covered, axis=0) < 0.93).all()


def test_elsewhere_the_coverage_is_measured_and_may_be_lower():
    sets = fit_sets(*draw(400, 0), coverage=0.9)
    labels, scores = draw(400, 1, shift=0.2)
    coverage, undecided = sets.measure(labels, scores, decide(scores, 0.5))
    assert coverage < 0.85
    assert 0 < undecided < 1


def test_a_set_of_one_class_agrees_with_the_decision_and_none_is_empty():
    sets = PredictionSets(0.9, (0.7, 0.7))
    scores = np.array([0.1, 0.4, 0.6, 0.9])
    assert sets.find(scores, decide(scores, 0.5)).tolist() == [
        [True, False],
        [True, False],
        [False, True],
        [False, True],
    ]
    # A threshold that says otherwise than the set leaves both open.
    assert sets.is_undecided(scores, decide(scores, 0.05)).tolist() == [True, False, False, False]


def test_three_classes_and_few_images():
    labels = np.array([0, 1, 2] * 4)
    scores = np.full((12, 3), 0.2)
    scores[np.arange(12), labels] = 0.6
    sets = fit_sets(labels, scores, 0.9)
    assert sets.lowest == (0.0, 0.0, 0.0), "four images say nothing about a coverage of 90 %"
    assert sets.is_undecided(scores, labels).all()
    assert fit_sets(labels, scores, 0.5).find(scores, labels).sum() == 12


def test_what_is_no_coverage_is_refused():
    labels, scores = draw(20, 0)
    for wrong in (0.0, 1.0, 1.5, "high"):
        with pytest.raises(ParameterError, match="coverage must be"):
            fit_sets(labels, scores, wrong)
    with pytest.raises(DataError, match="labels hold no image of class 1"):
        fit_sets(np.zeros(5, int), scores[:5])
