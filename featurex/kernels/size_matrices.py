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


@inline
def _log2(count, logs):
    return logs[np.uintp(count)] if count < logs.size else np.log2(count)


@inline
def _describe_rows(counts, squares, by_level, total, logs, values):
    """Add up what needs level and size: the four emphases of both, entropy and energy."""
    logged = _log2(total, logs)
    for i in range(by_level.size):
        if by_level[i] == 0.0:
            continue
        row, square = counts[i], (i + 1.0) * (i + 1.0)
        small, large, entropy, energy = 0.0, 0.0, 0.0, 0.0
        for j in range(squares.size):
            small += row[j] / squares[j]
            large += row[j] * squares[j]
            energy += row[j] * row[j]
        for j in range(squares.size):
            if row[j] > 0.0:
                entropy += row[j] * (logged - _log2(row[j], logs))
        values[4] += small / square
        values[5] += small * square
        values[6] += large / square
        values[7] += large * square
        values[15] += entropy
        values[16] += energy / total
    for k in (4, 5, 6, 7, 15, 16):
        values[k] /= total


@jit_relaxed
def size_matrix_statistics(counts, sizes, logs, values, covered):
    """Fill the statistics of matrices, but for those that need the number of pixels.

    Parameters
    ----------
    counts : float64 array, shape (n_matrices, n_levels, n_sizes)
    sizes : float64 array, shape (n_sizes,)
        The size to which each column belongs.
    logs : float64 array
        log2 m for m = 0, 1, 2, ..., as far as it reaches; the first may be anything.
    values : float64 array, shape (n_matrices, 17)
        Filled in the order of `featurex.features.size_matrices.FORMULAS`; the percentage with the
        sum of the counts. Zeros where nothing was counted.
    covered : float64 array, shape (n_matrices,)
        Filled with the sums of the sizes.
    """
    n_levels, n_sizes = counts.shape[1:]
    by_level, levels, by_size, squares = (
        np.empty(n_levels),
        np.empty(n_levels),
        np.empty(n_sizes),
        np.empty(n_sizes),
    )
    for j in range(n_sizes):
        squares[j] = sizes[j] * sizes[j]
    values[:] = 0.0
    for k in range(len(counts)):
        matrix, out, total = counts[k], values[k], 0.0
        by_size[:] = 0.0
        for i in range(n_levels):
            row, n_entries = matrix[i], 0.0
            for j in range(n_sizes):
                by_size[j] += row[j]
                n_entries += row[j]
            levels[i], by_level[i] = i + 1.0, n_entries
            total += n_entries
        covered[k] = 0.0
        if total == 0.0:
            continue
        _describe_rows(matrix, squares, by_level, total, logs, out)
        for i in range(n_levels):
            by_level[i] /= total
        for j in range(n_sizes):
            by_size[j] /= total
        mean, out[0], out[1], out[11], out[14] = _describe_shares(by_size, sizes)
        _, out[2], out[3], out[9], out[13] = _describe_shares(by_level, levels)
        out[8], out[10], out[12] = total * out[9], total * out[11], total
        covered[k] = total * mean


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
def fill_size_matrix(levels, sizes, ranks, counts):
    """Count pairs of level and size.

    Parameters
    ----------
    levels, sizes : int64 arrays, shape (n,)
        From 1.
    ranks : int32 array, shape (greatest size + 1,)
        Of the sizes, from 0.
    counts : float64 array, shape (n_levels, n_sizes)
        Filled.
    """
    counts[:] = 0.0
    for k in range(levels.size):
        counts[levels[k] - 1, ranks[sizes[k]]] += 1.0
