"""Scorers made of scorers: steps before a classifier, equal priors, and votes."""

from dataclasses import dataclass

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer, check_array


@dataclass(frozen=True, eq=False)
class Chain(Scorer):
    """A classifier after steps.

    Parameters
    ----------
    steps : tuple of Scorer
        Each has `transform`, and is given what the one before it gives.
    last : Scorer
        The classifier.
    """

    steps: tuple[Scorer, ...]
    last: Scorer

    def __post_init__(self):
        if not self.steps:
            raise DataError("Chain: there must be a step before the classifier")
        check_classifier("Chain: last", self.last)
        for step, after in zip(self.steps, (*self.steps[1:], self.last), strict=True):
            if not hasattr(step, "transform"):
                raise DataError(f"Chain: {type(step).__name__} is no step")
            if step.n_outputs != after.n_columns:
                raise DataError(
                    f"Chain: {type(step).__name__} gives {step.n_outputs} columns, but "
                    f"{type(after).__name__} takes {after.n_columns}"
                )

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return self.steps[0].n_columns

    @property
    def n_classes(self):
        """The number of classes."""
        return self.last.n_classes

    def reduce(self, values):
        """Apply the steps: array of shape (n, n_columns) to what the classifier is given."""
        values = np.asarray(values, np.float64)
        for step in self.steps:
            values = step.transform(values)
        return values

    def pull_back(self, weights):
        """Weights of the last step's output as weights of the columns; see
        `Standardization.pull_back`.
        """
        constant = 0.0
        for step in reversed(self.steps):
            weights, offset = step.pull_back(weights)
            constant = constant + offset
        return weights, constant

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        return self.last.predict_proba(self.reduce(values))


@dataclass(frozen=True, eq=False)
class EqualPriors(Scorer):
    """A classifier's probabilities divided by the frequencies of the classes in training; see
    `featurex.models.balance.EqualPriors`.

    Parameters
    ----------
    last : Scorer
        The classifier.
    priors : float array, shape (n_classes,)
        Above 0.
    """

    last: Scorer
    priors: np.ndarray

    def __post_init__(self):
        check_classifier("EqualPriors: last", self.last)
        check_array("EqualPriors: priors", self.priors, "f", (self.last.n_classes,))
        if not (self.priors > 0).all():
            raise DataError("EqualPriors: priors must be above 0")

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return self.last.n_columns

    @property
    def n_classes(self):
        """The number of classes."""
        return self.last.n_classes

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        odds = self.last.predict_proba(values) / self.priors
        return odds / odds.sum(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Vote(Scorer):
    """The mean of several classifiers' probabilities.

    Parameters
    ----------
    members : tuple of Scorer
        Classifiers of the same columns and classes.
    """

    members: tuple[Scorer, ...]

    def __post_init__(self):
        if not self.members:
            raise DataError("Vote: there must be at least one member")
        for member in self.members:
            check_classifier("Vote: a member", member)
        if len({(member.n_columns, member.n_classes) for member in self.members}) > 1:
            raise DataError(
                "Vote: all members must take the same columns and tell the same classes"
            )

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return self.members[0].n_columns

    @property
    def n_classes(self):
        """The number of classes."""
        return self.members[0].n_classes

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        return np.mean([member.predict_proba(values) for member in self.members], axis=0)


def check_classifier(where, scorer):
    """Raise a DataError unless a scorer is a classifier."""
    if not hasattr(scorer, "predict_proba"):
        raise DataError(f"{where} must be a classifier, but it is {type(scorer).__name__}")
