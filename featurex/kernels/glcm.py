"""Grey-level co-occurrence: counting pairs of levels."""

import numpy as np

from featurex.kernels._jit import inline, jit

# Tables of so many levels at most are counted twice over: larger ones would no longer fit the first
# cache.
_SMALL = 65


@jit
def count_pairs(levels, starts, size, shifts, folded, places, counts):
    """Count how often level j lies at each offset from level i, in each of several images.

    Parameters
    ----------
    levels : uint8 or uint16 array
        The images one after the other, row after row: 0 outside the region, 1 to n inside; with so
        many zeros between rows, and before and behind each image, that no pixel has a neighbour in
        another row or image than its own.
    starts : intp array, shape (n_images,)
        Where the first pixel of each image lies.
    size : int
        How many places from there on hold its pixels or zeros between rows.
    shifts : int64 array, shape (n_offsets,)
        How many places behind a pixel its neighbour lies.
    folded : bool
        Whether to count the pair i, j at the greater level's row and the lesser one's column.
    places : uint16 or uint32 array, shape (4, length)
        To work in: places of counters, for a part of the image; of a type that can tell (n + 1)^2
        of them apart.
    counts : uint32 array, shape (n_images, n_offsets, n + 1, n + 1)
        Filled; zero for level 0, which is outside.
    """
    n_offsets, side = counts.shape[1:3]
    small = side <= _SMALL
    others = np.zeros((4, side * side if small else 0), np.uint32)
    counts[:] = 0
    for image in range(starts.size):
        tables = counts[image].reshape(n_offsets, side * side)
        group = 0
        while group < n_offsets:
            # A large table leaves no room for others in the second cache.
            left = n_offsets - group if small else 1
            together = 4 if left >= 4 else (2 if left >= 2 else 1)
            last = starts[image] + size
            for begin in range(starts[image], last, places.shape[1]):
                here = levels[begin : min(begin + places.shape[1], last)]
                for k in range(together):
                    there = begin + shifts[group + k]
                    _locate(here, levels[there : there + here.size], side, folded, places[k])
                if together == 4:
                    _count_four(places, here.size, tables[group : group + 4], others)
                elif together == 2:
                    _count_two(places, here.size, tables[group : group + 2], others)
                else:
                    table = tables[group]
                    _count(places[0, : here.size], table, others[0] if small else table)
            for k in range(together if small else 0):
                _move(others[k], tables[group + k])
            group += together
        for k in range(n_offsets):
            for level in range(side):
                counts[image, k, 0, level] = counts[image, k, level, 0] = 0


@jit
def _move(other, table):
    """Add one table to the other, and empty it."""
    for place in range(table.size):
        table[place] += other[place]
        other[place] = 0


@inline
def _locate(here, there, side, folded, places):
    """The place of each pair's counter: a loop of its own, as it vectorises and counting does
    not.
    """
    width = places.dtype.type(side)
    if folded:
        for x in range(here.size):
            places[x] = np.uint32(max(here[x], there[x])) * width + np.uint32(
                min(here[x], there[x])
            )
    else:
        for x in range(here.size):
            places[x] = np.uint32(here[x]) * width + np.uint32(there[x])


@inline
def _count(places, table, other):
    """Count two halves in turn: equal pairs side by side, which are frequent, would wait for each
    other.
    """
    half = places.size // 2
    low, high = places[:half], places[half:]
    for x in range(half):
        table[low[x]] += np.uint32(1)
        other[high[x]] += np.uint32(1)
    if high.size > half:
        table[high[half]] += np.uint32(1)


@inline
def _count_four(places, size, tables, others):
    """Count the pairs of four offsets at a time, in two tables each, so that no counter waits for
    another.
    """
    one = np.uint32(1)
    places_0, places_1, places_2, places_3 = places[0], places[1], places[2], places[3]
    table_0, table_1, table_2, table_3 = tables[0], tables[1], tables[2], tables[3]
    other_0, other_1, other_2, other_3 = others[0], others[1], others[2], others[3]
    even = size // 2 * 2
    for x in range(0, even, 2):
        table_0[places_0[x]] += one
        table_1[places_1[x]] += one
        table_2[places_2[x]] += one
        table_3[places_3[x]] += one
        other_0[places_0[x + 1]] += one
        other_1[places_1[x + 1]] += one
        other_2[places_2[x + 1]] += one
        other_3[places_3[x + 1]] += one
    for x in range(even, size):
        table_0[places_0[x]] += one
        table_1[places_1[x]] += one
        table_2[places_2[x]] += one
        table_3[places_3[x]] += one


@inline
def _count_two(places, size, tables, others):
    """Count the pairs of two offsets at a time, in two tables each."""
    one = np.uint32(1)
    places_0, places_1, table_0, table_1, other_0, other_1 = (
        places[0],
        places[1],
        tables[0],
        tables[1],
        others[0],
        others[1],
    )
    even = size // 2 * 2
    for x in range(0, even, 2):
        table_0[places_0[x]] += one
        table_1[places_1[x]] += one
        other_0[places_0[x + 1]] += one
        other_1[places_1[x + 1]] += one
    for x in range(even, size):
        table_0[places_0[x]] += one
        table_1[places_1[x]] += one


@jit
def count_pairs_last(levels, offsets, counts):
    """Count pairs of levels, with the offsets along the last axis.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows, columns)
        0 to n - 1.
    offsets : int64 array, shape (n_offsets, 2)
        Rows down and columns right.
    counts : uint32 array, shape (n, n, n_offsets)
        Incremented; of any order in memory.
    """
    rows, columns = levels.shape
    for k in range(offsets.shape[0]):
        down, right = offsets[k]
        left, width = max(0, -right), columns - abs(right)
        table = counts[:, :, k]
        for row in range(max(0, -down), min(rows, rows - down) if width > 0 else 0):
            here = levels[row, left : left + width]
            there = levels[row + down, left + right : left + right + width]
            for x in range(width):
                table[np.uintp(here[x]), np.uintp(there[x])] += np.uint32(1)


@jit
def add_transposed(counts):
    """Count every pair in both directions.

    Parameters
    ----------
    counts : uint32 array, shape (n, n, n_offsets)
        Changed in place.
    """
    for i in range(counts.shape[0]):
        for j in range(i + 1):
            one, two = counts[i, j], counts[j, i]
            for k in range(one.size):
                both = one[k] + two[k]
                one[k] = both
                two[k] = both


@jit
def divide_counts(counts, totals, shares):
    """Divide the counts of every offset by their number.

    Parameters
    ----------
    counts : uint32 array, shape (n, n, n_offsets)
    totals : float64 array, shape (n_offsets,)
    shares : float64 array, shape (n, n, n_offsets)
        Holds zeros; filled where there is a pair, as most levels lie nowhere side by side.
    """
    for i in range(counts.shape[0]):
        for j in range(counts.shape[1]):
            line, out = counts[i, j], shares[i, j]
            some = np.uint32(0)
            for k in range(line.size):
                some |= line[k]
            if some > 0:
                for k in range(line.size):
                    out[k] = line[k] / totals[k]
