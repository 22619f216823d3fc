"""Writes the folder of a run, each file whole or not at all."""

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow
import pyarrow.parquet

from featurex.errors import DataError
from featurex.files import check_writable, replacing
from featurex.runs import schema
from featurex.runs.encoding import from_json, to_json


class RunFolder:
    """A new, empty folder that a run fills.

    Parameters
    ----------
    path : str or path-like
        Is created where needed.

    Raises
    ------
    DataError
        If it cannot be written, or holds anything already: no run overwrites another.
    """

    def __init__(self, path):
        self.path = Path(path)
        if self.path.is_dir() and any(self.path.iterdir()):
            what = "another run" if (self.path / schema.RUN).exists() else "files"
            raise DataError(
                f"{self.path} holds {what} already; choose another folder with --out, or remove it"
            )
        check_writable(self.path)

    @contextmanager
    def locked(self):
        """Keep other runs out of the folder until this one has ended.

        Yields
        ------
        folder : RunFolder
            Itself.

        Raises
        ------
        DataError
            If another run is filling the folder at this moment.
        """
        lock = self.path / ".lock"
        try:
            # Exclusive: of two runs that start at one moment one alone makes the file.
            lock.touch(exist_ok=False)
        except FileExistsError as error:
            raise DataError(
                f"another run is filling {self.path}; choose another folder with --out"
            ) from error
        try:
            yield self
        finally:
            lock.unlink(missing_ok=True)

    def write_csv(self, name, frame):
        """Write a table.

        Parameters
        ----------
        name : str
            One of `schema.ROWS`, `schema.PREDICTIONS`, `schema.EXTERNAL` and `schema.ERRORS`.
        frame : pandas.DataFrame
            With the columns that `featurex.runs.tables` names.
        """
        with replacing(self.path / name) as temporary:
            frame.to_csv(temporary, index=False)

    def write_info(self, info):
        """Write run.json, the last file of a run.

        Parameters
        ----------
        info : RunInfo
            Checked as a reader would: what cannot be read back is not written.

        Returns
        -------
        info : RunInfo
            As a reader gets it: numbers are Python's, and those that JSON lacks are None.

        Raises
        ------
        DataError
            If a value is not of its declared type; the message says where it stands.
        """
        tree = to_json(info)
        info = from_json(schema.RunInfo, tree, schema.RUN)
        with replacing(self.path / schema.RUN) as temporary:
            text = json.dumps(tree, indent=1, allow_nan=False)
            temporary.write_text(f"{text}\n", encoding="utf-8")
        return info

    @contextmanager
    def features_writer(self):
        """Write the features of all inputs, one after the other, as one Parquet file.

        Yields
        ------
        write : callable (pandas.DataFrame)
            To be called with the features of each input, all with the same columns.
        """
        with replacing(self.path / schema.FEATURES) as temporary, ExitStack() as stack:
            writers = []

            def write(frame):
                table = pyarrow.Table.from_pandas(frame, preserve_index=False)
                if not writers:
                    writer = pyarrow.parquet.ParquetWriter(
                        temporary, table.schema, compression="zstd"
                    )
                    writers.append(stack.enter_context(writer))
                writers[0].write_table(table)

            yield write
            # The file must be complete before it is renamed.
            stack.close()

    def write_picture(self, name, encoded):
        """Write a picture.

        Parameters
        ----------
        name : str
            Of the file, as "importance.png".
        encoded : bytes
            A PNG.

        Returns
        -------
        path : str
            Below the run folder, as run.json names it.
        """
        with replacing(check_writable(self.path / schema.PICTURES) / name) as temporary:
            temporary.write_bytes(encoded)
        return f"{schema.PICTURES}/{name}"
