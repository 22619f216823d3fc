"""From images of the working size to scores and flags, in one pass."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from featurex.lungs import INVERTED, NO_LUNGS, Align, find_lungs

# Column -> what it means where it is 1.
FLAGS = {
    "not_aligned": "could not be registered to the mean chest",
    "inverted": "looks like a negative",
    "no_lungs": "no lungs were found",
    "unusual": "less like the training images than 99.5 % of them",
}


class Scoring(TransformerMixin, BaseEstimator):
    """Columns of a model's output for every image: a score for each class, then a column for each
    of `FLAGS`.

    Parameters
    ----------
    steps : list of fitted transformers
        From resized images to those of the input.
    union : FeatureUnion
        The extractors.
    estimator : classifier
        Fitted on the columns of the union.
    typical : Typical
        What these columns are like in the training images.
    """

    def __init__(self, steps, union, estimator, typical):
        self.steps = steps
        self.union = union
        self.estimator = estimator
        self.typical = typical

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y=None):
        """Return self: everything is fitted."""
        return self

    def transform(self, X):
        """Score every image.

        Parameters
        ----------
        X : array of shape (n, size, size)
            Grey levels of images of the working size.

        Returns
        -------
        columns : float64 array, shape (n, n_classes + 4)
        """
        lungs = [find_lungs(image).doubt for image in X]
        prepared, failed = self.prepare(X)
        features = self.extract(prepared)
        doubts = [
            failed,
            *(np.array([doubt == name for doubt in lungs]) for name in (INVERTED, NO_LUNGS)),
        ]
        unusual = self.typical.distance(features) > self.typical.limit
        return np.column_stack([self.estimator.predict_proba(features), *doubts, unusual]).astype(
            float
        )

    def prepare(self, X):
        """Bring resized images to what the extractors get.

        Parameters
        ----------
        X : array of shape (n, size, size)
            Grey levels of images of the working size.

        Returns
        -------
        prepared : array or masked array of shape (n, rows, columns)
        failed : bool array, shape (n,)
            Images that could not be registered.
        """
        failed = np.zeros(len(X), bool)
        for step in self.steps:
            if isinstance(step, Align):
                registration = step.register(X)
                failed |= registration.failed
                X = step.warp(X, registration)
            else:
                X = step.transform(X)
        return X, failed

    def extract(self, prepared):
        """The columns of prepared images: float32 array, shape (n, n_columns)."""
        return np.asarray(self.union.fit_transform(prepared), np.float32)

    def get_feature_names_out(self, input_features=None):
        """Names of the columns."""
        return np.array(
            [*(f"score_{index}" for index in range(len(self.estimator.classes_))), *FLAGS], object
        )
