"""Local binary patterns: from binary codes to labels of patterns, and fractions of these."""

import math

import numpy as np

from featurex.kernels._jit import count_bits, inline, jit


@jit
def label_uniform(codes, points, labels):
    """Label rotation-invariant uniform patterns, the riu2 of Ojala et al. 2002.

    Parameters
    ----------
    codes : uint32 or uint64 array, shape (rows, columns)
        Binary codes.
    points : int
        Samples of the circle: bits of a code.
    labels : array of any number type, shape (rows, columns)
        Filled: the number of set bits where neighbours around the circle differ at most twice, else
        points + 1.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623
    """
    word = codes.dtype.type
    for row in range(codes.shape[0]):
        code, out = codes[row], labels[row]
        for column in range(code.size):
            bits = count_bits(code[column])
            out[column] = bits if _is_uniform(code[column], points, word) else points + 1


@jit
def label_by_position(codes, points, labels):
    """Label uniform patterns by number of set bits and by position, the u2 of Ahonen et al. 2006.

    Parameters
    ----------
    codes : uint32 or uint64 array, shape (rows, columns)
        Binary codes.
    points : int
        Samples of the circle: bits of a code.
    labels : array of any number type, shape (rows, columns)
        Filled, in scikit-image's numbering: 0 for no bit; 1 + (bits - 1) points + turns for a run
        of bits that begins `turns` bits below the highest one; points (points - 1) + 1 for all
        bits; one more for all patterns that are not uniform.

    References
    ----------
    T. Ahonen, A. Hadid, M. Pietikäinen (2006). Face description with local binary patterns:
    application to face recognition. IEEE TPAMI 28(12), 2037-2041. doi:10.1109/TPAMI.2006.244
    """
    word = codes.dtype.type
    one = word(1)
    for row in range(codes.shape[0]):
        code, out = codes[row], labels[row]
        for column in range(code.size):
            bits = np.int64(count_bits(code[column]))
            # Where the lowest set bit is, and the lowest that is not set: subtracting 1 sets all
            # bits below the one, adding 1 clears all below the other.
            less = word(code[column] - (one if bits > 0 else word(0)))
            more = word(code[column] + (one if bits < points else word(0)))
            first_one = np.int64(count_bits(word(~code[column] & less)))
            first_zero = np.int64(count_bits(word(code[column] & ~more)))
            turns = bits - first_zero if first_one == 0 else points - first_one
            label = 0 if bits == 0 else 1 + (bits - 1) * points + (turns if bits < points else 0)
            out[column] = (
                label if _is_uniform(code[column], points, word) else points * (points - 1) + 2
            )


@jit
def label_rotated(codes, points, labels):
    """Label rotation-invariant patterns, the ri of Ojala et al. 2002: the smallest rotated code.

    Parameters
    ----------
    codes : uint32 or uint64 array, shape (rows, columns)
        Binary codes.
    points : int
        Samples of the circle: bits of a code.
    labels : array of any number type, shape (rows, columns)
        Filled with the minimum of the numbers that a code becomes when its bits are rotated.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623
    """
    word = codes.dtype.type
    one, top = word(1), word(points - 1)
    smallest, turned = np.empty(codes.shape[1], codes.dtype), np.empty(codes.shape[1], codes.dtype)
    for row in range(codes.shape[0]):
        smallest[:] = codes[row]
        turned[:] = codes[row]
        for _ in range(1, points):
            for column in range(smallest.size):
                turned[column] = (turned[column] >> one) | ((turned[column] & one) << top)
                smallest[column] = min(smallest[column], turned[column])
        labels[row] = smallest


@jit
def fill_root_fractions(counts, labels, roots):
    """Fill the square root of the fraction that each label has of a zone's pixels.

    The Euclidean distance of such histograms is their Hellinger distance times sqrt(2).

    Parameters
    ----------
    counts : uint32 array, shape (zones, 4, codes)
        How often each code occurs, in four parts that are to be added up.
    labels : unsigned integer array, shape (codes,)
        Label of each code.
    roots : float32 array, shape (zones, labels)
        Filled; 0 in a zone without pixels.
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
    so that there are at most two around it if there are at most two without that step.
    """
    steps = word(code ^ (code >> word(1))) & word((word(1) << word(points - 1)) - word(1))
    return count_bits(word(steps)) <= 2
