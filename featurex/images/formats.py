"""Which format a file has, by its first bytes."""

from typing import NamedTuple

from featurex.images import dicom, jpeg, pillow, png
from featurex.images.file import check_extent, decoding, read_file


class Format(NamedTuple):
    """A kind of file that featurex reads.

    Parameters
    ----------
    matches : callable (bytes) -> bool
        Whether the first bytes are those of the format.
    read_header : callable (ImageFile) -> Header
        Reads what a file declares, without decoding it.
    decode : callable (ImageFile, Header, size) -> array of shape (rows, columns)
        Decodes to grey levels; size is a hint, as in `featurex.images.read_image`.
    """

    matches: callable
    read_header: callable
    decode: callable


FORMATS = {
    "JPEG": Format(lambda data: data.startswith(b"\xff\xd8\xff"), jpeg.read_header, jpeg.decode),
    "PNG": Format(lambda data: data.startswith(png.SIGNATURE), png.read_header, png.decode),
    "TIFF": Format(
        lambda data: data[:4] in (b"II*\0", b"MM\0*"), pillow.read_header, pillow.decode
    ),
    "BMP": Format(lambda data: data.startswith(b"BM"), pillow.read_header, pillow.decode),
    "DICOM": Format(dicom.matches, dicom.read_header, dicom.decode),
}

# Known, and refused by name: a helpful sentence costs a line.
_OTHERS = {
    b"GIF8": "GIF",
    b"RIFF": "WebP or another RIFF",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"PK\x03\x04": "a zip archive; an image in a .npz file is named as file.npz#array/7",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip; unpack it first",
    b"II+\0": "BigTIFF",
    b"MM\0+": "BigTIFF",
}


def open_file(location, max_pixels, strict=False):
    """Read a file, find its format, and check its header against the limits.

    Parameters
    ----------
    location : Location
        Of a file, not of a member.
    max_pixels : int
        As in `featurex.images.read_image`.
    strict : bool
        As in `featurex.images.read_image`.

    Returns
    -------
    file : ImageFile
    kind : Format
    header : Header

    Raises
    ------
    ImageError
    """
    file = read_file(location.name, location.path, max_pixels, strict)
    kind = find_format(file)
    with decoding(location.name):
        header = kind.read_header(file)
    check_extent(location.name, header.rows, header.columns, max_pixels, header.pixel_bytes)
    return file, kind, header


def find_format(file):
    """Find the format of a file by its content.

    Parameters
    ----------
    file : ImageFile
        Its content decides, not its name.

    Returns
    -------
    kind : Format

    Raises
    ------
    ImageError
        NOT_AN_IMAGE or UNSUPPORTED_FORMAT.
    """
    # Any bytes may stand before a DICOM file's signature, the header of a TIFF among them (PS3.10,
    # 7.1).
    if dicom.has_signature(file.data):
        return FORMATS["DICOM"]
    for kind in FORMATS.values():
        if kind.matches(file.data):
            return kind
    for signature, name in _OTHERS.items():
        if file.data.startswith(signature):
            raise file.refuse(
                "UNSUPPORTED_FORMAT", f"the file is {name}; featurex reads {', '.join(FORMATS)}"
            )
    raise file.refuse(
        "NOT_AN_IMAGE", f"the content is none of {', '.join(FORMATS)}, whatever the name says"
    )
