"""How many bytes run-length and LZW codes stand for, without decoding them.

A decoder fills what it was promised and stops: a changed length shifts everything behind it, and
nobody is told. Lengths that do not add up give it away. All return -1 where codes break a rule.
"""

import numpy as np

from featurex.kernels._jit import jit


@jit
def measure_packbits(data):
    """Count the bytes that PackBits codes stand for (TIFF 6.0, section 9).

    Parameters
    ----------
    data : uint8 array, shape (n,)
        One strip.

    Returns
    -------
    length : int
        -1 where the last code is cut.
    """
    at, length = 0, 0
    while at < data.size:
        code = np.int64(data[at])
        if code < 128:
            at += code + 2
            length += code + 1
        elif code > 128:
            at += 2
            length += 257 - code
        else:
            at += 1
    return length if at == data.size else -1


@jit
def keeps_rows(data, row, n_rows):
    """Return whether PackBits codes end with every row, up to the last one (DICOM PS3.5, G.3.1).

    Parameters
    ----------
    data : uint8 array, shape (n,)
        One segment.
    row, n_rows : int
        Bytes of a row, and rows.

    Returns
    -------
    aligned : bool
        False, too, where there are fewer rows.
    """
    at, length, rows = 0, 0, 0
    while at < data.size and rows < n_rows:
        code = np.int64(data[at])
        if code < 128:
            at += code + 2
            length += code + 1
        elif code > 128:
            at += 2
            length += 257 - code
        else:
            at += 1
        if length > row * (rows + 1):
            return False
        if length == row * (rows + 1):
            rows += 1
    return rows == n_rows


@jit
def measure_lzw(data):
    """Count the bytes that LZW codes stand for (TIFF 6.0, section 13).

    Parameters
    ----------
    data : uint8 array, shape (n,)
        One strip, codes from the highest bit on.

    Returns
    -------
    length : int
        Up to the code that ends the strip, or the last whole one; -1 for a code that is not in the
        table.
    """
    lengths = np.ones(4097, np.int64)
    held, n_held, at = 0, 0, 0
    width, n_codes, previous, total = 9, 258, -1, 0
    while True:
        while n_held < width and at < data.size:
            held = ((held << 8) | data[at]) & 0xFFFFFFFF
            n_held += 8
            at += 1
        if n_held < width:
            return total
        code = (held >> (n_held - width)) & ((1 << width) - 1)
        n_held -= width
        if code == 257:
            return total
        if code == 256:
            width, n_codes, previous = 9, 258, -1
            continue
        if previous >= 0:
            if n_codes > 4095:
                return -1
            lengths[n_codes] = lengths[previous] + 1
            n_codes += 1
        if code >= n_codes or (previous < 0 and code > 255):
            return -1
        total += lengths[code]
        previous = code
        # One code early, as TIFF has it.
        width = 12 if n_codes >= 2047 else 11 if n_codes >= 1023 else 10 if n_codes >= 511 else 9


@jit
def measure_bitmap_runs(data, columns, rows, packed):
    """Count the pixels that the run lengths of a BMP stand for.

    Parameters
    ----------
    data : uint8 array, shape (n,)
        From the first code to the end of the file.
    columns, rows : int
        Of the image.
    packed : bool
        Whether a byte holds two pixels (RLE4).

    Returns
    -------
    n_pixels : int
        -1 where codes leave the image, are cut, or have no end.
    """
    at, x, y, n_pixels = 0, 0, 0, 0
    while at + 1 < data.size:
        count, value = np.int64(data[at]), np.int64(data[at + 1])
        at += 2
        if count > 0:
            x += count
            n_pixels += count
        elif value == 0:
            x, y = 0, y + 1
        elif value == 1:
            return n_pixels
        elif value == 2:
            if at + 1 >= data.size:
                return -1
            x, y = x + np.int64(data[at]), y + np.int64(data[at + 1])
            at += 2
        else:
            n_bytes = (value + 1) // 2 if packed else value
            at += n_bytes + n_bytes % 2
            x += value
            n_pixels += value
        if x > columns or y > rows or (y == rows and x > 0):
            return -1
    return -1
