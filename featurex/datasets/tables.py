"""Lists of images as tables of texts, whatever program wrote them."""

import csv
import gzip
import warnings

import pandas as pd

from featurex.errors import DataError
from featurex.files import refuse_pipe

# What a list may end in; those of texts may be compressed (.csv.gz).
TEXT_ENDINGS = (".csv", ".tsv")
ENDINGS = (
    *TEXT_ENDINGS,
    *(f"{ending}.gz" for ending in TEXT_ENDINGS),
    ".parquet",
    ".feather",
    ".xlsx",
)
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# What starts a text in UTF-16, as "Unicode text" from Excel.
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def find_ending(path):
    """Return the ending of a list's name, in lower case, as ".csv.gz"; "" where it is no list.

    Parameters
    ----------
    path : pathlib.Path
        Only its name counts.

    Returns
    -------
    ending : str
        One of `ENDINGS`, or "".

    Examples
    --------
    >>> from pathlib import Path
    >>> find_ending(Path("labels.v2.CSV.gz")), find_ending(Path("images"))
    ('.csv.gz', '')
    """
    name = path.name.lower()
    return max((end for end in ENDINGS if name.endswith(end)), key=len, default="")


def read_table(path, notes=None, **options):
    """Read a list as texts, missing values as "".

    Parameters
    ----------
    path : pathlib.Path
        Its ending decides about the format. The separator of a text file is the one that its header
        holds, and the encoding is UTF-8, or UTF-16 with a mark.
    notes : list of str or None
        Grows by a sentence where fields are not separated by commas, or sheets were left out.
    **options
        Passed on to `pandas.read_csv`.

    Returns
    -------
    table : pandas.DataFrame

    Raises
    ------
    DataError
        If the file cannot be read; the message says what to change.
    """
    refuse_pipe(path)
    ending, notes = find_ending(path), [] if notes is None else notes
    try:
        if ending == ".xlsx":
            return _read_excel(path, notes)
        if ending in (".parquet", ".feather"):
            read = pd.read_parquet if ending == ".parquet" else pd.read_feather
            return _as_texts(read(path))
        return _read_text(path, notes, options)
    except OSError as error:
        raise DataError(f"cannot read the list {path}: {error.strerror or error}") from error
    except DataError:
        raise
    except (ValueError, KeyError, EOFError) as error:
        # Also ParserError, UnicodeDecodeError, ArrowInvalid and what a damaged archive raises.
        raise DataError(
            f"the list {path} is no readable {ending.removeprefix('.')} file: {error}"
        ) from error


def read_columns(path, needed, wanted=()):
    """Read some columns of a list; see `read_table`.

    Parameters
    ----------
    path : pathlib.Path
        The list.
    needed : sequence of str
        Columns that it must have.
    wanted : sequence of str
        Columns that are empty where it has none of that name.

    Returns
    -------
    table : pandas.DataFrame
        With all of these columns.

    Raises
    ------
    DataError
        If the file cannot be read, or lacks a column that is needed.
    """
    columns = [*needed, *wanted]
    table = read_table(path, usecols=lambda name: name in columns)
    for name in needed:
        if name not in table:
            raise DataError(f"{path} has no column {name!r}; is it the list of that set?")
    return table.reindex(columns=columns, fill_value="")


def _read_text(path, notes, options):
    encoding, header = _read_header(path)
    separator = _find_separator(path, header)
    _check_names(path, next(csv.reader([header], delimiter=separator), ()))
    if separator != ",":
        notes.append(f"the fields of {path.name} are separated by {_SEPARATORS[separator]}")
    try:
        with warnings.catch_warnings():
            # Where rows have more fields than the header, pandas warns and drops some.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                path,
                sep=separator,
                encoding=encoding,
                dtype="str",
                keep_default_na=False,
                index_col=False,
                **options,
            )
    except pd.errors.ParserWarning as error:
        raise DataError(
            f"the list {path} has rows of more fields than its header; put quotation marks around "
            f"fields that hold {_SEPARATORS[separator]}"
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"the list {path} is no readable {path.suffix[1:]} file, as it is not in UTF-8; save "
            f"it again as UTF-8"
        ) from error


def _read_header(path):
    """Return the encoding of a text file, and its first line."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as stream:
        start = stream.read(2**16)
    encoding = "utf-16" if start.startswith(_UTF16) else "utf-8-sig"
    lines = start.decode(encoding, errors="replace").splitlines()
    return encoding, lines[0] if lines else ""


def _find_separator(path, header):
    """Return the separator that a header holds outside of quotation marks: commas before others."""
    if path.name.lower().endswith((".tsv", ".tsv.gz")):
        return "\t"
    found = [
        separator
        for separator in _SEPARATORS
        if len(next(csv.reader([header], delimiter=separator), ())) > 1
    ]
    if len(found) > 1 and "," not in found:
        names = " and ".join(_SEPARATORS[separator] for separator in found)
        raise DataError(f"the header of {path} holds {names}; separate the fields by commas")
    return found[0] if found else ","


def _check_names(path, names):
    """Refuse a column that is there twice, of which pandas would rename the second."""
    names = [name.strip() for name in names]
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise DataError(f"the list {path} has two columns {twice[0]!r}; rename or remove one")


def _read_excel(path, notes):
    try:
        with pd.ExcelFile(path, engine="openpyxl") as book:
            first, *others = book.sheet_names
            if others:
                notes.append(
                    f"of {path.name} the first sheet is read, {first}, and not {', '.join(others)}"
                )
            return pd.read_excel(book, sheet_name=first, dtype="str", na_filter=False).fillna("")
    except ImportError as error:
        raise DataError(
            f"to read {path.name}, install openpyxl: pip install 'featurex[excel]'; or save the "
            f"list as .csv"
        ) from error
    except Exception as error:
        # A decoder's: BadZipFile, a SyntaxError of XML, and more.
        raise DataError(f"the list {path} is no readable xlsx file: {error}") from error


def _as_texts(table):
    whole = {name: "Int64" for name in table if _holds_integers(table[name])}
    return table.astype(whole).astype("string").fillna("").astype("str")


def _holds_integers(column):
    """Return whether a column of floats holds integers only, as labels with missing values do."""
    return column.dtype.kind == "f" and bool((column.dropna() % 1 == 0).all())
