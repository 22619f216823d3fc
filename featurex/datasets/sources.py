"""The kinds of sources, how each is recognised, and where it is looked for."""

import dataclasses
import os
from typing import NamedTuple

from featurex.datasets import nih, padchest, rsna, vindr
from featurex.datasets.chexpert import is_chexpert, read_chexpert
from featurex.datasets.covid_chestxray import is_covid_chestxray, read_covid_chestxray
from featurex.datasets.covid_qu_ex import is_covid_qu_ex, read_covid_qu_ex
from featurex.datasets.folders import SPLIT_FOLDERS, list_subfolders, read_folder
from featurex.datasets.listed import find_list, read_listed
from featurex.datasets.manifest import read_manifest
from featurex.datasets.medmnist import find_files, read_medmnist
from featurex.datasets.mimic import find_list as find_mimic
from featurex.datasets.mimic import read_mimic
from featurex.datasets.nih import read_nih
from featurex.datasets.nlm import is_nlm, read_nlm
from featurex.datasets.padchest import read_padchest
from featurex.datasets.rsna import read_rsna
from featurex.datasets.tables import find_ending
from featurex.datasets.vindr import read_vindr
from featurex.errors import DataError
from featurex.images.location import format_location
from featurex.wording import agree, count


class Source(NamedTuple):
    """A kind of source.

    Parameters
    ----------
    matches : callable (pathlib.Path) -> bool
        Whether a path holds a source of this kind.
    read : callable (pathlib.Path) -> Dataset
        Lists the images of such a source.
    title : str or None
        What people call the public set; None where it is the user's own.
    """

    matches: callable
    read: callable
    title: str | None = None


# The first that matches is read; the last takes every folder that is none of the others.
SOURCES = {
    "list": Source(lambda path: find_ending(path) != "", read_manifest),
    "medmnist": Source(lambda path: bool(find_files(path)), read_medmnist, "a set of MedMNIST"),
    "nih": Source(lambda path: bool(nih.find_lists(path)), read_nih, "NIH ChestX-ray14"),
    "rsna": Source(
        lambda path: (path / rsna.LIST).is_file(), read_rsna, "the RSNA pneumonia challenge"
    ),
    "chexpert": Source(is_chexpert, read_chexpert, "CheXpert"),
    "mimic": Source(lambda path: find_mimic(path) is not None, read_mimic, "MIMIC-CXR-JPG"),
    "padchest": Source(lambda path: bool(padchest.find_lists(path)), read_padchest, "PadChest"),
    "vindr": Source(lambda path: bool(vindr.find_lists(path)), read_vindr, "VinDr-CXR"),
    "covid_chestxray": Source(is_covid_chestxray, read_covid_chestxray, "covid-chestxray-dataset"),
    "covid_qu_ex": Source(is_covid_qu_ex, read_covid_qu_ex, "COVID-QU-Ex"),
    "nlm": Source(is_nlm, read_nlm, "the tuberculosis sets of the NLM"),
    "listed": Source(lambda path: find_list(path) is not None, read_listed),
    "folder": Source(lambda path: path.is_dir(), read_folder),
}


def read_known(path):
    """Read a source that has a kind of its own, a public set also from one folder up or down.

    Parameters
    ----------
    path : pathlib.Path
        A folder or file.

    Returns
    -------
    dataset : Dataset or None
        With a note that names the public set; of the folder above only the images below `path`.
        None where it is no such source.

    Raises
    ------
    DataError
        If several folders in it hold public sets, or the source cannot be read.
    """
    if not path.exists():
        return None
    for folder in _unwrap(path):
        name = _recognise(folder)
        if name is not None:
            return _read(name, folder)
    if not path.is_dir():
        return None
    inside = list_subfolders(path)
    # Folders named train and test are one set's, and classes are no sets.
    if not any(folder.name.lower() in SPLIT_FOLDERS for folder in inside):
        found = [(name, folder) for folder in inside if (name := _recognise(folder, public=True))]
        if len(found) > 1:
            names = " and ".join(folder.name for _, folder in found[:2])
            raise DataError(f"{format_location(path)} holds several data sets, {names}; name one")
        if found:
            return _read(*found[0])
    name = _recognise(path.resolve().parent, public=True)
    # A file beside a folder says nothing of what lies in it.
    if name is None or name == "medmnist":
        return None
    return _keep_below(_read(name, path.resolve().parent), path)


def _recognise(folder, public=False):
    """Return the kind of source that a path holds, folders of classes aside; None if none."""
    for name, source in SOURCES.items():
        if name != "folder" and (source.title or not public) and source.matches(folder):
            return name
    return None


def _read(name, folder):
    source = SOURCES[name]
    dataset = source.read(folder)
    if source.title is None:
        return dataset
    note = f"{format_location(folder)} is read as {source.title}"
    return dataclasses.replace(dataset, notes=(note, *dataset.notes))


def _keep_below(dataset, folder):
    """Keep the images of a data set that lie below a folder; None where there are none."""
    root = os.path.join(os.path.realpath(folder), "")
    below = [os.path.realpath(path).startswith(root) for path in dataset.table["path"]]
    if not any(below):
        return None
    note = (
        f"of it, {count(sum(below), 'image')} below {format_location(folder)} "
        f"{agree(sum(below), 'is/are')} taken"
    )
    table = dataset.table[below].reset_index(drop=True)
    return dataclasses.replace(dataset, table=table, notes=(*dataset.notes, note))


def _unwrap(path):
    """Yield a path, and the folders in it as long as there is but one in each."""
    yield path
    while len(inside := list_subfolders(path) if path.is_dir() else []) == 1:
        path = inside[0]
        yield path
