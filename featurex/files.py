"""Writing files so that a reader sees the old or the new file, never half of either."""

import os
import uuid
from contextlib import contextmanager
from pathlib import Path

from featurex.errors import DataError

try:
    import fcntl
except ImportError:  # Windows has another lock.
    import msvcrt

    fcntl = None


@contextmanager
def replacing(path):
    """Give a temporary path beside `path`, which replaces it if all goes well.

    Parameters
    ----------
    path : str or path-like
        The file to write; one that exists is replaced.

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
    # Not built from the name, which may be as long as the system allows.
    temporary = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        with naming_errors(path):
            yield temporary
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def naming_errors(path):
    """Turn a system's error into a sentence that names `path`, which cannot be written.

    Raises
    ------
    DataError
        Instead of OSError.
    """
    try:
        yield
    except OSError as error:
        raise DataError(
            f"cannot write {path}: {error.strerror or error}; choose another folder"
        ) from error


def refuse_pipe(path):
    """Raise a DataError for a pipe, socket or device, which would be waited for without end.

    Parameters
    ----------
    path : str or path-like
        May be missing.
    """
    path = Path(path)
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise DataError(f"{path} is a pipe, socket or device; name a folder or a file")


def check_writable(folder):
    """Create the folder where needed, and prove now that files can be written there.

    Parameters
    ----------
    folder : str or path-like
        Created, with those above it, if it does not exist.

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


@contextmanager
def locked(folder):
    """Create a folder, and keep other runs out until the end, or until this process dies.

    Parameters
    ----------
    folder : str or path-like
        Gets a file .lock, which means nothing once its process is gone.

    Raises
    ------
    DataError
        If it cannot be created, or another run works in it.
    """
    folder = check_writable(folder)
    with open(folder / ".lock", "a", encoding="utf-8") as lock:
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:
                msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        # The first is Linux's and macOS's, the second that of Windows.
        except (BlockingIOError, PermissionError) as error:
            raise DataError(
                f"another run is working in {folder}: wait for it, or name another --out"
            ) from error
        yield


def find_common_folder(paths, rules=os.path):
    r"""Find the folder below which all files lie.

    Parameters
    ----------
    paths : sequence of str
        All absolute, or all relative.
    rules : module
        `os.path`, or `ntpath` or `posixpath` for the rules of another system.

    Returns
    -------
    folder : str
        "" where there is none: files on two drives of Windows.

    Examples
    --------
    >>> import ntpath, posixpath
    >>> find_common_folder(["/films/a/1.png", "/films/b/2.png"], posixpath)
    '/films'
    >>> find_common_folder([r"C:\films\1.png", r"D:\films\1.png"], ntpath)
    ''
    """
    folders = [rules.dirname(path) for path in paths]
    drives = {rules.splitdrive(folder)[0].lower() for folder in folders}
    return rules.commonpath(folders) if len(drives) == 1 else ""


def name_below(path, folder, rules=os.path):
    r"""Name a file by its path below a folder, as it is written into tables: with slashes on every
    system.

    Parameters
    ----------
    path : str
        The file.
    folder : str
        As from `find_common_folder`; of "" the name begins with the drive.
    rules : module
        `os.path`, or `ntpath` or `posixpath` for the rules of another system.

    Returns
    -------
    name : str

    Examples
    --------
    >>> import ntpath
    >>> name_below(r"C:\films\a\1.png", r"c:\films", ntpath)
    'a/1.png'
    >>> name_below(r"C:\films\a\1.png", "", ntpath)
    'C/films/a/1.png'
    """
    drive, rest = rules.splitdrive(path)
    if drive and not folder:
        name = drive.replace(":", "").strip(rules.sep) + rest
    else:
        name = rules.relpath(path, folder or rules.curdir)
    return name.replace(rules.sep, "/")
