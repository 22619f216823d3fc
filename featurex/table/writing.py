"""Finished parts put together, a piece of the table at a time."""

import numpy as np
import pyarrow
import pyarrow.parquet

from featurex.files import telling
from featurex.table.table import with_metadata

# Of a piece: what is in memory at a time. Parquet takes its time for each column of each piece, so that pieces of
# many columns must not be small.
_ROWS, _BYTES = 4096, 1 << 28


class Pieces:
    """A table in pieces of some thousand rows, in order, each as soon as its parts are done.

    Parameters
    ----------
    parts : PartFolder
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
        """Note that a part is there."""
        self._done.add(part.start)

    def take(self):
        """The next piece, pyarrow.Table, or None where it has no rows, or is not yet there."""
        if not self._left or any(part.start not in self._done for part in self._left[-1]):
            return None
        rows = [self._parts.read(part) for part in self._left.pop()]
        rows = [part for part in rows if len(part.kept)]
        return self._put_together(rows) if rows else None

    def __iter__(self):
        """Take what is left; all parts must be there."""
        while self._left:
            piece = self.take()
            if piece is not None:
                yield piece

    def _put_together(self, rows):
        kept = np.concatenate([part.kept for part in rows])
        frame = self._table.iloc[kept].reset_index(drop=True)
        known = pyarrow.Table.from_pandas(
            frame.assign(content=[content for part in rows for content in part.contents]), preserve_index=False
        )
        values = np.empty((len(self._columns), len(kept)), np.float32)
        start = 0
        for part in rows:
            values[:, start : start + len(part.kept)] = part.values.T
            start += len(part.kept)
        arrays = [pyarrow.array(column) for column in values]
        return pyarrow.table([*known.columns, *arrays], names=[*known.column_names, *self._columns])


class TableFile:
    """A Parquet file that grows by pieces of one table.

    Parameters
    ----------
    path : pathlib.Path
        Overwritten.
    columns : list of str
        Names of the features.
    metadata : dict
        Of the table.
    """

    def __init__(self, path, columns, metadata):
        self.path, self.n_rows = path, 0
        self._columns, self._metadata = frozenset(columns), metadata
        self._writer = None

    def write(self, piece):
        """Append a piece.

        Raises
        ------
        DataError
            If the disk is full, or the file cannot be written for another reason.
        """
        with telling(self.path):
            if self._writer is None:
                self._writer = self._open(piece.schema)
            self._writer.write_table(piece.cast(self._writer.schema))
            self.n_rows += len(piece)

    def close(self):
        """End the file; it is not whole before."""
        if self._writer is not None:
            with telling(self.path):
                self._writer.close()

    def _open(self, schema):
        # Features hardly repeat, and nobody looks for a range of them: dictionaries and statistics of them cost time
        # and room, and so does compressing hard.
        known = [name for name in schema.names if name not in self._columns]
        return pyarrow.parquet.ParquetWriter(
            self.path,
            schema.with_metadata(with_metadata(schema, self._metadata)),
            compression="snappy",
            use_dictionary=known,
            write_statistics=known,
        )
