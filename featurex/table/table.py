"""A table of features with its provenance, in memory and on disk."""

import json
from dataclasses import dataclass

import pandas as pd
import pyarrow
import pyarrow.parquet

from featurex.files import replacing

METADATA_KEY = b"featurex"


@dataclass(frozen=True)
class Table:
    """Features of a data set, what could not be read, and how it was made.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_images, 7 + n_columns)
        The data set's columns (path, label, subtype, patient, split, source), content (a digest of
        the pixels as they were read), then the features.
    errors : pandas.DataFrame
        path, reason, detail: one row for each image that was set aside.
    metadata : dict
        featurex version, chain and its digest, feature columns, digests of the file list and of the
        files.
    """

    frame: pd.DataFrame
    errors: pd.DataFrame
    metadata: dict

    @property
    def columns(self):
        """The names of the features, in order."""
        return self.metadata["columns"]

    def write(self, path):
        """Write frame and metadata to a Parquet file, which appears whole or not at all."""
        table = pyarrow.Table.from_pandas(self.frame, preserve_index=False)
        with replacing(path) as temporary:
            stored = table.replace_schema_metadata(with_metadata(table.schema, self.metadata))
            pyarrow.parquet.write_table(stored, temporary, compression="zstd")


def read_table(path):
    """Read a table of features that featurex has written.

    Parameters
    ----------
    path : str or path-like
        A Parquet file.

    Returns
    -------
    frame : pandas.DataFrame
    metadata : dict
        Empty where featurex did not write the file.
    """
    table = pyarrow.parquet.read_table(path)
    return table.to_pandas(), _metadata(table.schema)


def read_metadata(path):
    """The metadata alone, without the rows; see `read_table`."""
    return _metadata(pyarrow.parquet.read_schema(path))


def with_metadata(schema, metadata):
    """The schema's own metadata and ours: dict of bytes."""
    return {**(schema.metadata or {}), METADATA_KEY: json.dumps(metadata).encode()}


def _metadata(schema):
    return json.loads((schema.metadata or {}).get(METADATA_KEY, b"{}"))
