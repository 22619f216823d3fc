"""Local binary patterns: which codes are told apart, and how many there are of each."""

import math

import numpy as np
from numba import types
from numba.extending import intrinsic, overload

from featurex.kernels._jit import inline, jit


@jit
def label_uniform(codes, points, labels):
    """Ojala's rotation-invariant uniform patterns (riu2).

    Parameters
    ----------
    codes : uint32 or uint64 array, shape (rows, columns)
    points : int
        Samples of the circle: bits of a code.
    labels : array of any number type, shape (rows, columns)
        The number of set bits where neighbours differ at most twice around the circle, else points
        + 1.
    """
    word = codes.dtype.type
    for row in range(codes.shape[0]):
        code, out = codes[row], labels[row]
        for column in range(code.size):
            bits = _count_bits(code[column])
            out[column] = bits if _is_uniform(code[column], points, word) else points + 1


@jit
def label_by_position(codes, points, labels):
    """Uniform patterns by number of set bits and by place (Ahonen's u2), in scikit-image's
    numbering.

    Parameters
    ----------
    codes, points
        As for `label_uniform`.
    labels : array of any number type, shape (rows, columns)
        0 for no bit; 1 + (bits - 1) points + turns for a run that begins `turns` bits below the
        highest place; points (points - 1) + 1 for all bits; one more for all patterns that are not
        uniform.
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
            out[column] = (
                label if _is_uniform(code[column], points, word) else points * (points - 1) + 2
            )


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
def count_labels(labels, inside, row_zones, column_starts, counts):
    """Count labels by zone.

    Parameters
    ----------
    labels : uint8 or uint16 array, shape (rows, columns)
    inside : uint8 array of the same shape, or None
        1 for pixels that count, 0 for others.
    row_zones : intp array, shape (rows,)
        First zone of each row.
    column_starts : intp array, shape (zones of a row + 1,)
        Where each zone of a row begins, and the last ends.
    counts : uint32 array, shape (zones, 4, number of labels)
        Incremented. Four counters of each label, in turn, to be added up: equal labels side by
        side, which are frequent, would wait for each other at a single one.
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
            for place in range(whole, end):
                x = np.uintp(place)
                one = np.uint32(1 if inside is None else inside[row, x])
                counts[zone, np.uintp(0), np.uintp(labels[row, x])] += one


@jit
def fill_root_fractions(counts, labels, roots):
    """Square roots of the share that each label has of a zone.

    Parameters
    ----------
    counts : uint32 array, shape (zones, 4, codes)
        How often each code is there, in four parts.
    labels : unsigned integer array, shape (codes,)
        Label of each code.
    roots : float32 array, shape (zones, labels)
        0 in a zone without any pixel.
    """
    sums = np.empty(roots.shape[1], np.int64)
    for zone in range(counts.shape[0]):
        sums[:] = 0
        for code in range(labels.size):
            count = np.int64(counts[zone, 0, code]) + np.int64(counts[zone, 1, code])
            count += np.int64(counts[zone, 2, code]) + np.int64(counts[zone, 3, code])
            sums[np.uintp(labels[code])] += count
        total = max(1, sums.sum())
        for label in range(sums.size):
            roots[zone, label] = math.sqrt(sums[label] / total)


@inline
def _is_uniform(code, points, word):
    """Whether a step along the bits changes their value at most twice.

    The step from the last bit to the first is left out: changes around a circle are even in number,
    so that it makes a third of two only where there are four.
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
