"""What a file says beside its image: the traces of the software that saved it."""

import hashlib
from dataclasses import dataclass

from featurex.images import jpeg
from featurex.images.exif import EXIF_PREFIX
from featurex.images.file import MAX_PIXELS, Header, decoding
from featurex.images.formats import open_file
from featurex.images.location import parse_location
from featurex.images.npz import read_member

# EXIF stands before the pixels; its prefix within them would be chance.
_HEAD = 2**16


@dataclass(frozen=True)
class Inspection:
    """Facts of a file that a model must not learn from.

    Parameters
    ----------
    header : Header
        What the file declares about its image.
    n_bytes : int
        Size of the file, or of the pixels for a member of a .npz file.
    checksum : str
        SHA-256 of these bytes, hexadecimal.
    exif : bool
        Whether there are EXIF metadata.
    quantisation : int
        Sum of a JPEG's first quantisation table, 64 for the finest; 0 for other formats.
    """

    header: Header
    n_bytes: int
    checksum: str
    exif: bool = False
    quantisation: int = 0


def inspect_image(path, *, max_pixels=MAX_PIXELS):
    """Read the facts of a file, without decoding it.

    Parameters
    ----------
    path : str or path-like
        As for `featurex.images.read_image`.
    max_pixels : int
        As in `featurex.images.read_image`.

    Returns
    -------
    inspection : Inspection

    Raises
    ------
    ImageError
        As far as the header shows it.
    """
    location = parse_location(path)
    if location.array is not None:
        image = read_member(location, max_pixels)
        header = Header("NPZ", *image.shape, bits=8 * image.itemsize, channels=1)
        return Inspection(header, image.nbytes, hashlib.sha256(image).hexdigest())
    file, _, header = open_file(location, max_pixels)
    with decoding(location.name):
        quantisation = jpeg.read_quantisation(file) if header.format == "JPEG" else 0
    return Inspection(
        header,
        len(file.data),
        hashlib.sha256(file.data).hexdigest(),
        EXIF_PREFIX in file.data[:_HEAD],
        quantisation,
    )
