"""The one table of images that every source becomes, with notes for people."""

import hashlib
import os
from dataclasses import dataclass

import numpy as np
import pandas as pd

from featurex.datasets.tasks import TASKS
from featurex.errors import DataError
from featurex.images.location import parse_location

# A folder that holds this file is synthetic, whatever it is called.
SYNTHETIC_MARKER = "SYNTHETIC.txt"
COLUMNS = ("path", "label", "subtype", "patient", "split", "source")
SPLITS = ("train", "val", "test", "")


@dataclass(frozen=True)
class Dataset:
    """A list of images with what is known of each; the images themselves stay on disk.

    Parameters
    ----------
    name : str
        What reports call the data set, usually the name of its folder.
    table : pandas.DataFrame, shape (n_images, 6)
        Texts, sorted by path: path (see `featurex.images.format_location`), label ("NORMAL",
        "PNEUMONIA", or as the source names it), subtype ("normal", "bacteria", "virus" or ""),
        patient (a key), split ("train", "val", "test" or ""), source.
    notes : tuple of str
        Sentences for people, about what was assumed or left out.
    synthetic : bool
        Whether the images were drawn and show no patient.

    Raises
    ------
    DataError
        If a column is missing, no image is left, a path appears twice, or a split has another name.
    """

    name: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    synthetic: bool = False

    def __post_init__(self):
        if tuple(self.table.columns) != COLUMNS:
            raise DataError(
                f"{self.name}: the table needs the columns {', '.join(COLUMNS)}, "
                f"but it has {', '.join(map(str, self.table.columns))}"
            )
        if self.table.empty:
            raise DataError(f"{self.name}: there is no image in it")
        twice = self.table["path"].duplicated()
        if twice.any():
            raise DataError(
                f"{self.name}: {self.table['path'][twice].iloc[0]} is listed twice; list it once"
            )
        unknown = set(self.table["split"]) - set(SPLITS)
        if unknown:
            raise DataError(
                f"{self.name}: split must be train, val, test or empty, but {min(unknown)!r} was "
                f"given"
            )

    def __len__(self):
        return len(self.table)

    def counts(self):
        """Count images and patients by split, label and subtype.

        Returns
        -------
        counts : pandas.DataFrame
            Columns split, label, subtype, images, patients.
        """
        groups = self.table.groupby(["split", "label", "subtype"], sort=True)["patient"]
        return groups.agg(images="size", patients="nunique").reset_index()

    def describe(self):
        """Describe the data set in one sentence: images and patients by split and label."""
        by_split = self.table.groupby(["split", "label"]).size()
        order = sorted(set(self.table["split"]), key=SPLITS.index)
        parts = [
            f"{split or 'no split'}: "
            + ", ".join(f"{count:,} {label}" for label, count in by_split[split].items())
            for split in order
        ]
        patients = self.table["patient"].nunique()
        kind = "synthetic images" if self.synthetic else "images"
        return f"{self.name}: {len(self):,} {kind} of {patients:,} patients ({'; '.join(parts)})"

    def digest(self):
        """Digest of the list of images: names below their common folder, sizes, labels, splits.

        Moving the folder does not change it; renaming, adding, removing or replacing (by another
        size) does.

        Returns
        -------
        digest : str
            SHA-256, hexadecimal.
        """
        locations = [parse_location(path) for path in self.table["path"]]
        files = {location.path for location in locations}
        sizes = {path: _size(path) for path in files}
        root = os.path.commonpath([os.path.dirname(os.path.abspath(path)) for path in files])
        digest = hashlib.sha256()
        for location, label, split in zip(
            locations, self.table["label"], self.table["split"], strict=True
        ):
            name = os.path.relpath(location.path, root)
            fields = (name, location.array, location.index, sizes[location.path], label, split)
            digest.update(repr(fields).encode(errors="surrogateescape"))
        return digest.hexdigest()


def make_dataset(name, rows, notes=(), synthetic=False):
    """Build a data set from rows in any order.

    Parameters
    ----------
    name : str
        As in `Dataset`.
    rows : iterable of tuples of str
        In the order of `COLUMNS`.
    notes : sequence of str
        As in `Dataset`.
    synthetic : bool
        As in `Dataset`.

    Returns
    -------
    dataset : Dataset

    Raises
    ------
    DataError
        As `Dataset`.
    """
    table = pd.DataFrame(sorted(rows), columns=list(COLUMNS), dtype="str")
    return Dataset(name, table, (*notes, *_note_unused(table)), synthetic)


def _note_unused(table):
    """Say which labels belong to no class of any task."""
    used = np.zeros(len(table), bool)
    for task in TASKS.values():
        used |= table[task.column].isin(task.classes.values()).to_numpy()
    counts = table.loc[~used, "label"].value_counts(sort=False)
    listed = ", ".join(f"{label} ({count:,})" for label, count in counts.items())
    return [f"no task uses the images of these labels: {listed}"] if listed else []


def _size(path):
    """Return the size of a file; -1 where it cannot be asked, as reading it will say why."""
    try:
        return os.path.getsize(path)
    except OSError:
        return -1
