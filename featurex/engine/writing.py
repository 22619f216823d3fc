"""Finished parts are joined to one Parquet file, row group by row group."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow
import pyarrow.parquet

from featurex.engine.films import ROW
from featurex.engine.rows import CONTENT, VALUES
from featurex.engine.table import with_metadata
from featurex.files import naming_errors

# Limits of a row group, which is in memory as a whole. Parquet takes time for each column of each
# row group, so that those of many columns must not be small.
_ROWS, _BYTES = 4096, 1 << 28


class RowGroups:
    """The row groups of a table, in order, each available as soon as its parts are done.

    Parameters
    ----------
    parts : ArrayParts
        Holds the finished parts.
    plan : list of Part
        All parts of the table, in order.
    table : pandas.DataFrame
        The data set's table.
    columns : list of str
        Names of the features.
    """

    def __init__(self, parts, plan, table, columns):
        self._parts, self._table, self._columns = parts, table, columns
        rows = min(_ROWS, _BYTES // (4 * len(columns)))
        n_parts = max(1, rows // (plan[0].stop - plan[0].start))
        self._left = [plan[start : start + n_parts] for start in range(0, len(plan), n_parts)][::-1]
        self._done = set()

    def done(self, part):
        """Note that a part is done."""
        self._done.add(part.start)

    def take(self):
        """Return the next row group (pyarrow.Table); None if it is empty or not yet there."""
        if not self._left or any(part.start not in self._done for part in self._left[-1]):
            return None
        parts = [self._read(part) for part in self._left.pop()]
        parts = [part for part in parts if len(part[ROW])]
        return self._put_together(parts) if parts else None

    def __iter__(self):
        """Take the row groups that are left; all parts must be done."""
        while self._left:
            row_group = self.take()
            if row_group is not None:
                yield row_group

    def _read(self, part):
        kept = self._parts.read(part.start, ROW)
        # A part without images lacks the rest.
        names = (CONTENT, VALUES) if len(kept) else ()
        return {ROW: kept, **{name: self._parts.read(part.start, name) for name in names}}

    def _put_together(self, parts):
        kept, content = (np.concatenate([part[name] for part in parts]) for name in (ROW, CONTENT))
        frame = self._table.iloc[kept].reset_index(drop=True)
        known = pyarrow.Table.from_pandas(frame.assign(content=content), preserve_index=False)
        values = np.empty((len(self._columns), len(kept)), np.float32)
        start = 0
        for part in parts:
            values[:, start : start + len(part[ROW])] = part[VALUES].T
            start += len(part[ROW])
        arrays = [pyarrow.array(column) for column in values]
        return pyarrow.table([*known.columns, *arrays], names=[*known.column_names, *self._columns])


class TableFile:
    """A Parquet file that a thread writes while other processes work on the next row groups.

    Parameters
    ----------
    path : pathlib.Path
        Overwritten.
    row_groups : RowGroups
        Gives the rows, in order.
    columns : list of str
        Names of the features.
    metadata : dict
        Metadata of the table.
    """

    def __init__(self, path, row_groups, columns, metadata):
        self.path, self.n_rows = path, 0
        self._row_groups, self._columns, self._metadata = row_groups, frozenset(columns), metadata
        self._thread, self._writing, self._writer = ThreadPoolExecutor(1), None, None

    def advance(self):
        """Begin to write a row group, if one is there and none is being written.

        Raises
        ------
        DataError
            If the last could not be written, as when the disk is full.
        """
        if self._writing is None or self._writing.done():
            self._wait()
            self._writing = self._thread.submit(self._write, self._row_groups.take)

    def finish(self):
        """Write the row groups that are left, and close the file.

        Raises
        ------
        DataError
            If that cannot be done, as when the disk is full.
        """
        self._wait()
        for row_group in self._row_groups:
            self._write(lambda row_group=row_group: row_group)
        with naming_errors(self.path):
            self._writer.close()
        self.close()

    def close(self):
        """End the thread; an unfinished file cannot be read."""
        self._thread.shutdown(cancel_futures=True)

    def _wait(self):
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write(self, take):
        row_group = take()
        if row_group is not None:
            with naming_errors(self.path):
                self._writer = self._writer or self._open(row_group.schema)
                self._writer.write_table(
                    row_group.replace_schema_metadata(self._writer.schema.metadata)
                )
            self.n_rows += len(row_group)

    def _open(self, schema):
        # Features hardly repeat, and nobody looks for a range of them: dictionaries and statistics
        # of them cost time and room, and so does compressing hard.
        known = [name for name in schema.names if name not in self._columns]
        return pyarrow.parquet.ParquetWriter(
            self.path,
            schema.with_metadata(with_metadata(schema, self._metadata)),
            compression="snappy",
            use_dictionary=known,
            write_statistics=known,
        )
