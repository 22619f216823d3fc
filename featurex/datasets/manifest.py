"""A list of images in a CSV or Parquet file."""

import os
import warnings
from pathlib import Path

import pandas as pd

from featurex.datasets.dataset import COLUMNS, SPLITS, make_dataset
from featurex.datasets.folders import SPLIT_FOLDERS, note_patients
from featurex.datasets.names import identify
from featurex.errors import DataError
from featurex.images.location import format_location

ENDINGS = (".csv", ".parquet")
_REQUIRED = ("path", "label")
# How programs write that there is no value.
_MISSING = ("", "nan", "na", "n/a", "null")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


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
    labels : dict of str or int to str, or None
        Label in the file -> label to use, as ``{0: "NORMAL", 1: "PNEUMONIA"}``; others stay as they
        are.

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
    labels = {str(given): label for given, label in (labels or {}).items()}
    columns = {name: name for name in COLUMNS if name in table.columns} | (columns or {})
    _check_columns(path, table, columns)
    chosen = pd.DataFrame(
        {
            name: table[columns[name]] if name in columns else pd.Series("", table.index)
            for name in COLUMNS
        }
    )
    _check_values(path, chosen)
    rows = [_row(path, labels, **row) for row in chosen.to_dict("records")]
    notes = note_patients(rows)
    given = chosen["path"].str.contains("\\", regex=False)
    if any(marked and "\\" not in row[0] for marked, row in zip(given, rows, strict=True)):
        notes.append("backslashes in paths are read as on Windows: they separate folders")
    return make_dataset(path.stem, rows, notes)


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
            whole = {name: "Int64" for name in table if _holds_integers(table[name])}
            return table.astype(whole).astype("string").fillna("").astype("str")
        with warnings.catch_warnings():
            # Where rows have more fields than the header, pandas warns and drops some.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(path, dtype="str", keep_default_na=False, index_col=False, **options)
    except pd.errors.ParserWarning as error:
        raise DataError(
            f"the list {path} has rows of more fields than its header; put quotation marks around "
            f"fields that hold commas"
        ) from error
    except OSError as error:
        raise DataError(f"cannot read the list {path}: {error.strerror or error}") from error
    except ValueError as error:  # also ParserError, UnicodeDecodeError and ArrowInvalid
        raise DataError(
            f"the list {path} is no readable {path.suffix[1:]} file: {error}"
        ) from error


def _holds_integers(column):
    """Return whether a column of floats holds integers only, as labels with missing values do."""
    return column.dtype.kind == "f" and bool((column.dropna() % 1 == 0).all())


def _check_columns(path, table, columns):
    wrong = set(columns) - set(COLUMNS)
    if wrong:
        raise DataError(
            f"{path}: columns may name {', '.join(COLUMNS)}, but {min(wrong)!r} was given"
        )
    for separator, name in _SEPARATORS.items():
        if len(table.columns) == 1 and separator in table.columns[0]:
            raise DataError(f"the fields of {path} are separated by {name}; use commas")
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
        missing = table[name].str.lower().isin(_MISSING)
        if missing.any():
            raise DataError(f"{path}: row {missing.idxmax() + 1} after the header has no {name}")
    known = {*SPLITS, *SPLIT_FOLDERS}
    for row, split in enumerate(table["split"].str.lower()):
        if split not in known:
            raise DataError(
                f"{path}: row {row + 1} after the header has the split {split!r}; use train, val "
                f"or test"
            )


def _join(folder, path):
    """Join a path to the list's folder; backslashes separate folders if only then it exists."""
    joined = os.path.join(folder, path)
    if "\\" in path and not os.path.exists(joined):
        from_windows = os.path.join(folder, path.replace("\\", "/"))
        if os.path.exists(from_windows):
            joined = from_windows
    return format_location(joined)


def _row(manifest, labels, path, label, subtype, patient, split, source):
    known = identify(labels.get(label, label), path)
    if not path.startswith("file://"):
        path = _join(manifest.parent, path)
    split = SPLIT_FOLDERS.get(split.lower(), "")
    return (
        path,
        known.label,
        subtype or known.subtype,
        patient or known.patient or path,
        split,
        source or manifest.stem,
    )
