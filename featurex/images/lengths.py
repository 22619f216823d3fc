"""Whether what a TIFF or BMP holds has the length that its header needs, and its checksums agree.

Decoders stop when they have what they were promised: pixels that are shifted by a changed length,
and a checksum that disagrees, pass without a word.
"""

import struct
import zlib

import numpy as np

from featurex.kernels.coded_lengths import (
    keeps_rows,
    measure_bitmap_runs,
    measure_lzw,
    measure_packbits,
)

# Tags of TIFF 6.0.
_COMPRESSION, _ROWS, _PLANAR, _FILL_ORDER = 259, 278, 284, 266
_STRIPS, _STRIP_SIZES = 273, 279
_TILE_COLUMNS, _TILE_ROWS, _TILES, _TILE_SIZES = 322, 323, 324, 325
_NONE, _LZW, _PACKBITS, _DEFLATE = 1, 5, 32773, (8, 32946)
_RLE8, _RLE4 = 1, 2


def check_tiff_lengths(file, tags, bits):
    """Refuse a TIFF of which a strip or tile does not hold the bytes that it must.

    Parameters
    ----------
    file : ImageFile
        The whole file.
    tags : mapping of int to values
        Of its directory.
    bits : tuple of int
        Of each sample of a pixel.

    Raises
    ------
    ImageError
        CORRUPT_IMAGE or TRUNCATED.
    """
    planes = len(bits) if tags.get(_PLANAR, 1) == 2 else 1
    pixel_bits = bits[0] if planes > 1 else sum(bits)
    if _TILES in tags:
        row = -(-tags[_TILE_COLUMNS] * pixel_bits // 8)
        needed = [{row * tags[_TILE_ROWS]}] * len(tags[_TILES])
        starts, sizes = tags[_TILES], tags[_TILE_SIZES]
    else:
        rows, row = tags[257], -(-tags[256] * pixel_bits // 8)
        each = min(tags.get(_ROWS, rows), rows)
        n_strips = -(-rows // each)
        last = rows - each * (n_strips - 1)
        # Some writers fill up the last strip.
        needed = planes * ([{row * each}] * (n_strips - 1) + [{row * last, row * each}])
        starts, sizes = tags.get(_STRIPS, ()), tags.get(_STRIP_SIZES, ())
    if len(starts) != len(needed) or len(sizes) != len(needed):
        raise file.refuse(
            "CORRUPT_IMAGE",
            f"the TIFF needs {len(needed):,} strips or tiles, but names {len(starts):,} places and "
            f"{len(sizes):,} lengths",
        )
    for index, (start, size, allowed) in enumerate(zip(starts, sizes, needed, strict=True)):
        data = file.data[start : start + size]
        if len(data) < size:
            raise file.refuse("TRUNCATED", f"strip or tile {index + 1} of the TIFF is cut")
        length = _measure(file, tags, data, max(allowed))
        if length is not None and length not in allowed:
            raise file.refuse(
                "CORRUPT_IMAGE",
                f"strip or tile {index + 1} of {len(needed):,} of the TIFF does not hold the "
                f"{max(allowed):,} bytes that it must",
            )


def _measure(file, tags, data, needed):
    """Return how many bytes a strip stands for, as far as it matters; None if that is not known."""
    compression = tags.get(_COMPRESSION, _NONE)
    if compression == _NONE:
        return len(data) if len(data) < needed else needed
    if tags.get(_FILL_ORDER, 1) != 1:
        return None
    if compression == _PACKBITS:
        return measure_packbits(np.frombuffer(data, np.uint8))
    if compression == _LZW:
        # Codes from the lowest bit on are of an older kind.
        return None if data[:1] == b"\0" else measure_lzw(np.frombuffer(data, np.uint8))
    return _inflate(file, data, needed) if compression in _DEFLATE else None


def _inflate(file, data, needed):
    """Count inflated bytes; the checksum behind them is compared, which libtiff leaves out."""
    stream = zlib.decompressobj()
    try:
        # One byte more, so that too long a stream shows; and no more, whatever it would grow to.
        length = len(stream.decompress(data, needed + 1))
    except zlib.error as error:
        raise file.refuse("CORRUPT_IMAGE", f"a strip or tile of the TIFF: {error}") from error
    if not stream.eof and length <= needed:
        raise file.refuse("TRUNCATED", "a compressed strip or tile of the TIFF has no end")
    return length


def check_segment_lengths(file, rows, columns):
    """Refuse DICOM run lengths that stand for more bytes than the image has, and lost its rows.

    More bytes alone are a way to pad; then every row still ends with a code.

    Parameters
    ----------
    file : ImageFile
        One frame (DICOM PS3.5, annex G).
    rows, columns : int
        Of the image.

    Raises
    ------
    ImageError
        CORRUPT_IMAGE.
    """
    number, *starts = struct.unpack_from("<16I", file.data)
    starts = [*starts[: min(number, 15)], len(file.data)]
    for index, start in enumerate(starts[:-1]):
        data = np.frombuffer(file.data[start : starts[index + 1]], np.uint8)
        # A zero may fill the last word.
        lengths = measure_packbits(data), measure_packbits(data[:-1])
        if rows * columns not in lengths and not keeps_rows(data, columns, rows):
            raise file.refuse(
                "CORRUPT_IMAGE",
                f"the run lengths of segment {index + 1} do not stand for the {rows:,} x "
                f"{columns:,} bytes that it must hold",
            )


def check_bitmap_lengths(file):
    """Refuse a BMP whose pixels are not where, or not as many as, its header says.

    Parameters
    ----------
    file : ImageFile
        The whole file.

    Raises
    ------
    ImageError
        CORRUPT_IMAGE or TRUNCATED.
    """
    start, header = struct.unpack_from("<II", file.data, 10)
    if header < 40:
        return
    columns, rows, _, bits, compression, size = struct.unpack_from("<iiHHII", file.data, 18)
    (colours,) = struct.unpack_from("<I", file.data, 46)
    rows = abs(rows)
    palette = 4 * (colours or 2**bits) if bits <= 8 else 0
    if start < 14 + header + palette and not colours:
        raise file.refuse(
            "CORRUPT_IMAGE", "the pixels of the BMP begin within its header or palette"
        )
    if compression in (_RLE8, _RLE4):
        codes = np.frombuffer(file.data[start:], np.uint8)
        if measure_bitmap_runs(codes, columns, rows, compression == _RLE4) < 0:
            raise file.refuse("CORRUPT_IMAGE", "the run lengths of the BMP do not fit its size")
        return
    needed = -(-columns * bits // 32) * 4 * rows
    if size and size < needed:
        raise file.refuse(
            "CORRUPT_IMAGE",
            f"the BMP says that its pixels take {size:,} bytes, but {columns:,} x {rows:,} of "
            f"{bits} bits take {needed:,}",
        )
    (whole,) = struct.unpack_from("<I", file.data, 2)
    if file.strict and whole and whole != len(file.data):
        raise file.refuse(
            "CORRUPT_IMAGE", f"the BMP says that it has {whole:,} bytes, but has {len(file.data):,}"
        )
    if start + needed > len(file.data):
        raise file.refuse("TRUNCATED", "the BMP ends before its last pixel")
