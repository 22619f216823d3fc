"""A zip of a few known members, read without trusting it."""

import hashlib
import io
import json
import math
import tokenize
import zipfile

import numpy as np

from featurex.errors import DataError
from featurex.files import replacing

MANIFEST = "manifest.json"
# An estimator is one or the other.
ESTIMATORS = ("estimator.skops", "estimator.ubj")
MEMBERS = (MANIFEST, "arrays.npz", "card.md")
# Unpacked; the largest default models take some ten megabytes.
MAX_BYTES = 2**29
_MAX_RATIO = 200
# What readers of members raise when the member is broken. XGBoost's errors are ValueErrors.
BROKEN = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ImportError,
    EOFError,
    OSError,
    MemoryError,
    RecursionError,
    zipfile.BadZipFile,
    tokenize.TokenError,
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
    """
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    text = json.dumps(
        {**manifest, "members": digests}, indent=1, ensure_ascii=False, allow_nan=False
    )
    with (
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in {MANIFEST: text.encode("utf-8"), **members}.items():
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
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(path, archive)
            names = archive.namelist()
            if sorted(names) not in [sorted((*MEMBERS, estimator)) for estimator in ESTIMATORS]:
                raise DataError(
                    f"{path} is no model of featurex: it holds {', '.join(names[:6]) or 'nothing'}"
                )
            members = {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path} is no model of featurex: {error}") from error
    try:
        manifest = json.loads(members.pop(MANIFEST))
        digests = manifest.pop("members")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} is no model of featurex: its manifest is broken") from error
    for name, content in members.items():
        if digests.get(name) != hashlib.sha256(content).hexdigest():
            raise DataError(
                f"{path} was changed: {name} is not what its manifest says; get the file anew"
            )
    # Those that are zips themselves.
    for name in members.keys() & {"estimator.skops", "arrays.npz"}:
        _check_inner(path, name, members[name])
    return manifest, members


def check_sizes(path, archive):
    """Refuse a zip that unpacks to too much, before it is unpacked."""
    total = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if total > MAX_BYTES or (total > 2**20 and total > _MAX_RATIO * packed):
        raise DataError(
            f"{path} would unpack to {total / 1e6:,.0f} MB; no model of featurex does, so it is "
            f"not opened"
        )


def _check_inner(path, name, content):
    """Refuse arrays whose header claims more than there is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            check_sizes(path, inner)
            for member in inner.infolist():
                if member.filename.endswith(".npy"):
                    with inner.open(member) as stream:
                        _check_header(path, f"{name}/{member.filename}", stream, member.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise DataError(f"{path} is no model of featurex: {name} is broken") from error


def _check_header(path, name, stream, size):
    try:
        version = np.lib.format.read_magic(stream)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, dtype = read(stream)
    except (ValueError, KeyError) as error:
        raise DataError(f"{path} is no model of featurex: {name} is no array") from error
    if dtype.hasobject or math.prod(shape) * dtype.itemsize > size:
        raise DataError(
            f"{path}: {name} claims shape {shape} of {dtype}, which it cannot hold; it is not "
            f"opened"
        )
