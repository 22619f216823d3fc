"""The learning curve: what a model scores that was fitted on fewer patients."""

import functools

import numpy as np
from sklearn.base import clone

from featurex.benchmark.fitting import fit_model, score_images
from featurex.benchmark.inputs import CHUNK
from featurex.benchmark.view import join_parts, look
from featurex.evaluation.intervals import auc_with_interval
from featurex.evaluation.splits import grouped_share
from featurex.parallel import chunks, run_jobs
from featurex.runs.answers import LearningPoint

SHARES = (0.1, 0.25, 0.5)
# Who is among a few patients matters as much as how many they are: each share is drawn so often.
DRAWS = 3


def trace_learning(views, scores, samples, benchmark, n_jobs, progress):
    """Fit models on some of the training patients, and score the test images.

    Parameters
    ----------
    views : list of View
    scores : list of Scores
        Of the model of each view, fitted on all training patients.
    samples : Samples
    benchmark : Benchmark
        For models, resamples and seed.
    n_jobs : int
    progress : Progress

    Returns
    -------
    points : tuple of LearningPoint
    """
    draws = list_draws(samples, benchmark.seed)
    parts = chunks(len(samples.images), CHUNK)
    with progress.stage("Learning curves", len(parts) + len(views) * len(draws)) as advance:
        images = (samples.images[part] for part in parts)
        seen, _ = run_jobs(functools.partial(look, views), images, n_jobs, advance, processes=True)
        points = []
        for view, values, own in zip(views, join_parts(seen), scores, strict=True):
            fit = functools.partial(
                _fit_and_score, benchmark.models[view.entry.model], values, samples
            )
            # All patients were fitted on already.
            found, _ = run_jobs(
                fit, [kept for share, _, kept in draws if share < 1], n_jobs, advance
            )
            for draw, tested in zip(draws, [*found, own.test], strict=True):
                points.append(_measure(view.entry.key, *draw, tested, samples, benchmark))
            advance()
    return tuple(points)


def list_draws(samples, seed):
    """Which training images take part, from the smallest share to all: list of (share, draw, kept).

    Parameters
    ----------
    samples : Samples
    seed : int

    Returns
    -------
    draws : list of (float, int, bool array of shape (n_training,))
    """
    strata, patients = samples.strata[samples.training], samples.patients[samples.training]
    some = [
        (share, draw, grouped_share(strata, patients, share, (seed, draw)))
        for share in SHARES
        for draw in range(DRAWS)
    ]
    return [*some, (1.0, 0, np.ones(len(patients), bool))]


def _fit_and_score(model, values, samples, kept):
    """Of a new model, fitted on some of the training images: scores of the test images."""
    rows = np.flatnonzero(samples.training)[kept]
    model = clone(model)
    fit_model(model, values[rows], samples.labels[rows], samples.patients[rows])
    return score_images(model, values[samples.testing])


def _measure(key, share, draw, kept, tested, samples, benchmark):
    patients = samples.patients[samples.training][kept]
    area = auc_with_interval(
        samples.labels[samples.testing],
        tested,
        samples.patients[samples.testing],
        n_resamples=benchmark.resamples,
        seed=benchmark.seed,
    )
    return LearningPoint(
        key=key,
        fraction=share,
        draw=draw,
        patients=len(np.unique(patients)),
        images=int(kept.sum()),
        auc=area.value,
        auc_low=area.low,
        auc_high=area.high,
    )
