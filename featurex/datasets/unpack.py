"""Archives from strangers: nothing leaves the target folder, and the size is bounded."""

import lzma
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from featurex.errors import DataError

# Radiographs in an archive are compressed already: 1.1 is usual.
_MAX_RATIO = 20
# Folders within folders; data sets have about five.
_MAX_DEPTH = 32
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db")


def unpack_zip(archive, target):
    """Unpack a zip archive into a folder that appears whole or not at all.

    Parameters
    ----------
    archive : str or path-like
        A .zip file; it is not changed.
    target : str or path-like
        Must not exist. Where the archive holds one folder only, that becomes `target`.

    Raises
    ------
    DataError
        If an entry would leave the folder, has no name or that of another, lies deeper than 32
        folders, is a link, a device or encrypted, if the content is more than 20 times the archive,
        the disk is too small, or the archive is damaged.
    """
    archive, target = Path(archive), Path(target)
    try:
        with zipfile.ZipFile(archive) as content:
            entries = [entry for entry in content.infolist() if not _is_junk(entry)]
            _check(archive, entries, target.parent)
            with tempfile.TemporaryDirectory(
                prefix=f".{target.name}-", dir=target.parent
            ) as temporary:
                for entry in entries:
                    content.extract(entry, temporary)
                os.rename(_single_folder(Path(temporary)), target)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        raise DataError(f"the archive {archive} is damaged: {error}") from error
    except OSError as error:
        raise DataError(
            f"cannot unpack {archive} to {target}: {error.strerror or error}"
        ) from error


def check_space(folder, n_bytes):
    """Refuse to begin what the disk cannot hold.

    Parameters
    ----------
    folder : pathlib.Path
        A folder on the disk in question.
    n_bytes : int
        What is about to be written.

    Raises
    ------
    DataError
    """
    free = shutil.disk_usage(folder).free
    if free < n_bytes:
        raise DataError(
            f"{n_bytes / 1e9:.2f} GB are needed in {folder}, but only {free / 1e9:.2f} GB are free"
        )


def _is_junk(entry):
    return any(
        part in _JUNK or part.startswith("._") for part in PurePosixPath(entry.filename).parts
    )


def _check(archive, entries, folder):
    _check_names(archive, [PurePosixPath(entry.filename) for entry in entries])
    for entry in entries:
        # extract() would mend such names silently; an archive that has them is not to be trusted at
        # all.
        path, windows = PurePosixPath(entry.filename), PureWindowsPath(entry.filename)
        if (
            path.is_absolute()
            or windows.drive
            or windows.root
            or ".." in (*path.parts, *windows.parts)
        ):
            raise DataError(
                f"the archive {archive} would write outside of its folder: {entry.filename!r}"
            )
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise DataError(f"the archive {archive} holds a link or device: {entry.filename!r}")
        if entry.flag_bits & 1:
            raise DataError(f"the archive {archive} is encrypted")
    total = sum(entry.file_size for entry in entries)
    if total > _MAX_RATIO * archive.stat().st_size:
        raise DataError(
            f"the archive {archive} would grow to {total:,} bytes, more than {_MAX_RATIO} times "
            f"its size"
        )
    check_space(folder, total)


def _check_names(archive, paths):
    """Refuse entries without a name, of the same name, or very deep."""
    seen = set()
    for path in paths:
        if not path.parts:
            raise DataError(f"the archive {archive} holds an entry without a name")
        if len(path.parts) > _MAX_DEPTH:
            raise DataError(
                f"the archive {archive} holds folders more than {_MAX_DEPTH} deep: "
                f"{str(path)[:80]!r}..."
            )
        if path in seen:
            raise DataError(f"the archive {archive} holds two entries called {str(path)!r}")
        seen.add(path)


def _single_folder(folder):
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
