"""Forests of randomised trees, with class weights."""

from featurex.checks import check_integer
from featurex.models.base import ColumnClassifier


class RandomForest(ColumnClassifier):
    """Random forest (Breiman 2001, doi:10.1023/A:1010933404324).

    Each split chooses from log2(n_columns) columns, Breiman's rule; their square root, the common
    default, takes three times as long and orders these images no better.

    Parameters
    ----------
    n_estimators : int
        Number of trees, 1 to 10,000.
    min_samples_leaf : int
        Minimum number of images in a leaf.
    random_state : int
        Seed of the drawn images and columns.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    estimator_ : sklearn.ensemble.RandomForestClassifier
        The fitted forest.
    """

    def __init__(self, n_estimators=200, min_samples_leaf=2, random_state=0):
        self.n_estimators = n_estimators
        self.min_samples_leaf = min_samples_leaf
        self.random_state = random_state

    def make_estimator(self):
        """Make the forest; see `ColumnClassifier.make_estimator`."""
        # Late, as in the other models: a saved model of another kind need not wait for it.
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(**_check_forest(self), max_features="log2")


class ExtraTrees(ColumnClassifier):
    """Extremely randomised trees (Geurts et al. 2006, doi:10.1007/s10994-006-6226-1).

    Parameters
    ----------
    n_estimators : int
        Number of trees, 1 to 10,000.
    min_samples_leaf : int
        Minimum number of images in a leaf.
    random_state : int
        Seed of the drawn columns and thresholds.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    estimator_ : sklearn.ensemble.ExtraTreesClassifier
        The fitted forest.
    """

    def __init__(self, n_estimators=200, min_samples_leaf=2, random_state=0):
        self.n_estimators = n_estimators
        self.min_samples_leaf = min_samples_leaf
        self.random_state = random_state

    def make_estimator(self):
        """Make the forest; see `ColumnClassifier.make_estimator`."""
        from sklearn.ensemble import ExtraTreesClassifier

        return ExtraTreesClassifier(**_check_forest(self))


def _check_forest(model):
    return {
        "n_estimators": check_integer("n_estimators", model.n_estimators, 1, 10_000),
        "min_samples_leaf": check_integer("min_samples_leaf", model.min_samples_leaf, 1),
        "class_weight": "balanced",
        "random_state": model.check_random_state(),
    }
