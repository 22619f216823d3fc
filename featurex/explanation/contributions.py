"""Contributions of columns to a score, which sum to it."""

import functools
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from featurex.errors import DataError, ParameterError
from featurex.explanation.occlusion import explain_by_occlusion
from featurex.explanation.sampling import sample_shapley_values
from featurex.scorers import (
    Chain,
    EqualPriors,
    KernelMachine,
    Linear,
    Network,
    Scorer,
    Trees,
    Vote,
)
from featurex.scorers.kernel_machine import STEEPNESS
from featurex.scorers.trees import MARGINS

# Points of the Gauss-Legendre rule along the path from the mean image to an image.
_POINTS = 24
# Rows at a time: the kernel of all points against all support vectors is the largest array.
_ROWS = 32
# Probabilities are kept so far from 0 and 1, where log-odds are infinite.
_SMALLEST = 1e-7


class Contributions(NamedTuple):
    """Why scores are what they are: base + the sum over the columns = log-odds of the score.

    Parameters
    ----------
    base : float
        Log-odds of the class for the mean image, when nothing is known.
    columns : float64 array, shape (n, n_columns)
        What each column adds to the log-odds.
    """

    base: float
    columns: np.ndarray

    @property
    def scores(self):
        """The scores that they sum to, as probabilities: float array, shape (n,)."""
        return expit(self.base + self.columns.sum(axis=1))


def explain(model, values, mean, groups, target=1, seed=0):
    """Compute how much every column adds to a model's score of every image.

    Parameters
    ----------
    model : fitted classifier
        Any of `featurex.models.MODELS`, a `featurex.scorers.Scorer`, or another with predict_proba;
        the columns of a network are pixels.
    values : array of shape (n, n_columns)
        Features of the images.
    mean : array of shape (n_columns,)
        Means of the training images, which stand for not knowing a column.
    groups : int array, shape (n_columns,)
        Columns of one number are swapped together where a model can only be sampled.
    target : int
        Index of the class whose score is explained.
    seed : int
        Seed of the sampled orders.

    Returns
    -------
    contributions : Contributions

    Raises
    ------
    ParameterError
        If shapes do not fit.

    Notes
    -----
    For two classes they are exact for logistic regression and linear discriminants: weight · (value
    - mean). Those of trees are Shapley values (Lundberg et al. 2020,
    doi:10.1038/s42256-019-0138-9): boosted trees' of log-odds, forests' of probabilities. Those of
    the kernel machine are integrated gradients from the mean image (Sundararajan, Taly and Yan
    2017, arXiv:1703.01365), by 24 points, the remainder of about 1e-6 spread in proportion; those
    of a vote, its members'. From log-odds to probabilities and back leads one factor an image (the
    rescale rule: Shrikumar, Greenside and Kundaje 2017, arXiv:1704.02685). A foreign model, and
    three classes, get Shapley values of the groups by sampled orders (Štrumbelj and Kononenko 2014,
    doi:10.1007/s10115-013-0679-x), spread evenly over the columns of a group. Networks are
    explained by occlusion, whatever the number of classes: see
    `featurex.explanation.occlusion.explain_by_occlusion`.
    """
    values, mean, groups = np.asarray(values), np.asarray(mean, float), np.asarray(groups)
    if values.ndim != 2 or mean.shape != values.shape[1:] or groups.shape != mean.shape:
        raise ParameterError(
            "values, mean and groups must be of shapes (n, n_columns), (n_columns,) and "
            "(n_columns,), "
            f"but they are {values.shape}, {mean.shape} and {groups.shape}"
        )
    scorer = _find_scorer(model)
    if isinstance(scorer, Network):
        log_odds = functools.partial(_log_odds, scorer, target)
        return Contributions(*explain_by_occlusion(log_odds, values, mean, scorer.side))
    if scorer is not None and scorer.n_classes == 2:
        base, columns = _explain(scorer, values, mean)
        sign = 1.0 if target == 1 else -1.0
        return Contributions(sign * base, sign * columns)
    return Contributions(*_sample(scorer or model, values, mean, groups, target, seed))


def can_take_apart(model):
    """Say whether `explain` needs no sampling for a fitted model, and is quick.

    Parameters
    ----------
    model : fitted classifier
        As for `explain`.

    Returns
    -------
    exact : bool
    """
    scorer = _find_scorer(model)
    return len(model.classes_) == 2 and scorer is not None and not isinstance(scorer, Network)


def _find_scorer(model):
    """The scorer that repeats a model, or None if it has none."""
    if isinstance(model, Scorer):
        return model
    # Late: what was loaded from a file is a scorer, and needs no scikit-learn.
    from featurex.models.export import make_scorer

    try:
        return make_scorer(model)
    except DataError:
        return None


@functools.singledispatch
def _explain(scorer, values, mean):
    """Base and contributions of the second of two classes, in log-odds."""
    raise TypeError(f"{type(scorer).__name__} is no classifier that is known here")


@_explain.register
def _linear(scorer: Linear, values, mean):
    weights, constant = scorer.weights[0], scorer.constants[0]
    return float(constant + weights @ mean), (values - mean) * weights


@_explain.register
def _chain(scorer: Chain, values, mean):
    if isinstance(scorer.last, KernelMachine):
        return _kernel(scorer, values, mean)
    if isinstance(scorer.last, Linear):
        weights, offset = scorer.pull_back(scorer.last.weights[0])
        constant = scorer.last.constants[0] + offset
        return _linear(Linear(weights[None], np.array([constant])), values, mean)
    raise TypeError(f"steps before {type(scorer.last).__name__} are not known here")


@_explain.register
def _balanced(scorer: EqualPriors, values, mean):
    base, columns = _explain(scorer.last, values, mean)
    return base - float(np.log(scorer.priors[1] / scorer.priors[0])), columns


@_explain.register
def _voted(scorer: Vote, values, mean):
    start, change = 0.0, np.zeros(values.shape)
    for member in scorer.members:
        base, columns = _explain(member, values, mean)
        total = base + columns.sum(axis=1)
        start += expit(base) / len(scorer.members)
        change += columns * _slope(expit, base, total)[:, None] / len(scorer.members)
    return _to_log_odds(start, change)


@_explain.register
def _trees(scorer: Trees, values, mean):
    if scorer.kind == MARGINS:
        return scorer.explain_sum(values, 0)
    return _to_log_odds(*scorer.explain_sum(values, 1))


def _to_log_odds(start, change):
    """Contributions to a probability as contributions to its log-odds."""
    start = float(np.clip(start, _SMALLEST, 1 - _SMALLEST))
    end = np.clip(start + change.sum(axis=1), _SMALLEST, 1 - _SMALLEST)
    return float(logit(start)), change * _slope(logit, start, end)[:, None]


def _kernel(scorer, values, mean):
    machine, start, ends = scorer.last, scorer.reduce(mean[None])[0], scorer.reduce(values)
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    columns = np.empty(values.shape)
    for first in range(0, len(values), _ROWS):
        rows = slice(first, first + _ROWS)
        slopes = sum(
            weight / 2 * machine.find_gradients(start + (node + 1) / 2 * (ends[rows] - start))
            for node, weight in zip(nodes, weights, strict=True)
        )
        columns[rows] = (values[rows] - mean) * scorer.pull_back(slopes)[0]
    # The margin speaks for the first class.
    base = -STEEPNESS * float(machine.find_margins(start[None])[0, 0])
    exact = -STEEPNESS * machine.find_margins(ends)[:, 0] - base
    # What the rule's 24 points leave is spread in proportion, so that contributions are complete.
    total = columns.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(total == 0, 0.0, exact / total)
    return base, columns * factor[:, None]


def _sample(model, values, mean, groups, target, seed):
    log_odds = functools.partial(_log_odds, model, target)
    base, credits = sample_shapley_values(log_odds, values, mean, groups, seed)
    sizes = np.bincount(groups)
    return base, credits[:, groups] / sizes[groups]


def _log_odds(model, target, rows):
    return logit(np.clip(model.predict_proba(rows)[:, target], _SMALLEST, 1 - _SMALLEST))


def _slope(function, start, end):
    """(function(end) - function(start)) / (end - start), and the derivative where they are
    equal.
    """
    step = np.where(np.abs(end - start) < 1e-9, 1e-6, end - start)
    return (function(start + step) - function(start)) / step
