"""A support vector machine with a Gaussian kernel, with probabilities from its margins."""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer, check_array, logistic

# From margin to logit: a support vector at margin 1 gets a probability of .88.
STEEPNESS = 2.0
# Rows at a time: the kernel of all rows against all support vectors is the largest array.
_ROWS = 256
# Probabilities of pairs are kept so far from 0, where their inverse is infinite.
_SMALLEST = 1e-300


@dataclass(frozen=True, eq=False)
class KernelMachine(Scorer):
    """A classifier whose margin, for every pair of classes, is Σ weight · exp(-gamma |x - v|²) +
    constant over its support vectors v.

    Parameters
    ----------
    vectors : float array, shape (n_vectors, n_columns)
        The support vectors.
    weights : float array, shape (n_pairs, n_vectors)
        A row for every pair of classes, (0, 1), (0, 2), ..., (1, 2), ...; 0 for a vector of no
        class of the pair.
    constants : float array, shape (n_pairs,)
        Added to the sum. A margin above 0 speaks for the first class of its pair.
    gamma : float
        Of the kernel, above 0.
    """

    vectors: np.ndarray
    weights: np.ndarray
    constants: np.ndarray
    gamma: float

    def __post_init__(self):
        check_array("KernelMachine: vectors", self.vectors, "f", (None, None))
        check_array("KernelMachine: weights", self.weights, "f", (None, len(self.vectors)))
        check_array("KernelMachine: constants", self.constants, "f", self.weights.shape[:1])
        if not self.gamma > 0:
            raise DataError("KernelMachine: gamma must be above 0")
        if math.comb(self.n_classes, 2) != len(self.weights):
            raise DataError(
                f"KernelMachine: weights must have a row for every pair of classes, but there are "
                f"{len(self.weights)}"
            )

    @property
    def n_columns(self):
        """The number of columns that it is given."""
        return self.vectors.shape[1]

    @property
    def n_classes(self):
        """The number of classes."""
        return (1 + math.isqrt(1 + 8 * len(self.weights))) // 2

    def find_margins(self, values):
        """Margins of the pairs: array of shape (n, n_columns) to (n, n_pairs)."""
        values = np.asarray(values, np.float64)
        margins = np.empty((len(values), len(self.weights)))
        for first in range(0, len(values), _ROWS):
            rows = slice(first, first + _ROWS)
            margins[rows] = self._kernel(values[rows]) @ self.weights.T + self.constants
        return margins

    def find_gradients(self, values):
        """Gradients of the log-odds of the second of two classes: array of shape (n, n_columns),
        and so is the result.
        """
        kernel = self._kernel(values) * -self.weights[0]
        return (
            -2
            * STEEPNESS
            * self.gamma
            * (values * kernel.sum(axis=1)[:, None] - kernel @ self.vectors)
        )

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        return couple_pairs(self.find_margins(values), self.n_classes)

    def _kernel(self, values):
        squares = (values**2).sum(axis=1)[:, None] + (self.vectors**2).sum(axis=1)
        distances = np.maximum(squares - 2 * values @ self.vectors.T, 0)
        return np.exp(-self.gamma * distances)


def couple_pairs(margins, n_classes):
    """Compute probabilities of classes from the margins of pairs of them.

    Parameters
    ----------
    margins : float array, shape (n, n_pairs)
        A column for every pair of classes, (0, 1), (0, 2), ..., (1, 2), ...; above 0 for the
        first.
    n_classes : int
        Number of classes.

    Returns
    -------
    probabilities : float array, shape (n, n_classes)

    Notes
    -----
    p(i) ∝ 1 / (Σ_(j ≠ i) 1 / r(i, j) - (n_classes - 2)), where r(i, j) = 1 / (1 + exp(-2 margin))
    (Price, Knerr, Personnaz and Dreyfus 1995, "Pairwise neural network classifiers with
    probabilistic outputs").
    """
    inverse_sums = np.full((len(margins), n_classes), 2.0 - n_classes)
    for margin, (first, second) in zip(margins.T, combinations(range(n_classes), 2), strict=True):
        inverse_sums[:, first] += 1.0 / np.maximum(logistic(STEEPNESS * margin), _SMALLEST)
        inverse_sums[:, second] += 1.0 / np.maximum(logistic(-STEEPNESS * margin), _SMALLEST)
    odds = 1.0 / inverse_sums
    return odds / odds.sum(axis=1, keepdims=True)
