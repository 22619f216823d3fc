"""A support vector machine with a Gaussian kernel on principal components, with probabilities."""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number
from featurex.models.base import ColumnClassifier
from featurex.models.components import LeadingComponents
from featurex.scorers.kernel_machine import couple_pairs


class KernelSVM(ColumnClassifier):
    """Support vector machine with a Gaussian kernel on standardised principal components.

    Parameters
    ----------
    C : float
        Cost of a margin violation; classes are weighted to count alike.
    n_components : int
        Maximum number of principal components, which are not whitened; there are fewer where there
        are fewer images or columns.
    max_rows : int
        The most images to fit on, from 100: time and memory grow with their square. Of more, a
        seeded sample is taken that keeps the classes' shares.
    random_state : int
        Seed of the randomised decomposition, and of the sample.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    n_rows_ : int
        Images that it was fitted on.
    estimator_ : sklearn.pipeline.Pipeline
        The fitted `LeadingComponents` and `sklearn.svm.SVC`.

    Notes
    -----
    The kernel's width is gamma = 1 / (n_components · variance of the components). Probabilities are
    a fixed logistic function of the margin m, 1 / (1 + exp(-2 m)), of every pair of classes; see
    `featurex.scorers.kernel_machine.couple_pairs`. Nothing is fitted for them: they order images as
    the margins do, and are not calibrated; see `featurex.evaluation.calibration`.
    """

    def __init__(self, C=3.0, n_components=150, max_rows=10_000, random_state=0):
        self.C = C
        self.n_components = n_components
        self.max_rows = max_rows
        self.random_state = random_state

    def fit(self, X, y):
        """Fit the machine, to a sample where there are many images; see `ColumnClassifier.fit`."""
        self.check_parameters()
        if len(X) <= self.max_rows:
            return super().fit(X, y)
        rows = sample_rows(y, self.max_rows, self.check_random_state())
        return super().fit(np.asarray(X)[rows], np.asarray(y)[rows])

    def make_estimator(self):
        """Make the pipeline of components and machine; see `ColumnClassifier.make_estimator`."""
        C = check_number("C", self.C, 1e-9, 1e9)
        n_components = check_integer("n_components", self.n_components, 1)
        check_integer("max_rows", self.max_rows, 100)
        return make_pipeline(
            LeadingComponents(n_components, self.check_random_state()),
            # Every pair's own margin, not the votes that scikit-learn makes of them.
            SVC(C=C, class_weight="balanced", decision_function_shape="ovo"),
        )

    def predict_proba(self, X):
        """Probabilities from margins: array of shape (n, n_columns) to (n, n_classes)."""
        check_is_fitted(self)
        margins = self.estimator_.decision_function(X)
        if margins.ndim == 1:
            # Of two classes the margin is the second's; of more, that of the first of each pair.
            margins = -margins[:, None]
        return couple_pairs(margins, len(self.classes_))


def sample_rows(y, n_rows, seed):
    """Choose some rows so that the classes keep their shares, as nearly as integers allow.

    Parameters
    ----------
    y : array, shape (n,)
        The class of every row.
    n_rows : int
        How many to choose, fewer than n.
    seed : int
        Of the choice.

    Returns
    -------
    rows : int array, shape (n_rows,)
        In ascending order; at least one of each class.
    """
    generator = np.random.default_rng(seed)
    _, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    # Rows of a class get evenly spaced places from 0 to 1; those of the first places are taken, of
    # each class the very first.
    shuffled = generator.permutation(len(codes))
    places = np.empty(len(codes))
    for code, count in enumerate(counts):
        places[shuffled[codes[shuffled] == code]] = (np.arange(count) + 0.5) / count
        places[shuffled[codes[shuffled] == code][0]] = -1.0
    return np.sort(np.argsort(places, kind="stable")[:n_rows])
