"""Fits models in patient-grouped folds and once on all training images, and scores the images that
each did not see.
"""

from dataclasses import replace

import numpy as np

from featurex.benchmark.fit_jobs import Failure, Fit, run_fits
from featurex.benchmark.one_fit import FinalFit, Source
from featurex.benchmark.scores import Scores
from featurex.benchmark.seeds import split_seeds, take_median
from featurex.benchmark.votes import split_votes


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
    split = split_votes(models)
    fits = [
        fit
        for name, model in split.models.items()
        for fit in _list_fits(name, model, folds, samples)
    ]
    # Those to all training images take longest: begun last, one of them would keep all waiting.
    fits.sort(key=lambda fit: fit.fold is not None)
    by_model = {name: [] for name in split.models}
    for fit, result in zip(fits, run_fits(fits, source, work, advance), strict=True):
        by_model[fit.name].append(result)
    return {
        name: _collect(split.join(name, by_model), folds, source, samples.site_folds)
        for name in models
    }


def count_fits(models, n_folds):
    """Count the fits that scoring some models on one block takes, `n_folds` with those of sites."""
    split = split_votes(models).models
    return sum(len(split_seeds(model)) for model in split.values()) + n_folds * len(split)


def _list_fits(name, model, folds, samples):
    """Of one model: every seed on all training images, the first in every fold, and on all sites
    but one.
    """
    seeds = split_seeds(model)
    return [
        *(
            Fit(name, f"{_name_seed(number, seeds)}all training images", seed, None)
            for number, seed in enumerate(seeds, start=1)
        ),
        *(
            Fit(name, f"fold {number} of {len(folds)}", seeds[0], fold)
            for number, fold in enumerate(folds, start=1)
        ),
        *(
            Fit(name, f"all sites but one, {number} of {len(samples.site_folds)}", seeds[0], fold)
            for number, fold in enumerate(samples.site_folds, start=1)
        ),
    ]


def _name_seed(number, seeds):
    return f"seed {number} of {len(seeds)}, " if len(seeds) > 1 else ""


def _collect(results, folds, source, site_folds):
    """Put the scores of one model together, or return what went wrong first."""
    failures = [result for result in results if isinstance(result, Failure)]
    if failures:
        return failures[0]
    finals = [result for result in results if isinstance(result, FinalFit)]
    validated = results[len(finals) :]
    scores = _gather(take_median(finals), validated[: len(folds)], folds, source)
    by_site = _gather_sites(validated[len(folds) :], site_folds, scores.out_of_fold)
    repeats = tuple(final.scores for final in finals) if len(finals) > 1 else ()
    return replace(scores, out_of_site=by_site, repeats=repeats)


def _gather(final, validated, folds, source):
    rows, one = source.swapped_rows, final.scores.shape[1:]
    out_of_fold = np.empty((len(source.labels), *one))
    swapped = {swap: np.empty((len(rows), *one)) for swap in validated[0].swapped}
    for (_, valid), fit in zip(folds, validated, strict=True):
        out_of_fold[valid] = fit.scores
        for swap, scores in fit.swapped.items():
            swapped[swap][np.isin(rows, valid)] = scores
    predict_ms = 1e3 * final.predict_s / len(final.scores)
    return Scores(
        out_of_fold,
        swapped,
        rows,
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
