"""The images of a task in memory, with what is known of each."""

import os
from dataclasses import dataclass

import numpy as np
import pandas as pd

from featurex.datasets import image_paths
from featurex.datasets.tasks import select_task
from featurex.engine import CHUNK, read_images
from featurex.errors import DataError, ImageError
from featurex.evaluation.splits import grouped_holdout
from featurex.parallel import chunks

OFFICIAL = "official test split"


@dataclass(frozen=True)
class Samples:
    """Images and labels of one task.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, ...)
        The data set's columns for the images that could be read.
    images : list of arrays of shape (size, size)
        Grey levels at the working size, in the order of the table.
    labels : int array, shape (n,)
        Index into `classes`.
    testing : bool array, shape (n,)
        True where an image is kept for the one look at the end.
    classes : tuple of str
        Names of the classes; of two the second is the positive one.
    held_out : str
        Where the test images come from, in words.
    errors : list of ImageError
        Of the files that were set aside.
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
    def training_images(self):
        """The images that take part in training and validation."""
        return [self.images[i] for i in np.flatnonzero(self.training)]

    @property
    def names(self):
        """The path of every image below the folder that holds them all."""
        paths = self.table["path"].tolist()
        root = os.path.commonpath([os.path.dirname(path) for path in paths])
        return np.array([os.path.relpath(path, root) for path in paths], dtype=object)

    @property
    def splits(self):
        """The split of every image, "train" or "test": list of str."""
        return ["test" if testing else "train" for testing in self.testing]

    @property
    def patients(self):
        """The patient of every image."""
        return self.table["patient"].to_numpy()

    @property
    def strata(self):
        """What folds are balanced by: subtypes, which are finer than classes."""
        return (
            self.table["subtype"].where(self.table["subtype"] != "", self.table["label"]).to_numpy()
        )


def load_samples(dataset, task, preprocess, protocol, n_jobs, progress):
    """Choose a task's images, read them, and hold some out where the data set does not.

    Parameters
    ----------
    dataset : Dataset
        Where the images are.
    task : str
        The question, as "pneumonia".
    preprocess : Preprocess
        Brings every image to the working size.
    protocol : Protocol
        For holdout and seed.
    n_jobs : int
        Threads or processes.
    progress : Progress
        Is told what is being done.

    Returns
    -------
    samples : Samples

    Raises
    ------
    DataError
        If the data set lacks a class, or too few images can be read.
    """
    table, labels, classes = select_task(dataset, task)
    parts = chunks(len(table), CHUNK)
    size = preprocess.size
    with progress.stage("Reading images", len(parts)) as advance:
        kept, images, errors, seconds = read_images(
            image_paths(table), size, preprocess.transform, n_jobs, advance
        )
    if not images:
        raise DataError(
            f"{dataset.name}: none of {len(table)} images could be used; the first: {errors[0]}"
        )
    table, labels = table.iloc[kept].reset_index(drop=True), labels[kept]
    testing, held_out = _hold_out(table, labels, protocol)
    samples = Samples(
        table, images, labels, testing, classes, held_out, errors, 1e3 * seconds / len(images)
    )
    _check_classes(samples, dataset)
    return samples


def _hold_out(table, labels, protocol):
    testing = (table["split"] == "test").to_numpy()
    if testing.any():
        return testing, OFFICIAL
    held_out = f"patient-grouped {protocol.holdout:.0%} holdout, as the data have no test split"
    testing = grouped_holdout(labels, table["patient"].to_numpy(), protocol.holdout, protocol.seed)
    return testing, held_out


def _check_classes(samples, dataset):
    for where, rows in (("training", samples.training), ("test", samples.testing)):
        for index, name in enumerate(samples.classes):
            if not (samples.labels[rows] == index).any():
                raise DataError(
                    f"{dataset.name}: the {where} images hold no {name}, so that nothing can be "
                    f"learnt or scored; "
                    "add images of that class, or move the test folder away to hold out patients "
                    "instead"
                )
