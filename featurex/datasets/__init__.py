"""Sources of images, each read into one table of (path, label, subtype, patient, split, source)."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from featurex.datasets.chexpert import read_chexpert
from featurex.datasets.covid_chestxray import read_covid_chestxray
from featurex.datasets.covid_qu_ex import read_covid_qu_ex
from featurex.datasets.dataset import Dataset, make_dataset
from featurex.datasets.findings import list_findings
from featurex.datasets.folders import has_classes, list_files, read_folder
from featurex.datasets.listed import read_listed
from featurex.datasets.manifest import read_manifest
from featurex.datasets.masks import add_masks, image_paths
from featurex.datasets.medmnist import read_medmnist
from featurex.datasets.mimic import read_mimic
from featurex.datasets.nih import read_nih
from featurex.datasets.nlm import read_nlm
from featurex.datasets.padchest import read_padchest
from featurex.datasets.rsna import read_rsna
from featurex.datasets.sources import SOURCES, read_known
from featurex.datasets.tables import find_ending
from featurex.datasets.tasks import TASKS, Task, check_task, find_task, note_named_task, select_task
from featurex.datasets.unlabelled import TEXT, read_unlabelled
from featurex.datasets.vindr import read_vindr
from featurex.errors import DataError
from featurex.files import refuse_pipe
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
    "list_findings",
    "load_dataset",
    "make_dataset",
    "read_chexpert",
    "read_covid_chestxray",
    "read_covid_qu_ex",
    "read_folder",
    "read_listed",
    "read_manifest",
    "read_medmnist",
    "read_mimic",
    "read_nih",
    "read_nlm",
    "read_padchest",
    "read_rsna",
    "read_unlabelled",
    "read_vindr",
    "select_task",
]


def load_dataset(
    source: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    columns: Mapping[str, str] | None = None,
    root: str | PathLike[str] | None = None,
    labelled: bool = True,
) -> Dataset:
    """List the images of a source, whose kind is recognised from what is there.

    Parameters
    ----------
    source : str, path-like, or sequence of those
        A folder with train, test and class folders (as the Kaggle set chest-xray-pneumonia), or
        class folders alone; a list (see `read_manifest`); a MedMNIST .npz file; the folder of a
        public set (see `SOURCES`), or one above or below it; a folder of images with a list of
        them. The functions ``read_...`` of this module take the parameters of each kind. Where no
        labels are needed, also images, folders of images, patterns as ``"films/*.png"``, and .txt
        files with a path in each line.
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
    for given in sources:
        refuse_pipe(given)
    dataset = _load(sources, columns, root, labelled)
    return replace(dataset, notes=(*dataset.notes, *note_named_task(dataset)))


def _load(sources, columns, root, labelled):
    """Read the source of the kind that is recognised."""
    path = Path(sources[0]) if len(sources) == 1 else None
    if path is not None and find_ending(path):
        return read_manifest(path, columns=columns, root=root, labelled=labelled)
    is_text = all(Path(given).suffix.lower() == TEXT for given in sources)
    if columns or (root is not None and not is_text):
        given = ", ".join(map(str, sources))
        raise DataError(
            f"columns and root describe a list, as labels.csv, but {given} is none; name the list"
        )
    known = None if path is None else read_known(path)
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
