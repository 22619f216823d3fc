"""A list of images in a CSV or Parquet file."""

import os
from pathlib import Path

import pandas as pd

from featurex.datasets.dataset import COLUMNS, SPLITS, make_dataset
from featurex.datasets.folders import SPLIT_FOLDERS, note_patients
from featurex.datasets.names import identify
from featurex.errors import DataError
from featurex.images.location import format_location

ENDINGS = (".csv", ".parquet")
_REQUIRED = ("path", "label")


def read_manifest(path, *, columns=None, labels=None):
    r"""Read a list of images.

    Parameters
    ----------
    path : str or path-like
        A .csv (UTF-8, with a header) or .parquet file.
    columns : dict of str to str or None
        Column of `Dataset.table` -> column in the file, where the names differ, as ``{"path":
        "Image Index", "patient": "Patient ID"}``. path and label are required; subtype, patient,
        split (train, val, test and their usual synonyms) and source are optional.
    labels : dict of str to str or None
        Label in the file -> label to use, as ``{"0": "NORMAL", "1": "PNEUMONIA"}``; others stay as
        they are.

    Returns
    -------
    dataset : Dataset
        Relative paths are taken from the folder of the list.

    Raises
    ------
    DataError
        If the file cannot be read, or a column or a value is missing.

    Examples
    --------
    >>> with open("list.csv", "w") as file:
    ...     _ = file.write("file,finding\na.png,0\nb.png,1\n")
    >>> columns = {"path": "file", "label": "finding"}
    >>> dataset = read_manifest("list.csv", columns=columns, labels={"1": "PNEUMONIA"})
    >>> dataset.table["label"].tolist()
    ['0', 'PNEUMONIA']
    """
    path = Path(path)
    table = read_table(path)
    columns = {name: name for name in COLUMNS if name in table.columns} | (columns or {})
    _check_columns(path, table, columns)
    chosen = pd.DataFrame(
        {
            name: table[columns[name]] if name in columns else pd.Series("", table.index)
            for name in COLUMNS
        }
    )
    _check_values(path, chosen)
    rows = [_row(path, labels or {}, **row) for row in chosen.to_dict("records")]
    return make_dataset(path.stem, rows, note_patients(rows))


def read_table(path, **options):
    """Read a CSV or Parquet file as texts, missing values as "".

    Parameters
    ----------
    path : pathlib.Path
        Its ending decides about the format.
    **options
        Passed on to `pandas.read_csv`.

    Returns
    -------
    table : pandas.DataFrame

    Raises
    ------
    DataError
    """
    try:
        if path.suffix.lower() == ".parquet":
            table = pd.read_parquet(path)
            return table.astype("string").fillna("").astype("str")
        return pd.read_csv(path, dtype="str", keep_default_na=False, index_col=False, **options)
    except OSError as error:
        raise DataError(f"cannot read the list {path}: {error.strerror or error}") from error
    except ValueError as error:  # also ParserError, UnicodeDecodeError and ArrowInvalid
        raise DataError(
            f"the list {path} is no readable {path.suffix[1:]} file: {error}"
        ) from error


def _check_columns(path, table, columns):
    wrong = set(columns) - set(COLUMNS)
    if wrong:
        raise DataError(
            f"{path}: columns may name {', '.join(COLUMNS)}, but {min(wrong)!r} was given"
        )
    for name in _REQUIRED:
        if columns.get(name, name) not in table.columns:
            raise DataError(
                f"{path} has no column {columns.get(name, name)!r} for the {name}; it has "
                f"{', '.join(map(str, table.columns))}. Say which one it is with "
                f"read_manifest(path, columns={{{name!r}: ...}})"
            )
    for name, given in columns.items():
        if given not in table.columns:
            raise DataError(f"{path} has no column {given!r} for the {name}")


def _check_values(path, table):
    for name in _REQUIRED:
        missing = table[name] == ""
        if missing.any():
            raise DataError(f"{path}: row {missing.idxmax() + 1} after the header has no {name}")
    known = {*SPLITS, *SPLIT_FOLDERS}
    for row, split in enumerate(table["split"].str.lower()):
        if split not in known:
            raise DataError(
                f"{path}: row {row + 1} after the header has the split {split!r}; use train, val "
                f"or test"
            )


def _row(manifest, labels, path, label, subtype, patient, split, source):
    known = identify(labels.get(label, label), path)
    if not path.startswith("file://"):
        path = format_location(os.path.join(manifest.parent, path))
    split = SPLIT_FOLDERS.get(split.lower(), "")
    return (
        path,
        known.label,
        subtype or known.subtype,
        patient or known.patient or path,
        split,
        source or manifest.stem,
    )
