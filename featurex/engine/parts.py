"""Parts of the work on a list of images, and the folder that keeps those that are finished."""

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from typing import NamedTuple

from featurex.engine.arrays import ArrayParts
from featurex.errors import DataError
from featurex.files import locked, replacing
from featurex.images import MaskedPath, parse_location
from featurex.parallel import chunks

# Images of a part: at most so many, some seconds of work, which is all that a killed run loses for
# each worker; so few that there are enough parts for some workers; and at least so many that a part
# is worth its file.
_MOST, _PARTS, _LEAST = 128, 16, 8
_IDENTITY = "identity.json"


class Part(NamedTuple):
    """Consecutive images of a list.

    Parameters
    ----------
    start, stop : int
        Rows of the list.
    stamp : str
        Digest of what decides their results: a finished part of another stamp counts as missing.
    """

    start: int
    stop: int
    stamp: str


def plan_parts(n_rows, decides):
    """Cut rows into parts, the same ones however many workers there are.

    Parameters
    ----------
    n_rows : int
        Of all parts.
    decides : object
        What decides their values, in the plain types of JSON.

    Returns
    -------
    plan : list of Part
    """
    stamp = make_stamp(decides)
    return [Part(part.start, part.stop, stamp) for part in _cut(n_rows)]


def plan_files(paths, decides):
    """Cut files into parts as `plan_parts` does; a file that changes changes the stamp of its part.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    decides : object
        What else decides the values, in the plain types of JSON.

    Returns
    -------
    plan : list of Part
    """
    return [
        Part(part.start, part.stop, stamp_files(paths[part], decides)) for part in _cut(len(paths))
    ]


def count_parts(n_rows):
    """Count the parts of so many rows: int."""
    return len(list(_cut(n_rows)))


def make_stamp(decides):
    """Digest what decides a result, in the plain types of JSON: str."""
    text = json.dumps(decides, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def stamp_files(paths, decides):
    """Digest images, and their masks, by name, size and time of change, without reading them.

    Parameters
    ----------
    paths : sequence of str
        As in `Dataset.table`.
    decides : object
        What else decides, in the plain types of JSON.

    Returns
    -------
    stamp : str
    """
    digest = hashlib.blake2b(json.dumps(decides).encode(), digest_size=16)
    for path in paths:
        facts = _stat(path)
        if isinstance(path, MaskedPath):
            # The same mask gives other pixels for another label.
            facts += f"{_stat(path.mask)}{path.label}\0"
        digest.update(facts.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@contextmanager
def open_parts(folder, identity, restart=False):
    """Open a folder of finished parts, and keep other runs out of it.

    Parameters
    ----------
    folder : str, path-like or None
        Created if it does not exist; None for a temporary one, of which nothing stays.
    identity : dict of str to str
        As for `claim`.
    restart : bool
        As for `claim`.

    Yields
    ------
    parts : ArrayParts

    Raises
    ------
    DataError
        If another run works in the folder, or it holds parts of other work.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="featurex-") as temporary:
            yield ArrayParts(temporary)
        return
    with locked(folder):
        parts = ArrayParts(folder)
        claim(parts, identity, restart)
        yield parts


def claim(parts, identity, restart):
    """Record to which work the parts of a folder belong.

    Parameters
    ----------
    parts : ArrayParts
        In a folder that exists.
    identity : dict of str to str
        What must be the same for parts to fit together, by names for people.
    restart : bool
        Whether to delete the parts of other work.

    Raises
    ------
    DataError
        If the parts belong to other work.
    """
    path = parts.folder / _IDENTITY
    known = _read_json(path)
    if known is not None and known != identity and not restart:
        differing = ", ".join(name for name in identity if known.get(name) != identity[name])
        raise DataError(
            f"{parts.folder} holds parts of a run with another {differing}: finish that, "
            "or delete them with --restart, or name another --out"
        )
    if known != identity or restart:
        path.unlink(missing_ok=True)
        parts.clear()
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(identity, indent=2), encoding="utf-8")


def _stat(path):
    """Tell a file by name, size and time of change: str."""
    try:
        facts = os.stat(parse_location(path).path)
        known = f"{facts.st_size}\0{facts.st_mtime_ns}"
    except OSError:
        known = "missing"
    # Whether a file is read strictly decides what becomes of a damaged one.
    strict = getattr(path, "strict", False)
    return f"{path}\0{known}\0{strict}\0"


def _cut(n_rows):
    return chunks(n_rows, min(_MOST, max(_LEAST, -(-n_rows // _PARTS))))


def _read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
