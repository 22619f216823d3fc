"""Scores from elsewhere: what another program says of images, matched to them by their paths."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from featurex.benchmark.path_index import PathIndex
from featurex.checks import check_named, check_number, fail
from featurex.datasets.tables import read_table
from featurex.errors import DataError
from featurex.wording import agree, count

# Where a list gives no threshold for two classes.
THRESHOLD = 0.5
_KEYS = ("scores", "threshold")
# How far the scores of all classes may be from a sum of 1: they are written with few digits.
_TOLERANCE = 0.02
# Names that a message lists.
_MOST = 5


@dataclass(frozen=True)
class RivalScores:
    """Scores of one rival, as its file has them.

    Parameters
    ----------
    name : str
        As the user named it.
    file : str
        Where its scores stand.
    threshold : float or None
        From which on an image is positive; None for three classes or more.
    paths : tuple of n str
        As the file has them.
    values : float array, shape (n,) or (n, n_classes)
        Probabilities.
    """

    name: str
    file: str
    threshold: float | None
    paths: tuple[str, ...]
    values: np.ndarray


def check_rivals(rivals):
    """Check what the user says of rivals.

    Parameters
    ----------
    rivals : dict of str to (str, path-like or dict), or None
        By name: a file of scores, or a mapping with scores and threshold.

    Returns
    -------
    rivals : dict of str to dict
        Each with the keys scores and threshold.

    Raises
    ------
    ParameterError
        If a name or a value is of another form.

    Examples
    --------
    >>> check_rivals({"resnet": "scores.csv"})
    {'resnet': {'scores': 'scores.csv', 'threshold': 0.5}}
    """
    named = check_named("rivals", rivals, _KEYS, "a rival", "files of scores")
    return {name: _check_one(f"rivals.{name}", given) for name, given in named.items()}


def _check_one(where, given):
    if not isinstance(given.get("scores"), str | os.PathLike) or not given["scores"]:
        fail(f"{where}.scores", "a file of scores", given.get("scores"))
    threshold = check_number(f"{where}.threshold", given.get("threshold", THRESHOLD), 0, 1)
    return {"scores": os.fspath(given["scores"]), "threshold": threshold}


def read_rival(name, given, classes):
    """Read a file of scores.

    Parameters
    ----------
    name : str
        Of the rival.
    given : dict
        As from `check_rivals`.
    classes : sequence of str
        Names of the run's classes; of two the second is the positive one.

    Returns
    -------
    scores : RivalScores

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, lists an image twice, or a score is no number
        from 0 to 1; the message names the images.
    """
    path = Path(given["scores"])
    table = read_table(path)
    if "path" not in table.columns:
        raise DataError(
            f"{path} has no column path; it has {', '.join(map(str, table.columns))}. A rival's "
            f"file needs path, and score or a column for each of {', '.join(classes)}"
        )
    paths = tuple(table["path"])
    if not paths:
        raise DataError(f"{path} holds no scores")
    values = _read_values(path, table, _find_columns(path, table, classes), paths)
    binary = len(classes) == 2
    if values.shape[1] > 1:
        wrong = np.abs(values.sum(axis=1) - 1) > _TOLERANCE
        _refuse(path, paths, wrong, "the scores of all classes must sum to 1")
    values = values[:, -1] if binary else values
    return RivalScores(name, str(path), given["threshold"] if binary else None, paths, values)


def _find_columns(path, table, classes):
    """The columns that hold scores, in the order of the classes."""
    folded = {str(name).strip().casefold(): name for name in table.columns}
    if len(classes) == 2 and "score" in folded:
        return [folded["score"]]
    for names in (classes, [f"score_{index}" for index in range(len(classes))]):
        if all(name.casefold() in folded for name in names):
            return [folded[name.casefold()] for name in names]
    needed = "score, or " if len(classes) == 2 else ""
    raise DataError(
        f"{path} needs {needed}a column for each class ({', '.join(classes)}) beside path, but it "
        f"has {', '.join(map(str, table.columns))}"
    )


def _read_values(path, table, columns, paths):
    values = np.empty((len(table), len(columns)))
    for number, column in enumerate(columns):
        for row, text in enumerate(table[column]):
            try:
                values[row, number] = float(text)
            except ValueError:
                values[row, number] = np.nan
    _refuse(path, paths, ~((values >= 0) & (values <= 1)).all(axis=1), "scores must be from 0 to 1")
    return values


def _refuse(path, paths, wrong, rule):
    if wrong.any():
        raise DataError(
            f"{path}: {rule}, which {wrong.sum():,} of {count(len(paths), 'row')} "
            f"{agree(wrong.sum(), 'is/are')} not: "
            f"{list_names(np.array(paths, object)[wrong])}"
        )


def list_names(names):
    """Write the first names of many, for a message."""
    shown = ", ".join(map(str, names[:_MOST]))
    more = len(names) - _MOST
    return f"{shown} and {more:,} more" if more > 0 else shown


def match_scores(rival, sets):
    """Match a rival's scores to the images of several sets.

    Parameters
    ----------
    rival : RivalScores
        What its file holds.
    sets : dict of str to (paths, names)
        For each set, by what messages call it, the images' paths, and their paths below the folder
        that holds all. Where a path may mean images of several sets, it means the first.

    Returns
    -------
    rows : dict of str to int array
        For each set, the row of the file that scores each image, -1 where none does.

    Raises
    ------
    DataError
        If a path may mean several images of a set, or an image is scored twice.
    """
    index = PathIndex(*(np.concatenate(parts) for parts in zip(*sets.values(), strict=True)))
    where = np.repeat(list(sets), [len(paths) for paths, _ in sets.values()])
    row, common = np.full(len(where), -1), np.zeros(len(where), int)
    several, twice = [], set()
    for number, path in enumerate(rival.paths):
        found, length = index.find(path)
        found = [image for image in found if where[image] == where[found[0]]]
        if len(found) > 1:
            several.append(path)
        for image in found[:1]:
            if length == common[image]:
                twice.add(path)
            elif length > common[image]:
                row[image], common[image] = number, length
    if several:
        raise DataError(
            f"{rival.file}: {count(len(several), 'path')} may mean several images; write more of "
            f"the folders: {list_names(several)}"
        )
    if twice:
        raise DataError(
            f"{rival.file}: {count(len(twice), 'image')} {agree(len(twice), 'is/are')} scored "
            f"twice: {list_names(sorted(twice))}; leave one row for each"
        )
    return {name: row[where == name] for name in sets}
