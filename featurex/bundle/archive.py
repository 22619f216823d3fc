"""A zip of a few known members, read without trusting it."""

import hashlib
import json
import struct
import zipfile
import zlib

from featurex.errors import DataError
from featurex.files import refuse_pipe, replacing

MANIFEST, ARRAYS, CARD = "manifest.json", "arrays.bin", "card.md"
MEMBERS = (MANIFEST, ARRAYS, CARD)
# Unpacked: a forest of 2,000 trees on 5,000 images takes some 100 MB.
MAX_BYTES = 2**28
# A manifest of 150,000 columns; what JSON can hold takes up to twenty times as much memory.
_MAX_MANIFEST = 2**23
_MAX_RATIO = 200
# What the reader of a zip raises when the zip is broken.
_BROKEN = (
    ValueError,
    KeyError,
    IndexError,
    EOFError,
    OSError,
    OverflowError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def write_archive(path, manifest, members):
    """Write a bundle; the manifest gets the SHA-256 of every other member.

    Parameters
    ----------
    path : str or path-like
        The .featurex file.
    manifest : dict
        What `json.dumps` can write.
    members : dict of name to bytes
        Content of every other file in the archive.

    Raises
    ------
    DataError
        If it would be larger than a model that is read may be, or cannot be written.
    """
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    text = json.dumps(
        {**manifest, "members": digests}, indent=1, ensure_ascii=False, allow_nan=False
    )
    contents = {MANIFEST: text.encode("utf-8"), **members}
    total = sum(map(len, contents.values()))
    if total > MAX_BYTES or len(contents[MANIFEST]) > _MAX_MANIFEST:
        raise DataError(
            f"cannot write {path}: the model takes {total / 1e6:,.0f} MB, but at most "
            f"{MAX_BYTES / 1e6:,.0f} would be read again; take fewer trees, or fewer columns"
        )
    with (
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in contents.items():
            # One date for all: the same model gives the same file.
            archive.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )


def read_archive(path):
    """Read a bundle's members, checked against their digests.

    Parameters
    ----------
    path : str or path-like
        The .featurex file.

    Returns
    -------
    manifest : dict
    members : dict of name to bytes

    Raises
    ------
    DataError
        If it is no bundle, holds another member or none of a name, unpacks to too much, or was
        changed.
    """
    refuse_pipe(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_infos(path, archive.infolist())
            members = {name: archive.read(name) for name in MEMBERS}
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(f"there is no model {path}") from error
    except _BROKEN as error:
        raise DataError(f"{path} is no model of featurex: {error}") from error
    try:
        manifest = json.loads(members.pop(MANIFEST).decode("utf-8"))
        digests = manifest.pop("members")
        changed = [
            name
            for name, content in members.items()
            if digests.get(name) != hashlib.sha256(content).hexdigest()
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} is no model of featurex: its manifest is broken") from error
    if changed:
        raise DataError(
            f"{path} was changed: {changed[0]} is not what its manifest says; get the file anew"
        )
    return manifest, members


def _check_infos(path, infos):
    """Refuse a zip by what it says of its members, before one of them is unpacked."""
    names = [info.filename for info in infos]
    if "estimator.skops" in names or "estimator.ubj" in names:
        raise DataError(
            f"{path} has format 3 or older, which is not read any more: make the model anew with "
            f"featurex benchmark, or use the version of featurex that wrote it"
        )
    if sorted(names) != sorted(MEMBERS):
        raise DataError(
            f"{path} is no model of featurex: it holds {', '.join(names[:6]) or 'nothing'}"
        )
    total, packed = (
        sum(getattr(info, size) for info in infos) for size in ("file_size", "compress_size")
    )
    manifest = max(info.file_size for info in infos if info.filename == MANIFEST)
    if (
        total > MAX_BYTES
        or manifest > _MAX_MANIFEST
        or (total > 2**20 and total > _MAX_RATIO * packed)
    ):
        raise DataError(
            f"{path} would unpack to {total / 1e6:,.0f} MB; no model of featurex does, so it is "
            f"not opened"
        )
    # Other methods unpack without a bound on what they hold.
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise DataError(f"{path} is no model of featurex: it is compressed in another way")
