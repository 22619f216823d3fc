"""Writing files so that a reader sees the old one or the new one, never half of either."""

import os
import uuid
from contextlib import contextmanager
from pathlib import Path

from featurex.errors import DataError


@contextmanager
def replacing(path):
    """Give a temporary path beside `path`, which takes its place if all goes well.

    Parameters
    ----------
    path : str or path-like

    Yields
    ------
    temporary : pathlib.Path
        Has the same ending, as some writers go by it.

    Raises
    ------
    DataError
        If the folder is missing or not writable, or the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{uuid.uuid4().hex[:8]}-{path.name}")
    try:
        with telling(path):
            yield temporary
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def telling(path):
    """Say of a system's error that `path` cannot be written.

    Raises
    ------
    DataError
        Instead of OSError.
    """
    try:
        yield
    except OSError as error:
        raise DataError(
            f"cannot write {path}: {error.strerror or error}; choose another place"
        ) from error


def check_writable(folder):
    """Create the folder where needed, and prove now that files can be written there.

    Parameters
    ----------
    folder : str or path-like

    Returns
    -------
    folder : pathlib.Path

    Raises
    ------
    DataError
        If it is not a folder, or nothing can be written there.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataError(
            f"cannot write into {folder}: {error.strerror}; choose another folder with --out"
        ) from error
    return folder
