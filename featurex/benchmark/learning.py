"""The learning curve: what a model scores that was fitted on fewer patients."""

import functools
from typing import NamedTuple

import numpy as np

from featurex.benchmark.one_fit import Source, fit_clone, score_images
from featurex.benchmark.scored import Skipped
from featurex.engine.workers import run_all
from featurex.evaluation.splits import grouped_share
from featurex.runs.answers import LearningPoint

FRACTIONS = (0.1, 0.25, 0.5)
# Who is among a few patients matters as much as how many they are: each fraction is drawn so often.
DRAWS = 3


def trace_learning(run):
    """Fit the chosen models on some of the training patients, and score the test images.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    points : tuple of LearningPoint or Skipped
        Of one model after the other, from the smallest fraction to all patients.
    """
    if not run.curves:
        return Skipped("Learning curves were not asked for: run featurex benchmark with --curves.")
    samples, views = run.samples, [model.view for model in run.chosen]
    draws = list_draws(samples, run.protocol.seed)
    with run.progress.stage("Learning curves", len(views) * len(draws)) as advance:
        points = []
        for model, view in zip(run.chosen, views, strict=True):
            block = run.inputs.block(view.entry.input, view.entry.families)
            source = Source(block, samples, run.protocol.augment)
            fit = functools.partial(_fit_and_score, model.scores.model, source)
            some = [draw.kept for draw in draws if draw.fraction < 1]
            scores = run_all(run.work.workers, fit, some, advance)
            # All patients were fitted on already.
            scores = [*scores, model.scores.test]
            points += [
                _measure(model.entry.key, draw, drawn, run)
                for draw, drawn in zip(draws, scores, strict=True)
            ]
            advance()
    return tuple(points)


class Draw(NamedTuple):
    """A random choice of training patients.

    Parameters
    ----------
    fraction : float
        Of the patients, 0 to 1.
    number : int
        Which choice of that size, from 0.
    kept : bool array, shape (n_training,)
        Images of the chosen patients.
    """

    fraction: float
    number: int
    kept: np.ndarray


def list_draws(samples, seed):
    """Choose which training images take part, from the smallest fraction to all.

    Parameters
    ----------
    samples : Samples
        Patients and strata.
    seed : int
        Of the choices.

    Returns
    -------
    draws : list of Draw
    """
    strata, patients = samples.strata[samples.training], samples.patients[samples.training]
    some = [
        Draw(fraction, number, grouped_share(strata, patients, fraction, (seed, number)))
        for fraction in FRACTIONS
        for number in range(DRAWS)
    ]
    return [*some, Draw(1.0, 0, np.ones(len(patients), bool))]


def _fit_and_score(model, source, kept):
    """Fit a new model on some of the training images, and score the test images."""
    model, _ = fit_clone(model, source, np.flatnonzero(kept))
    return score_images(model, source.block.values(source.testing))


def _measure(key, draw, scores, run):
    samples = run.samples
    labels, patients = samples.labels[samples.testing], samples.patients[samples.testing]
    auc = run.protocol.measure_auc(labels, scores, patients)
    return LearningPoint(
        key=key,
        fraction=draw.fraction,
        draw=draw.number,
        patients=len(np.unique(samples.patients[samples.training][draw.kept])),
        images=int(draw.kept.sum()),
        auc=auc.value,
        auc_low=auc.low,
        auc_high=auc.high,
    )
