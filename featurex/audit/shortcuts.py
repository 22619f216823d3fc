"""How well each shortcut predicts the label."""

import numpy as np
import pandas as pd

from featurex.challenges.controls import score_shortcuts
from featurex.challenges.shortcuts import Source, compute_shortcuts
from featurex.engine.workers import Threads
from featurex.evaluation.splits import grouped_folds

_FOLDS, _RESAMPLES = 5, 300
COLUMNS = ("name", "description", "cv_auc", "low", "high", "test_auc", "remedy")
# AUC from which a shortcut is a serious finding, and a warning.
SERIOUS, SUSPECT = 0.8, 0.65


def list_shortcuts(dataset, survey, task, seed, n_jobs, progress):
    """Predict the label from each shortcut alone.

    Parameters
    ----------
    dataset : Dataset
        The images, their labels and patients.
    survey : FilmSurvey
        What is known of its files.
    task : Task
        As from `featurex.datasets.find_task`.
    seed : int
        Seed of folds, trees and resamples.
    n_jobs : int
        Threads.
    progress : Progress
        Receives the stage.

    Returns
    -------
    shortcuts : pandas.DataFrame
        The fields of `featurex.challenges.controls.ControlScore`, five-fold and with 300 resamples;
        the best predictor first. A shortcut that is the same in all images is left out: it has no
        information.

    Raises
    ------
    DataError
        If a class has fewer patients than folds.
    """
    index = task.index(dataset.table)
    used = survey.readable & (index >= 0)
    table, labels = dataset.table[used].reset_index(drop=True), index[used]
    names = np.array(list(task.classes), object)
    training = (table["split"] != "test").to_numpy()
    patients = table["patient"].to_numpy()
    chosen = used[survey.readable]
    source = Source(
        survey.pictures.choose(chosen),
        survey.registration[chosen],
        survey.facts[used].reset_index(drop=True),
        training,
    )
    scores = score_shortcuts(
        {
            name: values
            for name, values in compute_shortcuts(source).items()
            if (values != values[0]).any()
        },
        labels,
        patients,
        training,
        grouped_folds(names[labels][training], patients[training], _FOLDS, seed),
        n_resamples=_RESAMPLES,
        seed=seed,
        workers=Threads(n_jobs),
        progress=progress,
    )
    return pd.DataFrame(scores, columns=list(COLUMNS)).sort_values(
        "cv_auc", ascending=False, ignore_index=True
    )
