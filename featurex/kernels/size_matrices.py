"""Statistics of matrices that count by level and size: GLRLM, GLSZM, GLDZM and NGLDM.

In all four the row is a grey level i; the column j is a run length, a zone's number of pixels, its
distance to the border, or a dependence count. The IBSI reference manual (Zwanenburg et al. 2020,
doi:10.1148/radiol.2020191145) defines the same sums for each of them.
"""

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Slots of `values`, in the order of `featurex.features.size_matrices.FORMULAS`.
SMALL, LARGE, LOW, HIGH, SMALL_LOW, SMALL_HIGH, LARGE_LOW, LARGE_HIGH = range(8)
LEVEL_NONUNIFORMITY, LEVEL_NONUNIFORMITY_NORMALIZED = 8, 9
SIZE_NONUNIFORMITY, SIZE_NONUNIFORMITY_NORMALIZED = 10, 11
PERCENTAGE, LEVEL_VARIANCE, SIZE_VARIANCE, ENTROPY, ENERGY = range(12, 17)


@inline
def _describe_marginal(probabilities, values):
    """Sum p k, p / k^2, p k^2, p^2 and p (k - mean)^2 over the levels, or sizes, k."""
    mean, low, high, uniformity, variance = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(probabilities.size):
        square = values[k] * values[k]
        mean += probabilities[k] * values[k]
        low += probabilities[k] / square
        high += probabilities[k] * square
        uniformity += probabilities[k] * probabilities[k]
    for k in range(probabilities.size):
        variance += probabilities[k] * (values[k] - mean) * (values[k] - mean)
    return mean, low, high, uniformity, variance


@inline
def _log2(count, logs):
    return logs[np.uintp(count)] if count < logs.size else np.log2(count)


@inline
def _describe_joint(counts, squares, by_level, total, logs, values):
    """Fill the statistics of level and size together: joint emphases, entropy and energy."""
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
        # A loop of its own: its branch would keep the sums above from vectorising.
        for j in range(squares.size):
            if row[j] > 0.0:
                entropy += row[j] * (logged - _log2(row[j], logs))
        values[SMALL_LOW] += small / square
        values[SMALL_HIGH] += small * square
        values[LARGE_LOW] += large / square
        values[LARGE_HIGH] += large * square
        values[ENTROPY] += entropy
        values[ENERGY] += energy / total
    for k in (SMALL_LOW, SMALL_HIGH, LARGE_LOW, LARGE_HIGH, ENTROPY, ENERGY):
        values[k] /= total


@inline
def _add_up_marginals(counts, by_level, by_size):
    """Fill the sums of a matrix by level and by size, and return its total."""
    total = 0.0
    by_size[:] = 0.0
    for i in range(by_level.size):
        row, n_entries = counts[i], 0.0
        for j in range(by_size.size):
            by_size[j] += row[j]
            n_entries += row[j]
        by_level[i] = n_entries
        total += n_entries
    return total


@jit_relaxed
def size_matrix_statistics(counts, sizes, logs, values, covered):
    """Fill the statistics of matrices, but for those that need the number of pixels.

    Parameters
    ----------
    counts : float64 array, shape (n_matrices, n_levels, n_sizes)
        Entry (k, i, j) is how often level i + 1 occurs with size `sizes[j]` in matrix k. Integers.
    sizes : float64 array, shape (n_sizes,)
        The size to which each column belongs, from 1, ascending.
    logs : float64 array, shape (n_logs,)
        log2 m for m = 0, 1, 2, ..., so that few logarithms are computed; the first is never read.
    values : float64 array, shape (n_matrices, 17)
        Filled, by the slots of this module; `PERCENTAGE` with the sum of the counts, which the
        caller divides by the number of pixels. Zeros where nothing was counted.
    covered : float64 array, shape (n_matrices,)
        Filled with the sum of all sizes, which is the number of pixels for runs and zones.

    Notes
    -----
    The emphases, nonuniformities and variances are those of Galloway 1975
    (doi:10.1016/S0146-664X(75)80008-6), Chu et al. 1990 (doi:10.1016/0167-8655(90)90112-F) and
    Dasarathy and Holder 1991 (doi:10.1016/0167-8655(91)80014-2). Each matrix is read twice: once
    for its marginals, and once for what needs level and size together.
    """
    n_levels, n_sizes = counts.shape[1:]
    by_level, levels = np.empty(n_levels), np.empty(n_levels)
    by_size, squares = np.empty(n_sizes), np.empty(n_sizes)
    for i in range(n_levels):
        levels[i] = i + 1.0
    for j in range(n_sizes):
        squares[j] = sizes[j] * sizes[j]
    values[:] = 0.0
    for k in range(len(counts)):
        out = values[k]
        total = _add_up_marginals(counts[k], by_level, by_size)
        covered[k] = 0.0
        if total == 0.0:
            continue
        _describe_joint(counts[k], squares, by_level, total, logs, out)
        for i in range(n_levels):
            by_level[i] /= total
        for j in range(n_sizes):
            by_size[j] /= total
        mean, low, high, uniformity, variance = _describe_marginal(by_size, sizes)
        out[SMALL], out[LARGE], out[SIZE_VARIANCE] = low, high, variance
        out[SIZE_NONUNIFORMITY], out[SIZE_NONUNIFORMITY_NORMALIZED] = total * uniformity, uniformity
        covered[k] = total * mean
        _, low, high, uniformity, variance = _describe_marginal(by_level, levels)
        out[LOW], out[HIGH], out[LEVEL_VARIANCE] = low, high, variance
        out[LEVEL_NONUNIFORMITY] = total * uniformity
        out[LEVEL_NONUNIFORMITY_NORMALIZED] = uniformity
        out[PERCENTAGE] = total


@jit
def rank_sizes(sizes, ranks, distinct):
    """Rank the sizes that occur, by a counting sort.

    Zones have few distinct sizes among very many possible ones: a matrix with a column for each
    rank stays small.

    Parameters
    ----------
    sizes : int64 array, shape (n,)
        From 1.
    ranks : int32 array, shape (largest size + 1,)
        Filled: the rank, from 0, of each size that occurs.
    distinct : int64 array, shape (n,)
        The first entries are filled with the sizes that occur, ascending.

    Returns
    -------
    count : int
        Number of sizes that occur.
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
    """Count zones by level and rank of their size.

    Parameters
    ----------
    levels, sizes : int64 arrays, shape (n,)
        Level and size of each zone, from 1.
    ranks : int32 array, shape (largest size + 1,)
        The column of each size, as from `rank_sizes`.
    counts : float64 array, shape (n_levels, n_sizes)
        Filled.
    """
    counts[:] = 0.0
    for k in range(levels.size):
        counts[levels[k] - 1, ranks[sizes[k]]] += 1.0
