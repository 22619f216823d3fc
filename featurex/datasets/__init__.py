"""Sources of images, each read into one table of (path, label, subtype, patient, split, source)."""

from pathlib import Path
from typing import NamedTuple

from featurex.datasets import manifest, nih, rsna
from featurex.datasets.chexpert import is_chexpert, read_chexpert
from featurex.datasets.dataset import Dataset, make_dataset
from featurex.datasets.folders import list_files, list_subfolders, read_folder
from featurex.datasets.manifest import read_manifest
from featurex.datasets.medmnist import read_medmnist
from featurex.datasets.nih import read_nih
from featurex.datasets.rsna import read_rsna
from featurex.datasets.tasks import TASKS, select_task
from featurex.errors import DataError
from featurex.images.location import format_location

__all__ = [
    "SOURCES",
    "TASKS",
    "Dataset",
    "list_files",
    "load_dataset",
    "make_dataset",
    "read_chexpert",
    "read_folder",
    "read_manifest",
    "read_medmnist",
    "read_nih",
    "read_rsna",
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
    "list": Source(lambda path: path.suffix.lower() in manifest.ENDINGS, read_manifest),
    "medmnist": Source(lambda path: path.suffix.lower() == ".npz", read_medmnist),
    "nih": Source(lambda path: bool(nih.find_lists(path)), read_nih),
    "rsna": Source(lambda path: (path / rsna.LIST).is_file(), read_rsna),
    "chexpert": Source(is_chexpert, read_chexpert),
    "folder": Source(lambda path: path.is_dir(), read_folder),
}


def load_dataset(source):
    """List the images of a source, whose kind is recognised from what is there.

    Parameters
    ----------
    source : str or path-like
        A folder with train, test and class folders (as the Kaggle set chest-xray-pneumonia), or
        class folders alone; a .csv or .parquet list; a MedMNIST .npz file; the folder of NIH
        ChestX-ray14, of the RSNA pneumonia challenge, or of CheXpert. The functions ``read_...`` of
        this module take the parameters of each kind.

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
    """
    path = Path(source)
    if not path.exists():
        raise DataError(
            f"there is no {format_location(path)}; give a folder of radiographs, a .csv or "
            f".parquet list, or a .npz file"
        )
    for folder in _unwrap(path):
        for name, kind in SOURCES.items():
            if name != "folder" and kind.matches(folder):
                return kind.read(folder)
    if path.is_dir():
        return read_folder(path)
    raise DataError(
        f"{format_location(path)} is no data set: give a folder, a .csv or .parquet list, or a "
        f"MedMNIST .npz file"
    )


def _unwrap(path):
    """Yield a path, and the folders in it as long as there is but one in each."""
    yield path
    while len(inside := list_subfolders(path) if path.is_dir() else []) == 1:
        path = inside[0]
        yield path
