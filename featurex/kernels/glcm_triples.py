"""Grey-level co-occurrence of few levels: counting the pairs of two offsets at once."""

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def count_triples(levels, starts, size, shifts, lower, indices, triples, counts):
    """Do what `glcm.count_pairs` does, by counting triples of a pixel and two neighbours.

    Sums of the triples over either neighbour are the pairs with the other. Incrementing counters
    takes all the time, and this takes half as many increments.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (length,)
        The images with their padding, as for `glcm.count_pairs`.
    starts : intp array, shape (n_images,)
        Index of the first pixel of each image.
    size : int
        Number of pixels of an image, with the padding between its rows.
    shifts : int64 array, shape (n_offsets,)
        By how much the index of a neighbour is larger than that of its pixel; at least two.
    lower : bool
        Whether to count the pair i, j in the lower triangle.
    indices : uint16 array, shape (2, stretch)
        Scratch buffer: the index of each pixel's counter, for two pairs of offsets. Its type holds
        (n + 1)^3: n is at most 39.
    triples : uint32 array, shape (2, n + 1, n + 1, n + 1)
        Scratch buffer of zeros, and zeros again afterwards: by level of the pixel, of its one
        neighbour, and of its other.
    counts : uint32 array, shape (n_images, n_offsets, n + 1, n + 1)
        Filled; row and column 0 hold zeros, as level 0 is outside.

    References
    ----------
    R. M. Haralick, K. Shanmugam, I. Dinstein (1973). Textural features for image classification.
    IEEE Transactions on Systems, Man, and Cybernetics 3(6), 610-621. doi:10.1109/TSMC.1973.4309314
    """
    n_offsets, side = counts.shape[1:3]
    # Four offsets at a time are two tables of triples; see `_count_two`.
    flat = triples.reshape(2, side * side * side)
    for image in range(starts.size):
        last = starts[image] + size
        for group in range(0, n_offsets, 4):
            together = 2 if n_offsets - group > 2 else 1
            for begin in range(starts[image], last, indices.shape[1]):
                here = levels[begin : min(begin + indices.shape[1], last)]
                for k in range(together):
                    one, two = _partners(group + 2 * k, n_offsets)
                    one, two = begin + shifts[one], begin + shifts[two]
                    first, second = (
                        levels[one : one + here.size],
                        levels[two : two + here.size],
                    )
                    _index_triples(here, first, second, side, indices[k])
                if together == 2:
                    _count_two(indices[0, : here.size], indices[1, : here.size], flat[0], flat[1])
                else:
                    _count_one(indices[0, : here.size], flat[0])
            for k in range(together):
                one, two = _partners(group + 2 * k, n_offsets)
                _sum_triples(triples[k], lower, counts[image, one], counts[image, two])


@inline
def _partners(offset, n_offsets):
    """The two offsets counted at once; a last one is counted with its predecessor again."""
    return offset, offset + 1 if offset + 1 < n_offsets else offset - 1


@inline
def _index_triples(here, one, two, side, indices):
    """Fill the index of each triple's counter: a loop of its own, as it vectorises and counting
    does not.
    """
    width = indices.dtype.type(side)
    for x in range(here.size):
        pair = np.uint16(np.uint16(here[x]) * width + np.uint16(one[x]))
        indices[x] = np.uint16(pair * width + np.uint16(two[x]))


@inline
def _count_one(indices, table):
    """Count four quarters in turn.

    Equal triples side by side are frequent, and an increment would wait for the one before it.
    """
    one, part = np.uint32(1), indices.size // 4
    first, second = indices[:part], indices[part:]
    third, fourth = indices[2 * part :], indices[3 * part :]
    for x in range(part):
        table[first[x]] += one
        table[second[x]] += one
        table[third[x]] += one
        table[fourth[x]] += one
    for x in range(part, fourth.size):
        table[fourth[x]] += one


@inline
def _count_two(indices, others, table, other):
    """Count triples of two kinds at a time, each in four quarters in turn."""
    one, part = np.uint32(1), indices.size // 4
    first, second = indices[:part], indices[part:]
    third, fourth = indices[2 * part :], indices[3 * part :]
    first_2, second_2 = others[:part], others[part:]
    third_2, fourth_2 = others[2 * part :], others[3 * part :]
    for x in range(part):
        table[first[x]] += one
        other[first_2[x]] += one
        table[second[x]] += one
        other[second_2[x]] += one
        table[third[x]] += one
        other[third_2[x]] += one
        table[fourth[x]] += one
        other[fourth_2[x]] += one
    for x in range(part, fourth.size):
        table[fourth[x]] += one
        other[fourth_2[x]] += one


@inline
def _sum_triples(triples, lower, one, two):
    """Fill the pairs of a pixel with its one and its other neighbour, and set triples to 0."""
    side = one.shape[0]
    two[:] = 0
    for i in range(side):
        above = two[i]
        for j in range(side):
            line, total = triples[i, j], np.uint32(0)
            for k in range(line.size):
                total += line[k]
                above[k] += line[k]
                line[k] = 0
            one[i, j] = total
    for table in (one, two):
        for i in range(side):
            table[i, 0] = table[0, i] = 0
            if lower:
                for j in range(i):
                    table[i, j] += table[j, i]
                    table[j, i] = 0
