"""The images of a task in memory, with what is known of each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from featurex.datasets.tasks import select_task
from featurex.errors import DataError, ImageError
from featurex.evaluation.splits import grouped_holdout
from featurex.table import read_images

OFFICIAL = "official test split"


@dataclass(frozen=True)
class Samples:
    """Images and labels of one task.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, ...)
        The data set's columns for the images that could be read.
    images : list of arrays of shape (size, size)
    labels : int array, shape (n,)
        Index into `classes`.
    testing : bool array, shape (n,)
        True where an image is kept for the one look at the end.
    classes : tuple of str
    held_out : str
        Where the test images come from, in words.
    errors : list of ImageError
    read_ms : float
        Processor time to read and resize one image, milliseconds.
    """

    table: pd.DataFrame
    images: list
    labels: np.ndarray
    testing: np.ndarray
    classes: tuple[str, ...]
    held_out: str
    errors: list[ImageError]
    read_ms: float

    @property
    def training(self):
        """True where an image takes part in training and validation."""
        return ~self.testing

    @property
    def patients(self):
        """The patient of every image."""
        return self.table["patient"].to_numpy()

    @property
    def strata(self):
        """What folds are balanced by: subtypes, which are finer than classes."""
        return self.table["subtype"].where(self.table["subtype"] != "", self.table["label"]).to_numpy()
