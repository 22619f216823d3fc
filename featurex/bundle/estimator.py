"""Classifiers as bytes, without pickle: only types of a closed list come back.

Boosted trees alone are kept in XGBoost's own binary form, all else by skops, which is imported only
where it is needed: it takes two seconds, since it looks at all of scikit-learn and with it at
PyTorch.
"""

import json

import numpy as np

from featurex.bundle.archive import BROKEN, ESTIMATORS
from featurex.errors import DataError
from featurex.models.balance import EqualPriors
from featurex.models.boosted import XGBoost

SKOPS, UBJ = ESTIMATORS
# Beside scikit-learn's and numpy's own types, which skops knows to be harmless.
ALLOWED = (
    "featurex.models.balance.EqualPriors",
    "featurex.models.boosted.HistBoosting",
    "featurex.models.boosted.XGBoost",
    "featurex.models.components.LeadingComponents",
    "featurex.models.forests.ExtraTrees",
    "featurex.models.forests.RandomForest",
    "featurex.models.kernel_svm.KernelSVM",
    "featurex.models.linear.LDA",
    "featurex.models.linear.Logistic",
    "featurex.models.vote.Vote",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
    "sklearn.utils._bunch.Bunch",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
)
# What XGBoost is told of a classifier beside its trees.
_PRIORS = "featurex_priors"


def dump_estimator(estimator):
    """Turn a fitted classifier into a member of a model file.

    Parameters
    ----------
    estimator : classifier
        Any of `featurex.models.MODELS` that takes columns, or one of scikit-learn.

    Returns
    -------
    name : str
        `SKOPS` or `UBJ`.
    content : bytes

    Raises
    ------
    DataError
        If it is made of a type that could not be loaded again.
    """
    if isinstance(estimator, XGBoost):
        return UBJ, _dump_trees(estimator.estimator_)
    import skops.io

    content = skops.io.dumps(estimator)
    _check_types(content, type(estimator).__name__)
    return SKOPS, content


def load_estimator(member, content, name, n_columns):
    """Load the classifier that `dump_estimator` turned into bytes.

    Parameters
    ----------
    member : str
        `SKOPS` or `UBJ`.
    content : bytes
        The member of the file.
    name : str
        The file, for messages.
    n_columns : int
        Number of columns that the classifier will be given.

    Returns
    -------
    estimator : classifier

    Raises
    ------
    DataError
        If it holds another type than those of `ALLOWED` and the harmless ones, or is broken.
    """
    try:
        if member == UBJ:
            estimator = _load_trees(content)
        else:
            import skops.io

            _check_types(content, name)
            estimator = skops.io.loads(content, trusted=list(ALLOWED))
        _check_trees(estimator, n_columns)
        return estimator
    except DataError:
        raise
    # Whatever the reader raises, the user must learn that the file is broken.
    except BROKEN as error:
        raise DataError(f"{name} cannot be loaded: {type(error).__name__}: {error}") from error


def _dump_trees(estimator):
    booster = estimator.estimator_.get_booster().copy()
    booster.set_attr(**{_PRIORS: json.dumps(estimator.priors_.tolist())})
    return bytes(booster.save_raw("ubj"))


def _load_trees(content):
    from xgboost import XGBClassifier

    # XGBoost ends the process at the sight of nothing.
    if not content.startswith(b"{"):
        raise ValueError("its trees are no trees")
    model = XGBClassifier(n_jobs=1)
    model.load_model(bytearray(content))
    estimator = EqualPriors(model)
    estimator.estimator_ = model
    estimator.priors_ = np.array(json.loads(model.get_booster().attr(_PRIORS)), float)
    # The classes are given to it as 0, 1, ...: see EqualPriors.
    estimator.classes_ = np.arange(len(estimator.priors_))
    if estimator.priors_.shape != (model.n_classes_,) or not (estimator.priors_ > 0).all():
        raise ValueError(f"priors of the classes must be {model.n_classes_} positive numbers")
    return estimator


def _check_trees(estimator, n_columns):
    """Refuse trees whose nodes lead out of the tree, in a circle, or to columns that do not exist:
    XGBoost and scikit-learn follow them unchecked.
    """
    for member in getattr(estimator, "estimators_", ()):
        _check_trees(member, n_columns)
    if hasattr(estimator, "estimator_"):
        _check_trees(estimator.estimator_, n_columns)
    for left, right, columns in _list_trees(estimator):
        inner = np.flatnonzero(left >= 0)
        children = np.stack([left[inner], right[inner]]).astype(np.int64)
        if (
            (children <= inner).any()
            or (children >= len(left)).any()
            or (columns[inner] < 0).any()
            or (columns[inner] >= n_columns).any()
        ):
            raise ValueError("its trees are broken")


def _list_trees(estimator):
    """Yield the left children, right children and columns of all nodes, a tree at a time; the left
    child of a leaf is negative.
    """
    if type(estimator).__name__ == "XGBClassifier":
        learner = json.loads(estimator.get_booster().save_raw("json"))["learner"]
        for tree in learner["gradient_booster"]["model"]["trees"]:
            yield tuple(
                np.array(tree[name])
                for name in ("left_children", "right_children", "split_indices")
            )
    elif hasattr(estimator, "tree_"):
        tree = estimator.tree_
        yield tree.children_left, tree.children_right, tree.feature
    else:
        for predictors in getattr(estimator, "_predictors", ()):
            for nodes in (predictor.nodes for predictor in predictors):
                # Unsigned: a leaf is marked by a column of its own.
                left = np.where(nodes["is_leaf"], -1, nodes["left"].astype(np.int64))
                yield left, nodes["right"].astype(np.int64), nodes["feature_idx"]


def _check_types(content, name):
    import skops.io

    foreign = sorted(set(skops.io.get_untrusted_types(data=content)) - set(ALLOWED))
    if foreign:
        raise DataError(
            f"{name} holds {', '.join(foreign)}, which no model of featurex is made of; it is not "
            f"loaded"
        )
