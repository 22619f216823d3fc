"""Grey-level co-occurrence matrices (IBSI LFYI): counting pairs of levels."""

import numpy as np

from featurex.kernels._jit import inline, jit

# Tables of at most so many levels, 0 included, are counted in two copies: two copies of four larger
# ones would not fit the L1 and L2 caches.
_SMALL = 65


@jit
def count_pairs(levels, starts, size, shifts, lower, indices, counts):
    """Count how often level j lies at each offset from level i, in each of several images.

    Images are walked as one long row. Stretches of pixels are turned into indices of counters for
    up to four offsets, which vectorises, and the counters of these are then incremented in turn, so
    that no increment waits for the one before it to be stored.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (length,)
        The images one after the other, row after row: 0 outside the region, 1 to n inside; with so
        much padding of zeros between rows, and before and behind each image, that no pixel has a
        neighbour in another row or image than its own.
    starts : intp array, shape (n_images,)
        Index of the first pixel of each image.
    size : int
        Number of pixels of an image, with the padding between its rows.
    shifts : int64 array, shape (n_offsets,)
        By how much the index of a neighbour is larger than that of its pixel.
    lower : bool
        Whether to count the pair i, j in the lower triangle: in the row of the larger level and the
        column of the smaller one.
    indices : uint16 or uint32 array, shape (4, stretch)
        Scratch buffer: the index of each pixel's counter, for four offsets; of a type that holds
        (n + 1)^2. A stretch should fit the L1 cache.
    counts : uint32 array, shape (n_images, n_offsets, n + 1, n + 1)
        Filled; row and column 0 hold zeros, as level 0 is outside.

    References
    ----------
    R. M. Haralick, K. Shanmugam, I. Dinstein (1973). Textural features for image classification.
    IEEE Transactions on Systems, Man, and Cybernetics 3(6), 610-621. doi:10.1109/TSMC.1973.4309314
    """
    n_offsets, side = counts.shape[1:3]
    small = side <= _SMALL
    # The second copies of up to four tables, for successive pixels in turn.
    others = np.zeros((4, side * side if small else 0), np.uint32)
    counts[:] = 0
    for image in range(starts.size):
        tables = counts[image].reshape(n_offsets, side * side)
        group = 0
        while group < n_offsets:
            # A large table leaves no room for others in the L2 cache.
            left = n_offsets - group if small else 1
            together = 4 if left >= 4 else (2 if left >= 2 else 1)
            last = starts[image] + size
            for begin in range(starts[image], last, indices.shape[1]):
                here = levels[begin : min(begin + indices.shape[1], last)]
                for k in range(together):
                    there = begin + shifts[group + k]
                    _index_pairs(here, levels[there : there + here.size], side, lower, indices[k])
                if together == 4:
                    _count_four(indices, here.size, tables[group : group + 4], others)
                elif together == 2:
                    _count_two(indices, here.size, tables[group : group + 2], others)
                else:
                    table = tables[group]
                    _count(indices[0, : here.size], table, others[0] if small else table)
            for k in range(together if small else 0):
                _move(others[k], tables[group + k])
            group += together
        # Pairs with a pixel outside were counted, too: a test would be a branch in the loops above.
        for k in range(n_offsets):
            for level in range(side):
                counts[image, k, 0, level] = counts[image, k, level, 0] = 0


@jit
def _move(other, table):
    """Add one table to the other, and empty it."""
    for k in range(table.size):
        table[k] += other[k]
        other[k] = 0


@inline
def _index_pairs(here, there, side, lower, indices):
    """Fill the index of each pair's counter: a loop of its own, as it vectorises and counting does
    not.
    """
    # In 16 or 32 bits, not Numba's 64, of which a vector register holds fewer.
    width = indices.dtype.type(side)
    if lower:
        for x in range(here.size):
            indices[x] = np.uint32(max(here[x], there[x])) * width + np.uint32(
                min(here[x], there[x])
            )
    else:
        for x in range(here.size):
            indices[x] = np.uint32(here[x]) * width + np.uint32(there[x])


@inline
def _count(indices, table, other):
    """Count the pairs of one offset, two halves in turn.

    Equal pairs side by side are frequent, and an increment would wait for the one before it.
    """
    half = indices.size // 2
    first, second = indices[:half], indices[half:]
    for x in range(half):
        table[first[x]] += np.uint32(1)
        other[second[x]] += np.uint32(1)
    if second.size > half:
        table[second[half]] += np.uint32(1)


@inline
def _count_four(indices, size, tables, others):
    """Count the pairs of four offsets at a time, in two copies of each table."""
    one = np.uint32(1)
    indices_0, indices_1, indices_2, indices_3 = indices[0], indices[1], indices[2], indices[3]
    table_0, table_1, table_2, table_3 = tables[0], tables[1], tables[2], tables[3]
    other_0, other_1, other_2, other_3 = others[0], others[1], others[2], others[3]
    even = size // 2 * 2
    for x in range(0, even, 2):
        table_0[indices_0[x]] += one
        table_1[indices_1[x]] += one
        table_2[indices_2[x]] += one
        table_3[indices_3[x]] += one
        other_0[indices_0[x + 1]] += one
        other_1[indices_1[x + 1]] += one
        other_2[indices_2[x + 1]] += one
        other_3[indices_3[x + 1]] += one
    for x in range(even, size):
        table_0[indices_0[x]] += one
        table_1[indices_1[x]] += one
        table_2[indices_2[x]] += one
        table_3[indices_3[x]] += one


@inline
def _count_two(indices, size, tables, others):
    """Count the pairs of two offsets at a time, in two copies of each table."""
    one = np.uint32(1)
    indices_0, indices_1 = indices[0], indices[1]
    table_0, table_1, other_0, other_1 = tables[0], tables[1], others[0], others[1]
    even = size // 2 * 2
    for x in range(0, even, 2):
        table_0[indices_0[x]] += one
        table_1[indices_1[x]] += one
        other_0[indices_0[x + 1]] += one
        other_1[indices_1[x + 1]] += one
    for x in range(even, size):
        table_0[indices_0[x]] += one
        table_1[indices_1[x]] += one


@jit
def count_pairs_last(levels, offsets, counts):
    """Count pairs of levels, with the offsets along the last axis as in scikit-image.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows, columns)
        0 to n - 1.
    offsets : int64 array, shape (n_offsets, 2)
        Rows down and columns right, from a pixel to its neighbour.
    counts : uint32 array, shape (n, n, n_offsets)
        Incremented; of any order in memory.
    """
    rows, columns = levels.shape
    for k in range(offsets.shape[0]):
        down, right = offsets[k]
        left, width = max(0, -right), columns - abs(right)
        table = counts[:, :, k]
        # The pixels whose neighbour lies in the image: no test is needed inside the loops.
        for row in range(max(0, -down), min(rows, rows - down) if width > 0 else 0):
            here = levels[row, left : left + width]
            there = levels[row + down, left + right : left + right + width]
            for x in range(width):
                table[np.uintp(here[x]), np.uintp(there[x])] += np.uint32(1)


@jit
def add_transposed(counts):
    """Count every pair in both directions: add the transpose.

    Parameters
    ----------
    counts : uint32 array, shape (n, n, n_offsets)
        Counts of pairs in one direction; changed in place.
    """
    for i in range(counts.shape[0]):
        for j in range(i + 1):
            # The offsets are the last axis: the inner loop runs along memory.
            one, two = counts[i, j], counts[j, i]
            for k in range(one.size):
                both = one[k] + two[k]
                one[k] = both
                two[k] = both


@jit
def divide_counts(counts, totals, probabilities):
    """Divide the counts of every offset by their total.

    Parameters
    ----------
    counts : uint32 array, shape (n, n, n_offsets)
        Counts of pairs.
    totals : float64 array, shape (n_offsets,)
        Number of pairs at each offset, above 0.
    probabilities : float64 array, shape (n, n, n_offsets)
        Zeros; filled where there is a pair. Most levels are nowhere neighbours, and a division
        takes longer than a test.
    """
    for i in range(counts.shape[0]):
        for j in range(counts.shape[1]):
            line, out = counts[i, j], probabilities[i, j]
            some = np.uint32(0)
            for k in range(line.size):
                some |= line[k]
            if some > 0:
                for k in range(line.size):
                    out[k] = line[k] / totals[k]
