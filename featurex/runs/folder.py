"""Writes the folder of a run, each file whole or not at all."""

import json
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

    def write_csv(self, name, frame):
        """Write a table.

        Parameters
        ----------
        name : str
            `schema.ROWS`, `schema.PREDICTIONS` or `schema.ERRORS`.
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

        Raises
        ------
        DataError
            If a value is not of its declared type; the message names its place.
        """
        tree = to_json(info)
        from_json(schema.RunInfo, tree, schema.RUN)
        with replacing(self.path / schema.RUN) as temporary:
            text = json.dumps(tree, indent=1, allow_nan=False)
            temporary.write_text(f"{text}\n", encoding="utf-8")

    def write_features(self, parts):
        """Write the features of all inputs, one after the other, as one Parquet file.

        Parameters
        ----------
        parts : iterable of pandas.DataFrame
            All with the same columns.
        """
        with replacing(self.path / schema.FEATURES) as temporary:
            writer = None
            for part in parts:
                table = pyarrow.Table.from_pandas(part, preserve_index=False)
                writer = writer or pyarrow.parquet.ParquetWriter(
                    temporary, table.schema, compression="zstd"
                )
                writer.write_table(table)
                # The next part is made while these names still stand: let go of this one's memory
                # first.
                del part, table
            if writer is not None:
                writer.close()

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
