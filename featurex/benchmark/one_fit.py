"""What one fit does: to the training images of a fold, or to all of them."""

import threading
import time
from functools import cached_property
from typing import NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

from featurex.benchmark.search import Search


class Source:
    """What models of one block are given of the training images; read when it is first needed.

    Parameters
    ----------
    block : Block
        Features of all images, and of the swapped training images.
    samples : Samples
        Labels, patients and the split.
    augment : tuple of str
        Swaps whose images models are fitted to as well; all training images must be swapped then.
    """

    def __init__(self, block, samples, augment=()):
        self.block, self.augment = block, augment
        self.training, self.testing = map(np.flatnonzero, (samples.training, samples.testing))
        self.labels, self.patients = samples.labels[self.training], samples.patients[self.training]
        self._reading, self._swapped = threading.Lock(), {}

    def __getstate__(self):
        """Leave out what another process reads, or makes, itself."""
        own = ("_reading", "_swapped", "_values")
        return {name: value for name, value in vars(self).items() if name not in own}

    def __setstate__(self, state):
        """Restore what `__getstate__` gave."""
        vars(self).update(state)
        self._reading, self._swapped = threading.Lock(), {}

    @property
    def partners(self):
        """The image whose framing and look each training image takes: int array, (n_training,)."""
        return self.block.partners

    @property
    def swapped_rows(self):
        """The training images that are also scored after swaps: int array, rising."""
        return self.block.swapped_rows

    def swapped(self, swap, rows):
        """Columns or images after a swap, of training images of `swapped_rows`: (n, ...)."""
        with self._reading:
            if swap not in self._swapped:
                self._swapped[swap] = self.block.swapped(swap)
        rows = np.arange(len(self.labels))[rows]
        return self._swapped[swap][np.searchsorted(self.swapped_rows, rows)]

    @property
    def values(self):
        """Columns or images of the training images: array of shape (n_training, ...)."""
        with self._reading:
            return self._values

    def examples(self, rows):
        """Values, labels and patients of training images, followed by those of their swaps."""
        swapped = [self.swapped(swap, rows) for swap in self.augment]
        known = (self.labels[rows], self.patients[rows])
        if not swapped:
            return self.values[rows], *known
        values = np.concatenate([self.values[rows], *swapped])
        return values, *(np.tile(array, 1 + len(swapped)) for array in known)

    @cached_property
    def _values(self):
        return self.block.values(self.training)


class FoldFit(NamedTuple):
    """What a model says of the images of a fold, none of which it was fitted on.

    Parameters
    ----------
    scores : array of shape (n,) or (n, n_classes)
        Of the images as they are.
    swapped : dict of str to array of shape (n_swapped,) or (n_swapped, n_classes)
        By the name of the swap, of those of the images that were swapped.
    found : Found or None
        What a search found in the other folds.
    """

    scores: object
    swapped: dict
    found: object = None


class FinalFit(NamedTuple):
    """A model that was fitted on all training images.

    Parameters
    ----------
    scores : array of shape (n,) or (n, n_classes)
        Of the test images.
    fit_s, predict_s : float
        Processor time to fit, and to score the test images, seconds.
    model : classifier
        As it was fitted.
    found : Found or None
        What a search found in all training images; its time is part of `fit_s`.
    """

    scores: object
    fit_s: float
    predict_s: float
    model: object
    found: object = None


def fit_fold(model, source, fold):
    """Fit a model on the training images of a fold, and score those that it has not seen.

    Parameters
    ----------
    model : classifier or Search
        Not fitted; stays so.
    source : Source
        What models are given.
    fold : tuple of (train, valid) index arrays
        Within the training images.

    Returns
    -------
    fit : FoldFit
    """
    train, valid = fold
    model, _, found = _search_and_fit(model, source, train)
    rows = valid[np.isin(valid, source.swapped_rows)]
    swapped = {
        swap: score_images(model, source.swapped(swap, rows)) for swap in source.block.others
    }
    return FoldFit(score_images(model, source.values[valid]), swapped, found)


def fit_all(model, source):
    """Fit a model on all training images, and score the test images.

    Parameters
    ----------
    model : classifier or Search
        Not fitted; stays so.
    source : Source
        What models are given.

    Returns
    -------
    fit : FinalFit
    """
    model, fit_s, found = _search_and_fit(model, source, slice(None))
    held_out = source.block.values(source.testing)
    start = time.thread_time()
    scores = score_images(model, held_out)
    return FinalFit(scores, fit_s, time.thread_time() - start, model, found)


def _search_and_fit(model, source, rows):
    """Fit a clone of a model, after a search if one is asked for: the clone, processor seconds of
    both, and what was found.
    """
    if not isinstance(model, Search):
        return *fit_clone(model, source, rows), None
    found = model.run(source, rows, fit_clone, score_images)
    chosen = clone(model.model).set_params(**found.best.parameters)
    fitted, seconds = fit_clone(chosen, source, rows)
    return fitted, found.seconds + seconds, found


def fit_clone(model, source, rows):
    """Fit a clone of a model on some training images: the clone, and processor seconds."""
    model = clone(model)
    return model, fit_model(model, *source.examples(rows))


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
