"""Grey-level co-occurrence: counting pairs, and the properties of the matrix."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed


@jit
def count_pairs(levels, offsets, pairs, tables, counts):
    """Count how often level j lies at each offset from level i.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    offsets : int64 array, shape (n_offsets, 2)
        Rows down and columns right.
    pairs : array, shape (columns,)
        Room for numbers of pairs: uint16 where they are below 2^16, since shorter numbers are made faster, else uint32.
    tables : uint32 array, shape (4 or 1, (n + 1)^2)
        Room for counts. With four, equal pairs side by side, which are frequent, do not wait for each other.
    counts : uint32 array, shape (n_offsets, n + 1, n + 1)
        Filled; row and column 0 take the pairs with a pixel outside, and are to be left out.
    """
    rows, columns = levels.shape
    side = pairs.dtype.type(counts.shape[1])
    for k in range(offsets.shape[0]):
        down, right = offsets[k, 0], offsets[k, 1]
        left, width = max(0, -right), columns - abs(right)
        tables[:] = 0
        if width > 0:
            for row in range(max(0, -down), min(rows, rows - down)):
                here = levels[row, left : left + width]
                there = levels[row + down, left + right : left + right + width]
                for column in range(width):
                    pairs[column] = pairs.dtype.type(here[column]) * side + pairs.dtype.type(there[column])
                _count(pairs[:width], tables)
        total = counts[k].reshape(-1)
        total[:] = tables[0]
        for number in range(1, tables.shape[0]):
            total += tables[number]


@inline
def _count(pairs, tables):
    last = tables.shape[0] - 1
    first, second, third, fourth = tables[0], tables[min(1, last)], tables[min(2, last)], tables[last]
    one, whole = np.uint32(1), pairs.size // 4 * 4
    for i in range(0, whole, 4):
        first[pairs[i]] += one
        second[pairs[i + 1]] += one
        third[pairs[i + 2]] += one
        fourth[pairs[i + 3]] += one
    for i in range(whole, pairs.size):
        first[pairs[i]] += one


@jit
def normalize_counts(counts, symmetric, matrices):
    """Leave out what lies outside, count pairs in both directions if asked to, and divide by their number.

    Parameters
    ----------
    counts : uint32 array, shape (n_matrices, n + 1, n + 1)
    symmetric : bool
    matrices : float64 array, shape (n_matrices, n, n)
        Filled; zeros where there is no pair.
    """
    n_levels = matrices.shape[1]
    for k in range(counts.shape[0]):
        total = 0
        for i in range(1, n_levels + 1):
            for j in range(1, n_levels + 1):
                total += np.int64(counts[k, i, j])
        scale = 1.0 / total if total > 0 else 0.0
        for i in range(n_levels):
            for j in range(n_levels):
                share = counts[k, i + 1, j + 1] * scale
                if symmetric:
                    share = 0.5 * (share + counts[k, j + 1, i + 1] * scale)
                matrices[k, i, j] = share


@jit_relaxed
def glcm_properties(matrices, with_entropies, out):
    """Fill `out` with all properties but the maximal correlation, in the order of `features.glcm.STATISTICS`.

    What depends on i - j, on i + j, or on one of them alone, is made from the sums over diagonals, antidiagonals,
    rows and columns: whole lines are added to these, which the processor does eight numbers at a time.

    Parameters
    ----------
    matrices : float64 array, shape (n_matrices, n, n)
        Each sums to 1 (or 0); entry (i, j) belongs to levels i + 1 and j + 1.
    with_entropies : bool
        Whether any entropy, or measure of information, is wanted: logarithms take more time than all the rest.
    out : float64 array, shape (n_matrices, 24)
        Filled; the places of entropies and measures of information with zeros where these are not wanted.
    """
    n_levels = matrices.shape[1]
    rows, columns = np.empty(n_levels), np.empty(n_levels)
    diagonals, antidiagonals = np.empty(2 * n_levels - 1), np.empty(2 * n_levels - 1)
    for k in range(matrices.shape[0]):
        values = out[k]
        values[3], values[9], values[21] = _gather(matrices[k], rows, columns, diagonals, antidiagonals)
        values[4] = math.sqrt(values[3])
        differences = _difference_properties(diagonals, values)
        _sum_properties(antidiagonals, values)
        _marginal_properties(rows, columns, values)
        values[6], values[13], values[16], values[22], values[23] = 0.0, 0.0, 0.0, 0.0, 0.0
        if with_entropies:
            values[6], values[13], values[16] = _entropy(matrices[k]), _entropy(differences), _entropy(antidiagonals)
            values[22], values[23] = _information(rows, columns, values[6])


@jit_relaxed
def _gather(matrix, rows, columns, diagonals, antidiagonals):
    """Sums over lines of all directions; the sum of squares, the maximum, and the mean of i j."""
    n_levels = matrix.shape[0]
    columns[:], diagonals[:], antidiagonals[:] = 0.0, 0.0, 0.0
    squares, largest, product = 0.0, 0.0, 0.0
    for i in range(n_levels):
        line = matrix[i]
        diagonal, antidiagonal = diagonals[n_levels - 1 - i :], antidiagonals[i:]
        total, weighted = 0.0, 0.0
        for j in range(n_levels):
            share = line[j]
            total += share
            weighted += share * (j + 1)
            squares += share * share
            largest = max(largest, share)
            columns[j] += share
            diagonal[j] += share
            antidiagonal[j] += share
        rows[i] = total
        product += (i + 1) * weighted
    return squares, largest, product


@jit
def _difference_properties(diagonals, values):
    """What is made of shares by i - j; gives the shares by |i - j|."""
    n_levels = diagonals.size // 2 + 1
    differences = diagonals[n_levels - 1 :].copy()
    for step in range(1, n_levels):
        differences[step] += diagonals[n_levels - 1 - step]
    for place in (0, 1, 2, 17, 18, 19, 20):
        values[place] = 0.0
    for step in range(n_levels):
        share, relative = differences[step], step / n_levels
        values[0] += share * step * step
        values[1] += share * step
        values[2] += share / (1.0 + step * step)
        values[17] += share / (1.0 + step)
        values[18] += share / (1.0 + relative)
        values[19] += share / (1.0 + relative * relative)
        if step > 0:
            values[20] += share / (step * step)
    values[12] = _mean_and_variance(differences, 0)[1]
    return differences


@jit
def _sum_properties(antidiagonals, values):
    """What is made of shares by i + j: its mean and variance, cluster shade and prominence."""
    mean, variance = _mean_and_variance(antidiagonals, 2)
    values[14], values[15] = mean, variance
    values[7], values[8] = 0.0, 0.0
    for place in range(antidiagonals.size):
        apart = place + 2 - mean
        cube = antidiagonals[place] * apart * apart * apart
        values[7] += cube
        values[8] += cube * apart


@jit
def _marginal_properties(rows, columns, values):
    """What is made of rows and columns: mean, variance and, with the variance of i + j, correlation."""
    mean, variance_row = _mean_and_variance(rows, 1)
    variance_column = _mean_and_variance(columns, 1)[1]
    values[10], values[11] = mean, variance_row
    spread = math.sqrt(variance_row * variance_column)
    covariance = 0.5 * (values[15] - variance_row - variance_column)
    # A constant region correlates perfectly with itself: scikit-image's convention.
    values[5] = covariance / spread if spread > 1e-15 else 1.0


@jit
def _information(rows, columns, joint):
    """Both measures of information."""
    entropy_rows, entropy_columns = _entropy(rows), _entropy(columns)
    # By their definitions HXY1 and HXY2 are both the sum of the marginals' entropies; it is at least the joint one.
    shared = max(entropy_rows + entropy_columns - joint, 0.0)
    highest = max(entropy_rows, entropy_columns)
    return -shared / highest if highest > 0.0 else 0.0, math.sqrt(1.0 - math.exp(-2.0 * shared))


@jit
def _mean_and_variance(shares, first):
    mean = 0.0
    for i in range(shares.size):
        mean += shares[i] * (i + first)
    variance = 0.0
    for i in range(shares.size):
        variance += shares[i] * (i + first - mean) ** 2
    return mean, variance


@jit
def _entropy(shares):
    """In bits, of an array of any shape."""
    entropy, flat = 0.0, shares.reshape(-1)
    for i in range(flat.size):
        if flat[i] > 0.0:
            entropy -= flat[i] * math.log2(flat[i])
    return entropy
