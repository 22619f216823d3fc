"""Local binary patterns: which neighbours on a circle are at least as bright as their centre."""

import math
from functools import lru_cache

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Pixels worked on at a time, so that what is made of them stays in the processor's second cache.
_STRIP = 16384


def pad(image, radius, dtype):
    """An image with as many zeros around it as a circle can reach.

    Parameters
    ----------
    image : array of shape (rows, columns)
    radius : float
        Pixels.
    dtype : floating type

    Returns
    -------
    padded : array of `dtype`, shape (rows + 2 border, columns + 2 border)
    """
    border = _border(radius)
    rows, columns = image.shape
    padded = np.empty((rows + 2 * border, columns + 2 * border), dtype)
    padded[:border] = padded[-border:] = padded[:, :border] = padded[:, -border:] = 0
    padded[border : border + rows, border : border + columns] = image
    return padded


@lru_cache(maxsize=64)
def circle(rows, columns, points, radius, dtype):
    """Where the samples of a circle lie in a padded image.

    A sample is the bilinear mean of four pixels: first along the columns, for all samples at the same offset
    together, then along the rows. Samples are compared two by two: two at one offset, mostly one above and one
    below, or any two that lie on columns of pixels.

    Parameters
    ----------
    rows, columns : int
        Of the image.
    points : int
    radius : float
        Pixels.
    dtype : floating type

    Returns
    -------
    row_places : intp array, shape (points, 2)
        Rows above and below each sample, from the first row of the padded image for a centre in the first
        row of the image.
    row_shares : array of `dtype`, shape (points, rows)
        Share of the row below; the same for all rows but for rounding, which decides ties.
    pairs : intp array, shape (n_pairs, 2, 2)
        Two samples, and the column offset of each; the same sample twice where there is no second.
    column_places : intp array, shape (n_offsets, 2)
    column_shares : array of `dtype`, shape (n_offsets, columns)
    """
    turns = 2 * np.pi * np.arange(points) / points
    # Five decimals as in scikit-image, so that samples meant to lie on pixels do.
    down = np.round(-radius * np.sin(turns), 5)
    right, offset_of = np.unique(np.round(radius * np.cos(turns), 5), return_inverse=True)
    # All offsets of whole pixels are one group, as they need no mean along the columns.
    groups = np.where(right == np.floor(right), right.size, np.arange(right.size))[offset_of]
    pairs = []
    for group in np.unique(groups):
        samples = [(sample, offset_of[sample]) for sample in np.flatnonzero(groups == group)]
        pairs += zip(samples[::2], samples[1::2] + samples[-1:], strict=False)
    places = [
        np.stack([np.floor(offsets), np.ceil(offsets)], axis=1).astype(np.intp) + _border(radius)
        for offsets in (down, right)
    ]
    shares = _shares(rows, down, dtype), _shares(columns, right, dtype)
    return places[0], shares[0], np.array(pairs, np.intp), places[1], shares[1]


def _border(radius):
    return math.ceil(abs(radius)) + 1


def _shares(side, offsets, dtype):
    """How far each sample lies beyond the pixel before it, for every sample and place: (points, side)."""
    places = np.arange(side) + offsets[:, None]
    return (places - np.floor(places)).astype(dtype)


def _lbp_codes(padded, thresholds, row_places, row_shares, pairs, column_places, column_shares, codes):
    """Write the binary code of every pixel.

    Parameters
    ----------
    padded : floating array, shape (rows + 2 border, columns + 2 border)
    thresholds : array of the same type and shape
        From where on a sample around a pixel counts as bright: the pixel itself, by definition.
    row_places, row_shares, pairs, column_places, column_shares
        The circle, as `circle` gives it.
    codes : uint32 or uint64 array, shape (rows, columns)
        Bit i is set where sample i is bright.
    """
    rows, columns = codes.shape
    stride = padded.shape[1]
    border = (padded.shape[0] - rows) // 2
    word = codes.dtype.type
    pixels, limits, flat_codes = padded.reshape(-1), thresholds.reshape(-1), codes.reshape(-1)
    strip = max(1, _STRIP // columns)
    lines = np.empty((strip + 2 * border) * stride, padded.dtype)
    flat_codes[:] = word(0)
    for first in range(0, rows, strip):
        height = min(strip, rows - first)
        for pair in pairs:
            (one, offset_one), (two, offset_two) = pair
            begin_one = first * stride + column_places[offset_one, 0]
            begin_two = first * stride + column_places[offset_two, 0]
            source = pixels
            if column_places[offset_one, 0] != column_places[offset_one, 1]:
                _mix_columns(pixels, begin_one, height + 2 * border, stride, column_shares[offset_one], lines)
                source, begin_one, begin_two = lines, 0, 0
            bits = word(1) << word(one), word(1) << word(two)
            for row in range(height):
                shares = row_shares[one, first + row], row_shares[two, first + row]
                here_one, here_two = begin_one + row * stride, begin_two + row * stride
                uppers = here_one + row_places[one, 0] * stride, here_two + row_places[two, 0] * stride
                lowers = here_one + row_places[one, 1] * stride, here_two + row_places[two, 1] * stride
                centres = (first + row + border) * stride + border, (first + row) * columns, columns
                _compare(source, uppers, lowers, shares, bits, limits, centres, flat_codes)


@inline
def _mix_columns(pixels, begin, rows, stride, share, lines):
    """The weighted mean of neighbouring columns, for some rows of a padded image."""
    whole = pixels.dtype.type(1)
    for row in range(rows):
        # Unsigned indices: they need no test for a negative one, which would keep the loops from vectorising.
        left, to = np.uintp(begin + row * stride), np.uintp(row * stride)
        right = left + np.uintp(1)
        for column in range(np.uintp(share.size)):
            beyond = share[column]
            lines[to + column] = (whole - beyond) * pixels[left + column] + beyond * pixels[right + column]


@inline
def _compare(source, uppers, lowers, shares, bits, limits, centres, codes):
    """Set the bits of two samples for one row of centres; two, so that codes are loaded half as often."""
    high_1, high_2, low_1, low_2 = np.uintp(uppers[0]), np.uintp(uppers[1]), np.uintp(lowers[0]), np.uintp(lowers[1])
    centre, out, columns = np.uintp(centres[0]), np.uintp(centres[1]), np.uintp(centres[2])
    (share_1, share_2), (bit_1, bit_2), nothing = shares, bits, codes.dtype.type(0)
    rest_1, rest_2 = source.dtype.type(1) - share_1, source.dtype.type(1) - share_2
    if high_1 == low_1 and high_2 == low_2:
        for column in range(columns):
            limit = limits[centre + column]
            first = bit_1 if source[high_1 + column] >= limit else nothing
            second = bit_2 if source[high_2 + column] >= limit else nothing
            codes[out + column] |= first | second
    else:
        for column in range(columns):
            limit = limits[centre + column]
            sample_1 = rest_1 * source[high_1 + column] + share_1 * source[low_1 + column]
            sample_2 = rest_2 * source[high_2 + column] + share_2 * source[low_2 + column]
            first = bit_1 if sample_1 >= limit else nothing
            second = bit_2 if sample_2 >= limit else nothing
            codes[out + column] |= first | second


# In float64, samples are made by scikit-image's operations, in its order, so that ties fall the same way.
lbp_codes = jit(_lbp_codes)
# Products and sums may be fused here; for use with thresholds that allow for rounding.
lbp_codes_fused = jit_relaxed(_lbp_codes)


@jit
def lbp_variances(padded, row_places, row_shares, pairs, column_places, column_shares, variances):
    """Write the variance of the samples around every pixel.

    Parameters
    ----------
    padded, row_places, row_shares, pairs, column_places, column_shares
        As for `_lbp_codes`.
    variances : float64 array, shape (rows, columns)
        (sum of squares - square of the sum / points) / points, in this order of operations and of samples.
    """
    rows, columns = variances.shape
    points = row_places.shape[0]
    offsets = np.empty(points, np.intp)
    for pair in pairs:
        for sample, offset in pair:
            offsets[sample] = offset
    for row in range(rows):
        total, squares = np.zeros(columns), np.zeros(columns)
        for i in range(points):
            left, right = column_places[offsets[i]]
            above, below = padded[row + row_places[i, 0]], padded[row + row_places[i, 1]]
            above_left, above_right = above[left : left + columns], above[right : right + columns]
            below_left, below_right = below[left : left + columns], below[right : right + columns]
            share, lower = column_shares[offsets[i]], row_shares[i, row]
            for column in range(columns):
                top = (1 - share[column]) * above_left[column] + share[column] * above_right[column]
                bottom = (1 - share[column]) * below_left[column] + share[column] * below_right[column]
                value = (1 - lower) * top + lower * bottom
                total[column] += value
                squares[column] += value * value
        out = variances[row]
        for column in range(columns):
            out[column] = (squares[column] - total[column] * total[column] / points) / points
