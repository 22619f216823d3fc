"""Negative controls: models that see only a shortcut, and no lung.

If the border of an image or the way it was framed predicts the label, a good score on whole images
proves little. Controls are reported beside the real models, and are features of none of them.
"""

import functools
from typing import NamedTuple

import numpy as np

from featurex.challenges.shortcuts import SHORTCUTS
from featurex.engine.workers import Inline, run_all
from featurex.evaluation.intervals import auc_with_interval
from featurex.evaluation.metrics import macro_auc
from featurex.models import MODELS
from featurex.models.kernel_svm import sample_rows
from featurex.progress import Progress

# The widest view of each kind of shortcut, for a benchmark; an audit scores every shortcut, so as
# to name the one.
CONTROLS = ("border ring", "outside the lungs", "registration", "file")
# Trees read thresholds and interactions that a linear model misses. XGBoost's leaves need a sum of
# second derivatives of 1, which four images of a doubtful class have, so that a dozen images of
# each class are enough to show a perfect shortcut.
_MODEL = "xgboost"
# On the border ring of 270 radiographs such trees reach an AUC of .94, those of depth 3 .92.
_DEPTH, _RATE = 5, 0.1
# Columns that each tree may choose from, at least: fewer would hide interactions.
_COLUMNS_A_TREE = 12
# So many images show a shortcut; more would only take memory, nine times that of their columns.
_MAX_ROWS = 10_000


class ControlScore(NamedTuple):
    """How well a shortcut predicts the label alone.

    Parameters
    ----------
    name, description, remedy : str
        See `featurex.challenges.shortcuts.SHORTCUTS`.
    cv_auc, low, high : float
        AUC of out-of-fold scores of the training images, with its 95 % interval over patients.
    test_auc : float
        AUC on the test images of a model fitted on all training images; NaN where there are none,
        or not of every class.
    """

    name: str
    description: str
    cv_auc: float
    low: float
    high: float
    test_auc: float
    remedy: str


def score_shortcuts(
    values,
    labels,
    patients,
    training,
    folds,
    *,
    n_resamples=1000,
    seed=0,
    workers=None,
    progress=None,
):
    """Score a model on each shortcut.

    Of more than 10,000 images a fit takes a seeded sample that keeps the shares of the classes.

    Parameters
    ----------
    values : dict of str to array of shape (n, n_columns)
        See `featurex.challenges.shortcuts.compute_shortcuts`.
    labels : int array, shape (n,)
        Class indices.
    patients : array, shape (n,)
        The patient of every image.
    training : bool array, shape (n,)
        False for the images of the test split.
    folds : list of (train, valid) index arrays
        Within the training images; patients are on one side of each.
    n_resamples : int
        Resamples of the intervals.
    seed : int
        Seed of the trees and the intervals.
    workers : Inline, Threads or Cluster, or None
        Who fits; None for the calling process.
    progress : Progress or None
        Receives the stage.

    Returns
    -------
    scores : list of ControlScore
        In the order of `values`.
    """
    tested = [None] if _has_every_class(labels[~training], labels) else []
    inside, outside = np.flatnonzero(training), np.flatnonzero(~training)
    tasks = [(inside[train], inside[valid]) for train, valid in folds]
    tasks += [(inside, outside) for _ in tested]
    with (progress or Progress()).stage("Negative controls", len(tasks) * len(values)) as advance:
        results = {
            name: run_all(
                workers or Inline(),
                functools.partial(_fit_and_score, columns, labels, seed),
                tasks,
                advance,
            )
            for name, columns in values.items()
        }
    scores = []
    for name, of_shortcut in results.items():
        out_of_fold = np.empty((training.sum(), *of_shortcut[0].shape[1:]))
        # The last result is that of the test images, if these have all classes.
        for (_, valid), probabilities in zip(folds, of_shortcut, strict=False):
            out_of_fold[valid] = probabilities
        area = auc_with_interval(
            labels[training], out_of_fold, patients[training], n_resamples=n_resamples, seed=seed
        )
        test_auc = float(macro_auc(labels[~training], of_shortcut[-1])) if tested else np.nan
        shortcut = SHORTCUTS[name]
        scores.append(ControlScore(name, shortcut.description, *area, test_auc, shortcut.remedy))
    return scores


def _has_every_class(some, labels):
    return len(np.unique(some)) == len(np.unique(labels))


def _fit_and_score(values, labels, seed, task):
    """Probabilities of held-out images: the positive class's, or those of three and more."""
    train, held_out = task
    if len(train) > _MAX_ROWS:
        train = train[sample_rows(labels[train], _MAX_ROWS, seed)]
    fraction = min(1.0, max(0.1, _COLUMNS_A_TREE / values.shape[1]))
    model = MODELS[_MODEL](
        max_depth=_DEPTH, learning_rate=_RATE, max_features=fraction, random_state=seed
    )
    model.fit(values[train], labels[train])
    probabilities = model.predict_proba(values[held_out])
    return probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities
