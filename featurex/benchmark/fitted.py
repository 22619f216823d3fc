"""A fitted model with everything between an image of the working size and its score."""

from dataclasses import dataclass

import numpy as np

from featurex.benchmark.view import View
from featurex.evaluation.calibration import PlattCalibration
from featurex.evaluation.conformal import PredictionSets
from featurex.scorers.typical import Typical


@dataclass(frozen=True)
class Fitted:
    """A model that can be explained and saved.

    Parameters
    ----------
    view : View
        From images of the working size to what the model is given.
    columns : tuple of str
        Names of what the estimator is given: of pixels, if it is a network.
    estimator : classifier
        Fitted on all training images.
    classes : tuple of str
        In the order of the estimator's scores.
    threshold : float or None
        Frozen; None for three classes, where the largest score decides.
    sets : PredictionSets
        Which classes an image may have; frozen.
    calibration : PlattCalibration or None
        From scores to probabilities, fitted on out-of-fold scores.
    typical : Typical
        What the columns are like in the training images.
    usual : float32 array, shape (2, side, side)
        Mean and standard deviation of the training images as they are prepared, small.
    row : dict
        The row of the model in rows.csv.
    mask_labels : tuple of str or None
        Which values of masks were inside, none where masks have one value; None where the model was
        fitted to whole images.
    """

    view: View
    columns: tuple[str, ...]
    estimator: object
    classes: tuple[str, ...]
    threshold: float | None
    sets: PredictionSets
    calibration: PlattCalibration | None
    typical: Typical
    usual: np.ndarray
    row: dict
    mask_labels: tuple[str, ...] | None = None

    @property
    def entry(self):
        """The model's name: Entry."""
        return self.view.entry

    @property
    def chain(self):
        """From images of the working size to those of the input: fitted Pipeline."""
        return self.view.chain
