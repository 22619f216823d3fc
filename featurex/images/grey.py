"""Conversions that every format shares: colour to grey, orientation, and depth."""

import numpy as np

# Rec. 601 luma in 16-bit fixed point, as in JPEG (ITU-R BT.601-7; sum 65,536, so that equal
# channels give exactly their value).
_LUMA = np.array([19595, 38470, 7471], np.uint32)
# The largest grey value of 12 bits: many files hold detectors' 12 bits in a type of 16.
TWELVE_BITS = 4095
# Pixels that are converted at a time: what a conversion needs besides stays below a few megabytes.
_BLOCK = 2**19


def convert_blocks(image, convert, dtype):
    """Convert an image some rows at a time, so that little memory is needed on the way.

    Parameters
    ----------
    image : array of shape (rows, columns, ...)
        Any type.
    convert : callable
        From a block of rows to an array of shape (block's rows, columns).
    dtype : dtype
        Of the result.

    Returns
    -------
    converted : array of shape (rows, columns)
    """
    converted = np.empty(image.shape[:2], dtype)
    step = max(1, _BLOCK // image.shape[1])
    for start in range(0, len(image), step):
        converted[start : start + step] = convert(image[start : start + step])
    return converted


def to_grey(colour):
    """Convert colour to Rec. 601 luma, rounded to nearest.

    Parameters
    ----------
    colour : uint8 or uint16 array of shape (rows, columns, 3)
        Red, green, blue.

    Returns
    -------
    grey : array of shape (rows, columns)
        Has the same type.
    """
    return convert_blocks(colour, _weigh_colours, colour.dtype)


def _weigh_colours(colour):
    total = np.full(colour.shape[:2], 32768, np.uint32)
    for channel, weight in enumerate(_LUMA):
        total += colour[:, :, channel] * weight
    return total >> 16


# EXIF 2.32, tag 0x0112: the side of the image on which stored row 0 and stored column 0 lie.
_TURNS = {
    1: lambda image: image,
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.T,
    6: lambda image: image.T[:, ::-1],
    7: lambda image: image[::-1, ::-1].T,
    8: lambda image: image.T[::-1],
}


def orient(image, orientation):
    """Turn and mirror stored rows into the image as it is to be seen.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Rows as they are stored.
    orientation : int
        As in EXIF. Anything but 2 to 8 leaves the image as it is, as viewers do.

    Returns
    -------
    image : contiguous array
    """
    return np.ascontiguousarray(_TURNS.get(orientation, _TURNS[1])(image))


def widen(levels, bits):
    """Spread grey levels of a depth between 8 and 16 bits over all of uint16.

    Parameters
    ----------
    levels : unsigned integer array of shape (rows, columns)
        From 0 to ``2**bits - 1``.
    bits : int
        The depth of the levels, 8 to 16.

    Returns
    -------
    levels : uint16 array of the same shape
        ``levels * 65535 / (2**bits - 1)``, rounded: different levels stay different.
    """
    highest = np.uint32(2**bits - 1)

    def spread(block):
        return (block.astype(np.uint32) * np.uint32(65535) + highest // 2) // highest

    return convert_blocks(levels, spread, np.uint16)


def find_white(image):
    """Find the grey value of white by the type of an image, not by its brightest pixel.

    A film without bright tissue is a dark film; what its brightest pixel is tells of the patient
    and the framing.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating.

    Returns
    -------
    white : float
        255 of uint8, 1 of floating types, and 65,535 of uint16, or 4,095 where no pixel of it is
        brighter than 12 bits can be.

    Examples
    --------
    >>> [find_white(np.array([[9]], kind)) for kind in (np.uint8, np.uint16, np.float32)]
    [255.0, 4095.0, 1.0]
    >>> find_white(np.array([[5000]], np.uint16))
    65535.0
    """
    if image.dtype.kind == "f":
        return 1.0
    if image.dtype == np.uint16 and image.max() <= TWELVE_BITS:
        return float(TWELVE_BITS)
    return float(np.iinfo(image.dtype).max)


def to_eight_bits(image):
    """Convert an image to 8 bits, for figures and thumbnails.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating.

    Returns
    -------
    image : contiguous uint8 array of the same shape
        uint8 as it is; of uint16 the high byte, so that 65,535 becomes 255. A floating type has no
        range of its own: its minimum becomes 0 and its maximum 255, rounded down between.
    """
    if image.dtype == np.uint8:
        return np.ascontiguousarray(image)
    if image.dtype == np.uint16:
        return (image >> 8).astype(np.uint8)
    low, high = image.min(), image.max()
    return ((image - low) * (255 / max(high - low, 1e-6))).astype(np.uint8)
