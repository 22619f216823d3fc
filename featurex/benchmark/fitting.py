"""Fits models in patient-grouped folds and once on all training images, and scores the images that
each did not see.
"""

import time
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

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


def fit_and_score(models, block, samples, folds, n_jobs, advance=None):
    """Score every model on one block of features.

    Parameters
    ----------
    models : dict of name to classifier
        Not fitted; each fit uses a clone.
    block : Block
        Features of all images, and of the swapped training images.
    samples : Samples
        Labels, patients and the split.
    folds : list of (train, valid) index arrays
        Within the training images.
    n_jobs : int
        Threads.
    advance : callable or None
        Called without arguments after each fit.

    Returns
    -------
    scores : dict of name to Scores
    """
    values = block.values[samples.training]
    held_out = block.values[samples.testing]
    labels = samples.labels[samples.training]
    patients = samples.patients[samples.training]

    def job(task):
        name, fold = task
        model = clone(models[name])
        if fold is None:
            fit_s = fit_model(model, values, labels, patients)
            start = time.thread_time()
            scores = score_images(model, held_out)
            return scores, fit_s, time.thread_time() - start, model
        train, valid = fold
        fit_model(model, values[train], labels[train], patients[train])
        others = {swap: score_images(model, rows[valid]) for swap, rows in block.swapped.items()}
        return score_images(model, values[valid]), others

    tasks = [(name, fold) for name in models for fold in [None, *folds, *samples.site_folds]]
    results, _ = run_jobs(job, tasks, n_jobs, advance)
    width, scores = len(tasks) // len(models), {}
    for position, name in enumerate(models):
        own = results[position * width : (position + 1) * width]
        gathered = _gather(own[: len(folds) + 1], folds, len(labels))
        by_site = _gather_sites(own[len(folds) + 1 :], samples.site_folds, gathered.out_of_fold)
        scores[name] = replace(gathered, out_of_site=by_site)
    return scores


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
