"""Arrays of which workers make some rows each: parts on disk, and a view of all their rows."""

import shutil
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from featurex.errors import UnfinishedError
from featurex.files import replacing

_STAMP = "stamp"
# Of an array within a part; and how many bytes of it are read at a time.
_ENDING, _BLOCK = ".npy", 1 << 20
_WHAT_BREAKS = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError)


class Shape(NamedTuple):
    """What is known of an array without its values.

    Parameters
    ----------
    n_rows : int
        Along the first axis.
    row : tuple of int
        Shape of one row.
    dtype : str
        As of NumPy.
    """

    n_rows: int
    row: tuple[int, ...]
    dtype: str


_NOTHING = Shape(0, (), "|u1")


class ArrayParts:
    """A folder of parts, each with several named arrays of some rows.

    A part is an uncompressed .npz file. Whoever reads an array compares its checksum first: a
    power cut can leave a file of the right length with zeros in its middle.

    Parameters
    ----------
    folder : str or path-like
        Created with the first part.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from featurex.engine.arrays import ArrayParts, Column
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     parts = ArrayParts(folder)
    ...     shapes = {start: parts.write(start, {"x": np.arange(start, start + 2)}, "stamp")
    ...               for start in (0, 2, 4)}
    ...     print(parts.check(2, "stamp"), parts.check(2, "other"))
    ...     print(Column(parts, "x", shapes)[[5, 0, 1]])
    {'x': Shape(n_rows=2, row=(), dtype='<i8')} None
    [5 0 1]
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, start):
        """Return the path of a part's file.

        Parameters
        ----------
        start : int
            The first row of the part, which is its name.
        """
        return self.folder / f"{start:09d}.npz"

    def write(self, start, arrays, stamp):
        """Write a part; its file appears whole or not at all.

        Parameters
        ----------
        start : int
            Of the part.
        arrays : dict of str to array
            Their first axes are rows.
        stamp : str
            What decides the values; a part of another stamp counts as missing.

        Returns
        -------
        shapes : dict of str to Shape
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with replacing(self.path(start)) as temporary, open(temporary, "wb") as file:
            np.savez(file, **arrays, **{_STAMP: np.array(stamp)})
        return {name: _shape(array) for name, array in arrays.items()}

    def check(self, start, stamp):
        """Read a whole part, and compare its checksums.

        Parameters
        ----------
        start : int
            Of the part.
        stamp : str
            As it was written.

        Returns
        -------
        shapes : dict of str to Shape, or None
            None where the part is missing, damaged, or of another stamp.
        """
        try:
            with zipfile.ZipFile(self.path(start)) as file:
                if _load(file, _STAMP) != stamp:
                    return None
                names = [name.removesuffix(_ENDING) for name in file.namelist()]
                return {name: _read_shape(file, name) for name in names if name != _STAMP}
        except _WHAT_BREAKS:
            return None

    def read(self, start, name):
        """Read one array of a finished part.

        Parameters
        ----------
        start : int
            Of the part.
        name : str
            Of the array.

        Returns
        -------
        array : array

        Raises
        ------
        UnfinishedError
            If the part is missing or damaged.
        """
        try:
            with zipfile.ZipFile(self.path(start)) as file:
                return _load(file, name)
        except _WHAT_BREAKS as error:
            raise UnfinishedError(
                f"{self.path(start)} is missing or damaged ({error}); run the same command again "
                "to make it again and go on"
            ) from error

    @contextmanager
    def attempting(self, start):
        """Leave a mark beside the parts for as long as a part is being made: it stays where the
        process that makes it dies.

        Parameters
        ----------
        start : int
            Of the part.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        mark = self._mark(start)
        mark.touch()
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def was_attempted(self, start):
        """Return whether a process died while it made a part.

        Parameters
        ----------
        start : int
            Of the part.
        """
        return self._mark(start).exists()

    def clear(self):
        """Delete all parts."""
        for pattern in (f"*{self.path(0).suffix}", f"*{self._mark(0).suffix}"):
            for path in self.folder.glob(pattern):
                path.unlink()

    def remove(self):
        """Delete the folder, when nothing of it is needed any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mark(self, start):
        return self.path(start).with_suffix(".attempt")


class Column:
    """One array of all parts, of which rows are read as they are asked for.

    Parameters
    ----------
    parts : ArrayParts
        Holds the finished parts.
    name : str
        Of the array.
    shapes : dict of int to dict of str to Shape
        What `ArrayParts.write` or `ArrayParts.check` returned of each part.
    chosen : int array or None
        Rising numbers of the rows that are shown, as if there were no others; None for all.
    """

    def __init__(self, parts, name, shapes, chosen=None):
        self._parts, self._name, self._first = parts, name, sorted(shapes)
        self._chosen = chosen
        # A part without rows may lack the array.
        known = [shapes[start].get(name, _NOTHING) for start in self._first]
        self._starts = np.concatenate([[0], np.cumsum([shape.n_rows for shape in known])])
        filled = [shape for shape in known if shape.n_rows] or known
        n_rows = int(self._starts[-1]) if chosen is None else len(chosen)
        self.shape = (n_rows, *filled[0].row)
        # Images of 8 and of 16 bits have one type that holds both.
        self.dtype = np.result_type(*(np.dtype(shape.dtype) for shape in filled))

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, rows):
        """Read rows: a slice, a bool array or an int array gives an array, an int one row."""
        everything = np.arange(len(self)) if self._chosen is None else self._chosen
        indices = everything[rows]
        values = np.empty((indices.size, *self.shape[1:]), self.dtype)
        where = np.searchsorted(self._starts, indices.ravel(), side="right") - 1
        for number in np.unique(where):
            taken = where == number
            part = self._parts.read(self._first[number], self._name)
            values[taken] = part[indices.ravel()[taken] - self._starts[number]]
        return values if indices.ndim else values[0]

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype)

    def batches(self):
        """Yield the arrays of one part after the other, without those that are empty."""
        for number, start in enumerate(self._first):
            first, stop = self._starts[number : number + 2]
            if self._chosen is None and stop > first:
                yield self._parts.read(start, self._name)
            elif self._chosen is not None:
                inside = self._chosen[slice(*np.searchsorted(self._chosen, (first, stop)))]
                if len(inside):
                    yield self._parts.read(start, self._name)[inside - first]


def _load(file, name):
    """Read an array of an open part, when its checksum is right."""
    _read_shape(file, name)
    with file.open(name + _ENDING) as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)


def _read_shape(file, name):
    """Read an array of an open part to its end, where the checksum is compared; then its shape."""
    with file.open(name + _ENDING) as stream:
        while stream.read(_BLOCK):
            pass
    with file.open(name + _ENDING) as stream:
        np.lib.format.read_magic(stream)
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    return Shape(shape[0] if shape else 1, shape[1:], dtype.str)


def _shape(array):
    return Shape(len(array), array.shape[1:], array.dtype.str)
