"""Equal priors: probabilities that do not depend on how many images of each class were
collected.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits


class EqualPriors(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Divide a classifier's probabilities by the frequencies of the classes in training.

    For classifiers that class weights would slow down or that take none: p'(c) ∝ p(c) / prior(c),
    what the classifier would say had every class been equally frequent in training. It runs on one
    OpenMP thread, as all models here: folds are what runs in parallel.

    Parameters
    ----------
    estimator : classifier
        With `predict_proba`, fitted without class weights; it is given class indices 0, 1, ...

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    priors_ : float array, shape (n_classes,)
        Fraction of each class among the training images.
    estimator_ : classifier
        The fitted clone.

    References
    ----------
    Saerens, Latinne, Decaestecker 2002, doi:10.1162/089976602753284446, equation 2.4
    """

    def __init__(self, estimator):
        self.estimator = estimator

    def fit(self, X, y):
        """Fit the classifier.

        Parameters
        ----------
        X : array, shape (n, n_columns)
            Features, a row an image.
        y : array, shape (n,)
            The class of every image.

        Returns
        -------
        self
        """
        self.classes_, indices, counts = np.unique(y, return_inverse=True, return_counts=True)
        self.priors_ = counts / counts.sum()
        with _one_thread():
            self.estimator_ = clone(self.estimator).fit(X, indices)
        return self

    def predict_proba(self, X):
        """Probabilities under equal priors: array of shape (n, n_columns) to (n, n_classes)."""
        check_is_fitted(self)
        with _one_thread():
            odds = self.estimator_.predict_proba(X).astype(np.float64) / self.priors_
        return odds / odds.sum(axis=1, keepdims=True)

    def predict(self, X):
        """The class of the largest probability: array of shape (n, n_columns) to (n,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def _one_thread():
    return threadpool_limits(1, user_api="openmp")
