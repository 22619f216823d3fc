"""What all classifiers of columns share: checked parameters and a scikit-learn estimator."""

from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer

# scikit-learn's own limit.
MAX_SEED = 2**32 - 1


class ColumnClassifier(ClassifierMixin, BaseEstimator):
    """Base class of the classifiers of columns in `featurex.models.MODELS`.

    A subclass has an ``__init__`` that only assigns, so that `get_params`, `set_params` and
    scikit-learn's `clone` work, and a `make_estimator` that checks the parameters. They are checked
    when the model is fitted, or before by `check_parameters`.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    n_rows_ : int
        Images that it was fitted on: all, but for classifiers that take a sample of many.
    estimator_ : classifier
        The fitted estimator that `make_estimator` made.
    """

    def make_estimator(self):
        """Make the unfitted estimator that does the work.

        Returns
        -------
        estimator : classifier
            With `fit` and `predict_proba`.

        Raises
        ------
        ParameterError
            If a parameter breaks its rule.
        """
        raise NotImplementedError

    def check_parameters(self):
        """Raise a ParameterError if a parameter breaks its rule."""
        self.make_estimator()

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

        Raises
        ------
        ParameterError
            If a parameter breaks its rule.
        """
        self.estimator_ = self.make_estimator().fit(X, y)
        self.classes_ = self.estimator_.classes_
        self.n_rows_ = len(X)
        return self

    def predict_proba(self, X):
        """Probabilities of the classes.

        Parameters
        ----------
        X : array, shape (n, n_columns)
            Features, a row an image.

        Returns
        -------
        probabilities : float array, shape (n, n_classes)
        """
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    def predict(self, X):
        """Classes of the largest probability: array of shape (n, n_columns) to (n,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def check_random_state(self):
        """Return the checked `random_state`, an integer from 0 to 2^32 - 1."""
        return check_integer("random_state", self.random_state, 0, MAX_SEED)
