"""Gradient-boosted trees on histograms, by scikit-learn and by XGBoost."""

from featurex.checks import check_integer, check_number
from featurex.models.balance import EqualPriors
from featurex.models.base import ColumnClassifier


class HistBoosting(ColumnClassifier):
    """Histogram gradient boosting by scikit-learn.

    Its own class weights would make it cut histograms by weighted quantiles, which takes ten times
    as long as all the rest; `EqualPriors` makes classes count alike instead.

    Parameters
    ----------
    n_estimators : int
        Rounds of boosting, 1 to 10,000; `HistGradientBoostingClassifier` calls them ``max_iter``.
    max_leaf_nodes : int
        Maximum number of leaves of a tree, at least 2.
    learning_rate : float
        Weight with which each tree is added, above 0 to 1.
    max_features : float
        Fraction of the columns that each split may choose from, above 0 to 1.
    random_state : int
        Seed of the drawn columns.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    estimator_ : EqualPriors
        The fitted `sklearn.ensemble.HistGradientBoostingClassifier`.
    """

    def __init__(
        self,
        n_estimators=100,
        max_leaf_nodes=8,
        learning_rate=0.15,
        max_features=0.1,
        random_state=0,
    ):
        self.n_estimators = n_estimators
        self.max_leaf_nodes = max_leaf_nodes
        self.learning_rate = learning_rate
        self.max_features = max_features
        self.random_state = random_state

    def make_estimator(self):
        """Make the trees under equal priors; see `ColumnClassifier.make_estimator`."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return EqualPriors(
            HistGradientBoostingClassifier(
                max_iter=check_integer("n_estimators", self.n_estimators, 1, 10_000),
                max_leaf_nodes=check_integer("max_leaf_nodes", self.max_leaf_nodes, 2),
                learning_rate=check_number("learning_rate", self.learning_rate, 1e-4, 1.0),
                max_features=check_number("max_features", self.max_features, 1e-4, 1.0),
                max_bins=63,
                early_stopping=False,
                random_state=self.check_random_state(),
            )
        )


class XGBoost(ColumnClassifier):
    """Histogram gradient boosting by XGBoost (Chen and Guestrin 2016, doi:10.1145/2939672.2939785).

    Parameters
    ----------
    n_estimators : int
        Rounds of boosting, 1 to 10,000.
    max_depth : int
        Maximum depth of a tree, 1 to 30.
    learning_rate : float
        Weight with which each tree is added, above 0 to 1.
    max_features : float
        Fraction of the columns that each tree may choose from, above 0 to 1; XGBoost calls it
        ``colsample_bytree``. It makes trees differ, and saves no time.
    random_state : int
        Seed of the drawn columns.

    Attributes
    ----------
    classes_ : array, shape (n_classes,)
        The classes, sorted.
    estimator_ : EqualPriors
        The fitted `xgboost.XGBClassifier`.
    """

    def __init__(
        self,
        n_estimators=120,
        max_depth=3,
        learning_rate=0.2,
        max_features=0.1,
        random_state=0,
    ):
        self.n_estimators = n_estimators
        self.max_depth = max_depth
        self.learning_rate = learning_rate
        self.max_features = max_features
        self.random_state = random_state

    def make_estimator(self):
        """Make the trees under equal priors; see `ColumnClassifier.make_estimator`."""
        from xgboost import XGBClassifier

        return EqualPriors(
            XGBClassifier(
                n_estimators=check_integer("n_estimators", self.n_estimators, 1, 10_000),
                max_depth=check_integer("max_depth", self.max_depth, 1, 30),
                learning_rate=check_number("learning_rate", self.learning_rate, 1e-4, 1.0),
                colsample_bytree=check_number("max_features", self.max_features, 1e-4, 1.0),
                tree_method="hist",
                max_bin=64,
                n_jobs=1,
                random_state=self.check_random_state(),
            )
        )
