"""Fitted classifiers to scorers, which hold nothing but arrays."""

import functools
import json

import numpy as np
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from featurex import scorers
from featurex.errors import DataError
from featurex.models.balance import EqualPriors
from featurex.models.base import ColumnClassifier
from featurex.models.cnn import CNN
from featurex.models.components import LeadingComponents
from featurex.models.export_network import export_cnn, export_resnet18
from featurex.models.resnet import ResNet18
from featurex.models.vote import Vote
from featurex.scorers.trees import LEAF, MARGINS, PROBABILITIES


@functools.singledispatch
def make_scorer(model):
    """Make the scorer that repeats a fitted classifier's probabilities.

    Parameters
    ----------
    model : fitted classifier
        Any of `featurex.models.MODELS`, or what it is made of.

    Returns
    -------
    scorer : Scorer

    Raises
    ------
    DataError
        If it is made of a type that has no scorer.

    Notes
    -----
    Scorers compute in double precision, where some models do in single precision: probabilities
    agree to 1e-6. Networks compute in single precision, and take the pixels of an image as its
    columns, row by row.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex.models import Logistic
    >>> from featurex.models.export import make_scorer
    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    >>> model = Logistic(C=1.0).fit(X, y)
    >>> make_scorer(model).predict_proba(X).round(2).tolist() == model.predict_proba(
    ...     X
    ... ).round(2).tolist()
    True
    """
    # By name: XGBoost takes seconds to import, and most models do without it.
    if type(model).__name__ == "XGBClassifier":
        return _boosted_by_xgboost(model)
    raise DataError(f"a {type(model).__name__} has no form as plain arrays")


make_scorer.register(CNN, export_cnn)
make_scorer.register(ResNet18, export_resnet18)


@make_scorer.register
def _column_classifier(model: ColumnClassifier):
    return make_scorer(model.estimator_)


@make_scorer.register
def _equal_priors(model: EqualPriors):
    return scorers.EqualPriors(make_scorer(model.estimator_), model.priors_.astype(float))


@make_scorer.register
def _vote(model: Vote):
    return scorers.Vote(tuple(make_scorer(member) for member in model.estimators_))


@make_scorer.register
def _pipeline(model: Pipeline):
    *steps, last = (step for _, step in model.steps)
    flat = []
    for step in steps:
        flat += list(step.pipeline_) if isinstance(step, LeadingComponents) else [step]
    return scorers.Chain(tuple(map(_make_step, flat)), make_scorer(last))


def _make_step(step):
    if isinstance(step, StandardScaler):
        return scorers.Standardization(step.mean_.astype(float), step.scale_.astype(float))
    if not isinstance(step, PCA):
        raise DataError(f"a {type(step).__name__} has no form as plain arrays")
    return scorers.Components(step.mean_.astype(float), step.components_.astype(float))


@make_scorer.register(LogisticRegression)
@make_scorer.register(LinearDiscriminantAnalysis)
def _linear(model):
    return scorers.Linear(model.coef_.astype(float), np.atleast_1d(model.intercept_).astype(float))


@make_scorer.register
def _kernel_machine(model: SVC):
    n_classes, vectors = len(model.classes_), model.support_vectors_
    if n_classes == 2:
        # Of two classes scikit-learn's margin is the second's.
        weights, constants = -model.dual_coef_, -model.intercept_
    else:
        # The vectors of class i have a row of weights against each other class: row j - 1 against
        # a later class j, row j against an earlier one.
        weights, pair = np.zeros((len(model.intercept_), len(vectors))), 0
        constants = model.intercept_
        of_class = np.split(np.arange(len(vectors)), np.cumsum(model.n_support_)[:-1])
        for first in range(n_classes):
            for second in range(first + 1, n_classes):
                for own, row in ((first, second - 1), (second, first)):
                    weights[pair, of_class[own]] = model.dual_coef_[row, of_class[own]]
                pair += 1
    return scorers.KernelMachine(
        vectors.astype(float), weights.astype(float), constants.astype(float), float(model._gamma)
    )


@make_scorer.register(RandomForestClassifier)
@make_scorer.register(ExtraTreesClassifier)
def _forest(model):
    parts, n_classes = [], len(model.classes_)
    for tree in (member.tree_ for member in model.estimators_):
        is_leaf = tree.children_left < 0
        fractions = tree.value[:, 0, :] / tree.value[:, 0, :].sum(axis=1, keepdims=True)
        parts.append(
            {
                "columns": np.where(is_leaf, LEAF, tree.feature),
                "left": tree.children_left,
                "right": tree.children_right,
                "thresholds": np.where(is_leaf, 0.0, tree.threshold),
                "covers": tree.weighted_n_node_samples,
                "leaves": np.where(is_leaf[:, None], fractions, 0.0) / len(model.estimators_),
            }
        )
    return _join(
        parts, np.zeros(len(parts)), np.zeros(n_classes), PROBABILITIES, model.n_features_in_
    )


@make_scorer.register
def _boosted(model: HistGradientBoostingClassifier):
    parts, outputs = [], []
    for predictors in model._predictors:
        for output, predictor in enumerate(predictors):
            nodes, is_leaf = predictor.nodes, predictor.nodes["is_leaf"] == 1
            parts.append(
                {
                    "columns": np.where(is_leaf, LEAF, nodes["feature_idx"]),
                    "left": np.where(is_leaf, LEAF, nodes["left"].astype(np.int64)),
                    "right": np.where(is_leaf, LEAF, nodes["right"].astype(np.int64)),
                    # An infinite one parts what is missing from the rest.
                    "thresholds": np.nan_to_num(np.where(is_leaf, 0.0, nodes["num_threshold"])),
                    "covers": nodes["count"].astype(float),
                    "leaves": np.where(is_leaf, nodes["value"], 0.0)[:, None],
                }
            )
            outputs.append(output)
    constants = np.ravel(model._baseline_prediction).astype(float)
    return _join(parts, np.array(outputs), constants, MARGINS, model.n_features_in_)


def _boosted_by_xgboost(model):
    learner = json.loads(model.get_booster().save_raw("json"))["learner"]
    boosted = learner["gradient_booster"]["model"]
    parts = [_take_tree(tree) for tree in boosted["trees"]]
    outputs, n_classes = np.array(boosted["tree_info"]), model.n_classes_
    n_outputs = 1 if n_classes == 2 else n_classes
    trees = _join(parts, outputs, np.zeros(n_outputs), MARGINS, model.n_features_in_)
    # How XGBoost writes its constants has changed with its versions; what they add has not.
    blank = np.zeros((1, model.n_features_in_), np.float32)
    margins = np.reshape(model.predict(blank, output_margin=True), n_outputs)
    constants = margins.astype(float) - trees.find_sums(blank)[0]
    return _join(parts, outputs, constants, MARGINS, model.n_features_in_)


def _take_tree(tree):
    """The nodes of one tree of XGBoost that its root leads to, level by level."""
    left, right = np.array(tree["left_children"]), np.array(tree["right_children"])
    levels = [np.zeros(1, int)]
    while (inner := levels[-1][left[levels[-1]] >= 0]).size:
        levels.append(np.concatenate([left[inner], right[inner]]))
    order = np.concatenate(levels)
    numbers = np.full(len(left) + 1, LEAF)
    numbers[order] = np.arange(len(order))
    is_leaf = left[order] < 0
    conditions = np.array(tree["split_conditions"], np.float32)[order]
    # XGBoost goes left where x < threshold.
    thresholds = np.nextafter(conditions, np.float32(-np.inf)).astype(float)
    return {
        "columns": np.where(is_leaf, LEAF, np.array(tree["split_indices"])[order]),
        # The last number is that of no node.
        "left": numbers[np.where(is_leaf, -1, left[order])],
        "right": numbers[np.where(is_leaf, -1, right[order])],
        "thresholds": np.where(is_leaf, 0.0, thresholds),
        "covers": np.array(tree["sum_hessian"], float)[order],
        "leaves": np.where(is_leaf, conditions, 0.0).astype(float)[:, None],
    }


def _join(parts, outputs, constants, kind, n_columns):
    """Join trees, whose nodes are counted from 0 in each."""
    roots = np.cumsum([0, *(len(part["columns"]) for part in parts[:-1])])
    joined = {
        name: np.concatenate([part[name] for part in parts])
        for name in ("columns", "thresholds", "covers", "leaves")
    }
    for name in ("left", "right"):
        joined[name] = np.concatenate(
            [
                np.where(part[name] >= 0, part[name] + root, LEAF)
                for part, root in zip(parts, roots, strict=True)
            ]
        ).astype(np.int32)
    joined["columns"] = joined["columns"].astype(np.int32)
    return scorers.Trees(
        **joined,
        roots=roots.astype(np.int32),
        outputs=outputs.astype(np.int32),
        constants=constants,
        kind=kind,
        n_columns=int(n_columns),
    )
