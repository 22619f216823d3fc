"""Policies of the threshold, and adjustment to a new set without its labels."""

import numpy as np
import pytest
from scipy.special import expit

from featurex.errors import DataError, ParameterError
from featurex.evaluation.thresholds import (
    POLICIES,
    adjust_to_prior,
    choose_threshold,
    quantile_threshold,
    sensitivity_threshold,
    youden_threshold,
)

GENERATOR = np.random.default_rng(0)
LABELS = np.repeat([0, 1], 100)
SCORES = expit(GENERATOR.normal(2 * LABELS - 1, 1))
SWAPPED = [expit(GENERATOR.normal(2 * LABELS - 1 + shift, 1)) for shift in (0.5, 1.5)]


def test_every_policy_is_what_its_name_says():
    twice, both = np.tile(LABELS, 2), np.concatenate(SWAPPED)
    expected = {
        "youden": youden_threshold(LABELS, SCORES),
        "swapped": youden_threshold(twice, both),
        "sensitivity": sensitivity_threshold(LABELS, SCORES, 0.9),
        "sensitivity_swapped": sensitivity_threshold(twice, both, 0.9),
    }
    found = {name: choose_threshold(name, LABELS, SCORES, SWAPPED, 0.9) for name in POLICIES}
    assert found == expected
    assert len(set(found.values())) == len(POLICIES)


def test_an_unknown_policy_and_missing_swaps_are_errors():
    with pytest.raises(ParameterError, match="threshold must be one of youden, swapped"):
        choose_threshold("best", LABELS, SCORES)
    with pytest.raises(ParameterError, match="needs scores of swapped images"):
        choose_threshold("swapped", LABELS, SCORES)


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.5, 1.0])
def test_a_quantile_calls_the_fraction_positive(fraction):
    positive = (quantile_threshold(SCORES, fraction) <= SCORES).mean()
    assert positive == pytest.approx(max(fraction, 1 / len(SCORES)))


@pytest.mark.parametrize("fraction", [0.1, 0.3, 0.7])
def test_a_changed_prior_is_found_without_labels(fraction):
    generator = np.random.default_rng(1)
    labels = generator.random(20_000) < fraction
    # Two normal distributions two apart: their logit is twice the value, at equal priors.
    probabilities = expit(2 * generator.normal(2 * labels - 1.0, 1))
    adjusted, found = adjust_to_prior(probabilities)
    assert found == pytest.approx(fraction, abs=0.02)
    assert adjusted.mean() == pytest.approx(found, abs=1e-4)
    assert np.array_equal(np.argsort(adjusted), np.argsort(probabilities))


@pytest.mark.parametrize("scores", [[], [0.1, np.nan], [[0.1]]])
def test_scores_that_cannot_be_adjusted_are_refused(scores):
    for adjust in (adjust_to_prior, lambda values: quantile_threshold(values, 0.5)):
        with pytest.raises(DataError, match="scores must be"):
            adjust(scores)
