"""Writes the folder of a run, each file whole or not at all."""

import json
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow
import pyarrow.parquet

from featurex.errors import DataError
from featurex.files import check_writable, locked, replacing
from featurex.runs import schema
from featurex.runs.encoding import from_json, to_json


class RunFolder:
    """A folder that one run fills, in one go or in several.

    Parameters
    ----------
    path : str or path-like
        Is created where needed.

    Raises
    ------
    DataError
        If it cannot be written, or holds anything that is not of a run that can be resumed: no run
        overwrites another.
    """

    def __init__(self, path):
        self.path = Path(path)
        held = {entry.name for entry in self.path.iterdir()} if self.path.is_dir() else set()
        if held - {schema.WORK} and not self._identity.exists():
            what = "another run" if schema.RUN in held else "files"
            raise DataError(
                f"{self.path} holds {what} already; choose another folder with --out, or remove it"
            )
        check_writable(self.path)

    @property
    def work(self):
        """Where unfinished work is kept: pathlib.Path."""
        return self.path / schema.WORK

    @property
    def is_finished(self):
        """Whether run.json is there, which is written last."""
        return (self.path / schema.RUN).exists()

    @property
    def _identity(self):
        return self.work / "identity.json"

    @contextmanager
    def locked(self):
        """Keep other runs out of the folder until this one has ended, or its process is gone.

        Yields
        ------
        folder : RunFolder
            Itself.

        Raises
        ------
        DataError
            If another run is filling the folder at this moment.
        """
        with locked(self.work):
            yield self

    def claim(self, identity):
        """Record of what run the folder is.

        Parameters
        ----------
        identity : dict
            What must be the same for a run to be resumed, in the plain types of JSON.

        Raises
        ------
        DataError
            If the folder is of another run; the message says in what they differ.
        """
        identity = json.loads(json.dumps(identity))
        if self._identity.exists():
            known = _read_json(self._identity)
            if known != identity:
                raise DataError(
                    f"{self.path} holds a run that differs in {_name_differences(known, identity)};"
                    " choose another folder with --out, or remove it"
                )
            return
        with replacing(self._identity) as temporary:
            temporary.write_text(json.dumps(identity, indent=1), encoding="utf-8")

    def forget(self):
        """Remove the record and all unfinished work, as of a run that could not start."""
        shutil.rmtree(self.work, ignore_errors=True)

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


def _read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _name_differences(known, other, most=3):
    """Name what differs in two trees, as "models.logistic.C": a few of them, and how many more."""
    known, other = dict(_flatten(known)), dict(_flatten(other))
    names = [name for name in {**other, **known} if known.get(name) != other.get(name)]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _flatten(tree, name=""):
    if isinstance(tree, dict) and tree:
        for key, value in tree.items():
            yield from _flatten(value, f"{name}.{key}" if name else key)
    else:
        yield name, tree
