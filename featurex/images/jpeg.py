"""JPEG: a walk over the header's segments, then libjpeg-turbo in strict mode."""

import math
import struct

import simplejpeg

from featurex.images.exif import read_orientation
from featurex.images.file import Header, check_plausible
from featurex.images.grey import orient

# ITU-T T.81, table B.1. A frame header is one of C0 to CF except DHT (C4), JPG (C8) and DAC (CC).
_SOS, _DQT, _APP1 = 0xDA, 0xDB, 0xE1
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_LS = 0xF7  # ITU-T T.87
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
# A Huffman-coded block of 8 x 8 pixels takes at least one bit.
MAX_PIXELS_PER_BYTE = 8 * 64
# Encoders write about ten scans; thousands of them are a known way to keep a decoder busy for
# minutes.
_MAX_SCANS = 100
# An IDCT of 4, 2 or 1 point a side; the factors between have no fast path.
_FACTORS = (8, 4, 2)


def read_header(file):
    """Read the frame header, the orientation, and refuse what cannot be a plausible grey or colour
    JPEG.

    Parameters
    ----------
    file : ImageFile
        A JPEG file.

    Returns
    -------
    header : Header

    Raises
    ------
    ImageError
    """
    orientation = 1
    for marker, start, stop in _segments(file):
        if marker == _APP1:
            orientation = read_orientation(file.data[start:stop]) or orientation
        elif marker in _FRAMES:
            return _frame(file, marker, start, orientation)
        elif marker == _SOS:
            break
    raise file.refuse("CORRUPT_JPEG", "the JPEG has no frame header")


def read_extent(file):
    """Read what any JPEG stream declares, lossless and JPEG-LS included.

    Parameters
    ----------
    file : ImageFile
        A JPEG stream of any process.

    Returns
    -------
    rows, columns, channels : int

    Raises
    ------
    ImageError
    """
    for marker, start, _ in _segments(file):
        if marker in _FRAMES or marker == _JPEG_LS:
            return struct.unpack_from(">HHB", file.data, start + 1)
    raise file.refuse("CORRUPT_JPEG", "the JPEG has no frame header")


def read_quantisation(file):
    """Add up the first quantisation table: it tells which software saved the image, how finely.

    Parameters
    ----------
    file : ImageFile
        A JPEG file.

    Returns
    -------
    total : int
        64 for the finest; 0 without a table.

    Raises
    ------
    ImageError
    """
    for marker, start, stop in _segments(file):
        if marker == _DQT:
            entry = (
                "B" if file.data[start] < 16 else "H"
            )  # T.81, B.2.4.1: the upper half is the precision
            payload = file.data[start + 1 : stop]
            return sum(struct.unpack_from(f">64{entry}", payload)) if len(payload) >= 64 else 0
        if marker == _SOS:
            break
    return 0


def decode(file, header, size=None):
    """Decode to grey levels, at a fraction of the size where `size` allows.

    Parameters
    ----------
    file : ImageFile
        A JPEG file.
    header : Header
        As `read_header` gives it for the same file.
    size : int or None
        The caller's working size, see `featurex.images.read_image`.

    Returns
    -------
    image : uint8 array of shape (rows, columns)

    Raises
    ------
    ImageError
        CORRUPT_JPEG or TRUNCATED: warnings of the decoder are errors here, since after each of them
        the image is wrong.
    """
    check_plausible(file, header, MAX_PIXELS_PER_BYTE)
    if file.strict:
        # Late: it loads Numba.
        from featurex.images.jpeg_check import check_coefficients

        check_coefficients(file)
    factor = _scale(header, size)
    try:
        image = simplejpeg.decode_jpeg(
            file.data,
            "GRAY",
            min_height=math.ceil(header.rows / factor),
            min_width=math.ceil(header.columns / factor),
        )
    except ValueError as error:
        reason = "TRUNCATED" if "remature end" in str(error) else "CORRUPT_JPEG"
        raise file.refuse(reason, f"the JPEG decoder stopped: {error}") from error
    return orient(image[:, :, 0], header.orientation)


def _segments(file):
    """Yield (marker, start, stop) of the header's segments; start and stop enclose the payload."""
    data, position = file.data, 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            raise file.refuse("CORRUPT_JPEG", f"byte {position} of the JPEG should begin a segment")
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        if length < 2:
            raise file.refuse(
                "CORRUPT_JPEG", f"the segment at byte {position} of the JPEG has no length"
            )
        yield marker, position + 4, position + 2 + length
        position += 2 + length
    raise file.refuse("TRUNCATED", "the JPEG ends within its header")


def _frame(file, marker, start, orientation):
    if start + 6 > len(file.data):
        raise file.refuse("TRUNCATED", "the JPEG ends within its header")
    bits, rows, columns, channels = struct.unpack_from(">BHHB", file.data, start)
    if marker not in (_BASELINE, _EXTENDED, _PROGRESSIVE) or bits != 8:
        raise file.refuse(
            "UNSUPPORTED_FORMAT",
            f"a JPEG of process SOF{marker - 0xC0} with {bits} bits; 8-bit baseline and "
            f"progressive are read",
        )
    if channels not in (1, 3):
        raise file.refuse(
            "UNSUPPORTED_COLOUR", f"a JPEG with {channels} colours; save it as grey or RGB"
        )
    if marker == _PROGRESSIVE and file.data.count(bytes((0xFF, _SOS))) > _MAX_SCANS:
        raise file.refuse("CORRUPT_JPEG", f"the progressive JPEG has more than {_MAX_SCANS} scans")
    return Header("JPEG", rows, columns, bits, channels, orientation)


def _scale(header, size):
    if size is None:
        return 1
    smaller = min(header.rows, header.columns)
    return next((factor for factor in _FACTORS if smaller // factor >= 2 * size), 1)
