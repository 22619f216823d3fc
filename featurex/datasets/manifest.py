"""A list of images: a table in a file, each row an image with what is known of it."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from featurex.datasets.dataset import COLUMNS, SPLITS, make_dataset
from featurex.datasets.folders import SPLIT_FOLDERS, note_patients
from featurex.datasets.listed_paths import PathFinder
from featurex.datasets.names import identify
from featurex.datasets.tables import read_table
from featurex.errors import DataError

# Further columns that mean something to featurex; a list may have any others, which are kept.
FURTHER = ("findings", "mask", "site", "age", "sex", "view", "device")
# How programs write that there is no value.
_MISSING = ("", "nan", "na", "n/a", "null", "none")
# Names that a table of features has itself, and of columns without a name.
_RESERVED = (*COLUMNS, "content")
_NAMELESS = "Unnamed: "


class _Image(NamedTuple):
    """A row of a list, and the number by which messages call it."""

    number: int
    values: tuple


def read_manifest(path, *, columns=None, labels=None, root=None, labelled=True):
    r"""Read a list of images.

    Parameters
    ----------
    path : str or path-like
        A .csv or .tsv file with a header (fields separated by commas, semicolons, tabs or
        vertical bars; also compressed, .csv.gz), a .parquet or .feather file, or the first sheet
        of an .xlsx file (with the extra ``excel``).
    columns : dict of str to str or None
        Column of `Dataset.table` -> column in the file, where the names differ, as ``{"path":
        "Image Index", "patient": "Patient ID"}``. path and label are required; subtype, patient,
        split (train, val, test and their usual synonyms), source, mask, site, age, sex, view and
        device are optional. All other columns of the list are kept under their names.
    labels : dict of str or int to str, or None
        Label in the file -> label to use, as ``{0: "NORMAL", 1: "PNEUMONIA"}``; others stay as they
        are.
    root : str, path-like or None
        The folder from which relative paths are taken; None is the folder of the list.
    labelled : bool
        Whether every image needs a label: rows without one are left out, with a note. Otherwise
        they are kept, and the list needs no column of labels.

    Returns
    -------
    dataset : Dataset
        Its notes count the rows that were left out, by their reason.

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, no row is left, or one image is listed
        twice with different labels, patients or splits.

    Examples
    --------
    >>> with open("list.csv", "w") as file:
    ...     _ = file.write("file,finding,age\na.png,0,31\nb.png,1,54\nc.png,,60\n")
    >>> columns = {"path": "file", "label": "finding"}
    >>> dataset = read_manifest("list.csv", columns=columns, labels={"1": "PNEUMONIA"})
    >>> dataset.table[["label", "age"]].to_numpy().tolist()
    [['0', '31'], ['PNEUMONIA', '54']]
    >>> dataset.notes[0]
    '1 of 3 rows of list.csv are left out: 1 without label (row 3 after the header)'
    """
    path, notes = Path(path), []
    table = read_table(path, notes)
    columns = _find_columns(path, table, columns or {}, labelled)
    chosen, further = _choose(table, columns)
    chosen, left_out = _leave_out(chosen, labelled)
    _check_splits(path, chosen)
    if not labelled and "label" not in columns:
        notes.append(f"{path.name} has no column label: its images have no labels")
    labels = {str(given): label for given, label in (labels or {}).items()}
    finder = PathFinder(path.parent if root is None else Path(root))
    images = [
        _Image(number + 1, _row(path.stem, finder, labels, values, further))
        for number, values in zip(chosen.index, chosen.to_dict("records"), strict=True)
    ]
    images = _drop_repeated(path, images, left_out)
    notes += _note_left_out(path, left_out, len(table))
    rows = [image.values for image in images]
    notes += [*note_patients(rows), *finder.notes()]
    return make_dataset(path.stem, rows, notes, further=further)


def _find_columns(path, table, given, labelled):
    """Return the column of the list for each column of a data set that it has."""
    allowed = (*COLUMNS, *FURTHER)
    wrong = [name for name in given if name not in allowed]
    if wrong:
        raise DataError(
            f"{path}: columns may name {', '.join(allowed)}, but {wrong[0]!r} was given"
        )
    for name, column in given.items():
        if column not in table.columns:
            raise DataError(
                f"{path} has no column {column!r} for the {name}; it has "
                f"{', '.join(map(str, table.columns))}"
            )
    lower = {str(column).strip().lower(): column for column in reversed(table.columns)}
    found = {name: lower[name] for name in allowed if name in lower} | given
    for name in ("path", "label") if labelled else ("path",):
        if name not in found:
            raise DataError(
                f"{path} has no column {name!r} for the {name}; it has "
                f"{', '.join(map(str, table.columns))}. Say which one it is with --columns "
                f"{name}=NAME, or in Python read_manifest(path, columns={{{name!r}: NAME}})"
            )
    return found


def _choose(table, columns):
    """Return the list with a data set's columns, numbered from 0, and the names of further ones."""
    used = set(columns.values())
    others = {
        str(name): name
        for name in table.columns
        if name not in used
        and str(name) not in _RESERVED
        and str(name) not in columns
        and not str(name).startswith(_NAMELESS)
    }
    named = {name: column for name, column in columns.items() if name not in COLUMNS} | others
    chosen = {
        name: table[columns[name]].str.strip() if name in columns else pd.Series("", table.index)
        for name in COLUMNS
    }
    chosen |= {name: table[column] for name, column in named.items()}
    return pd.DataFrame(chosen).reset_index(drop=True), tuple(named)


def _leave_out(table, labelled):
    """Leave out the rows without path or label; also return their numbers by reason."""
    missing = {name: table[name].str.lower().isin(_MISSING) for name in ("path", "label")}
    table = table.assign(label=table["label"].mask(missing["label"], ""))
    without_label = missing["label"] & ~missing["path"] & labelled
    left_out = {
        "without path": (table.index[missing["path"]] + 1).tolist(),
        "without label": (table.index[without_label] + 1).tolist(),
    }
    return table[~missing["path"] & ~without_label], left_out


def _check_splits(path, table):
    known = {*SPLITS, *SPLIT_FOLDERS}
    for row, split in table["split"].str.lower().items():
        if split not in known:
            raise DataError(
                f"{path}: row {row + 1} after the header has the split {split!r}; use train, val "
                f"or test"
            )


def _row(source, finder, labels, values, further):
    """Return an image as `make_dataset` takes it."""
    label = labels.get(values["label"], values["label"])
    known = identify(label, values["path"])
    path = finder.find(values["path"])
    if values.get("mask", "").lower() in _MISSING:
        values["mask"] = ""
    else:
        values["mask"] = finder.find(values["mask"])
    return (
        path,
        known.label,
        values["subtype"] or known.subtype,
        values["patient"] or known.patient or path,
        SPLIT_FOLDERS.get(values["split"].lower(), ""),
        values["source"] or source,
        *(values[name] for name in further),
    )


def _drop_repeated(path, images, left_out):
    """Keep the first of the rows that say the same of an image, as lists of boxes have them."""
    first, repeated = {}, []
    for image in images:
        before = first.setdefault(image.values[0], image)
        if before is image:
            continue
        if before.values[: len(COLUMNS)] != image.values[: len(COLUMNS)]:
            raise DataError(
                f"{path}: {image.values[0]} is listed twice, in rows {before.number} and "
                f"{image.number} after the header, and they disagree; list it once"
            )
        repeated.append(image.number)
    left_out["that repeat an image"] = repeated
    return list(first.values())


def _note_left_out(path, left_out, total):
    """Return a note that counts the rows that were left out, by reason."""
    counts = {reason: rows for reason, rows in left_out.items() if rows}
    if not counts:
        return []
    parts = [
        f"{len(rows):,} {reason} ({'row' if len(rows) == 1 else 'the first is row'} {rows[0]} "
        f"after the header)"
        for reason, rows in counts.items()
    ]
    count = sum(map(len, counts.values()))
    return [f"{count:,} of {total:,} rows of {path.name} are left out: {', '.join(parts)}"]
