"""What every format shares: the bytes of a file, what its header declares, and the reasons to
refuse it.
"""

import errno
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass

from featurex.errors import ImageError

# The closed list: an ImageError carries one of these, and error tables are counted by them.
REASONS = {
    "NOT_FOUND": "there is no such file, or no such member in it",
    "NOT_A_FILE": "a folder, pipe, socket, device or a symbolic link that leads to itself",
    "UNREADABLE": "the system refuses to read it",
    "EMPTY_FILE": "it has no bytes",
    "NOT_AN_IMAGE": "its content is no image format that featurex knows",
    "UNSUPPORTED_FORMAT": "an image, but of a kind that featurex does not read",
    "UNSUPPORTED_COLOUR": "its colours have no certain grey: CMYK, transparency, DICOM palettes",
    "SEVERAL_IMAGES": "it holds several pages or frames",
    "TOO_LARGE": "more pixels or bytes than allowed",
    "TOO_SMALL": "too few rows or columns to show a chest",
    "TRUNCATED": "its end is missing",
    "CORRUPT_JPEG": "the JPEG decoder found an error",
    "CORRUPT_IMAGE": "the decoder of another format found an error",
    "NO_PIXEL_DATA": "a DICOM object without an image",
    "DECODER_MISSING": (
        "it needs an optional dependency that is not installed; the detail names the extra"
    ),
    "BAD_MASK": "its mask is missing, empty, of other proportions, or not of one label",
    "CRASHED": "the process that worked on it died, whenever it was tried",
    "UNUSABLE": "it was read, but the chain of transformers cannot use it",
}

# Ten times the largest detector's.
MAX_PIXELS = 2**28
# Fewer rows or columns show no anatomy; the smallest public set (MedMNIST) has 28.
MIN_SIDE = 16
# No format stores a pixel in more bytes (three colours and transparency of 16 bits); metadata come
# on top.
_PIXEL_BYTES, _METADATA_BYTES = 8, 2**26

# Bytes of a grey level of 16 bits.
_GREY_BYTES = 2

# The words by which these libraries say that bytes are missing.
_CUT = ("truncated", "less than expected", "end of file", "end of the file")

_KINDS = {
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


@dataclass(frozen=True)
class Header:
    """What a file declares about its image.

    Parameters
    ----------
    format : str
        "JPEG", "PNG", "TIFF", "BMP" or "DICOM".
    rows, columns : int
        As stored, before `orientation` is applied.
    bits : int
        Bits of a grey level, or of one colour.
    channels : int
        1 for grey (or a palette), 3 for colour; transparency adds one.
    orientation : int
        1 to 8 as in EXIF: how to turn the stored rows into the image.
    notes : tuple of str
        Sentences for people, about what had to be assumed.
    """

    format: str
    rows: int
    columns: int
    bits: int
    channels: int
    orientation: int = 1
    notes: tuple[str, ...] = ()

    @property
    def pixel_bytes(self):
        """Bytes that a pixel takes when it is decoded: of a JPEG only the brightness is."""
        return 1 if self.format == "JPEG" else self.channels * -(-self.bits // 8)


@dataclass(frozen=True)
class ImageFile:
    """The bytes of a file and the name by which errors call it.

    Parameters
    ----------
    name : str
        As the user, or a data set, wrote it.
    data : bytes
        The whole content.
    strict : bool
        Whether decoders also check what costs them a second decoding.
    """

    name: str
    data: bytes
    strict: bool = False

    def refuse(self, reason, detail):
        """Return the ImageError to raise about this file; `reason` is one of `REASONS`."""
        return ImageError(reason, self.name, detail)


@contextmanager
def decoding(name):
    """Turn whatever a decoder raises into the ImageError TRUNCATED or CORRUPT_IMAGE.

    Decoders raise almost anything on damaged bytes (fuzzing found fifteen classes), so that this is
    the one place that catches every exception. MemoryError passes: it says nothing of the file.

    Parameters
    ----------
    name : str
        Name of the file, for the message.

    Raises
    ------
    ImageError
        Instead of the decoder's exception. An ImageError from within stays as it is.
    """
    try:
        yield
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        cut = isinstance(error, EOFError) or any(words in str(error).lower() for words in _CUT)
        reason = "TRUNCATED" if cut else "CORRUPT_IMAGE"
        raise ImageError(
            reason, name, f"the decoder stopped: {error or type(error).__name__}"
        ) from error


def read_file(name, path, max_pixels, strict=False):
    """Read a regular file whole; anything else is refused without waiting for it.

    Parameters
    ----------
    name : str
        For messages.
    path : str
        For the operating system.
    max_pixels : int
        Bounds the bytes, too: 8 a pixel, and 64 MiB.
    strict : bool
        See `ImageFile`.

    Returns
    -------
    file : ImageFile

    Raises
    ------
    ImageError
        NOT_FOUND, NOT_A_FILE, UNREADABLE, EMPTY_FILE or TOO_LARGE.
    """
    check_file(name, path, limit=_PIXEL_BYTES * max_pixels + _METADATA_BYTES)
    try:
        with open(path, "rb") as stream:
            return ImageFile(name, stream.read(), strict)
    except OSError as error:
        raise ImageError(
            "UNREADABLE", name, f"the file cannot be read: {error.strerror}"
        ) from error


def check_file(name, path, limit):
    """Return the `os.stat_result` of a regular file of 1 to `limit` bytes; see `read_file` for the
    errors.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise ImageError("NOT_FOUND", name, "there is no such file") from error
    except ValueError as error:
        raise ImageError("NOT_FOUND", name, f"no file has such a name: {error}") from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ImageError(
                "NOT_A_FILE", name, "it is a symbolic link that leads to itself"
            ) from error
        raise ImageError(
            "UNREADABLE", name, f"the file cannot be read: {error.strerror}"
        ) from error
    if not stat.S_ISREG(status.st_mode):
        kind = next(
            (text for test, text in _KINDS.items() if test(status.st_mode)), "no regular file"
        )
        raise ImageError("NOT_A_FILE", name, f"it is {kind}, not a file")
    if status.st_size == 0:
        raise ImageError("EMPTY_FILE", name, "the file has no bytes")
    if status.st_size > limit:
        raise ImageError(
            "TOO_LARGE",
            name,
            f"the file has {status.st_size:,} bytes, at most {limit:,} are allowed",
        )
    return status


def check_plausible(file, header, max_pixels_per_byte):
    """Refuse a file too short for its pixels however well they compress, before memory is taken for
    them.

    Parameters
    ----------
    file : ImageFile
        The whole file.
    header : Header
        What it declares.
    max_pixels_per_byte : float
        What the format's coding can reach.

    Raises
    ------
    ImageError
        TRUNCATED.
    """
    if header.rows * header.columns > max_pixels_per_byte * len(file.data):
        raise file.refuse(
            "TRUNCATED",
            f"it declares {header.rows:,} x {header.columns:,} pixels, but has only "
            f"{len(file.data):,} bytes",
        )


def check_extent(name, rows, columns, max_pixels, pixel_bytes=1):
    """Refuse an image with too many pixels or bytes, or a side under `MIN_SIDE`.

    Parameters
    ----------
    name : str
        For messages.
    rows, columns : int
        What the file declares.
    max_pixels : int
        Also bounds the bytes that are decoded: as many as of 16-bit grey images.
    pixel_bytes : int
        Bytes of a decoded pixel: 8 where three colours and transparency have 16 bits each.

    Raises
    ------
    ImageError
        TOO_LARGE or TOO_SMALL.
    """
    if rows * columns > max_pixels:
        raise ImageError(
            "TOO_LARGE",
            name,
            f"it declares {rows:,} x {columns:,} pixels, at most {max_pixels:,} are allowed "
            f"(max_pixels)",
        )
    if rows * columns * pixel_bytes > _GREY_BYTES * max_pixels:
        raise ImageError(
            "TOO_LARGE",
            name,
            f"it declares {rows:,} x {columns:,} pixels of {pixel_bytes} bytes, at most "
            f"{_GREY_BYTES * max_pixels:,} bytes are allowed (twice max_pixels)",
        )
    if min(rows, columns) < MIN_SIDE:
        raise ImageError(
            "TOO_SMALL",
            name,
            f"it has {rows} x {columns} pixels, each side needs at least {MIN_SIDE}",
        )
