"""A table of features with its provenance, in memory and on disk."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet

from featurex.checks import fail
from featurex.errors import DataError
from featurex.files import replacing

METADATA_KEY = b"featurex"
ENDINGS = (".parquet", ".csv")


@dataclass(frozen=True)
class Table:
    """Features of a data set, the files that were set aside, and how the table was made.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_images, 7 + n_columns)
        The data set's columns (path, label, subtype, patient, split, source), content (a digest of
        the pixels as they were read), then the features.
    errors : pandas.DataFrame
        path, reason, detail: one row for each image that was set aside.
    metadata : dict
        Version of featurex, chain and its digest, names of the feature columns, digests of the file
        list and of the files.
    """

    frame: pd.DataFrame
    errors: pd.DataFrame
    metadata: dict

    @property
    def columns(self):
        """The names of the features, in order: list of str."""
        return self.metadata["columns"]

    def write(self, path):
        """Write the table to a file, which appears whole or not at all.

        Parameters
        ----------
        path : str or path-like
            A .parquet file, which holds the metadata, too, or a .csv file, which holds the frame
            alone.

        Raises
        ------
        ParameterError
            If the name has another ending.
        DataError
            If the file cannot be written.
        """
        ending = check_ending("path", path)
        with replacing(path) as temporary:
            if ending == ".csv":
                self.frame.to_csv(temporary, index=False)
                return
            table = pyarrow.Table.from_pandas(self.frame, preserve_index=False)
            stored = table.replace_schema_metadata(with_metadata(table.schema, self.metadata))
            pyarrow.parquet.write_table(stored, temporary, compression="zstd")


def read_table(path):
    """Read a table of features that featurex has written.

    Parameters
    ----------
    path : str or path-like
        A .parquet file, as of `extract_to`, or a .csv file, as of `Table.write`.

    Returns
    -------
    frame : pandas.DataFrame, shape (n_images, n_columns)
        One row for each image; its columns are named.
    metadata : dict
        How the table was made, as in `Table`; empty for a .csv file, and for one of another
        program.

    Raises
    ------
    ParameterError
        If the name has another ending.
    DataError
        If there is no such file, or it is damaged.

    Examples
    --------
    >>> from featurex import IntensityStatistics, extract, read_table
    >>> extract("chest_xray", IntensityStatistics(), n_jobs=1).write("features.parquet")
    >>> frame, metadata = read_table("features.parquet")
    >>> frame[metadata["columns"]].shape
    (6, 18)
    """
    ending = check_ending("path", path)
    with _reading(path):
        if ending == ".csv":
            return pd.read_csv(path, keep_default_na=False), {}
        table = pyarrow.parquet.read_table(path)
        return table.to_pandas(), _metadata(table.schema)


def read_metadata(path):
    """Read the metadata alone, without the rows; see `read_table`."""
    with _reading(path):
        return _metadata(pyarrow.parquet.read_schema(path))


def with_metadata(schema, metadata):
    """Join a schema's own metadata and those of featurex: dict of bytes."""
    return {**(schema.metadata or {}), METADATA_KEY: json.dumps(metadata).encode()}


def check_ending(name, path):
    """Return the ending of a table's file, in lower case; refuse all but `ENDINGS`."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        fail(name, f"a file that ends in {' or '.join(ENDINGS)}", str(path))
    return ending


@contextmanager
def _reading(path):
    try:
        yield
    except (OSError, ValueError) as error:  # ArrowInvalid, ParserError and JSONDecodeError, too
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot read the table {path}: {reason}") from error


def _metadata(schema):
    return json.loads((schema.metadata or {}).get(METADATA_KEY, b"{}"))
