"""The formats of a table of features, by the ending of its file's name."""

from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet

from featurex.checks import fail

PARQUET, FEATHER, CSV, GZIP = ENDINGS = (".parquet", ".feather", ".csv", ".csv.gz")


def check_ending(name, path):
    """Return the ending of a table's file, in lower case; refuse all but `ENDINGS`."""
    file = Path(path).name.lower()
    for ending in ENDINGS:
        if file.endswith(ending):
            return ending
    return fail(name, f"a file that ends in {', '.join(ENDINGS[:-1])} or {GZIP}", str(path))


def name_errors(path):
    """Name the list of files that were set aside, beside a table: FEATURES.errors.csv."""
    path = Path(path)
    ending = check_ending("path", path)
    return path.with_name(f"{path.name[: -len(ending)]}.errors.csv")


def write_arrow(row_groups, schema, path, ending):
    """Write a table in parts.

    Parameters
    ----------
    row_groups : iterable of pyarrow.Table or pyarrow.RecordBatch
        In order; only one is in memory at a time.
    schema : pyarrow.Schema
        Of all of them. Parquet and Feather files hold its metadata.
    path : pathlib.Path
        Overwritten.
    ending : str
        One of `ENDINGS`.
    """
    if ending == PARQUET:
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for row_group in row_groups:
                writer.write(row_group)
        return
    if ending == FEATHER:
        options = pyarrow.ipc.IpcWriteOptions(compression="lz4")
        with pyarrow.ipc.new_file(path, schema, options=options) as writer:
            for row_group in row_groups:
                writer.write(row_group)
        return
    compression = "gzip" if ending == GZIP else None
    with (
        pyarrow.output_stream(str(path), compression=compression) as stream,
        pyarrow.csv.CSVWriter(stream, schema) as writer,
    ):
        for row_group in row_groups:
            writer.write(row_group)


def convert(parquet, path, ending):
    """Write a Parquet file in another format, row group by row group.

    Parameters
    ----------
    parquet : pathlib.Path
        The file to read.
    path : pathlib.Path
        Overwritten.
    ending : str
        One of `ENDINGS`.
    """
    with pyarrow.parquet.ParquetFile(parquet) as file:
        batches = (
            batch
            for number in range(file.num_row_groups)
            for batch in file.read_row_group(number).to_batches()
        )
        write_arrow(batches, file.schema_arrow, path, ending)


def read_arrow(path, ending):
    """Read a table that holds its metadata: pyarrow.Table."""
    if ending == FEATHER:
        return pyarrow.feather.read_table(path)
    return pyarrow.parquet.read_table(path)


def read_schema(path, ending):
    """Read the columns and metadata of a Parquet or Feather file alone: pyarrow.Schema."""
    if ending == FEATHER:
        with pyarrow.ipc.open_file(path) as file:
            return file.schema
    return pyarrow.parquet.read_schema(path)


def read_csv(path):
    """Read a .csv or .csv.gz file: pandas.DataFrame, without metadata."""
    return pd.read_csv(path, keep_default_na=False)
