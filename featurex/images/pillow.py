"""TIFF and BMP, and the pixels of PNG, through Pillow's own decoders, called by name.

`PIL.Image.open` is avoided: it tries dozens of formats, and has its own pixel limit as a global.
"""

import io
import struct

import numpy as np
from PIL import BmpImagePlugin, PngImagePlugin, TiffImagePlugin

from featurex.images.file import Header, check_plausible
from featurex.images.grey import to_grey, widen

_PLUGINS = {
    "PNG": PngImagePlugin.PngImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
}
# Lossless, and to how many bytes one can grow (PackBits: two to 128; LZW: 12 bits to the longest
# string of its table; Deflate: two bits to 258). A JPEG inside a TIFF would hide its decoder's
# warnings from us.
_TIFF_COMPRESSIONS = {
    "raw": 1,
    "packbits": 64,
    "tiff_lzw": 4096,
    "tiff_deflate": 1032,
    "tiff_adobe_deflate": 1032,
}
_TIFF_BITS, _TIFF_PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0
# Mode of Pillow -> channels. Others (CMYK, YCbCr, LAB, 32-bit and floating levels) are not read.
_MODES = {"1": 1, "L": 1, "P": 1, "I;16": 1, "I;16B": 1, "LA": 2, "PA": 2, "RGB": 3, "RGBA": 4}
_COLOUR_MODES = ("CMYK", "YCbCr", "LAB", "HSV", "RGBX")


def read_header(file):
    """Read what a TIFF or BMP declares.

    Parameters
    ----------
    file : ImageFile
        A TIFF or BMP file.

    Returns
    -------
    header : Header

    Raises
    ------
    ImageError
        SEVERAL_IMAGES, UNSUPPORTED_COLOUR, UNSUPPORTED_FORMAT, or what Pillow found wrong.
    """
    name = "BMP" if file.data.startswith(b"BM") else "TIFF"
    _check_length(file, name)
    # Run lengths of a BMP may also skip pixels: a bound well above 127 of a byte.
    bits, ratio = 8, 1024
    if name == "TIFF":
        _check_single(file)
    image = _PLUGINS[name](io.BytesIO(file.data))
    if name == "TIFF":
        bits = max(_tiff_bits(image))
        _check_tiff(file, image, bits)
        ratio = _TIFF_COMPRESSIONS[image.info["compression"]]
    if image.mode not in _MODES:
        reason = "UNSUPPORTED_COLOUR" if image.mode in _COLOUR_MODES else "UNSUPPORTED_FORMAT"
        raise file.refuse(
            reason, f"a {name} of mode {image.mode}; save it as grey (8 or 16 bits) or RGB"
        )
    header = Header(name, image.height, image.width, bits, _MODES[image.mode])
    check_plausible(file, header, 8 * ratio / (header.bits * header.channels))
    return header


def decode(file, header, size=None):
    """Decode a TIFF or BMP to grey levels at full depth.

    Parameters
    ----------
    file : ImageFile
        A TIFF or BMP file.
    header : Header
        As `read_header` gives it for the same file.
    size : int or None
        Not used.

    Returns
    -------
    image : uint8 or uint16 array of shape (rows, columns)

    Raises
    ------
    ImageError
    """
    return decode_with(file, header.format)


def decode_with(file, name):
    """Decode to grey levels with one of Pillow's decoders.

    Parameters
    ----------
    file : ImageFile
        A file whose header has been checked.
    name : str
        "PNG", "TIFF" or "BMP".

    Returns
    -------
    image : contiguous uint8 or uint16 array of shape (rows, columns)
        A TIFF is turned as its orientation says, which Pillow does on loading.

    Raises
    ------
    ImageError
        UNSUPPORTED_COLOUR where a pixel is transparent.
    """
    image = _PLUGINS[name](io.BytesIO(file.data))
    _check_content(file, name, image)
    image.load()
    transparent = "transparency" in image.info
    if image.mode.startswith("I;16"):
        if transparent:
            raise file.refuse("UNSUPPORTED_COLOUR", f"the {name} has a transparent grey level")
        return _grey16(image)
    if image.mode in ("1", "L") and not transparent:
        return np.array(image.convert("L"))
    if image.mode == "RGB" and not transparent:
        return to_grey(np.asarray(image))
    return _opaque(file, np.asarray(image.convert("RGBA")))


def _check_content(file, name, image):
    """Compare what decoders do not: lengths and checksums."""
    if name == "PNG":
        return
    # Late: it loads Numba.
    from featurex.images.lengths import check_bitmap_lengths, check_tiff_lengths

    if name == "BMP":
        check_bitmap_lengths(file)
    else:
        check_tiff_lengths(file, image.tag_v2, _tiff_bits(image))


def decode_colour16(file):
    """Decode a PNG with colours or transparency of 16 bits, which Pillow would cut to 8.

    Parameters
    ----------
    file : ImageFile
        Its checksums have been verified: OpenCV ignores them.

    Returns
    -------
    image : uint16 array of shape (rows, columns)

    Raises
    ------
    ImageError
    """
    import cv2

    image = cv2.imdecode(np.frombuffer(file.data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise file.refuse("CORRUPT_IMAGE", "the decoder of 16-bit colour PNG found an error")
    if image.shape[2] == 3:
        return to_grey(image[:, :, ::-1])
    return _opaque(file, image[:, :, [2, 1, 0, 3]])


def _opaque(file, colour):
    if np.any(colour[:, :, 3] != np.iinfo(colour.dtype).max):
        raise file.refuse(
            "UNSUPPORTED_COLOUR", "the image has transparent pixels; save it without transparency"
        )
    return to_grey(colour[:, :, :3])


def _grey16(image):
    levels = np.asarray(image).astype(np.uint16)
    if image.format != "TIFF":
        return levels
    levels = widen(levels, _tiff_bits(image)[0])
    # Pillow inverts 8-bit levels itself, but not these.
    return 65535 - levels if image.tag_v2.get(_TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO else levels


def _tiff_bits(image):
    return image.tag_v2.get(_TIFF_BITS, (1,))


def _check_length(file, name):
    """Refuse a BMP shorter than it says, and a TIFF whose directory lies beyond its end.

    Pillow pads the one, and only warns of the other.
    """
    if name == "BMP":
        needed = struct.unpack_from("<I", file.data.ljust(6, b"\0"), 2)[0]
    else:
        needed = _find_directory_end(file)
    if needed > len(file.data):
        raise file.refuse(
            "TRUNCATED", f"the {name} needs {needed:,} bytes, but has only {len(file.data):,}"
        )


def _find_directory_end(file):
    """Find where the first directory of a TIFF ends, with the place of the next one."""
    order = _byte_order(file)
    start = struct.unpack_from(f"{order}I", file.data.ljust(8, b"\0"), 4)[0]
    entries = struct.unpack_from(f"{order}H", file.data[start : start + 2].ljust(2, b"\0"))[0]
    return start + 2 + 12 * entries + 4


def _byte_order(file):
    return "<" if file.data.startswith(b"II") else ">"


def _check_single(file):
    """Refuse a TIFF of several pages; they are not counted, as there may be a million."""
    (following,) = struct.unpack_from(
        f"{_byte_order(file)}I", file.data, _find_directory_end(file) - 4
    )
    if following:
        raise file.refuse(
            "SEVERAL_IMAGES", "the TIFF has more than one page; save one as a file of its own"
        )


def _check_tiff(file, image, bits):
    compression = image.info.get("compression")
    if compression not in _TIFF_COMPRESSIONS:
        raise file.refuse(
            "UNSUPPORTED_FORMAT",
            f"a TIFF with {compression} compression; save it without, or with LZW",
        )
    if bits > 8 and _MODES.get(image.mode, 1) > 1:
        raise file.refuse(
            "UNSUPPORTED_FORMAT", f"a colour TIFF with {bits} bits; save it as grey with 16 bits"
        )
