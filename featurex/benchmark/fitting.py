"""Fits models in patient-grouped folds and once on all training images, and scores the images that
each did not see.
"""

from dataclasses import replace

import numpy as np

from featurex.benchmark.fit_jobs import Failure, Fit, run_fits
from featurex.benchmark.one_fit import Source
from featurex.benchmark.scores import Scores
from featurex.benchmark.seeds import split_seeds, take_median


def fit_and_score(models, block, samples, folds, work, advance=None, augment=()):
    """Score every model on one block of features, as far as that was not done before.

    Parameters
    ----------
    models : dict of str to classifier or Search
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
    augment : tuple of str
        Swaps whose images models are fitted to as well.

    Returns
    -------
    scores : dict of str to Scores or Failure
    """
    source = Source(block, samples, augment)
    seeds = {name: split_seeds(model) for name, model in models.items()}

    fits = {
        name: [
            fit
            for seed, model in enumerate(models)
            for fit in _list_fits(name, model, _name_seed(seed, models), folds, samples.site_folds)
        ]
        for name, models in seeds.items()
    }
    results = iter(run_fits([fit for some in fits.values() for fit in some], source, work, advance))
    by_model = {name: [next(results) for _ in some] for name, some in fits.items()}
    width = 1 + len(folds) + len(samples.site_folds)
    return {name: _collect(by_model[name], folds, width, source, samples) for name in models}


def _list_fits(name, model, seed, folds, site_folds):
    """Of one model and seed: on all training images, in every fold, and on all sites but one."""
    return [
        Fit(name, f"{seed}all training images", model, None),
        *(
            Fit(name, f"{seed}fold {number} of {len(folds)}", model, fold)
            for number, fold in enumerate(folds, start=1)
        ),
        *(
            Fit(name, f"{seed}all sites but one, {number} of {len(site_folds)}", model, fold)
            for number, fold in enumerate(site_folds, start=1)
        ),
    ]


def _name_seed(seed, models):
    return f"seed {seed + 1} of {len(models)}, " if len(models) > 1 else ""


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
    return Scores(
        out_of_fold,
        swapped,
        final.scores,
        final.fit_s,
        predict_ms,
        final.model,
        found=final.found,
        found_in_folds=tuple(fit.found for fit in validated if fit.found),
    )


def _gather_sites(results, folds, like):
    """Scores of images whose site was left out, None without sites."""
    if not folds:
        return None
    scores = np.full_like(like, np.nan)
    for (_, valid), fit in zip(folds, results, strict=True):
        scores[valid] = fit.scores
    return scores
