"""Fits models in patient-grouped folds and once on all training images, and scores the images that
each did not see.
"""

import functools
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from featurex.benchmark.one_fit import Source, fit_all, fit_fold
from featurex.benchmark.scores import Scores
from featurex.benchmark.seeds import split_seeds, take_median
from featurex.errors import FeaturexError
from featurex.parallel import run_jobs


class Failure(NamedTuple):
    """A model that could not be fitted or asked.

    Parameters
    ----------
    reason : str
        What went wrong, and when, in words.
    """

    reason: str


def fit_and_score(models, block, samples, folds, work, advance=None):
    """Score every model on one block of features, as far as that was not done before.

    Parameters
    ----------
    models : dict of str to classifier
        By the key of its entry. Not fitted; each fit uses a clone.
    block : Block
        Features of all images, and of the swapped training images.
    samples : Samples
        Labels, patients and the split.
    folds : list of (train, valid) index arrays
        Within the training images.
    work : Work
        Keeps what is fitted.
    advance : callable or None
        Called without arguments after each fit.

    Returns
    -------
    scores : dict of str to Scores or Failure
    """
    source = Source(block, samples)
    seeds = {name: split_seeds(model) for name, model in models.items()}

    def job(task):
        name, seed, number = task
        fold, where = None, "all training images"
        if number is not None and number < len(folds):
            fold, where = folds[number], f"fold {number + 1} of {len(folds)}"
        elif number is not None:
            number -= len(folds)
            fold = samples.site_folds[number]
            where = f"all sites but one, {number + 1} of {len(samples.site_folds)}"
        if len(seeds[name]) > 1:
            where = f"seed {seed + 1} of {len(seeds[name])}, {where}"
        model = seeds[name][seed]
        make = functools.partial(fit_all, model, source)
        if fold is not None:
            make = functools.partial(fit_fold, model, source, fold)
        try:
            return work.store.get_or_make(f"fit {name}, {where}", make)
        except FeaturexError:
            # A wrong parameter, a full disk: said to the user, who can mend it.
            raise
        # Whatever it is: one model must not take the others with it. It is not kept: the next run
        # tries again.
        except Exception as error:
            return Failure(f"on {where}: {type(error).__name__}: {error}")

    every = [*folds, *samples.site_folds]
    tasks = [
        (name, seed, number)
        for name in models
        for seed in range(len(seeds[name]))
        for number in [None, *range(len(every))]
    ]
    results, _ = run_jobs(job, tasks, work.n_jobs, advance)
    by_model = {name: [] for name in models}
    for (name, *_), result in zip(tasks, results, strict=True):
        by_model[name].append(result)
    return {
        name: _collect(by_model[name], folds, len(every) + 1, source, samples) for name in models
    }


def _collect(results, folds, width, source, samples):
    """Put the scores of one model together, or return what went wrong first."""
    failures = [result for result in results if isinstance(result, Failure)]
    if failures:
        return failures[0]
    scores = []
    for first in range(0, len(results), width):
        final, *validated = results[first : first + width]
        gathered = _gather(final, validated[: len(folds)], folds, len(source.labels))
        by_site = _gather_sites(validated[len(folds) :], samples.site_folds, gathered.out_of_fold)
        scores.append(replace(gathered, out_of_site=by_site))
    return take_median(scores, source.labels)


def _gather(final, validated, folds, n_training):
    out_of_fold = np.empty((n_training, *final.scores.shape[1:]))
    swapped = {swap: np.empty_like(out_of_fold) for swap in validated[0].swapped}
    for (_, valid), fit in zip(folds, validated, strict=True):
        out_of_fold[valid] = fit.scores
        for swap, scores in fit.swapped.items():
            swapped[swap][valid] = scores
    predict_ms = 1e3 * final.predict_s / len(final.scores)
    return Scores(out_of_fold, swapped, final.scores, final.fit_s, predict_ms, final.model)


def _gather_sites(results, folds, like):
    """Scores of images whose site was left out, None without sites."""
    if not folds:
        return None
    scores = np.full_like(like, np.nan)
    for (_, valid), fit in zip(folds, results, strict=True):
        scores[valid] = fit.scores
    return scores
