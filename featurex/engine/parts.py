"""Finished parts of a table on disk, so that a run that was killed can go on."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow

from featurex.engine.reading import Rows
from featurex.errors import DataError, ImageError
from featurex.files import locked, replacing
from featurex.images import MaskedPath, parse_location

_STAMP, _ERRORS = b"stamp", b"errors"
_IDENTITY = "identity.json"


class Part(NamedTuple):
    """Consecutive images of a data set.

    Parameters
    ----------
    start, stop : int
        Rows of the data set's table.
    stamp : str
        Digest of the files as they are now; see `stamp_files`.
    """

    start: int
    stop: int
    stamp: str


class PartFolder:
    """A folder of finished parts of one table.

    Parameters
    ----------
    folder : str or path-like
        Created by `locked` if it does not exist.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def locked(self):
        """Enter a context that keeps other runs out of the folder; see `featurex.files.locked`."""
        return locked(self.folder)

    def claim(self, identity, restart):
        """Record to which table the parts belong.

        Parameters
        ----------
        identity : dict of str to str
            What must be the same for parts to fit together.
        restart : bool
            Whether to delete the parts of another table.

        Raises
        ------
        DataError
            If the parts belong to another table.
        """
        path = self.folder / _IDENTITY
        known = _read_json(path)
        if known is not None and known != identity:
            differing = ", ".join(name for name in identity if known.get(name) != identity[name])
            if not restart:
                raise DataError(
                    f"{self.folder} holds parts of a run with another {differing}: finish that, "
                    "or delete them with --restart, or name another --out"
                )
        if known != identity or restart:
            self.clear()
            with replacing(path) as temporary:
                temporary.write_text(json.dumps(identity, indent=2), encoding="utf-8")

    def is_done(self, part):
        """Return whether the part is there and its files have not changed since."""
        try:
            with pyarrow.ipc.open_file(str(self.path(part))) as reader:
                return reader.schema.metadata.get(_STAMP) == part.stamp.encode()
        except (OSError, pyarrow.ArrowInvalid):
            return False

    def path(self, part):
        """Return the path of a part's file."""
        return self.folder / f"{part.start:09d}.arrow"

    def write(self, part, rows):
        """Write the rows of a part; its file appears whole or not at all."""
        errors = json.dumps([(error.reason, error.path, error.detail) for error in rows.errors])
        lengths = np.full(len(rows.kept), rows.values.shape[1])
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        table = pyarrow.table(
            {
                "position": pyarrow.array(rows.kept + part.start, pyarrow.int64()),
                "content": pyarrow.array(rows.contents, pyarrow.string()),
                "values": pyarrow.ListArray.from_arrays(
                    offsets, pyarrow.array(rows.values.ravel())
                ),
            }
        ).replace_schema_metadata({_STAMP: part.stamp, _ERRORS: errors})
        with (
            replacing(self.path(part)) as temporary,
            pyarrow.ipc.new_file(str(temporary), table.schema) as writer,
        ):
            writer.write_table(table)

    def read(self, part):
        """Read the rows of a finished part; `kept` counts from the data set's first row."""
        # Memory-mapped, so that values are copied once only, into the table.
        with (
            pyarrow.memory_map(str(self.path(part))) as file,
            pyarrow.ipc.open_file(file) as reader,
        ):
            table = reader.read_all()
        lists = table["values"].chunks
        values = lists[0].flatten().to_numpy() if lists else np.empty(0, np.float32)
        values = values.reshape(len(table), len(values) // max(1, len(table)))
        return Rows(
            table["position"].to_numpy(),
            table["content"].to_pylist(),
            values,
            self.read_errors(part),
        )

    def read_errors(self, part):
        """Read which files of a finished part were set aside: list of ImageError."""
        with pyarrow.ipc.open_file(str(self.path(part))) as reader:
            return [ImageError(*error) for error in json.loads(reader.schema.metadata[_ERRORS])]

    def clear(self):
        """Delete all parts."""
        for path in self.folder.glob("*.arrow"):
            path.unlink()
        (self.folder / _IDENTITY).unlink(missing_ok=True)

    def remove(self):
        """Remove the folder, when its table is complete."""
        shutil.rmtree(self.folder, ignore_errors=True)


def stamp_files(paths, identity):
    """Digest files by name, size and time of change, without reading them.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    identity : dict
        What is the same for all parts of the table.

    Returns
    -------
    stamp : str
    """
    digest = hashlib.blake2b(json.dumps(identity).encode(), digest_size=16)
    masks = [str(path.mask) for path in paths if isinstance(path, MaskedPath)]
    for path in [*paths, *masks]:
        try:
            facts = os.stat(parse_location(path).path)
            digest.update(
                f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode("utf-8", "surrogatepass")
            )
        except OSError:
            digest.update(f"{path}\0missing\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
