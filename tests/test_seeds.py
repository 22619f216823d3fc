import numpy as np
import pytest

from featurex.benchmark.scores import Scores
from featurex.benchmark.seeds import measure_spread, split_seeds, take_median
from featurex.errors import ParameterError
from featurex.evaluation.metrics import auc
from featurex.models import CNN, Logistic

LABELS = np.array([0, 0, 0, 1, 1, 1])
GOOD, FAIR, POOR = (
    np.array(scores) / 10 for scores in ([1, 2, 3, 4, 5, 6], [1, 2, 4, 3, 5, 6], [4, 5, 6, 1, 2, 3])
)


def make_scores(framing, appearance, test=GOOD, fit_s=2.0, model=None):
    swapped = {"swap": framing, "appearance": appearance}
    return Scores(GOOD, swapped, test, fit_s, 0.1, model)


def test_the_median_by_the_worse_swap_stands_for_all_seeds():
    # By the framing swap alone the first were the best, and the last the median.
    repeats = [
        make_scores(GOOD, POOR, model="a"),
        make_scores(GOOD, GOOD, model="b"),
        make_scores(FAIR, GOOD, model="c"),
    ]
    taken = take_median(repeats, LABELS)
    assert taken.model == "c"
    assert taken.fit_s == 6.0
    assert [one.model for one in taken.repeats] == [None] * 3
    assert take_median(repeats[:2], LABELS).model == "a"
    assert take_median(repeats[:1], LABELS) is repeats[0]


def test_the_spread_is_over_the_seeds():
    repeats = [make_scores(GOOD, GOOD, FAIR), make_scores(FAIR, FAIR), make_scores(FAIR, FAIR)]
    spread = measure_spread(take_median(repeats, LABELS), LABELS, LABELS)
    fair = auc(LABELS, FAIR)
    assert spread.n_seeds == 3
    assert spread.swap_auc_mean == pytest.approx((1 + 2 * fair) / 3)
    assert spread.swap_auc_sd == pytest.approx(np.std([1, fair, fair], ddof=1))
    assert spread.test_auc_mean == pytest.approx((2 + fair) / 3)
    assert measure_spread(repeats[0], LABELS, LABELS) == (1, None, None, None, None)


def test_a_network_is_split_by_its_seeds_and_another_model_is_not():
    models = split_seeds(CNN(n_seeds=3, random_state=5, max_iter=2))
    assert [(model.n_seeds, model.random_state) for model in models] == [(1, 5), (1, 6), (1, 7)]
    assert {model.max_iter for model in models} == {2}
    model = Logistic()
    assert split_seeds(model) == [model]


def test_the_seeds_must_exist():
    with pytest.raises(ParameterError, match="n_seeds must be an integer from 1 to 100"):
        CNN(n_seeds=0).check_parameters()
    with pytest.raises(ParameterError, match="from 0 to 4294967293"):
        CNN(n_seeds=3, random_state=2**32 - 1).check_parameters()
