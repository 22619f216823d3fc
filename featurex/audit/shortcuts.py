"""How well things that are not lungs predict the label."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from featurex.datasets import TASKS
from featurex.evaluation.controls import border_ring, framing_numbers
from featurex.evaluation.intervals import auc_with_interval
from featurex.evaluation.metrics import auc
from featurex.evaluation.splits import grouped_folds
from featurex.parallel import run_jobs

_FOLDS, _RESAMPLES = 5, 300
# Share of the small picture's side, for the corner where L and R stand.
_CORNER = 0.2
COLUMNS = ("name", "description", "cv_auc", "low", "high", "test_auc", "remedy")
# What an AUC means: from which on a model can live on it.
SERIOUS, SUSPECT = 0.8, 0.65


class Shortcut(NamedTuple):
    """Something that tells nothing of a lung.

    Parameters
    ----------
    values : callable (facts, thumbnails, registration) -> float array of shape (n, n_columns)
        `facts` and `thumbnails` as in `FileSurvey`, and the `Registration` of the latter.
    description : str
    remedy : str
        What to do where it predicts the label.
    """

    values: callable
    description: str
    remedy: str


def _facts(*names):
    return lambda facts, thumbnails, registration: facts[list(names)].to_numpy(np.float64)


def _aspect(facts, thumbnails, registration):
    return (facts[["columns"]].to_numpy(np.float64)) / facts[["rows"]].to_numpy(np.float64)


def _bytes_per_pixel(facts, thumbnails, registration):
    pixels = facts["rows"] * facts["columns"]
    return (facts["n_bytes"] / pixels).to_numpy(np.float64)[:, np.newaxis]


def _border(facts, thumbnails, registration):
    return border_ring(thumbnails)


def _border_mean(facts, thumbnails, registration):
    return border_ring(thumbnails).mean(axis=1, keepdims=True)


def _corners(facts, thumbnails, registration):
    """The upper corners: means of 3 x 3 squares each."""
    side = 3 * int(_CORNER * thumbnails.shape[1] / 3)
    corners = np.concatenate([thumbnails[:, :side, :side], thumbnails[:, :side, -side:]], axis=2)
    squares = corners.reshape(len(corners), 3, side // 3, 6, side // 3)
    return squares.mean(axis=(2, 4)).reshape(len(corners), -1)


def _registration(facts, thumbnails, registration):
    return framing_numbers(registration)


_RESAVE = "save all images by one program with one setting, and never use it as a feature"
_RESIZE = "resize all images alike, and never use it as a feature"
_FRAME = "align the images to the mean chest, crop the border, and choose models by framing swap"

SHORTCUTS = {
    "file size": Shortcut(_facts("n_bytes"), "bytes of the file", _RESAVE),
    "bytes per pixel": Shortcut(_bytes_per_pixel, "bytes of the file per pixel", _RESAVE),
    "quantisation": Shortcut(_facts("quantisation"), "sum of the JPEG quantisation table", _RESAVE),
    "metadata": Shortcut(
        _facts("exif", "bits", "channels"), "EXIF presence, bits, colour channels", _RESAVE
    ),
    "width": Shortcut(_facts("columns"), "columns of the image", _RESIZE),
    "height": Shortcut(_facts("rows"), "rows of the image", _RESIZE),
    "width and height": Shortcut(_facts("columns", "rows"), "both together", _RESIZE),
    "aspect": Shortcut(_aspect, "columns / rows", _RESIZE),
    "border mean": Shortcut(_border_mean, "mean grey level of the outermost 8 %", _FRAME),
    "border ring": Shortcut(_border, "grey levels of the outermost 8 %", _FRAME),
    "corners": Shortcut(_corners, "the two upper corners, where markers stand", _FRAME),
    "registration": Shortcut(
        _registration, "the six numbers that align a film to the mean chest", _FRAME
    ),
}


def score_shortcuts(dataset, survey, registration, task, seed, n_jobs, progress):
    """Predict the label from each shortcut alone.

    Parameters
    ----------
    dataset : Dataset
    survey : FileSurvey
        Of it.
    registration : Registration
        Of the survey's pictures.
    task : str
        A binary key of `TASKS`.
    seed : int
    n_jobs : int
        Threads.
    progress : Progress

    Returns
    -------
    shortcuts : pandas.DataFrame
        name, description, cv_auc with low and high (95 %, bootstrap over patients; patient-grouped
        cross-validation of gradient-boosted trees on the images outside the test split), test_auc
        (missing without a test split), remedy; the best predictor first. One that is the same in
        all images is left out: it can tell nothing.

    Raises
    ------
    DataError
        If a class has fewer patients than folds.
    """
    column, classes = TASKS[task]
    used = survey.readable & dataset.table[column].isin(classes.values()).to_numpy()
    table = dataset.table[used].reset_index(drop=True)
    facts, thumbnails = survey.facts[used].reset_index(drop=True), survey.thumbnails[used]
    registration = registration[used]
    labels = (table[column] == list(classes.values())[1]).to_numpy(np.intp)
    training = (table["split"] != "test").to_numpy()
    patients = table["patient"].to_numpy()
    folds = grouped_folds(table[column].to_numpy()[training], patients[training], _FOLDS, seed)

    def job(shortcut):
        values = shortcut.values(facts, thumbnails, registration)
        if (values == values[0]).all():
            return None
        return _cross_validate(values, labels, training, patients, folds, seed)

    with progress.stage("Scoring shortcuts", len(SHORTCUTS)) as advance:
        scores, _ = run_jobs(job, list(SHORTCUTS.values()), n_jobs, advance)
    rows = [
        (name, shortcut.description, *found, shortcut.remedy)
        for (name, shortcut), found in zip(SHORTCUTS.items(), scores, strict=True)
        if found is not None
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(
        "cv_auc", ascending=False, ignore_index=True
    )


def _cross_validate(values, labels, training, patients, folds, seed):
    """Out-of-fold AUC with its interval, and the AUC of the test split."""
    inside, truth = values[training], labels[training]
    scores = np.empty(len(truth))
    for train, valid in folds:
        scores[valid] = (
            _model(seed).fit(inside[train], truth[train]).predict_proba(inside[valid])[:, 1]
        )
    interval = auc_with_interval(
        truth, scores, patients[training], n_resamples=_RESAMPLES, seed=seed
    )
    outside = labels[~training]
    if len(np.unique(outside)) < 2:
        return *interval, np.nan
    test_scores = _model(seed).fit(inside, truth).predict_proba(values[~training])[:, 1]
    return *interval, auc(outside, test_scores)


def _model(seed):
    return HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=15, early_stopping=False, random_state=seed
    )
