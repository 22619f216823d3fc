"""Local binary patterns: which neighbours on a circle are at least as bright as their centre."""

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def lbp_codes(padded, border, corners, row_shares, column_shares, codes):
    """Write the binary code of every pixel, one sample of the circle at a time.

    A sample is the bilinear mean of the four pixels around it, in the order of operations that
    scikit-image has, so that ties fall the same way.

    Parameters
    ----------
    padded : float64 array, shape (rows + 2 border, columns + 2 border)
        The image with zeros around it.
    border : int
    corners : intp array, shape (points, 4)
        Where the four pixels lie from the centre: rows above and below, columns left and right.
    row_shares : float64 array, shape (points, rows)
        Share of the row below; the same for all rows but for rounding, which decides ties.
    column_shares : float64 array, shape (points, columns)
        Share of the column to the right.
    codes : uint32 array, shape (rows, columns)
        Bit i is set where sample i is at least as bright as the centre.
    """
    rows, columns = codes.shape
    codes[:] = 0
    for i in range(corners.shape[0]):
        bit = np.uint32(1) << np.uint32(i)
        left = border + corners[i, 2]
        right = border + corners[i, 3]
        share = column_shares[i]
        for row in range(rows):
            above = padded[row + border + corners[i, 0]]
            below = padded[row + border + corners[i, 1]]
            # Slices and not sums of indices: those keep the loop from vectorising.
            above_left, above_right = above[left : left + columns], above[right : right + columns]
            below_left, below_right = below[left : left + columns], below[right : right + columns]
            centre = padded[row + border, border : border + columns]
            lower = row_shares[i, row]
            out = codes[row]
            for column in range(columns):
                top = (1 - share[column]) * above_left[column] + share[column] * above_right[column]
                bottom = (1 - share[column]) * below_left[column] + share[column] * below_right[column]
                sample = (1 - lower) * top + lower * bottom
                out[column] |= bit if sample - centre[column] >= 0 else np.uint32(0)


@jit
def count_uniform(codes, points, inside, row_zones, column_zones, counts):
    """Count rotation-invariant uniform patterns by zone.

    Parameters
    ----------
    codes : uint32 array, shape (rows, columns)
    points : int
        Samples of the circle: bits of a code.
    inside : bool array, shape (rows, columns)
    row_zones : intp array, shape (rows,)
        First zone of each row.
    column_zones : intp array, shape (columns,)
        What each column adds to it.
    counts : int64 array, shape (n_zones, points + 2)
        Incremented: bin k for k set bits in at most one run, the last for all other patterns.
    """
    rows, columns = codes.shape
    for row in range(rows):
        for column in range(columns):
            if inside[row, column]:
                label = _uniform_label(codes[row, column], points)
                counts[row_zones[row] + column_zones[column], label] += 1


@inline
def _uniform_label(code, points):
    """Set bits where the circle changes at most twice between 0 and 1, else points + 1."""
    turned = np.uint32((code >> np.uint32(1)) | ((code & np.uint32(1)) << np.uint32(points - 1)))
    return _count_bits(code) if _count_bits(code ^ turned) <= 2 else points + 1


@inline
def _count_bits(word):
    """Set bits of 32, by adding neighbours, then pairs, nibbles and bytes (Hacker's Delight, 5-1)."""
    pairs = np.int64(word) - ((np.int64(word) >> 1) & 0x55555555)
    nibbles = (pairs & 0x33333333) + ((pairs >> 2) & 0x33333333)
    octets = (nibbles + (nibbles >> 4)) & 0x0F0F0F0F
    return ((octets * 0x01010101) >> 24) & 0x3F
