"""A folder whose images are described by a list in it."""

import re
from dataclasses import replace
from pathlib import Path

from featurex.datasets.folders import SPLIT_FOLDERS, is_mask_folder, list_subfolders
from featurex.datasets.manifest import read_manifest

_NEEDED = {"path", "label"}
_SEPARATORS = re.compile("[,;\t|]")
# A header is read no further than this, bytes.
_LONGEST = 2**16


def find_list(folder):
    """Find the list that says which images a folder holds.

    Parameters
    ----------
    folder : pathlib.Path
        May be a file, which holds no list.

    Returns
    -------
    path : pathlib.Path or None
        The only .csv file with the columns path and label; None where class folders or folders
        named train and test tell the labels, or where several lists would.
    """
    if not folder.is_dir():
        return None
    inside = [path for path in list_subfolders(folder) if not is_mask_folder(path)]
    if len(inside) > 1 or any(path.name.lower() in SPLIT_FOLDERS for path in inside):
        return None
    lists = [path for path in sorted(folder.glob("*.csv")) if _names_images(path)]
    return lists[0] if len(lists) == 1 else None


def read_listed(folder):
    """Read the list in a folder.

    Parameters
    ----------
    folder : str or path-like
        Holds one .csv file with the columns path and label; see `find_list`.

    Returns
    -------
    dataset : Dataset
        Named after the folder; a note names the list.

    Raises
    ------
    DataError
        As `featurex.datasets.read_manifest`.
    """
    path = find_list(Path(folder))
    dataset = read_manifest(path)
    note = f"the images and their labels are those of the list {path.name}"
    return replace(dataset, name=path.resolve().parent.name, notes=(note, *dataset.notes))


def _names_images(path):
    try:
        with open(path, encoding="utf-8-sig") as lines:
            header = lines.readline(_LONGEST)
    except (OSError, ValueError):
        return False
    return {name.strip().strip('"') for name in _SEPARATORS.split(header)} >= _NEEDED
