"""Finished steps of a run on disk, so that a run that was killed does not do them again."""

import hashlib
import hmac
import os
import pickle
import secrets
from pathlib import Path
from urllib.parse import quote

from featurex.files import replacing

# What `Store.load` gives for a step that is not there.
MISSING = object()
_ENDING = ".step"
_DIGEST = hashlib.sha256().digest_size
# Of a file's name; the rest of a long one is in its digest.
_NAME = 100


class Store:
    """A folder of finished steps, one file each.

    A step is any object that can be pickled. Each file is signed with a key that this user alone
    holds (`read_key`): a folder that somebody else made is not unpickled, as that could run
    anything; its steps count as missing, as do those of files that are damaged.

    Parameters
    ----------
    folder : str or path-like
        Created with the first step.
    stamp : str
        Digest of what decides all steps: those of another stamp are not there.

    Examples
    --------
    >>> import tempfile
    >>> from featurex.engine.store import Store
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = Store(folder).get_or_make("sum", lambda: 1 + 1)
    ...     again = Store(folder).get_or_make("sum", lambda: "not called")
    >>> first, again
    (2, 2)
    """

    def __init__(self, folder, stamp=""):
        self.folder, self.stamp = Path(folder), stamp

    def load(self, name):
        """Load what a step gave; `MISSING` where it is not there, damaged, or not signed by us.

        Parameters
        ----------
        name : str
            Of the step.
        """
        try:
            content = self._path(name).read_bytes()
        except OSError:
            return MISSING
        signature, pickled = content[:_DIGEST], content[_DIGEST:]
        if not hmac.compare_digest(signature, _sign(pickled)):
            return MISSING
        return pickle.loads(pickled)

    def save(self, name, value):
        """Keep what a step gave; its file appears whole or not at all.

        Parameters
        ----------
        name : str
            Of the step.
        value : object
            Can be pickled.
        """
        pickled = pickle.dumps(value, protocol=5)
        self.folder.mkdir(parents=True, exist_ok=True)
        with replacing(self._path(name)) as temporary, open(temporary, "wb") as file:
            file.write(_sign(pickled))
            file.write(pickled)

    def get_or_make(self, name, make):
        """Load what a step gave, or do it and keep what it gives.

        Parameters
        ----------
        name : str
            Of the step.
        make : callable ()
            Does it.

        Returns
        -------
        value : object
        """
        value = self.load(name)
        if value is MISSING:
            value = make()
            self.save(name, value)
        return value

    def clear(self, keep=()):
        """Delete all steps but those named.

        Parameters
        ----------
        keep : sequence of str
            Names of steps.
        """
        kept = {self._path(name) for name in keep}
        for path in self.folder.glob(f"*{_ENDING}"):
            if path not in kept:
                path.unlink()

    def _path(self, name):
        digest = hashlib.blake2b(f"{self.stamp} {name}".encode(), digest_size=6).hexdigest()
        return self.folder / f"{quote(name, safe=' +,=')[:_NAME]}-{digest}{_ENDING}"


class Memory(Store):
    """Keeps steps for as long as this object lives, and nothing on disk."""

    def __init__(self):
        self._steps = {}

    def load(self, name):
        """Return what a step gave; see `Store.load`."""
        return self._steps.get(name, MISSING)

    def save(self, name, value):
        """Keep what a step gave; see `Store.save`."""
        self._steps[name] = value

    def clear(self, keep=()):
        """Forget all steps but those named; see `Store.clear`."""
        self._steps = {name: self._steps[name] for name in keep if name in self._steps}


def read_key():
    """Read the key with which this user's steps are signed; it is made when it is first needed.

    Returns
    -------
    key : bytes
        From the file featurex/key below the folder XDG_CACHE_HOME, or else ~/.cache. Where it can
        be neither read nor written, a key that is forgotten with this process.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    path = cache / "featurex" / "key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Exclusive: of two runs that start at one moment one alone makes the key.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with open(descriptor, "wb") as file:
            file.write(_OWN)
        return _OWN
    except OSError:
        return _OWN


_OWN = secrets.token_bytes(32)


def _sign(pickled):
    return hmac.digest(read_key(), pickled, "sha256")
