"""A fitted model with everything between an image file and its score."""

from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from featurex.evaluation.calibration import PlattCalibration
from featurex.models.typical import Typical
from featurex.runs import Entry


@dataclass(frozen=True)
class Fitted:
    """The model that a benchmark chose.

    Parameters
    ----------
    entry : Entry
    chain : fitted Pipeline
        From images of the working size to the images of the input.
    columns : tuple of str
        What the estimator is given.
    estimator : classifier
        Fitted on all training images.
    classes : tuple of str
    threshold : float or None
        Frozen; None for three classes, where the largest score decides.
    calibration : PlattCalibration or None
        From scores to probabilities, fitted on out-of-fold scores.
    typical : Typical
        What the columns are like in the training images.
    usual : float32 array, shape (2, side, side)
        Mean and standard deviation of the training images as they are prepared, small.
    row : dict
        Of rows.csv.
    """

    entry: Entry
    chain: Pipeline
    columns: tuple[str, ...]
    estimator: object
    classes: tuple[str, ...]
    threshold: float | None
    calibration: PlattCalibration | None
    typical: Typical
    usual: np.ndarray
    row: dict
