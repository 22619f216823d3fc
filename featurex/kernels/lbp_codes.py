"""Local binary patterns: which neighbours on a circle are at least as bright as their centre."""

from typing import NamedTuple

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Samples that `lbp_codes` compares at a time, so that codes and centres are loaded as seldom.
GROUP = 4


class Circle(NamedTuple):
    """The samples of a circle as `lbp_codes` needs them.

    They are compared with rows of the image in a ring: those in the circle's reach, each as a line
    of its pixels and lines of the means of neighbouring pixels, one for every part of a pixel that
    a sample lies to the right. Places are in the flat ring, for each of the rows that the ring
    holds as that of the centre. Samples come in groups, which their last one fills.

    Parameters
    ----------
    border : int
        Pixels that the circle reaches beyond its centre.
    ring : tuple of int
        Rows, lines of each, and pixels of a line.
    whole : uint32 or uint64 array, shape (n,)
        The bits of the samples that lie on a pixel. In the type of the codes: shifts would widen
        it.
    pixels : intp array, shape (rows of the ring, n)
        Places of these.
    mixed : array of the same type, shape (m,)
        The bits of those between pixels.
    upper, lower : intp array, shape (rows of the ring, m)
        Places in the lines above and below these.
    row_shares : floating array, shape (m, rows)
        Share of the lower line.
    left : intp array, shape (lines - 1,)
        Columns from the centre to the left one of two pixels that are mixed.
    column_shares : floating array, shape (lines - 1, width)
        Share of the right one.
    """

    border: int
    ring: tuple[int, int, int]
    whole: np.ndarray
    pixels: np.ndarray
    mixed: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    row_shares: np.ndarray
    left: np.ndarray
    column_shares: np.ndarray


class Zones(NamedTuple):
    """Where codes are counted.

    Parameters
    ----------
    row_zones : intp array, shape (rows,)
        First zone of each row.
    column_starts : intp array, shape (zones of a row + 1,)
        Where each zone of a row begins, and the last ends.
    counts : uint32 array, shape (zones, 4, number of codes)
        Incremented. Four counters of each code, in turn, to be added up: equal codes side by side,
        which are frequent, would wait for each other at a single one.
    """

    row_zones: np.ndarray
    column_starts: np.ndarray
    counts: np.ndarray


def _lbp_codes(image, circle, tolerance, codes, inside, zones):
    """Write the binary code of every pixel, or count codes by zone.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Beyond it, pixels are 0.
    circle : Circle
    tolerance : number of the circle's floating type
        How far below its centre a sample may be and count as bright: nothing, by definition.
    codes : uint32 or uint64 array, shape (rows or 1, padded_width(columns))
        Filled: bit i is set where sample i is bright. Of no meaning beyond the image's columns. A
        single row is overwritten by every row of the image.
    inside : uint8 array of the image's shape, or None
        1 for pixels that are counted, 0 for others.
    zones : Zones or None
        Where to count the codes; None does not.
    """
    rows, border = image.shape[0], circle.border
    n_rows, n_lines, stride = circle.ring
    # One by one: the whole tuple, handed on to where the work on a row is done, would be counted as
    # so many references.
    left, column_shares, whole, pixels = (
        circle.left,
        circle.column_shares,
        circle.whole,
        circle.pixels,
    )
    mixed, upper, lower, row_shares = circle.mixed, circle.upper, circle.lower, circle.row_shares
    ring = np.zeros(n_rows * n_lines * stride, column_shares.dtype)
    for entering in range(-border, rows + border):
        begin, row = entering % n_rows * n_lines * stride, entering - border
        if 0 <= entering < rows:
            _enter(image, np.uintp(entering), np.uintp(begin + border), ring)
        else:
            ring[begin : begin + stride] = 0
        for i in range(left.size):
            start, out = begin + border + left[i], begin + (i + 1) * stride
            _mix(ring, np.uintp(start), np.uintp(out), column_shares, np.uintp(i))
        if row >= 0:
            phase, out = row % n_rows, np.uintp(min(row, codes.shape[0] - 1))
            centre = np.uintp(phase * n_lines * stride + border)
            for column in range(np.uintp(codes.shape[1])):
                codes[out, column] = 0
            for first in range(0, whole.size, GROUP):
                _compare_pixels(ring, centre, tolerance, pixels, whole, phase, first, codes, out)
            for first in range(0, mixed.size, GROUP):
                _compare_means(
                    ring,
                    centre,
                    tolerance,
                    upper,
                    lower,
                    row_shares,
                    mixed,
                    row,
                    phase,
                    first,
                    codes,
                    out,
                )
            if zones is not None:
                _count(codes, out, inside, row, zones.row_zones, zones.column_starts, zones.counts)


@inline
def _count(codes, out, inside, row, row_zones, column_starts, counts):
    """Count one row's codes, in four counters in turn."""
    for k in range(column_starts.size - 1):
        zone, begin, end = np.uintp(row_zones[row] + k), column_starts[k], column_starts[k + 1]
        whole = begin + (end - begin) // 4 * 4
        for first in range(begin, whole, 4):
            for turn in range(4):
                x = np.uintp(first + turn)
                one = np.uint32(1 if inside is None else inside[row, x])
                counts[zone, np.uintp(turn), np.uintp(codes[out, x])] += one
        for place in range(whole, end):
            x = np.uintp(place)
            one = np.uint32(1 if inside is None else inside[row, x])
            counts[zone, np.uintp(0), np.uintp(codes[out, x])] += one


# Indices without a sign need no test for a negative one, which would keep loops from vectorising;
# and slices, each counted as a reference, would take as long as the work on a row.
@inline
def _enter(image, row, begin, ring):
    """Put a row of the image into the ring."""
    for column in range(np.uintp(image.shape[1])):
        ring[begin + column] = image[row, column]


@inline
def _mix(ring, left, out, column_shares, shift):
    """Put the means of neighbouring pixels of a row into a line of the ring."""
    whole, right = ring.dtype.type(1), left + np.uintp(1)
    for column in range(np.uintp(column_shares.shape[1])):
        share = column_shares[shift, column]
        ring[out + column] = (whole - share) * ring[left + column] + share * ring[right + column]


@inline
def _compare_pixels(ring, centre, tolerance, places, bits, phase, first, codes, out):
    """Set the bits of a group of samples on pixels, for one row of centres."""
    at_0, at_1 = np.uintp(places[phase, first]), np.uintp(places[phase, first + 1])
    at_2, at_3 = np.uintp(places[phase, first + 2]), np.uintp(places[phase, first + 3])
    bit_0, bit_1, bit_2, bit_3 = bits[first], bits[first + 1], bits[first + 2], bits[first + 3]
    nothing = codes.dtype.type(0)
    for column in range(np.uintp(codes.shape[1])):
        least = ring[centre + column] - tolerance
        bits_0 = bit_0 if ring[at_0 + column] >= least else nothing
        bits_1 = bit_1 if ring[at_1 + column] >= least else nothing
        bits_2 = bit_2 if ring[at_2 + column] >= least else nothing
        bits_3 = bit_3 if ring[at_3 + column] >= least else nothing
        codes[out, column] |= (bits_0 | bits_1) | (bits_2 | bits_3)


@inline
def _compare_means(
    ring, centre, tolerance, upper, lower, shares, bits, row, phase, first, codes, out
):
    """Set the bits of a group of samples between two lines, for one row of centres."""
    nothing, whole = codes.dtype.type(0), ring.dtype.type(1)
    high_0, high_1 = np.uintp(upper[phase, first]), np.uintp(upper[phase, first + 1])
    high_2, high_3 = np.uintp(upper[phase, first + 2]), np.uintp(upper[phase, first + 3])
    low_0, low_1 = np.uintp(lower[phase, first]), np.uintp(lower[phase, first + 1])
    low_2, low_3 = np.uintp(lower[phase, first + 2]), np.uintp(lower[phase, first + 3])
    bit_0, bit_1, bit_2, bit_3 = bits[first], bits[first + 1], bits[first + 2], bits[first + 3]
    share_0, share_1, share_2, share_3 = (
        shares[first, row],
        shares[first + 1, row],
        shares[first + 2, row],
        shares[first + 3, row],
    )
    rest_0, rest_1, rest_2, rest_3 = (
        whole - share_0,
        whole - share_1,
        whole - share_2,
        whole - share_3,
    )
    for column in range(np.uintp(codes.shape[1])):
        least = ring[centre + column] - tolerance
        sample_0 = rest_0 * ring[high_0 + column] + share_0 * ring[low_0 + column]
        sample_1 = rest_1 * ring[high_1 + column] + share_1 * ring[low_1 + column]
        sample_2 = rest_2 * ring[high_2 + column] + share_2 * ring[low_2 + column]
        sample_3 = rest_3 * ring[high_3 + column] + share_3 * ring[low_3 + column]
        bits_0 = bit_0 if sample_0 >= least else nothing
        bits_1 = bit_1 if sample_1 >= least else nothing
        bits_2 = bit_2 if sample_2 >= least else nothing
        bits_3 = bit_3 if sample_3 >= least else nothing
        codes[out, column] |= (bits_0 | bits_1) | (bits_2 | bits_3)


# In float64, samples are made by scikit-image's operations, in its order, so that ties fall the
# same way.
lbp_codes = jit(_lbp_codes)
# Products and sums may be fused here; for use with a tolerance that allows for rounding.
lbp_codes_fused = jit_relaxed(_lbp_codes)
