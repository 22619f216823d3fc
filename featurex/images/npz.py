"""Images inside NumPy .npz files, as MedMNIST stores them."""

import math
import threading
import zipfile
from functools import lru_cache

import numpy as np

from featurex.errors import ImageError
from featurex.images.file import check_extent, check_file, decoding
from featurex.images.grey import to_grey

# An array is held whole, since the members of a compressed archive have no random access.
_MAX_BYTES = 2**32
# Unpacked arrays kept: the training, validation and test images of one file.
_KEPT = 3
_lock = threading.Lock()


def read_member(location, max_pixels):
    """Read one image of an array of images.

    Parameters
    ----------
    location : Location
        With `array` and `index`.
    max_pixels : int
        As in `featurex.images.read_image`; it bounds each image of the array.

    Returns
    -------
    image : uint8 or uint16 array of shape (rows, columns)
        A copy.

    Raises
    ------
    ImageError
    """
    status = check_file(location.name, location.path, limit=_MAX_BYTES)
    with _lock:  # one thread unpacks, the others wait for the same array
        try:
            images = _load_images(
                location.path, location.array, max_pixels, status.st_mtime_ns, status.st_size
            )
        except ImageError as error:
            raise ImageError(error.reason, location.name, error.detail) from error
    if location.index >= len(images):
        raise ImageError(
            "NOT_FOUND",
            location.name,
            f"{location.array} holds {len(images)} images, counted from 0",
        )
    image = images[location.index]
    return to_grey(image) if image.ndim == 3 else image.copy()


def list_arrays(path):
    """Read shape and type of every array in a .npz file, without its content.

    Parameters
    ----------
    path : str or path-like
        A .npz file.

    Returns
    -------
    arrays : dict of str to (tuple of int, numpy.dtype)

    Raises
    ------
    ImageError
        CORRUPT_IMAGE if it is no .npz file of plain arrays.
    """
    with decoding(str(path)), zipfile.ZipFile(path) as archive:
        return {
            name.removesuffix(".npy"): _read_npy_header(archive, name)
            for name in archive.namelist()
        }


def read_array(path, array, check=None):
    """Read one array of a .npz file.

    Parameters
    ----------
    path : str or path-like
        A .npz file.
    array : str
        Its name.
    check : callable (shape, type) or None
        Called with what the array's header declares, before it is unpacked; raises to refuse it.

    Returns
    -------
    values : array

    Raises
    ------
    ImageError
        NOT_FOUND, TOO_LARGE (over 4 GiB), CORRUPT_IMAGE, or what `check` raises.
    """
    with decoding(str(path)), zipfile.ZipFile(path) as archive:
        name = f"{array}.npy"
        if name not in archive.namelist():
            raise ImageError(
                "NOT_FOUND",
                path,
                f"it holds no array {array!r}, only {', '.join(archive.namelist())}",
            )
        shape, dtype = _read_npy_header(archive, name)
        if math.prod(shape) * dtype.itemsize > _MAX_BYTES:
            raise ImageError(
                "TOO_LARGE", path, f"{array} of shape {shape} has more than {_MAX_BYTES:,} bytes"
            )
        if check is not None:
            check(shape, dtype)
        with archive.open(name) as stream:
            return np.lib.format.read_array(stream, allow_pickle=False)


@lru_cache(maxsize=_KEPT)
def _load_images(path, array, max_pixels, modified, n_bytes):
    """Read an array of images; time and size belong to the key, so that a changed file is read
    anew.
    """

    def check(shape, dtype):
        if (
            len(shape) not in (3, 4)
            or dtype not in (np.uint8, np.uint16)
            or shape[3:] not in ((), (3,))
        ):
            raise ImageError(
                "UNSUPPORTED_FORMAT",
                path,
                f"{array} holds {dtype} {shape}; uint8 or uint16 of shape (n, rows, columns) or "
                "(n, rows, columns, 3) are read",
            )
        check_extent(path, *shape[1:3], max_pixels, dtype.itemsize * math.prod(shape[3:]))

    return read_array(path, array, check)


def _read_npy_header(archive, name):
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    with archive.open(name) as stream:
        version = np.lib.format.read_magic(stream)
        if version not in readers:
            raise ValueError(f"{name} is of version {version}")
        shape, _, dtype = readers[version](stream)
    return shape, dtype
