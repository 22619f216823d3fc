"""Matrices of counts by level and size."""

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed


@inline
def _describe_shares(shares, places):
    """Sums of p i, p / i^2, p i^2, p^2 and p (i - mean)^2 of the levels, or sizes, i."""
    mean, low, high, uniformity, variance = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(shares.size):
        square = places[k] * places[k]
        mean += shares[k] * places[k]
        low += shares[k] / square
        high += shares[k] * square
        uniformity += shares[k] * shares[k]
    for k in range(shares.size):
        variance += shares[k] * (places[k] - mean) * (places[k] - mean)
    return mean, low, high, uniformity, variance


@jit_relaxed
def describe_counts(counts, sizes, by_level, by_size, values):
    """Fill the statistics of a matrix, but for those that need the number of pixels.

    Parameters
    ----------
    counts : int64 array, shape (n_levels, n_sizes)
    sizes : float64 array, shape (n_sizes,)
        The size to which each column belongs.
    by_level, by_size : float64 arrays, shape (n_levels,) and (n_sizes,)
        Overwritten with the shares of the levels and sizes.
    values : float64 array, shape (17,)
        Filled in the order of `featurex.features.emphasis.FORMULAS`; the percentage with the sum of the counts.
        Zeros where nothing was counted.

    Returns
    -------
    covered : float
        Sum of the sizes.
    """
    squares, levels, total = np.empty(by_size.size), np.empty(by_level.size), 0.0
    for j in range(by_size.size):
        squares[j] = sizes[j] * sizes[j]
        by_size[j] = 0.0
    for i in range(by_level.size):
        row, n_entries = counts[i], 0
        for j in range(by_size.size):
            by_size[j] += row[j]
            n_entries += row[j]
        levels[i], by_level[i] = i + 1.0, n_entries
        total += n_entries
    for k in range(values.size):
        values[k] = 0.0
    if total == 0.0:
        return 0.0
    n_sizes = by_size.size
    while by_size[n_sizes - 1] == 0.0:
        n_sizes -= 1
    for i in range(by_level.size):
        if by_level[i] == 0.0:
            continue
        row, square = counts[i], levels[i] * levels[i]
        small, large = 0.0, 0.0
        for j in range(n_sizes):
            small += row[j] / squares[j]
            large += row[j] * squares[j]
        for j in range(n_sizes):
            if row[j] > 0:
                p = row[j] / total
                values[15] -= p * np.log2(p)
                values[16] += p * p
        values[4] += small / square / total
        values[5] += small * square / total
        values[6] += large / square / total
        values[7] += large * square / total
        by_level[i] /= total
    for j in range(by_size.size):
        by_size[j] /= total
    mean, values[0], values[1], values[11], values[14] = _describe_shares(by_size, sizes)
    _, values[2], values[3], values[9], values[13] = _describe_shares(by_level, levels)
    values[8], values[10], values[12] = total * values[9], total * values[11], total
    return total * mean


@jit
def rank_sizes(sizes, ranks, distinct):
    """Give each size that occurs its place in their order.

    Parameters
    ----------
    sizes : int64 array, shape (n,)
        From 1.
    ranks : int32 array, shape (greatest size + 1,)
        Filled where a size occurs.
    distinct : int64 array, shape (n,)
        The first are filled with the sizes in order.

    Returns
    -------
    count : int
        Of the sizes that occur.
    """
    ranks[:] = 0
    for k in range(sizes.size):
        ranks[sizes[k]] = 1
    count = 0
    for size in range(ranks.size):
        if ranks[size]:
            ranks[size] = count
            distinct[count] = size
            count += 1
    return count


@jit
def count_entries(levels, sizes, ranks, counts):
    """Count pairs of level and size.

    Parameters
    ----------
    levels, sizes : int64 arrays, shape (n,)
        From 1.
    ranks : int32 array, shape (greatest size + 1,)
        Of the sizes, from 0.
    counts : int64 array, shape (n_levels, n_sizes)
        Filled.
    """
    counts[:] = 0
    for k in range(levels.size):
        counts[levels[k] - 1, ranks[sizes[k]]] += 1
