"""Local binary patterns: which samples of a circle are at least as bright as its centre."""

from typing import NamedTuple

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Samples compared in one loop, so that codes and centres are loaded and stored a quarter as often.
GROUP = 4


class Circle(NamedTuple):
    """The samples of a circle as `lbp_codes` needs them.

    They are compared with rows of the image in a ring buffer, which holds the rows that the circle
    reaches: for each, a line of its pixels, and one line of interpolated pixels for every fraction
    of a pixel by which a sample lies to the right of one. Indices are those of the flat ring, for a
    centre in column 0 and each of the ring's rows. Samples come in groups, filled up by repeating
    the last.

    Parameters
    ----------
    border : int
        Rows and columns that the circle reaches beyond its centre.
    ring : tuple of int
        Rows, lines of each row, and numbers in a line.
    pixel_bits : uint32 or uint64 array, shape (n,)
        Bits of the samples that lie on a line, in the type of the codes: another would widen them.
    pixel_indices : intp array, shape (rows of the ring, n)
        Index of each of these.
    mean_bits : uint32 or uint64 array, shape (m,)
        Bits of the samples that lie between two lines.
    mean_indices : intp array, shape (2, rows of the ring, m)
        Index in the line above each of these, and in the one below.
    row_weights : floating array, shape (m, rows)
        Weight of the lower line, for each row of the centre.
    left : intp array, shape (lines - 1,)
        Offset of the left one of the two pixels between which a line interpolates.
    column_weights : floating array, shape (lines - 1, width)
        Weight of the right one, for each column.
    """

    border: int
    ring: tuple[int, int, int]
    pixel_bits: np.ndarray
    pixel_indices: np.ndarray
    mean_bits: np.ndarray
    mean_indices: np.ndarray
    row_weights: np.ndarray
    left: np.ndarray
    column_weights: np.ndarray


def _lbp_codes(image, circle, tolerance, codes):
    """Fill the binary code of every pixel.

    The codes are those of Ojala et al. 2002: bit i is set where sample i is at least as bright as
    the centre. Row after row enters a ring buffer in the L1 and L2 caches, is interpolated there
    once for all samples that share a fraction of a column, and is compared along the row.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values; pixels beyond it count as 0, as in scikit-image.
    circle : Circle
        The samples.
    tolerance : scalar of the circle's floating type
        How far below its centre a sample may be and still count as bright; 0 by definition.
    codes : uint32 or uint64 array, shape (rows, padded width)
        Filled; of no meaning beyond the image's columns.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623
    """
    rows, border = image.shape[0], circle.border
    n_rows, n_lines, stride = circle.ring
    # Unpacked once: every use of the tuple on a row would count references of all its arrays.
    left, column_weights = circle.left, circle.column_weights
    pixel_bits, pixel_indices = circle.pixel_bits, circle.pixel_indices
    mean_bits, mean_indices, row_weights = circle.mean_bits, circle.mean_indices, circle.row_weights
    # Rows are written between `border` zeros on either side, which stay: pixels beyond the image.
    ring = np.zeros(n_rows * n_lines * stride, column_weights.dtype)
    # A row can be coded when the last row that its circles reach has entered.
    for entering in range(-border, rows + border):
        begin, row = entering % n_rows * n_lines * stride, entering - border
        # The row takes the slot of the one that no circle reaches any more.
        if 0 <= entering < rows:
            _enter_row(image, np.uintp(entering), np.uintp(begin + border), ring)
        else:
            ring[begin : begin + stride] = 0
        for i in range(left.size):
            start, line = begin + border + left[i], begin + (i + 1) * stride
            _interpolate(ring, np.uintp(start), np.uintp(line), column_weights, np.uintp(i))
        if row < 0:
            continue
        phase, out = row % n_rows, np.uintp(row)
        centre = np.uintp(phase * n_lines * stride + border)
        for column in range(np.uintp(codes.shape[1])):
            codes[out, column] = 0
        for first in range(0, pixel_bits.size, GROUP):
            at = (phase, first, row, centre, out)
            _compare_pixels(ring, tolerance, pixel_indices, pixel_bits, at, codes)
        for first in range(0, mean_bits.size, GROUP):
            at = (phase, first, row, centre, out)
            _compare_means(ring, tolerance, mean_indices, row_weights, mean_bits, at, codes)


# Below, unsigned indices need no test for a negative one, which would keep loops from vectorising;
# and arrays are indexed rather than sliced: counting references of slices would take as long as the
# work on a row. `at` holds the ring's row of the centre, the first sample of the group, the row of
# the centre in the image, the index of its first pixel in the ring, and the row of the codes.
@inline
def _enter_row(image, row, begin, ring):
    """Copy a row of the image into the ring buffer."""
    for column in range(np.uintp(image.shape[1])):
        ring[begin + column] = image[row, column]


@inline
def _interpolate(ring, left, line, column_weights, shift):
    """Fill a line of the ring with means of neighbouring pixels of a row."""
    one, right = ring.dtype.type(1), left + np.uintp(1)
    for column in range(np.uintp(column_weights.shape[1])):
        weight = column_weights[shift, column]
        ring[line + column] = (one - weight) * ring[left + column] + weight * ring[right + column]


@inline
def _compare_pixels(ring, tolerance, indices, bits, at, codes):
    """Set the bits of a group of samples on lines, for one row of centres."""
    phase, first, _, centre, out = at
    at_0, at_1 = np.uintp(indices[phase, first]), np.uintp(indices[phase, first + 1])
    at_2, at_3 = np.uintp(indices[phase, first + 2]), np.uintp(indices[phase, first + 3])
    bit_0, bit_1, bit_2, bit_3 = bits[first], bits[first + 1], bits[first + 2], bits[first + 3]
    nothing = codes.dtype.type(0)
    for column in range(np.uintp(codes.shape[1])):
        minimum = ring[centre + column] - tolerance
        bits_0 = bit_0 if ring[at_0 + column] >= minimum else nothing
        bits_1 = bit_1 if ring[at_1 + column] >= minimum else nothing
        bits_2 = bit_2 if ring[at_2 + column] >= minimum else nothing
        bits_3 = bit_3 if ring[at_3 + column] >= minimum else nothing
        codes[out, column] |= (bits_0 | bits_1) | (bits_2 | bits_3)


@inline
def _compare_means(ring, tolerance, indices, weights, bits, at, codes):
    """Set the bits of a group of samples between two lines, for one row of centres."""
    phase, first, row, centre, out = at
    nothing, one = codes.dtype.type(0), ring.dtype.type(1)
    high_0, high_1 = np.uintp(indices[0, phase, first]), np.uintp(indices[0, phase, first + 1])
    high_2, high_3 = np.uintp(indices[0, phase, first + 2]), np.uintp(indices[0, phase, first + 3])
    low_0, low_1 = np.uintp(indices[1, phase, first]), np.uintp(indices[1, phase, first + 1])
    low_2, low_3 = np.uintp(indices[1, phase, first + 2]), np.uintp(indices[1, phase, first + 3])
    bit_0, bit_1, bit_2, bit_3 = bits[first], bits[first + 1], bits[first + 2], bits[first + 3]
    lower_0, lower_1 = weights[first, row], weights[first + 1, row]
    lower_2, lower_3 = weights[first + 2, row], weights[first + 3, row]
    upper_0, upper_1, upper_2, upper_3 = one - lower_0, one - lower_1, one - lower_2, one - lower_3
    for column in range(np.uintp(codes.shape[1])):
        minimum = ring[centre + column] - tolerance
        sample_0 = upper_0 * ring[high_0 + column] + lower_0 * ring[low_0 + column]
        sample_1 = upper_1 * ring[high_1 + column] + lower_1 * ring[low_1 + column]
        sample_2 = upper_2 * ring[high_2 + column] + lower_2 * ring[low_2 + column]
        sample_3 = upper_3 * ring[high_3 + column] + lower_3 * ring[low_3 + column]
        bits_0 = bit_0 if sample_0 >= minimum else nothing
        bits_1 = bit_1 if sample_1 >= minimum else nothing
        bits_2 = bit_2 if sample_2 >= minimum else nothing
        bits_3 = bit_3 if sample_3 >= minimum else nothing
        codes[out, column] |= (bits_0 | bits_1) | (bits_2 | bits_3)


# In float64, samples are computed by scikit-image's operations, in its order, so that ties fall the
# same way.
lbp_codes = jit(_lbp_codes)
# Products and sums may be fused here, for use with a tolerance that allows for rounding.
lbp_codes_fused = jit_relaxed(_lbp_codes)


@jit
def count_labels(labels, inside, row_zones, column_starts, counts):
    """Count labels by grid zone.

    Parameters
    ----------
    labels : uint8, uint16 or uint32 array, shape (rows, at least columns)
        The pattern, or code, of each pixel.
    inside : uint8 array, shape (rows, columns), or None
        1 for pixels that count, 0 for others; None for all.
    row_zones : intp array, shape (rows,)
        Index of the first zone of each row.
    column_starts : intp array, shape (zones of a row + 1,)
        First column of each zone, and the end of the last.
    counts : uint32 array, shape (zones, 4, number of labels)
        Incremented; the four counters of each label are to be added up. Successive pixels take
        turns: they are often alike, and an increment would wait for the one before it to be stored.
    """
    for row in range(labels.shape[0]):
        for k in range(column_starts.size - 1):
            zone, begin, end = np.uintp(row_zones[row] + k), column_starts[k], column_starts[k + 1]
            whole = begin + (end - begin) // 4 * 4
            for first in range(begin, whole, 4):
                for turn in range(4):
                    x = np.uintp(first + turn)
                    one = np.uint32(1 if inside is None else inside[row, x])
                    counts[zone, np.uintp(turn), np.uintp(labels[row, x])] += one
            for last in range(whole, end):
                x = np.uintp(last)
                one = np.uint32(1 if inside is None else inside[row, x])
                counts[zone, np.uintp(0), np.uintp(labels[row, x])] += one
