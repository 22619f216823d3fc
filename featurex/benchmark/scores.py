"""The scores that one model gives, in validation and test."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scores:
    """The scores that one model gives the images that it was not fitted on.

    Parameters
    ----------
    out_of_fold : array of shape (n_training,) or (n_training, n_classes)
        Probability of the positive class, or of each of three classes or more.
    swapped : dict of str to array of shape (n_swapped,) or (n_swapped, n_classes)
        By the name of the swap: the same for some of these images in the framing, or with the
        appearance, of another class, by the same models.
    swapped_rows : int array, shape (n_swapped,)
        Which of the training images these are, rising.
    test : array of shape (n_test,) or (n_test, n_classes)
        Probabilities for the test images, by the model fitted on all training images.
    fit_s : float
        Processor time to fit on all training images, of all seeds, seconds.
    predict_ms : float
        Processor time to score one image, milliseconds.
    model : classifier
        Fitted on all training images.
    out_of_site : array of the same shape as `out_of_fold`, or None
        By models that have not seen the image's site; NaN where that cannot be. None where the data
        name no sites.
    found : Found or None
        What a search for parameters found in all training images.
    found_in_folds : tuple of Found
        The same in the training images of each fold.
    repeats : tuple of array
        Where a model was fitted with several seeds, what each of them scores the test images, in
        their order; `test` and `model` are of one of them, scores out of fold of the first.
    """

    out_of_fold: np.ndarray
    swapped: dict[str, np.ndarray]
    swapped_rows: np.ndarray
    test: np.ndarray
    fit_s: float
    predict_ms: float
    model: object
    out_of_site: np.ndarray | None = None
    found: object = None
    found_in_folds: tuple = ()
    repeats: tuple = ()
