"""Masks of a data set's images: found in a folder by their names, or listed."""

import dataclasses
import os
from collections import defaultdict
from pathlib import Path, PurePath

import numpy as np

from featurex.checks import check_integer
from featurex.datasets.folders import ENDINGS
from featurex.errors import DataError
from featurex.images.location import format_location, parse_location
from featurex.images.mask import ANY_LABEL, MaskedPath
from featurex.wording import agree, count

# What the name of a mask may have after the name of its image.
SUFFIXES = (
    "",
    "_mask",
    "-mask",
    "_masks",
    "_seg",
    "_segmentation",
    "_label",
    "_labels",
    "_roi",
    "_lung",
    "_lungs",
)
# Columns of a data set's table whose images have masks.
MASK, LABEL = "mask", "mask_label"
_FIRST = 3


def add_masks(dataset, folder=None, labels=()):
    """Give every image of a data set its mask, which decides what of it counts.

    Parameters
    ----------
    dataset : Dataset
        Its list may have a column "mask".
    folder : str, path-like or None
        Where the masks lie, in folders as the images do or in one, each called as its image with
        an ending of its own: ``a.png``, ``a_mask.png``, ``a.jpeg.png``. None uses the column.
    labels : sequence of int or "any"
        Which values of a mask are inside; for several, every image becomes one row for each of
        them. Without any, masks must hold one value beside 0 (or both lungs, as ``featurex lungs``
        writes them).

    Returns
    -------
    dataset : Dataset
        With the columns mask and mask_label. Images without a mask are left out, with a note: that
        they count whole would tell them apart from the others.

    Raises
    ------
    DataError
        If the folder does not exist, or no image has a mask.
    ParameterError
        If a label is not from 1 to 65,535.

    Examples
    --------
    >>> import os, shutil
    >>> from featurex import load_dataset
    >>> os.mkdir("masks")
    >>> _ = shutil.copy("chest_xray/test/NORMAL/IM-0003-0001.jpeg", "masks/IM-0003-0001_mask.png")
    >>> masked = add_masks(load_dataset("chest_xray"), "masks")
    >>> masked.table["mask"].tolist(), masked.notes[-1][:30]
    (['masks/IM-0003-0001_mask.png'], '5 of 6 images have no mask and')
    """
    for label in labels:
        if label != ANY_LABEL:
            check_integer("mask_label", label, 1, 65_535)
    table = dataset.table
    notes = list(dataset.notes)
    if folder is not None:
        masks, ambiguous = find_masks(table["path"], folder)
        table = table.assign(**{MASK: masks})
        if ambiguous:
            notes.append(
                f"{count(ambiguous, 'image')} {agree(ambiguous, 'has/have')} several masks in "
                f"{folder} and none is taken"
            )
    if MASK not in table:
        raise DataError(f"{dataset.name}: its list has no column mask; name a folder with --masks")
    without = (table[MASK] == "").to_numpy()
    if without.all():
        raise DataError(_explain(dataset, folder))
    if without.any():
        first = ", ".join(PurePath(path).name for path in table["path"][without][:_FIRST])
        notes.append(
            f"{without.sum():,} of {count(len(table), 'image')} "
            f"{agree(without.sum(), 'has no mask and is/have no mask and are')} left out: {first}"
            f"{', ...' if without.sum() > _FIRST else ''}"
        )
    table = table[~without].reset_index(drop=True)
    table[LABEL] = str(labels[0]) if labels else ""
    if len(labels) > 1:
        numbers = np.repeat(np.arange(len(table)), len(labels))
        table = table.iloc[numbers].reset_index(drop=True)
        table[LABEL] = [str(label) for label in labels] * (len(table) // len(labels))
    return dataclasses.replace(dataset, table=table, notes=tuple(notes))


def image_paths(table):
    """Return the paths of images as `featurex.read_image` takes them, each with its mask if it has.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of `Dataset.table`.

    Returns
    -------
    paths : array of objects, shape (n,)
        str, or `featurex.images.MaskedPath` where `add_masks` has given masks.
    """
    paths = np.empty(len(table), object)
    if LABEL not in table:
        paths[:] = table["path"]
        return paths
    for index, (path, mask, label) in enumerate(
        zip(table["path"], table[MASK], table[LABEL], strict=True)
    ):
        label = label if label in ("", ANY_LABEL) else int(label)
        paths[index] = MaskedPath(path, mask, None if label == "" else label)
    return paths


def find_masks(paths, folder):
    """Find the mask of every image by its name, and by folders where names occur twice.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    folder : str or path-like
        Searched at every depth.

    Returns
    -------
    masks : list of str
        "" where there is none.
    n_ambiguous : int
        Images that have none because several fit as well.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"there is no folder of masks {format_location(folder)}")
    known = _list_masks(folder)
    choices = [_choose(path, known) for path in paths]
    # A mask belongs to one image: the one that shares most folders with it.
    claims = defaultdict(list)
    for position, (fitting, shared) in enumerate(choices):
        if len(fitting) == 1:
            claims[fitting[0]].append((shared, position))
    masks, n_ambiguous = [""] * len(choices), sum(len(fitting) > 1 for fitting, _ in choices)
    for mask, claimed in claims.items():
        most = max(claimed)[0]
        best = [position for shared, position in claimed if shared == most]
        if len(best) == 1:
            masks[best[0]] = format_location(mask)
        else:
            n_ambiguous += len(best)
    return masks, n_ambiguous


def _list_masks(folder):
    """List the files of a folder by what their images may be called: dict of name to paths."""
    known = defaultdict(list)
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            stem, ending = os.path.splitext(name)
            if ending.lower() in ENDINGS and not name.startswith("."):
                known[stem].append(os.path.join(parent, name))
    return known


def _choose(path, known):
    """Return the masks that fit an image best, and how many folders they share with it."""
    location = PurePath(parse_location(path).path)
    names = dict.fromkeys(
        f"{name}{suffix}" for suffix in SUFFIXES for name in (location.stem, location.name)
    )
    # An image is not its own mask.
    fitting = [mask for name in names for mask in known.get(name, ()) if mask != str(location)]
    shared = [_count_shared(location.parent.parts, PurePath(mask).parent.parts) for mask in fitting]
    most = max(shared, default=0)
    return [mask for mask, count in zip(fitting, shared, strict=True) if count == most], most


def _count_shared(folders, others):
    """Count the last folders that two paths have in common."""
    count = 0
    for one, other in zip(reversed(folders), reversed(others), strict=False):
        if one != other:
            break
        count += 1
    return count


def _explain(dataset, folder):
    if folder is None:
        return f"{dataset.name}: the column mask of its list is empty"
    name = PurePath(dataset.table["path"].iloc[0]).stem
    return (
        f"{dataset.name}: none of {len(dataset):,} images has a mask in {format_location(folder)}; "
        f"masks are called as their images, as {name}.png or {name}_mask.png"
    )
