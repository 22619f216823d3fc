"""A support vector machine with a Gaussian kernel on principal components, with probabilities."""

from itertools import combinations

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number
from featurex.models.components import LeadingComponents

# From margin to logit: a support vector at margin 1 gets a probability of .88.
STEEPNESS = 2.0


class KernelSVM(ClassifierMixin, BaseEstimator):
    """Standardise, keep the leading principal components unwhitened, and fit an RBF machine.

    Parameters
    ----------
    C : float
        Cost of a margin violation; classes are weighted to count alike.
    components : int
        Principal components, at most; the fewer images or columns there are, the fewer.
    seed : int
        Of the randomised decomposition.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
    pipeline_ : sklearn.pipeline.Pipeline

    Notes
    -----
    The kernel's width is gamma = 1 / (n_components · variance of the components). Probabilities are
    a fixed logistic function of the margin m, 1 / (1 + exp(-2 m)), of every pair of classes,
    coupled as p(i) ∝ 1 / (Σ_(j ≠ i) 1 / r(i, j) - (n_classes - 2)) (Price, Knerr, Personnaz and
    Dreyfus 1995, "Pairwise neural network classifiers with probabilistic outputs"). Nothing is
    fitted for them: they order images as the margins do, and are not calibrated; see
    `featurex.evaluation.calibration`.
    """

    def __init__(self, C=3.0, components=150, seed=0):
        self.C = C
        self.components = components
        self.seed = seed

    def check_parameters(self):
        """Raise a ParameterError if a parameter breaks its rule."""
        check_number("C", self.C, 1e-9, 1e9)
        check_integer("components", self.components, 1)
        check_integer("seed", self.seed, 0, 2**32 - 1)

    def fit(self, X, y):
        """Fit scaler, components and machine.

        Parameters
        ----------
        X : array, shape (n, n_columns)
        y : array, shape (n,)

        Returns
        -------
        self

        Raises
        ------
        ParameterError
            If a parameter breaks its rule.
        """
        self.check_parameters()
        self.pipeline_ = make_pipeline(
            LeadingComponents(self.components, self.seed),
            # Every pair's own margin, not the votes that scikit-learn makes of them.
            SVC(C=self.C, class_weight="balanced", decision_function_shape="ovo"),
        ).fit(X, y)
        self.classes_ = self.pipeline_.classes_
        return self

    def predict_proba(self, X):
        """Probabilities from margins: array of shape (n, n_columns) to (n, n_classes)."""
        check_is_fitted(self)
        margins = self.pipeline_.decision_function(X)
        if margins.ndim == 1:
            # Of two classes the margin is the second's; of more, that of the first of each pair.
            margins = -margins[:, None]
        n_classes = len(self.classes_)
        inverse_sums = np.full((len(X), n_classes), 2.0 - n_classes)
        for margin, (first, second) in zip(
            margins.T, combinations(range(n_classes), 2), strict=True
        ):
            inverse_sums[:, first] += 1.0 / expit(STEEPNESS * margin)
            inverse_sums[:, second] += 1.0 / expit(-STEEPNESS * margin)
        odds = 1.0 / inverse_sums
        return odds / odds.sum(axis=1, keepdims=True)

    def predict(self, X):
        """The class of the largest probability: array of shape (n, n_columns) to (n,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
