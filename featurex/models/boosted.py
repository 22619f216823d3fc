"""Gradient-boosted trees on histograms, by scikit-learn and by XGBoost."""

from featurex.checks import check_integer, check_number
from featurex.models.balance import EqualPriors


def hist_boosting(trees=100, leaves=8, learning_rate=0.15, column_share=0.1, seed=0):
    """Histogram gradient boosting by scikit-learn.

    Parameters
    ----------
    trees : int
        Rounds of boosting.
    leaves : int
        Of a tree, at most.
    learning_rate : float
        Share of each tree that is added.
    column_share : float
        Of the columns that each split may choose from.
    seed : int

    Returns
    -------
    model : EqualPriors
        Its own class weights would make it cut histograms by weighted quantiles, which takes ten
        times as long as all the rest.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    return EqualPriors(
        HistGradientBoostingClassifier(
            max_iter=check_integer("trees", trees, 1, 10_000),
            max_leaf_nodes=check_integer("leaves", leaves, 2),
            learning_rate=check_number("learning_rate", learning_rate, 1e-4, 1.0),
            max_features=check_number("column_share", column_share, 1e-4, 1.0),
            max_bins=63,
            early_stopping=False,
            random_state=check_integer("seed", seed, 0),
        )
    )


def xgboost(trees=120, depth=3, learning_rate=0.2, column_share=0.1, seed=0):
    """Histogram gradient boosting by XGBoost (Chen and Guestrin 2016, doi:10.1145/2939672.2939785).

    Parameters
    ----------
    trees : int
        Rounds of boosting.
    depth : int
        Of a tree, at most.
    learning_rate : float
        Share of each tree that is added.
    column_share : float
        Of the columns that each tree may choose from; it makes trees differ, and saves no time.
    seed : int

    Returns
    -------
    model : EqualPriors
    """
    from xgboost import XGBClassifier

    return EqualPriors(
        XGBClassifier(
            n_estimators=check_integer("trees", trees, 1, 10_000),
            max_depth=check_integer("depth", depth, 1, 30),
            learning_rate=check_number("learning_rate", learning_rate, 1e-4, 1.0),
            colsample_bytree=check_number("column_share", column_share, 1e-4, 1.0),
            tree_method="hist",
            max_bin=64,
            n_jobs=1,
            random_state=check_integer("seed", seed, 0),
        )
    )
