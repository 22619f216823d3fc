"""Contributions of columns to a score, which sum to it."""

import functools
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from featurex.errors import ParameterError
from featurex.explanation.sampling import sample_shapley_values
from featurex.models.balance import EqualPriors
from featurex.models.base import ColumnClassifier
from featurex.models.components import LeadingComponents
from featurex.models.kernel_svm import STEEPNESS, KernelSVM

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
        Any of `featurex.models.MODELS` that takes columns, or another with predict_proba.
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
    - mean). Those of XGBoost are Shapley values of its trees (Lundberg et al. 2020,
    doi:10.1038/s42256-019-0138-9); those of the kernel machine, integrated gradients from the mean
    image (Sundararajan, Taly and Yan 2017, arXiv:1703.01365), by 24 points, the remainder of about
    1e-6 spread in proportion; those of a vote, its members', brought from log-odds to probabilities
    and back by one factor an image (the rescale rule: Shrikumar, Greenside and Kundaje 2017,
    arXiv:1704.02685). Every other model, and three classes, get Shapley values of the groups by
    sampled orders (Štrumbelj and Kononenko 2014, doi:10.1007/s10115-013-0679-x), spread evenly over
    the columns of a group.
    """
    values, mean, groups = np.asarray(values), np.asarray(mean, float), np.asarray(groups)
    if values.ndim != 2 or mean.shape != values.shape[1:] or groups.shape != mean.shape:
        raise ParameterError(
            "values, mean and groups must be of shapes (n, n_columns), (n_columns,) and "
            "(n_columns,), "
            f"but they are {values.shape}, {mean.shape} and {groups.shape}"
        )
    if len(model.classes_) == 2:
        base, columns = _explain(model, values, mean, groups, seed)
        sign = 1.0 if target == 1 else -1.0
        return Contributions(sign * base, sign * columns)
    return Contributions(*_sample(model, values, mean, groups, target, seed))


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
    if len(model.classes_) > 2:
        return False
    inner = model
    while isinstance(inner, ColumnClassifier | EqualPriors) and not isinstance(inner, KernelSVM):
        inner = inner.estimator_
    if isinstance(inner, VotingClassifier):
        return all(map(can_take_apart, inner.estimators_))
    return (
        _is_linear(inner) or isinstance(inner, KernelSVM) or type(inner).__name__ == "XGBClassifier"
    )


@functools.singledispatch
def _explain(model, values, mean, groups, seed):
    """Base and contributions of the second of two classes, in log-odds."""
    if type(model).__name__ == "XGBClassifier":  # without importing it where it is not needed
        return _boosted(model, values)
    return _sample(model, values, mean, groups, 1, seed)


@_explain.register
def _wrapped(model: ColumnClassifier, values, mean, groups, seed):
    return _explain(model.estimator_, values, mean, groups, seed)


@_explain.register
def _pipeline(model: Pipeline, values, mean, groups, seed):
    if not _is_linear(model):
        return _sample(model, values, mean, groups, 1, seed)
    weights, constant = _linear(model)
    return float(constant + weights @ mean), (values - mean) * weights


@_explain.register
def _balanced(model: EqualPriors, values, mean, groups, seed):
    inner = model.estimator_
    if not _is_linear(inner) and type(inner).__name__ != "XGBClassifier":
        # What is sampled is the model as a whole.
        return _sample(model, values, mean, groups, 1, seed)
    base, columns = _explain(inner, values, mean, groups, seed)
    return base - float(np.log(model.priors_[1] / model.priors_[0])), columns


@_explain.register
def _voted(model: VotingClassifier, values, mean, groups, seed):
    start, change = 0.0, np.zeros(values.shape)
    for member in model.estimators_:
        base, columns = _explain(member, values, mean, groups, seed)
        total = base + columns.sum(axis=1)
        start += expit(base) / len(model.estimators_)
        change += columns * _slope(expit, base, total)[:, None] / len(model.estimators_)
    end = np.clip(start + change.sum(axis=1), _SMALLEST, 1 - _SMALLEST)
    return float(logit(start)), change * _slope(logit, start, end)[:, None]


@_explain.register
def _kernel(model: KernelSVM, values, mean, groups, seed):
    reduced, machine = model.estimator_[0], model.estimator_[-1]
    start, ends = reduced.transform(mean[None])[0], reduced.transform(values)
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    columns = np.empty(values.shape)
    for first in range(0, len(values), _ROWS):
        rows = slice(first, first + _ROWS)
        slopes = sum(
            weight / 2 * _gradient(machine, start + (node + 1) / 2 * (ends[rows] - start))
            for node, weight in zip(nodes, weights, strict=True)
        )
        columns[rows] = (values[rows] - mean) * _back(reduced, slopes)[0]
    base = STEEPNESS * float(machine.decision_function(start[None])[0])
    exact = STEEPNESS * machine.decision_function(ends) - base
    # What the rule's 24 points leave is spread in proportion, so that contributions are complete.
    total = columns.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(total == 0, 0.0, exact / total)
    return base, columns * factor[:, None]


def _gradient(machine, points):
    """Of the log-odds of a Gaussian kernel machine, at points (n, n_components)."""
    vectors, weights = machine.support_vectors_, machine.dual_coef_[0]
    squares = (points**2).sum(axis=1)[:, None] + (vectors**2).sum(axis=1) - 2 * points @ vectors.T
    kernel = np.exp(-machine._gamma * squares) * weights
    return (
        STEEPNESS * -2 * machine._gamma * (points * kernel.sum(axis=1)[:, None] - kernel @ vectors)
    )


def _boosted(model, values):
    """Shapley values of trees, as XGBoost computes them."""
    from xgboost import DMatrix

    contributions = model.get_booster().predict(DMatrix(values), pred_contribs=True).astype(float)
    return float(contributions[0, -1]), contributions[:, :-1]


def _is_linear(model):
    """Whether log-odds of two classes are a linear function of the columns."""
    return isinstance(model, Pipeline) and isinstance(
        model[-1], LogisticRegression | LinearDiscriminantAnalysis
    )


def _linear(model):
    """Weights of the original columns, and the constant."""
    *steps, last = (step for _, step in model.steps)
    weights, constant = last.coef_[0].astype(float), float(last.intercept_[0])
    for step in reversed(steps):
        weights, offset = _back(step, weights)
        constant += float(offset)
    return weights, constant


def _back(step, weights):
    """Weights (..., n_out) of a linear step's output as weights (..., n_in) of its input, and what
    they add.
    """
    if isinstance(step, LeadingComponents):
        scaler, decomposition = step.pipeline_[0], step.pipeline_[1]
        weights, first = (
            weights @ decomposition.components_,
            -weights @ decomposition.components_ @ decomposition.mean_,
        )
        weights, second = _back(scaler, weights)
        return weights, first + second
    if isinstance(step, StandardScaler):
        weights = weights / step.scale_
        return weights, -weights @ step.mean_
    raise TypeError(f"{type(step).__name__} is no linear step that is known here")


def _sample(model, values, mean, groups, target, seed):
    def log_odds(rows):
        return logit(np.clip(model.predict_proba(rows)[:, target], _SMALLEST, 1 - _SMALLEST))

    base, credits = sample_shapley_values(log_odds, values, mean, groups, seed)
    sizes = np.bincount(groups)
    return base, credits[:, groups] / sizes[groups]


def _slope(function, start, end):
    """(function(end) - function(start)) / (end - start), and the derivative where they are
    equal.
    """
    step = np.where(np.abs(end - start) < 1e-9, 1e-6, end - start)
    return (function(start + step) - function(start)) / step
