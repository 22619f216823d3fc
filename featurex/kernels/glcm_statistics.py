"""Grey-level co-occurrence: the statistics of a table of pairs that are sums over it."""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed

# m log2 m of whole numbers: few counters of a table go beyond.
LOGS = np.arange(4096) * np.log2(np.maximum(np.arange(4096), 1))


@jit
def glcm_statistics(tables, lowest, folded, logs, out):
    """Fill `out` with all of `features.glcm.STATISTICS` but the last.

    A table is read once; all but three statistics follow from its sums along rows, columns and both
    diagonals.

    Parameters
    ----------
    tables : uint32 or float64 array, shape (n_tables, side, side)
        How often levels i + lowest and j + lowest are neighbours: numbers of pairs, or any multiple
        of them.
    lowest : int
        1, or 0 for tables whose first row and column belong to no level and hold zeros.
    folded : bool
        Whether a pair counts in both directions and the tables hold it once, at i >= j.
    logs : float64 array
        m log2 m for m = 0, 1, 2, ...: as far as it reaches, logarithms of whole numbers are read
        from it. If it is empty, the joint entropy and what follows from it are left out, which take
        as long as all others.
    out : float64 array, shape (n_tables, 24 or more)
    """
    side = tables.shape[1]
    rows, columns, differences = np.empty(side), np.empty(side), np.empty(side)
    sums, signed = np.empty(2 * side - 1), np.empty(2 * side - 1)
    for k in range(tables.shape[0]):
        total, squares, logged, peak = _add_up(tables[k], folded, logs, rows, columns, sums, signed)
        scale = 1.0 / total if total > 0.0 else 0.0
        for i in range(2 * side - 1):
            sums[i] *= scale
        for i in range(side):
            differences[i] = (
                signed[side - 1 - i] + (signed[side - 1 + i] if i > 0 else 0.0)
            ) * scale
            # Both directions of a pair lend each level a half.
            rows[i] = (0.5 * (rows[i] + columns[i]) if folded else rows[i]) * scale
            columns[i] = rows[i] if folded else columns[i] * scale
        entropy = 0.0
        if total > 0.0:
            entropy = max(math.log2(total) - logged * scale + (1.0 if folded else 0.0), 0.0)
        values = out[k]
        values[3] = squares * scale * scale
        values[4] = math.sqrt(values[3])
        values[6] = entropy
        values[9] = peak * scale
        _describe_differences(differences, side + lowest - 1, values)
        _describe_sums(sums, 2 * lowest, values)
        _describe_levels(rows, columns, lowest, values)


@jit_relaxed
def _add_up(table, folded, logs, rows, columns, sums, signed):
    """Sums of a table along rows, columns, antidiagonals (i + j) and diagonals (j - i, from 1 -
    side on).

    Returns
    -------
    total, squares, logged, peak : float
        Sums of p, of p^2 and of p log2 p, and the greatest p, where p total is an entry. A folded
        table stands for one of twice the total, with off the diagonal its entries twice and on it
        twice its entries: their squares are divided by 4, what belongs to a half is halved, and the
        entropy wants one more bit.
    """
    side = table.shape[0]
    columns[:] = 0.0
    sums[:] = 0.0
    signed[:] = 0.0
    total, squares, logged = 0.0, 0.0, 0.0
    peak = 0.0
    for i in range(side):
        line = table[i, : i + 1] if folded else table[i]
        row, highest, square, log = 0.0, line[0], 0.0, 0.0
        for j in range(line.size):
            value = np.float64(line[j])
            row += value
            square += value * value
            highest = max(highest, line[j])
        rows[i] = row
        if row == 0.0:
            continue
        along, across = sums[i : i + line.size], signed[side - 1 - i : side - 1 - i + line.size]
        for j in range(line.size):
            columns[j] += line[j]
            along[j] += line[j]
            across[j] += line[j]
        for j in range(line.size if logs.size > 0 else 0):
            place = np.intp(line[j])
            # True of all whole numbers that the table of logarithms covers.
            if place == line[j] and 0 <= place < logs.size:
                log += logs[place]
            else:
                log += line[j] * math.log2(line[j])
        corner = np.float64(line[i]) if folded else 0.0
        total += row
        squares += 0.5 * (square + corner * corner) if folded else square
        logged += log + corner
        peak = max(peak, max(0.5 * highest, corner) if folded else np.float64(highest))
    return total, squares, logged, peak


@jit
def _describe_differences(differences, n_levels, out):
    """Statistics of |i - j|."""
    out[0], out[1], out[2] = 0.0, 0.0, 0.0
    out[17:21] = 0.0
    for step in range(differences.size):
        share, relative = differences[step], step / n_levels
        out[0] += share * step * step
        out[1] += share * step
        out[2] += share / (1.0 + step * step)
        out[17] += share / (1.0 + step)
        out[18] += share / (1.0 + relative)
        out[19] += share / (1.0 + relative * relative)
        if step > 0:
            out[20] += share / (step * step)
    out[12] = _mean_and_variance(differences, 0)[1]
    out[13] = _entropy(differences)


@jit
def _describe_sums(sums, lowest, out):
    """Statistics of i + j; its mean is the sum of the levels' means."""
    mean, variance = _mean_and_variance(sums, lowest)
    out[7], out[8] = 0.0, 0.0
    for i in range(sums.size):
        apart = i + lowest - mean
        cube = sums[i] * apart * apart * apart
        out[7] += cube
        out[8] += cube * apart
    out[14], out[15] = mean, variance
    out[16] = _entropy(sums)


@jit
def _describe_levels(rows, columns, lowest, out):
    """Statistics of the levels themselves, and of how much one tells of the other; after all
    others.
    """
    mean_row, variance_row = _mean_and_variance(rows, lowest)
    mean_column, variance_column = _mean_and_variance(columns, lowest)
    out[10], out[11] = mean_row, variance_row
    # The variances of i + j and i - j differ by four covariances.
    covariance = 0.25 * (out[15] - (out[0] - (mean_row - mean_column) ** 2))
    spread = math.sqrt(variance_row * variance_column)
    # A constant region correlates perfectly with itself: scikit-image's convention.
    out[5] = covariance / spread if spread > 1e-15 else 1.0
    out[21] = covariance + mean_row * mean_column
    entropy_rows, entropy_columns = _entropy(rows), _entropy(columns)
    # By their definitions HXY1 and HXY2 are both the sum of the marginals' entropies; it is at
    # least the joint one.
    shared = max(entropy_rows + entropy_columns - out[6], 0.0)
    highest = max(entropy_rows, entropy_columns)
    out[22] = -shared / highest if highest > 0.0 else 0.0
    out[23] = math.sqrt(1.0 - math.exp(-2.0 * shared))


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
