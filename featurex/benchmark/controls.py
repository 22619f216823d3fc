"""Scores negative controls: models that see only shortcuts."""

from featurex.challenges.controls import CONTROLS, score_shortcuts
from featurex.challenges.shortcuts import Source, compute_shortcuts, list_file_facts
from featurex.runs.answers import Control


def score_controls(samples, registration, folds, seed, n_jobs, progress):
    """Score one model on every negative control.

    Parameters
    ----------
    samples : Samples
    registration : Registration
        Of all images.
    folds : list of (train, valid) index arrays
        Within the training images.
    seed : int
    n_jobs : int
    progress : Progress

    Returns
    -------
    controls : tuple of Control
    """
    files = list_file_facts(samples.table["path"])
    source = Source(samples.images, registration, files, samples.training)
    scores = score_shortcuts(
        compute_shortcuts(source, CONTROLS),
        samples.labels,
        samples.patients,
        samples.training,
        folds,
        seed=seed,
        n_jobs=n_jobs,
        progress=progress,
    )
    return tuple(
        Control(
            name=score.name,
            description=score.description,
            cv_auc=score.cv_auc,
            test_auc=score.test_auc,
        )
        for score in scores
    )
