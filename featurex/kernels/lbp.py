"""Local binary patterns: which neighbours on a circle are at least as bright as their centre."""

import math

import numpy as np
from numba import types
from numba.extending import intrinsic, overload

from featurex.kernels._jit import inline, jit


def circle(image, points, radius):
    """An image with zeros around it, and where the samples of a circle lie in it.

    Parameters
    ----------
    image : array of shape (rows, columns)
    points : int
    radius : float
        Pixels.

    Returns
    -------
    padded, border, corners, row_shares, column_shares
        The first arguments of `lbp_codes`.
    """
    border = math.ceil(abs(radius)) + 1
    rows, columns = image.shape
    padded = np.zeros((rows + 2 * border, columns + 2 * border))
    padded[border : border + rows, border : border + columns] = image
    turns = 2 * np.pi * np.arange(points) / points
    # Five decimals as in scikit-image, so that samples meant to lie on pixels do.
    down, right = np.round(-radius * np.sin(turns), 5), np.round(radius * np.cos(turns), 5)
    corners = np.stack([np.floor(down), np.ceil(down), np.floor(right), np.ceil(right)], axis=1)
    return padded, border, corners.astype(np.intp), _shares(rows, down), _shares(columns, right)


def _shares(side, offsets):
    """How far each sample lies beyond the pixel before it, for every sample and place: (points, side)."""
    places = np.arange(side) + offsets[:, None]
    return places - np.floor(places)


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
    codes : uint32 or uint64 array, shape (rows, columns)
        Bit i is set where sample i is at least as bright as the centre.
    """
    rows, columns = codes.shape
    word = codes.dtype.type
    sample = np.empty(columns)
    codes[:] = word(0)
    for row in range(rows):
        centre = padded[row + border, border : border + columns]
        out = codes[row]
        for i in range(corners.shape[0]):
            bit = word(1) << word(i)
            _sample_row(padded, row + border, border, corners[i], row_shares[i, row], column_shares[i], sample)
            for column in range(columns):
                out[column] |= bit if sample[column] - centre[column] >= 0 else word(0)


@jit
def lbp_variances(padded, border, corners, row_shares, column_shares, variances):
    """Write the variance of the samples around every pixel.

    Parameters
    ----------
    padded, border, corners, row_shares, column_shares
        As for `lbp_codes`.
    variances : float64 array, shape (rows, columns)
        (sum of squares - square of the sum / points) / points, in this order of operations.
    """
    rows, columns = variances.shape
    points = corners.shape[0]
    sample, total, squares = np.empty(columns), np.empty(columns), np.empty(columns)
    for row in range(rows):
        total[:] = 0.0
        squares[:] = 0.0
        for i in range(points):
            _sample_row(padded, row + border, border, corners[i], row_shares[i, row], column_shares[i], sample)
            for column in range(columns):
                total[column] += sample[column]
                squares[column] += sample[column] * sample[column]
        out = variances[row]
        for column in range(columns):
            out[column] = (squares[column] - total[column] * total[column] / points) / points


@inline
def _sample_row(padded, row, border, corner, lower, share, out):
    """One sample of the circle for a row of centres; without the pixels whose share is nothing."""
    columns = out.size
    # Slices and not sums of indices: those keep the loops from vectorising.
    left, right = border + corner[2], border + corner[3]
    above_left = padded[row + corner[0], left : left + columns]
    above_right = padded[row + corner[0], right : right + columns]
    below_left = padded[row + corner[1], left : left + columns]
    below_right = padded[row + corner[1], right : right + columns]
    if corner[0] == corner[1] and left == right:
        out[:] = above_left
    elif left == right:
        for column in range(columns):
            out[column] = (1 - lower) * above_left[column] + lower * below_left[column]
    elif corner[0] == corner[1]:
        for column in range(columns):
            out[column] = (1 - share[column]) * above_left[column] + share[column] * above_right[column]
    else:
        for column in range(columns):
            top = (1 - share[column]) * above_left[column] + share[column] * above_right[column]
            bottom = (1 - share[column]) * below_left[column] + share[column] * below_right[column]
            out[column] = (1 - lower) * top + lower * bottom


@jit
def label_uniform(codes, points, labels):
    """Ojala's rotation-invariant uniform patterns (riu2).

    Parameters
    ----------
    codes : uint32 or uint64 array, shape (rows, columns)
    points : int
        Samples of the circle: bits of a code.
    labels : array of any number type, shape (rows, columns)
        The number of set bits where neighbours differ at most twice around the circle, else points + 1.
    """
    word = codes.dtype.type
    for row in range(codes.shape[0]):
        code, out = codes[row], labels[row]
        for column in range(code.size):
            bits = _count_bits(code[column])
            out[column] = bits if _is_uniform(code[column], points, word) else points + 1


@jit
def label_placed(codes, points, labels):
    """Uniform patterns by number of set bits and by place (Ahonen's u2), in scikit-image's numbering.

    Parameters
    ----------
    codes, points
        As for `label_uniform`.
    labels : array of any number type, shape (rows, columns)
        0 for no bit; 1 + (bits - 1) points + turns for a run that begins `turns` bits below the highest
        place; points (points - 1) + 1 for all bits; one more for all patterns that are not uniform.
    """
    word = codes.dtype.type
    one = word(1)
    for row in range(codes.shape[0]):
        code, out = codes[row], labels[row]
        for column in range(code.size):
            bits = np.int64(_count_bits(code[column]))
            # Zeros below the lowest set bit, and ones below the lowest that is not.
            less = word(code[column] - (one if bits > 0 else word(0)))
            more = word(code[column] + (one if bits < points else word(0)))
            first_one = np.int64(_count_bits(word(~code[column] & less)))
            first_zero = np.int64(_count_bits(word(code[column] & ~more)))
            turns = bits - first_zero if first_one == 0 else points - first_one
            label = 0 if bits == 0 else 1 + (bits - 1) * points + (turns if bits < points else 0)
            out[column] = label if _is_uniform(code[column], points, word) else points * (points - 1) + 2


@jit
def label_rotated(codes, points, labels):
    """The least of the numbers that a code becomes when it is rotated.

    Parameters
    ----------
    codes, points
        As for `label_uniform`.
    labels : array of any number type, shape (rows, columns)
    """
    word = codes.dtype.type
    one, top = word(1), word(points - 1)
    least, turned = np.empty(codes.shape[1], codes.dtype), np.empty(codes.shape[1], codes.dtype)
    for row in range(codes.shape[0]):
        least[:] = codes[row]
        turned[:] = codes[row]
        for _ in range(1, points):
            for column in range(least.size):
                turned[column] = (turned[column] >> one) | ((turned[column] & one) << top)
                least[column] = min(least[column], turned[column])
        labels[row] = least


@jit
def count_labels(labels, row_zones, column_starts, counts):
    """Count labels by zone.

    Parameters
    ----------
    labels : uint16 array, shape (rows, columns)
    row_zones : intp array, shape (rows,)
        First zone of each row.
    column_starts : intp array, shape (zones of a row + 1,)
        Where each zone of a row begins, and the last ends.
    counts : int64 array, shape (zones, 4, number of labels)
        Incremented. Four counters of each label, in turn, to be added up: equal labels side by side, which are
        frequent, would wait for each other at a single one.
    """
    for row in range(labels.shape[0]):
        for zone in range(column_starts.size - 1):
            part = labels[row, column_starts[zone] : column_starts[zone + 1]]
            counter = counts[row_zones[row] + zone]
            whole = part.size // 4 * 4
            for i in range(0, whole, 4):
                counter[0, part[i]] += 1
                counter[1, part[i + 1]] += 1
                counter[2, part[i + 2]] += 1
                counter[3, part[i + 3]] += 1
            for i in range(whole, part.size):
                counter[0, part[i]] += 1


@inline
def _is_uniform(code, points, word):
    """Whether a step along the bits changes their value at most twice.

    The step from the last bit to the first is left out: changes around a circle are even in number, so that it
    makes a third of two only where there are four.
    """
    steps = word(code ^ (code >> word(1))) & word((word(1) << word(points - 1)) - word(1))
    return _count_bits(word(steps)) <= 2


def _count_bits(word):
    """Set bits of a word."""
    return int(word).bit_count()


@intrinsic
def _population_count(typing_context, word):
    """The processor's instruction, which Numba has no name for."""
    if not isinstance(word, types.Integer):
        return None
    return word(word), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


@overload(_count_bits, inline="always")
def _compile_count_bits(word):
    return lambda word: _population_count(word)
