"""Scores a model on what is not lungs."""

from featurex.benchmark.fitting import fit_and_score
from featurex.benchmark.inputs import Block
from featurex.evaluation import metrics
from featurex.evaluation.controls import list_controls
from featurex.models import MODELS
from featurex.runs.answers import Control

# Trees read shortcuts that a linear model misses.
CONTROL_MODEL = "xgboost"


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
    controls = list_controls(samples.images, registration, samples.table["path"], samples.training)
    model = {"control": MODELS[CONTROL_MODEL](random_state=seed)}
    labels, training = samples.labels, samples.training
    answer = []
    with progress.stage("Negative controls", len(controls) * (len(folds) + 1)) as advance:
        for control in controls:
            block = Block(control.values, control.values[training], (), 0.0)
            scores = fit_and_score(model, block, samples, folds, n_jobs, advance)["control"]
            answer.append(
                Control(
                    name=control.name,
                    description=control.description,
                    cv_auc=metrics.macro_auc(labels[training], scores.out_of_fold),
                    test_auc=metrics.macro_auc(labels[~training], scores.test),
                )
            )
    return tuple(answer)
