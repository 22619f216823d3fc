"""A table of features with its provenance, in memory and on disk."""

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike

import pandas as pd
import pyarrow

from featurex.display import facts_html
from featurex.engine.formats import (
    CSV,
    GZIP,
    check_ending,
    read_arrow,
    read_csv,
    read_schema,
    write_arrow,
)
from featurex.errors import DataError
from featurex.files import replacing
from featurex.wording import count

METADATA_KEY = b"featurex"


@dataclass(frozen=True, repr=False)
class Table:
    """Features of a data set, the files that were set aside, and how the table was made.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_images, n_known + n_columns)
        The data set's columns (path, label, subtype, patient, split, source; of images without
        labels only those that say something), content (a digest of the pixels as they were read),
        then the features.
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
    def columns(self) -> list[str]:
        """The names of the features, in order: list of str."""
        return self.metadata["columns"]

    def __repr__(self):
        return f"<Table: {self._size()}>"

    def _repr_html_(self):
        families = Counter(name.partition("_")[0] for name in self.columns)
        facts = {
            "columns": ", ".join(f"{family} {number:,}" for family, number in families.items()),
            "set aside": ", ".join(
                f"{number} {reason}"
                for reason, number in self.errors["reason"].value_counts().items()
            )
            or "none",
            "made by": f"featurex {self.metadata.get('featurex', 'of unknown version')}",
        }
        rows = self.frame.head(3).to_html(max_cols=10, index=False, escape=True, border=0)
        return facts_html(f"Features of {self._size()}", facts) + rows

    def _size(self):
        return f"{count(len(self.frame), 'image')}, {count(len(self.columns), 'column')}"

    def write(self, path: str | PathLike[str]) -> None:
        """Write the table to a file, which appears whole or not at all.

        Parameters
        ----------
        path : str or path-like
            A .parquet or .feather file, which holds the metadata, too, or a .csv or .csv.gz file,
            which holds the frame alone.

        Raises
        ------
        ParameterError
            If the name has another ending.
        DataError
            If the file cannot be written.
        """
        ending = check_ending("path", path)
        table = pyarrow.Table.from_pandas(self.frame, preserve_index=False)
        table = table.replace_schema_metadata(with_metadata(table.schema, self.metadata))
        with replacing(path) as temporary:
            write_arrow([table], table.schema, temporary, ending)


def read_table(path: str | PathLike[str]) -> tuple[pd.DataFrame, dict]:
    """Read a table of features that featurex has written.

    Parameters
    ----------
    path : str or path-like
        A .parquet, .feather, .csv or .csv.gz file, as of `extract_to` or `Table.write`.

    Returns
    -------
    frame : pandas.DataFrame, shape (n_images, n_columns)
        One row for each image; its columns are named.
    metadata : dict
        How the table was made, as in `Table`; empty for .csv and .csv.gz files, and for those of
        another program.

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
        if ending in (CSV, GZIP):
            return read_csv(path), {}
        table = read_arrow(path, ending)
        return table.to_pandas(), _metadata(table.schema)


def read_metadata(path):
    """Read the metadata alone, without the rows; see `read_table`."""
    ending = check_ending("path", path)
    if ending in (CSV, GZIP):
        return {}
    with _reading(path):
        return _metadata(read_schema(path, ending))


def with_metadata(schema, metadata):
    """Join a schema's own metadata and those of featurex: dict of bytes."""
    return {**(schema.metadata or {}), METADATA_KEY: json.dumps(metadata).encode()}


@contextmanager
def _reading(path):
    try:
        yield
    except (OSError, ValueError) as error:  # ArrowInvalid, ParserError and JSONDecodeError, too
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot read the table {path}: {reason}") from error


def _metadata(schema):
    return json.loads((schema.metadata or {}).get(METADATA_KEY, b"{}"))
