"""The run folder: what a benchmark leaves behind, each file whole or not there."""

import json
from pathlib import Path

import pyarrow
import pyarrow.parquet

from featurex.errors import DataError
from featurex.files import check_writable, replacing

# Written last: a folder with it is a finished run.
RUN_FILE = "run.json"
PICTURES = "pictures"


class RunFolder:
    """A new, empty folder that a run fills.

    Parameters
    ----------
    path : str or path-like

    Raises
    ------
    DataError
        If it cannot be written, or holds anything already: no run overwrites another.
    """

    def __init__(self, path):
        self.path = Path(path)
        if self.path.is_dir() and any(self.path.iterdir()):
            what = "another run" if (self.path / RUN_FILE).exists() else "files"
            raise DataError(
                f"{self.path} holds {what} already; choose another folder with --out, or remove it"
            )
        check_writable(self.path)

    def write_csv(self, name, frame):
        """Write a pandas.DataFrame as a CSV file."""
        with replacing(self.path / name) as temporary:
            frame.to_csv(temporary, index=False)

    def write_run(self, run):
        """Write the run's facts, a dict, as JSON."""
        with replacing(self.path / RUN_FILE) as temporary:
            temporary.write_text(
                json.dumps(run, indent=1, allow_nan=False) + "\n", encoding="utf-8"
            )

    def write_features(self, parts):
        """Write the features of all inputs, one after the other, as one Parquet file.

        Parameters
        ----------
        parts : iterable of pandas.DataFrame
            All with the same columns.
        """
        with replacing(self.path / "features.parquet") as temporary:
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
        """Write an encoded PNG; give its path relative to the folder, as the report wants it."""
        with replacing(check_writable(self.path / PICTURES) / name) as temporary:
            temporary.write_bytes(encoded)
        return f"{PICTURES}/{name}"
