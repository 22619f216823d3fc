"""The images of a task, with what is known of each."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from featurex.benchmark.films import Films, read_films
from featurex.datasets import image_paths
from featurex.datasets.tasks import Task
from featurex.errors import DataError
from featurex.evaluation.sites import site_folds
from featurex.evaluation.splits import grouped_folds, grouped_holdout
from featurex.files import find_common_folder, name_below

OFFICIAL = "official test split"


@dataclass(frozen=True)
class Samples:
    """Images and labels of one task.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, ...)
        The data set's columns for the images that could be read.
    films : Films
        What was read of them, in the order of the table.
    labels : int array, shape (n,)
        Index into `classes`.
    testing : bool array, shape (n,)
        True where an image is kept for the one look at the end.
    task : Task
        The question.
    held_out : str
        Where the test images come from, in words.
    """

    table: pd.DataFrame
    films: Films
    labels: np.ndarray
    testing: np.ndarray
    task: Task
    held_out: str

    @property
    def images(self):
        """Grey levels at the working size, read as they are asked for: Images."""
        return self.films.images

    @property
    def errors(self):
        """Errors of the files that were set aside: list of ImageError."""
        return self.films.errors

    @property
    def classes(self):
        """Names of the classes, tuple of str; of two the second is the positive one."""
        return tuple(self.task.classes)

    @property
    def training(self):
        """True where an image takes part in training and validation."""
        return ~self.testing

    @property
    def pixels(self):
        """The images without their regions, for what looks at all of an image: Images."""
        return self.films.pixels

    @property
    def masked(self):
        """Whether masks in files decide what counts of the images."""
        return "mask_label" in self.table

    @property
    def mask_labels(self):
        """What is inside of these masks, as `featurex.datasets.add_masks` takes it."""
        labels = [label for label in self.table["mask_label"].unique() if label]
        return [int(label) if label.isdecimal() else label for label in labels]

    @property
    def names(self):
        """The path of every image below the folder that holds them all."""
        paths = self.table["path"].tolist()
        root = find_common_folder(paths)
        return np.array([name_below(path, root) for path in paths], dtype=object)

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
        """The finer part of its class that every image is of: its subtype, or its label; the class
        itself where these cross the classes.
        """
        return _list_strata(self.table, self.labels, self.classes)

    @property
    def sites(self):
        """The site of every image, "" where nobody knows; None where no site is named."""
        if "site" not in self.table or not (self.table["site"] != "").any():
            return None
        return self.table["site"].to_numpy()

    @cached_property
    def site_folds(self):
        """Folds of the training images that leave out one site each; see
        `featurex.evaluation.sites.site_folds`.
        """
        if self.sites is None:
            return []
        rows = self.training
        return site_folds(self.labels[rows], self.sites[rows], self.patients[rows])

    def fold_strata(self, n_folds):
        """What folds of the training images are balanced by.

        Parameters
        ----------
        n_folds : int
            A part of a class with fewer patients than this counts as the class.

        Returns
        -------
        strata : array of str, shape (n_training,)
        """
        return _balance(
            self.table[self.training], self.labels[self.training], self.classes, n_folds
        )


def load_samples(dataset, task, preprocess, align, protocol, work):
    """Choose a task's images, read them, and hold some out where the data set does not.

    Parameters
    ----------
    dataset : Dataset
        Where the images are.
    task : Task
        The question, as from `featurex.datasets.find_task`.
    preprocess : Preprocess
        Brings every image to the working size.
    align : Align
        Registers every image to the mean chest.
    protocol : Protocol
        For holdout and seed.
    work : Work
        Reads the images, and keeps what was read.

    Returns
    -------
    samples : Samples

    Raises
    ------
    DataError
        If the data set lacks a class or patients of it, or too few images can be read.
    """
    labels = task.index(dataset.table)
    classes = tuple(task.classes)
    # Before hours of reading: what is too little now does not become more.
    check_patients(dataset, task, protocol)
    films = _read(dataset, labels >= 0, preprocess, align, work)
    table, labels = dataset.table[labels >= 0].reset_index(drop=True), labels[labels >= 0]
    if not len(films.kept):
        raise DataError(
            f"{dataset.name}: none of {len(table)} images could be used; the first: "
            f"{films.errors[0]}"
        )
    table, labels = table.iloc[films.kept].reset_index(drop=True), labels[films.kept]
    testing, held_out = _hold_out(table, labels, protocol)
    _check_classes(dataset.name, labels, testing, classes)
    return Samples(table, films, labels, testing, task, held_out)


def _read(dataset, asked, preprocess, align, work):
    """Read the films of a task, or take them of those that several tasks share: Films."""
    rows, shared = np.flatnonzero(asked), work.shared
    if shared is None:
        return read_films(image_paths(dataset.table.iloc[rows]), preprocess, align, work)
    together = replace(work, folder=shared.folder, identity=shared.identity)
    paths = image_paths(dataset.table.iloc[shared.rows])
    films = read_films(paths, preprocess, align, together)
    positions = np.searchsorted(shared.rows, rows)
    return films.select(positions, paths[positions])


def _hold_out(table, labels, protocol):
    testing = (table["split"] == "test").to_numpy()
    if testing.any():
        return testing, OFFICIAL
    held_out = f"patient-grouped {protocol.holdout:.0%} holdout, as the data have no test split"
    patients = table["patient"].to_numpy()
    return grouped_holdout(labels, patients, protocol.holdout, protocol.seed), held_out


def check_patients(dataset, task, protocol):
    """Refuse data of which some part would lack a class, before an image is read.

    Parameters
    ----------
    dataset : Dataset
        Patients, labels and splits.
    task : Task
        As from `featurex.datasets.find_task`.
    protocol : Protocol
        For folds, holdout and seed.

    Raises
    ------
    DataError
        If a class has fewer patients than folds, or the test images or the others lack it.
    """
    labels, classes = task.index(dataset.table), tuple(task.classes)
    table, labels = dataset.table[labels >= 0].reset_index(drop=True), labels[labels >= 0]
    if not (table["split"] == "test").any():
        for index, name in enumerate(classes):
            n_patients = table["patient"][labels == index].nunique()
            if n_patients <= protocol.folds:
                raise DataError(
                    f"{dataset.name}: {name} has too few patients, {n_patients}: "
                    f"{protocol.folds} folds and a holdout need {protocol.folds + 1}; add images "
                    "of other patients, use fewer folds (--set folds=2), or leave that class out"
                )
    testing, _ = _hold_out(table, labels, protocol)
    _check_classes(dataset.name, labels, testing, classes)
    training, folds = ~testing, protocol.folds
    strata = _balance(table[training], labels[training], classes, folds)
    grouped_folds(strata, table["patient"].to_numpy()[training], folds, protocol.seed)


def _check_classes(dataset, labels, testing, classes):
    for where, rows in (("training", ~testing), ("test", testing)):
        for index, name in enumerate(classes):
            if not (labels[rows] == index).any():
                raise DataError(
                    f"{dataset}: the {where} images hold no {name}, so that nothing can be "
                    f"learnt or scored; "
                    "add images of that class, or move the test folder away to hold out patients "
                    "instead"
                )


def _list_strata(table, labels, classes):
    kinds = table["subtype"].where(table["subtype"] != "", table["label"]).to_numpy(object)
    owners = pd.Series(labels).groupby(kinds).nunique()
    return kinds if (owners == 1).all() else np.array(classes, object)[labels]


def _balance(table, labels, classes, n_folds):
    strata = _list_strata(table, labels, classes)
    patients = table["patient"].groupby(strata).nunique()
    rare = (patients < n_folds).loc[strata].to_numpy()
    return np.where(rare, np.array(classes, object)[labels], strata)
