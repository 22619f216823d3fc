import numpy as np
import pytest
from scipy import stats

from featurex.errors import DataError
from featurex.evaluation.ranking import compare_ranks
from tests.naive import ranks as naive

# Demšar 2006, table 5 a: q / √2 at .05, for 2, 3 ... 10 models.
DEMSAR = {3: 2.343, 4: 2.569, 5: 2.728, 6: 2.850, 7: 2.949, 8: 3.031, 9: 3.102, 10: 3.164}


def make_scores(seed, n_models=4, n_folds=6, levels=None):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n_models, n_folds)) + 0.8 * np.arange(n_models)[:, None]
    return scores if levels is None else np.round(scores * levels)


def test_three_models_in_four_folds_by_hand():
    # The first wins every fold; the second beats the third in three of four: ranks 4, 9 and 11 of
    # 4.
    found = compare_ranks([[0.9, 0.9, 0.9, 0.9], [0.8, 0.8, 0.8, 0.6], [0.7, 0.7, 0.7, 0.7]])
    assert found.mean_ranks.tolist() == [1.0, 2.25, 2.75]
    # 12 / (4 · 3 · 4) (4² + 9² + 11²) - 3 · 4 · 4
    assert found.statistic == pytest.approx(6.5)
    # Of two degrees of freedom chi-squared is exponential.
    assert found.p == pytest.approx(np.exp(-3.25))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("levels", [None, 1])
def test_friedman_equals_scipy_with_ties_and_without(seed, levels):
    scores = make_scores(seed, levels=levels)
    found, expected = compare_ranks(scores), stats.friedmanchisquare(*scores)
    assert found.mean_ranks == pytest.approx(naive.mean_ranks(scores.tolist()))
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("n_models", [3, 7])
def test_nemenyi_equals_the_integral(n_models):
    scores = make_scores(1, n_models=n_models)
    found = compare_ranks(scores).pairs
    for first, second in [(0, 1), (0, n_models - 1), (1, 1)]:
        assert found[first, second] == pytest.approx(
            naive.nemenyi(scores.tolist(), first, second), abs=1e-6
        )
    assert np.array_equal(found, found.T)


@pytest.mark.parametrize("n_models", DEMSAR)
def test_critical_differences_are_those_of_the_published_table(n_models):
    found = compare_ranks(make_scores(0, n_models, 14)).critical_difference
    assert found == pytest.approx(
        DEMSAR[n_models] * np.sqrt(n_models * (n_models + 1) / (6 * 14)), rel=5e-4
    )


def test_a_pair_at_the_critical_difference_has_the_p_of_the_level():
    rng = np.random.default_rng(2)
    for _ in range(20):
        found = compare_ranks(rng.normal(size=(5, 7)) + np.arange(5)[:, None], level=0.9)
        apart = np.abs(found.mean_ranks[:, None] - found.mean_ranks)
        assert np.array_equal(found.pairs < 0.1, apart > found.critical_difference)


def test_models_alike_do_not_differ():
    found = compare_ranks(np.ones((4, 5)))
    assert (found.statistic, found.p) == (0.0, 1.0)
    assert found.pairs.min() == pytest.approx(1.0)


@pytest.mark.parametrize(
    "scores", [np.ones((2, 5)), np.ones((4, 1)), np.full((3, 3), np.nan), np.ones(5)]
)
def test_too_few_or_unknown_scores_are_refused(scores):
    with pytest.raises(DataError, match="at least three models"):
        compare_ranks(scores)
