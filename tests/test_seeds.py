from types import SimpleNamespace

import numpy as np
import pytest

from featurex.benchmark.one_fit import FinalFit
from featurex.benchmark.scores import Scores
from featurex.benchmark.seeds import measure_spread, split_seeds, take_median
from featurex.errors import ParameterError
from featurex.evaluation.metrics import auc
from featurex.models import CNN, Logistic

LABELS = np.array([0, 0, 0, 1, 1, 1])
GOOD, FAIR = (np.array(scores) / 10 for scores in ([1, 2, 3, 4, 5, 6], [1, 2, 4, 3, 5, 6]))


def test_the_median_by_the_networks_own_validation_stands_for_all_seeds():
    fits = [
        FinalFit(GOOD, 2.0, 0.1, SimpleNamespace(validation_loss_=loss)) for loss in (0.2, 0.4, 0.3)
    ]
    taken = take_median(fits)
    assert taken.model is fits[2].model
    assert taken.fit_s == 6.0
    assert take_median(fits[:2]).model is fits[0].model
    assert take_median(fits[:1]) is fits[0]


def test_the_spread_is_over_the_seeds():
    alone = Scores(GOOD, {}, LABELS, GOOD, 2.0, 0.1, None)
    assert measure_spread(alone, LABELS) == (1, None, None)
    several = Scores(GOOD, {}, LABELS, GOOD, 2.0, 0.1, None, repeats=(FAIR, GOOD, FAIR))
    fair = auc(LABELS, FAIR)
    expected = (3, (1 + 2 * fair) / 3, np.std([1, fair, fair], ddof=1))
    assert measure_spread(several, LABELS) == pytest.approx(expected)


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
