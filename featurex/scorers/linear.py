"""Linear steps and linear classifiers."""

from dataclasses import dataclass

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer, check_array, count_classes, margins_to_probabilities


@dataclass(frozen=True, eq=False)
class Standardization(Scorer):
    """The step (x - mean) / scale.

    Parameters
    ----------
    mean, scale : float array, shape (n_columns,)
        Of the training images; a scale is above 0.
    """

    mean: np.ndarray
    scale: np.ndarray

    def __post_init__(self):
        check_array("Standardization: mean", self.mean, "f", (None,))
        check_array("Standardization: scale", self.scale, "f", self.mean.shape)
        if not (self.scale > 0).all():
            raise DataError("Standardization: scale must be above 0")

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return len(self.mean)

    @property
    def n_outputs(self):
        """The number of columns that it gives."""
        return len(self.mean)

    def transform(self, values):
        """Standardise columns: array of shape (n, n_columns), and so is the result."""
        return (values - self.mean) / self.scale

    def pull_back(self, weights):
        """Weights of its output as weights of its input.

        Parameters
        ----------
        weights : float array, shape (..., n_outputs)
            Of a linear function of its output.

        Returns
        -------
        weights : float array, shape (..., n_columns)
        constant : float array, shape (...)
            What the function adds beside.
        """
        weights = weights / self.scale
        return weights, -weights @ self.mean


@dataclass(frozen=True, eq=False)
class Components(Scorer):
    """The step to principal components: (x - mean) · axes.

    Parameters
    ----------
    mean : float array, shape (n_columns,)
        Of the training images.
    axes : float array, shape (n_outputs, n_columns)
        The components, a row each.
    """

    mean: np.ndarray
    axes: np.ndarray

    def __post_init__(self):
        check_array("Components: mean", self.mean, "f", (None,))
        check_array("Components: axes", self.axes, "f", (None, *self.mean.shape))

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return len(self.mean)

    @property
    def n_outputs(self):
        """The number of components."""
        return len(self.axes)

    def transform(self, values):
        """Project columns: array of shape (n, n_columns) to (n, n_outputs)."""
        return (values - self.mean) @ self.axes.T

    def pull_back(self, weights):
        """Weights of its output as weights of its input; see `Standardization.pull_back`."""
        weights = weights @ self.axes
        return weights, -weights @ self.mean


@dataclass(frozen=True, eq=False)
class Linear(Scorer):
    """A classifier whose margins are linear functions: logistic regression, the linear
    discriminant.

    Parameters
    ----------
    weights : float array, shape (n_outputs, n_columns)
        One row for two classes, as many as there are classes for more.
    constants : float array, shape (n_outputs,)
        The margins where all columns are 0.
    """

    weights: np.ndarray
    constants: np.ndarray

    def __post_init__(self):
        check_array("Linear: weights", self.weights, "f", (None, None))
        check_array("Linear: constants", self.constants, "f", self.weights.shape[:1])

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return self.weights.shape[1]

    @property
    def n_classes(self):
        """The number of classes."""
        return count_classes(len(self.weights))

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        margins = np.asarray(values, np.float64) @ self.weights.T + self.constants
        return margins_to_probabilities(margins)
