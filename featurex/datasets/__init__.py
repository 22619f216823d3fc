"""Sources of images, each read into one table of (path, label, subtype, patient, split, source)."""

import os
from pathlib import Path
from typing import NamedTuple

from featurex.datasets import nih, rsna
from featurex.datasets.chexpert import is_chexpert, read_chexpert
from featurex.datasets.dataset import Dataset, make_dataset
from featurex.datasets.folders import has_classes, list_files, list_subfolders, read_folder
from featurex.datasets.listed import find_list, read_listed
from featurex.datasets.manifest import read_manifest
from featurex.datasets.masks import add_masks, image_paths
from featurex.datasets.medmnist import read_medmnist
from featurex.datasets.nih import read_nih
from featurex.datasets.rsna import read_rsna
from featurex.datasets.tables import find_ending
from featurex.datasets.tasks import TASKS, Task, check_task, find_task, select_task
from featurex.datasets.unlabelled import TEXT, read_unlabelled
from featurex.errors import DataError
from featurex.images.location import format_location

__all__ = [
    "SOURCES",
    "TASKS",
    "Dataset",
    "Task",
    "add_masks",
    "check_task",
    "find_task",
    "image_paths",
    "list_files",
    "load_dataset",
    "make_dataset",
    "read_chexpert",
    "read_folder",
    "read_listed",
    "read_manifest",
    "read_medmnist",
    "read_nih",
    "read_rsna",
    "read_unlabelled",
    "select_task",
]


class Source(NamedTuple):
    """A kind of source.

    Parameters
    ----------
    matches : callable (pathlib.Path) -> bool
        Whether a path holds a source of this kind.
    read : callable (pathlib.Path) -> Dataset
        Lists the images of such a source.
    """

    matches: callable
    read: callable


# The first that matches is read; the last takes every folder that is none of the others.
SOURCES = {
    "list": Source(lambda path: find_ending(path) != "", read_manifest),
    "medmnist": Source(lambda path: path.suffix.lower() == ".npz", read_medmnist),
    "nih": Source(lambda path: bool(nih.find_lists(path)), read_nih),
    "rsna": Source(lambda path: (path / rsna.LIST).is_file(), read_rsna),
    "chexpert": Source(is_chexpert, read_chexpert),
    "listed": Source(lambda path: find_list(path) is not None, read_listed),
    "folder": Source(lambda path: path.is_dir(), read_folder),
}


def load_dataset(source, *, columns=None, root=None, labelled=True):
    """List the images of a source, whose kind is recognised from what is there.

    Parameters
    ----------
    source : str, path-like, or sequence of those
        A folder with train, test and class folders (as the Kaggle set chest-xray-pneumonia), or
        class folders alone; a list (see `read_manifest`); a MedMNIST .npz file; the folder of NIH
        ChestX-ray14, of the RSNA pneumonia challenge, or of CheXpert; a folder of images with a
        list of them. The functions ``read_...`` of this module take the parameters of each kind.
        Where no labels are needed, also images, folders of images, patterns as ``"films/*.png"``,
        and .txt files with a path in each line.
    columns : dict of str to str or None
        Of a list alone: its names of columns; see `read_manifest`.
    root : str, path-like or None
        Of a list alone: the folder from which its relative paths are taken; None is its own.
    labelled : bool
        Whether images need labels. Otherwise images without any are taken, too; folders that hold
        folders of images still give their names as labels.

    Returns
    -------
    dataset : Dataset

    Raises
    ------
    DataError
        If the source does not exist, is of no known kind, or holds no image; the message says what
        is expected.

    Examples
    --------
    >>> from featurex import load_dataset
    >>> dataset = load_dataset("chest_xray")
    >>> dataset.describe()
    'chest_xray: 6 images of 6 patients (train: 2 NORMAL, 2 PNEUMONIA; test: 1 NORMAL, 1 PNEUMONIA)'
    >>> dataset.table[["label", "subtype", "patient", "split"]].head(3)
           label   subtype     patient  split
    0     NORMAL    normal    normal-3   test
    1  PNEUMONIA     virus     virus-3   test
    2     NORMAL    normal    normal-1  train
    >>> load_dataset("chest_xray/test/NORMAL", labelled=False).describe()
    'NORMAL: 1 image without labels'
    """
    sources = [source] if isinstance(source, str | os.PathLike) else list(source)
    path = Path(sources[0]) if len(sources) == 1 else None
    if path is not None and find_ending(path):
        return read_manifest(path, columns=columns, root=root, labelled=labelled)
    is_text = all(Path(given).suffix.lower() == TEXT for given in sources)
    if columns or (root is not None and not is_text):
        given = ", ".join(map(str, sources))
        raise DataError(
            f"columns and root describe a list, as labels.csv, but {given} is none; name the list"
        )
    known = None if path is None else _read_known(path)
    if known is not None:
        return known
    if not labelled and (path is None or not has_classes(path)):
        return read_unlabelled(sources, root=root)
    if path is None:
        raise DataError(
            "labels are needed: name one folder with a folder for each class, or a list"
        )
    if path.is_dir():
        return read_folder(path)
    kinds = "give a folder of radiographs, a list as labels.csv, or a MedMNIST .npz file"
    if not path.exists():
        raise DataError(f"there is no {format_location(path)}; {kinds}")
    raise DataError(f"{format_location(path)} is no data set: {kinds}")


def _read_known(path):
    """Read a source that has a kind of its own; None where it has not."""
    for folder in _unwrap(path) if path.exists() else ():
        for name, kind in SOURCES.items():
            if name != "folder" and kind.matches(folder):
                return kind.read(folder)
    return None


def _unwrap(path):
    """Yield a path, and the folders in it as long as there is but one in each."""
    yield path
    while len(inside := list_subfolders(path) if path.is_dir() else []) == 1:
        path = inside[0]
        yield path
