"""PNG: the header and every checksum first, since decoders skip the latter; then Pillow."""

import struct
import zlib

from featurex.images.exif import EXIF_PREFIX, read_orientation
from featurex.images.file import Header, check_plausible
from featurex.images.grey import orient
from featurex.images.pillow import decode_colour16, decode_with

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Colour type (W3C PNG, 11.2.1) -> channels; type 3 is a palette.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = (1, 2, 4, 8, 16)
# The largest ratio of Deflate: 258 bytes become two bits.
_MAX_DEFLATE = 1032


def read_header(file):
    """Read IHDR, orientation and animation, and verify every chunk's CRC.

    Parameters
    ----------
    file : ImageFile
        A PNG file.

    Returns
    -------
    header : Header

    Raises
    ------
    ImageError
        TRUNCATED without the closing chunk, CORRUPT_IMAGE where a checksum disagrees,
        SEVERAL_IMAGES for an animation.
    """
    chunks = {kind: payload for kind, payload in _chunks(file) if kind != b"IDAT"}
    if b"acTL" in chunks:
        raise file.refuse("SEVERAL_IMAGES", "the PNG is an animation; save one frame")
    if len(chunks.get(b"IHDR", b"")) != 13:
        raise file.refuse("CORRUPT_IMAGE", "the PNG has no header")
    columns, rows, bits, colour = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    if colour not in _CHANNELS or bits not in _DEPTHS:
        raise file.refuse(
            "CORRUPT_IMAGE", f"the PNG declares colour type {colour} with {bits} bits"
        )
    orientation = read_orientation(EXIF_PREFIX + chunks.get(b"eXIf", b"")) or 1
    return Header("PNG", rows, columns, bits, _CHANNELS[colour], orientation)


def decode(file, header, size=None):
    """Decode to grey levels at full depth.

    Parameters
    ----------
    file : ImageFile
        A PNG file whose checksums have been verified, as `read_header` does.
    header : Header
        As `read_header` gives it for the same file.
    size : int or None
        Not used: PNG has no scaled decoding.

    Returns
    -------
    image : uint8 or uint16 array of shape (rows, columns)

    Raises
    ------
    ImageError
    """
    check_plausible(file, header, 8 * _MAX_DEFLATE / (header.bits * header.channels))
    wide_colour = header.bits == 16 and header.channels > 1
    return orient(
        decode_colour16(file) if wide_colour else decode_with(file, "PNG"), header.orientation
    )


def _chunks(file):
    """Yield (type, payload) up to IEND, which must be there."""
    data, position = memoryview(file.data), len(SIGNATURE)
    while position + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind, stop = bytes(data[position + 4 : position + 8]), position + 8 + length
        if stop + 4 > len(data):
            break
        if zlib.crc32(data[position + 4 : stop]) != struct.unpack_from(">I", data, stop)[0]:
            raise file.refuse(
                "CORRUPT_IMAGE", f"the checksum of the PNG's chunk at byte {position} disagrees"
            )
        if kind == b"IEND":
            return
        yield kind, bytes(data[position + 8 : stop]) if kind != b"IDAT" else b""
        position = stop + 4
    raise file.refuse("TRUNCATED", "the PNG ends before its closing chunk")
