"""Grey-level co-occurrence of few levels: counting the pairs of two offsets at once."""

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def count_triples(levels, starts, size, shifts, folded, places, triples, counts):
    """Do what `glcm.count_pairs` does, by counting triples of a pixel and two neighbours, and
    adding them up.

    Incrementing counters takes all the time, and this takes half as many increments.

    Parameters
    ----------
    levels, starts, size, folded
        As of `count_pairs`.
    shifts : int64 array, shape (n_offsets,)
        As of `count_pairs`; at least two.
    places : uint16 array, shape (2, length)
        To work in: places of counters, for a part of the image; (n + 1)^3 are at most 65,536.
    triples : uint32 array, shape (2, n + 1, n + 1, n + 1)
        Zeros, to work in; zeros again afterwards.
    counts : uint32 array, shape (n_images, n_offsets, n + 1, n + 1)
        Filled; zero for level 0, which is outside.
    """
    n_offsets, side = counts.shape[1:3]
    flat = triples.reshape(2, side * side * side)
    for image in range(starts.size):
        last = starts[image] + size
        for group in range(0, n_offsets, 4):
            together = 2 if n_offsets - group > 2 else 1
            for begin in range(starts[image], last, places.shape[1]):
                here = levels[begin : min(begin + places.shape[1], last)]
                for k in range(together):
                    one, two = _partners(group + 2 * k, n_offsets)
                    one, two = begin + shifts[one], begin + shifts[two]
                    _locate(
                        here,
                        levels[one : one + here.size],
                        levels[two : two + here.size],
                        side,
                        places[k],
                    )
                if together == 2:
                    _count_two(places[0, : here.size], places[1, : here.size], flat[0], flat[1])
                else:
                    _count_one(places[0, : here.size], flat[0])
            for k in range(together):
                one, two = _partners(group + 2 * k, n_offsets)
                _add_up(triples[k], folded, counts[image, one], counts[image, two])


@inline
def _partners(offset, n_offsets):
    """Two offsets counted at once; one without a successor is counted with its predecessor anew."""
    return offset, offset + 1 if offset + 1 < n_offsets else offset - 1


@inline
def _locate(here, one, two, side, places):
    """The place of each triple's counter: a loop of its own, as it vectorises and counting does
    not.
    """
    width = places.dtype.type(side)
    for x in range(here.size):
        pair = np.uint16(np.uint16(here[x]) * width + np.uint16(one[x]))
        places[x] = np.uint16(pair * width + np.uint16(two[x]))


@inline
def _count_one(places, table):
    """Count four quarters in turn: equal triples side by side, which are frequent, would wait for
    each other.
    """
    one, part = np.uint32(1), places.size // 4
    first, second, third, fourth = (
        places[:part],
        places[part:],
        places[2 * part :],
        places[3 * part :],
    )
    for x in range(part):
        table[first[x]] += one
        table[second[x]] += one
        table[third[x]] += one
        table[fourth[x]] += one
    for x in range(part, fourth.size):
        table[fourth[x]] += one


@inline
def _count_two(places, others, table, other):
    """Count triples of two kinds at a time, each in four quarters in turn."""
    one, part = np.uint32(1), places.size // 4
    first, second, third, fourth = (
        places[:part],
        places[part:],
        places[2 * part :],
        places[3 * part :],
    )
    first_2, second_2, third_2, fourth_2 = (
        others[:part],
        others[part:],
        others[2 * part :],
        others[3 * part :],
    )
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
def _add_up(triples, folded, one, two):
    """Pairs of a pixel with its one neighbour and with its other; the triples return to 0."""
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
            if folded:
                for j in range(i):
                    table[i, j] += table[j, i]
                    table[j, i] = 0
