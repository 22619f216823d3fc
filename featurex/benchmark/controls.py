"""Scores negative controls: models that see only shortcuts."""

from featurex.challenges.controls import CONTROLS, score_shortcuts
from featurex.challenges.shortcuts import Source, compute_shortcuts, list_file_facts
from featurex.runs.answers import Control


def score_controls(run):
    """Score one model on every negative control.

    Parameters
    ----------
    run : ScoredRun
        Of which only the images, their registration, the folds and the seed are used.

    Returns
    -------
    controls : tuple of Control
        In the order of `CONTROLS`.
    """
    samples = run.samples
    files = list_file_facts(samples.table["path"])
    source = Source(samples.pixels, samples.films.registration, files, samples.training)
    scores = score_shortcuts(
        compute_shortcuts(source, CONTROLS),
        samples.labels,
        samples.patients,
        samples.training,
        run.folds,
        seed=run.protocol.seed,
        workers=run.work.workers,
        progress=run.progress,
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
