"""Fits models in patient-grouped folds and once on all training images, and scores the images that
each did not see.
"""

import functools
import threading
import time
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

from featurex.errors import FeaturexError
from featurex.parallel import run_jobs


@dataclass(frozen=True)
class Scores:
    """The scores that one model gives the images that it was not fitted on.

    Parameters
    ----------
    out_of_fold : array of shape (n_training,) or (n_training, n_classes)
        Probability of the positive class, or of each of three classes or more.
    swapped : dict of str to array of the same shape
        By the name of the swap: the same for the same images in the framing, or with the
        appearance, of another class, by the same models.
    test : array of shape (n_test,) or (n_test, n_classes)
        Probabilities for the test images, by the model fitted on all training images.
    fit_s : float
        Processor time to fit on all training images, seconds.
    predict_ms : float
        Processor time to score one image, milliseconds.
    model : classifier
        Fitted on all training images.
    out_of_site : array of the same shape as `out_of_fold`, or None
        By models that have not seen the image's site; NaN where that cannot be. None where the data
        name no sites.
    """

    out_of_fold: np.ndarray
    swapped: dict[str, np.ndarray]
    test: np.ndarray
    fit_s: float
    predict_ms: float
    model: object
    out_of_site: np.ndarray | None = None


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
    training, testing = np.flatnonzero(samples.training), np.flatnonzero(samples.testing)
    labels, patients = samples.labels[training], samples.patients[training]
    # Not read at all where every fit is there.
    read = functools.cache(lambda: block.values(training))
    reading = threading.Lock()

    def values():
        with reading:
            return read()

    def fit(name, fold):
        model = clone(models[name])
        if fold is None:
            fit_s = fit_model(model, values(), labels, patients)
            held_out = block.values(testing)
            start = time.thread_time()
            scores = score_images(model, held_out)
            return scores, fit_s, time.thread_time() - start, model
        train, valid = fold
        fit_model(model, values()[train], labels[train], patients[train])
        others = {swap: score_images(model, block.swapped(swap, valid)) for swap in block.others}
        return score_images(model, values()[valid]), others

    def job(task):
        name, number = task
        fold, where = None, "all training images"
        if number is not None and number < len(folds):
            fold, where = folds[number], f"fold {number + 1} of {len(folds)}"
        elif number is not None:
            number -= len(folds)
            fold = samples.site_folds[number]
            where = f"all sites but one, {number + 1} of {len(samples.site_folds)}"
        try:
            return work.store.get_or_make(f"fit {name}, {where}", lambda: fit(name, fold))
        except FeaturexError:
            # A wrong parameter, a full disk: said to the user, who can mend it.
            raise
        # Whatever it is: one model must not take the others with it. It is not kept: the next run
        # tries again.
        except Exception as error:
            return Failure(f"on {where}: {type(error).__name__}: {error}")

    every = [*folds, *samples.site_folds]
    tasks = [(name, number) for name in models for number in [None, *range(len(every))]]
    results, _ = run_jobs(job, tasks, work.n_jobs, advance)
    width = len(every) + 1
    return {
        name: _collect(results[position * width : (position + 1) * width], folds, samples)
        for position, name in enumerate(models)
    }


def fit_model(model, values, labels, patients):
    """Fit a model, and give it the patients where it wants them: processor seconds.

    Parameters
    ----------
    model : classifier
        Is fitted in place.
    values : array of shape (n, ...)
        Columns or images, as in `Block`.
    labels : int array, shape (n,)
        The class of every image.
    patients : array, shape (n,)
        The patient of every image.
    """
    grouped = {"groups": patients} if has_fit_parameter(model, "groups") else {}
    start = time.thread_time()
    model.fit(values, labels, **grouped)
    return time.thread_time() - start


def score_images(model, values):
    """Probabilities of the second class, shape (n,), or of each of three classes or more, (n,
    n_classes).
    """
    probabilities = model.predict_proba(values)
    return probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities


def _collect(results, folds, samples):
    """Put the scores of one model together, or return what went wrong first."""
    failures = [result for result in results if isinstance(result, Failure)]
    if failures:
        return failures[0]
    gathered = _gather(results[: len(folds) + 1], folds, int(samples.training.sum()))
    by_site = _gather_sites(results[len(folds) + 1 :], samples.site_folds, gathered.out_of_fold)
    return replace(gathered, out_of_site=by_site)


def _gather(results, folds, n_training):
    (test, fit_s, predict_s, model), *validated = results
    out_of_fold = np.empty((n_training, *test.shape[1:]))
    swapped = {swap: np.empty_like(out_of_fold) for swap in validated[0][1]}
    for (_, valid), (plain, others) in zip(folds, validated, strict=True):
        out_of_fold[valid] = plain
        for swap, scores in others.items():
            swapped[swap][valid] = scores
    return Scores(out_of_fold, swapped, test, fit_s, 1e3 * predict_s / len(test), model)


def _gather_sites(results, folds, like):
    """Scores of images whose site was left out, None without sites."""
    if not folds:
        return None
    scores = np.full_like(like, np.nan)
    for (_, valid), (plain, _) in zip(folds, results, strict=True):
        scores[valid] = plain
    return scores
