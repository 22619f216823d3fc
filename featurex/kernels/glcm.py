"""Grey-level co-occurrence: counting pairs, and the properties of the matrix."""

import math

import numpy as np

from featurex.kernels._jit import jit


@jit
def count_pairs(levels, offsets, counts):
    """Count how often level j lies at each offset from level i.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    offsets : int64 array, shape (n_offsets, 2)
        Rows down and columns right.
    counts : uint32 array, shape (n_offsets, n + 1, n + 1)
        Filled; row and column 0 take the pairs with a pixel outside, and are to be left out.
    """
    rows, columns = levels.shape
    counts[:] = 0
    for k in range(offsets.shape[0]):
        down, right = offsets[k, 0], offsets[k, 1]
        left = max(0, -right)
        width = columns - abs(right)
        if width <= 0:
            continue
        table = counts[k]
        for row in range(max(0, -down), min(rows, rows - down)):
            here = levels[row, left : left + width]
            there = levels[row + down, left + right : left + right + width]
            for column in range(width):
                table[np.uintp(here[column]), np.uintp(there[column])] += np.uint32(1)


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


@jit
def glcm_properties(matrices, out):
    """Fill `out` with the properties that are sums over a matrix: the first of `features.glcm.STATISTICS`.

    Parameters
    ----------
    matrices : float64 array, shape (n_matrices, n, n)
        Each sums to 1 (or 0); entry (i, j) belongs to levels i + 1 and j + 1.
    out : float64 array, shape (n_matrices, 9 or more)
        The first nine columns are filled.
    """
    for k in range(matrices.shape[0]):
        _properties(matrices[k], out[k])


@jit
def _properties(matrix, out):
    n_levels = matrix.shape[0]
    mean_row = 0.0
    mean_column = 0.0
    for i in range(n_levels):
        for j in range(n_levels):
            mean_row += matrix[i, j] * (i + 1)
            mean_column += matrix[i, j] * (j + 1)
    out[:9] = 0.0
    variance_row = 0.0
    variance_column = 0.0
    covariance = 0.0
    for i in range(n_levels):
        from_row = i + 1 - mean_row
        for j in range(n_levels):
            share = matrix[i, j]
            if share == 0.0:
                continue
            difference = float(i - j)
            from_column = j + 1 - mean_column
            both = from_row + from_column
            out[0] += share * difference * difference
            out[1] += share * abs(difference)
            out[2] += share / (1.0 + difference * difference)
            out[3] += share * share
            out[6] -= share * math.log2(share)
            out[7] += share * both * both * both
            out[8] += share * both * both * both * both
            variance_row += share * from_row * from_row
            variance_column += share * from_column * from_column
            covariance += share * from_row * from_column
    out[4] = math.sqrt(out[3])
    spread = math.sqrt(variance_row * variance_column)
    # A constant region correlates perfectly with itself: scikit-image's convention.
    out[5] = covariance / spread if spread > 1e-15 else 1.0


@jit
def glcm_marginal_properties(matrices, out):
    """Fill `out` with the properties that need the sums over rows, columns, diagonals and antidiagonals.

    Parameters
    ----------
    matrices : float64 array, shape (n_matrices, n, n)
        As for `glcm_properties`.
    out : float64 array, shape (n_matrices, 15)
        In the order of `features.glcm.STATISTICS`, from joint_maximum to information_2.
    """
    n_levels = matrices.shape[1]
    rows = np.empty(n_levels)
    columns = np.empty(n_levels)
    differences = np.empty(n_levels)
    sums = np.empty(2 * n_levels - 1)
    for k in range(matrices.shape[0]):
        rows[:] = 0.0
        columns[:] = 0.0
        differences[:] = 0.0
        sums[:] = 0.0
        out[k] = 0.0
        entropy = 0.0
        for i in range(n_levels):
            for j in range(n_levels):
                share = matrices[k, i, j]
                if share == 0.0:
                    continue
                rows[i] += share
                columns[j] += share
                differences[abs(i - j)] += share
                sums[i + j] += share
                out[k, 0] = max(out[k, 0], share)
                out[k, 12] += share * (i + 1) * (j + 1)
                entropy -= share * math.log2(share)
        out[k, 1], out[k, 2] = _mean_and_variance(rows, 1)
        out[k, 3] = _mean_and_variance(differences, 0)[1]
        out[k, 4] = _entropy(differences)
        out[k, 5], out[k, 6] = _mean_and_variance(sums, 2)
        out[k, 7] = _entropy(sums)
        for step in range(n_levels):
            relative = step / n_levels
            out[k, 8] += differences[step] / (1.0 + step)
            out[k, 9] += differences[step] / (1.0 + relative)
            out[k, 10] += differences[step] / (1.0 + relative * relative)
            if step > 0:
                out[k, 11] += differences[step] / (step * step)
        entropy_rows, entropy_columns = _entropy(rows), _entropy(columns)
        # By their definitions HXY1 and HXY2 are both the sum of the marginals' entropies; it is at least the joint one.
        shared = max(entropy_rows + entropy_columns - entropy, 0.0)
        highest = max(entropy_rows, entropy_columns)
        out[k, 13] = -shared / highest if highest > 0.0 else 0.0
        out[k, 14] = math.sqrt(1.0 - math.exp(-2.0 * shared))


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
    entropy = 0.0
    for i in range(shares.size):
        if shares[i] > 0.0:
            entropy -= shares[i] * math.log2(shares[i])
    return entropy
