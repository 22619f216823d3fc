"""Grey-level co-occurrence (IBSI LFYI): the statistics that are sums over a matrix of pairs."""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed

# m log2 m for m = 0, 1, 2, ...: few counts of a matrix are larger.
LOGS = np.arange(4096) * np.log2(np.maximum(np.arange(4096), 1))

# Slots of `out`, in the order of `featurex.features.glcm.STATISTICS`.
CONTRAST, DISSIMILARITY, HOMOGENEITY, ASM, ENERGY, CORRELATION, ENTROPY = range(7)
SHADE, PROMINENCE, JOINT_MAXIMUM, JOINT_AVERAGE, JOINT_VARIANCE = range(7, 12)
DIFFERENCE_VARIANCE, DIFFERENCE_ENTROPY, SUM_AVERAGE, SUM_VARIANCE, SUM_ENTROPY = range(12, 17)
INVERSE_DIFFERENCE, INVERSE_DIFFERENCE_NORMALIZED, HOMOGENEITY_NORMALIZED = 17, 18, 19
INVERSE_VARIANCE, AUTOCORRELATION, INFORMATION_1, INFORMATION_2 = range(20, 24)
# Filled by `glcm_correlation.fill_maximal_correlations`.
MAXIMAL_CORRELATION = 24


@jit
def glcm_statistics(tables, lowest, lower, logs, out):
    """Fill all statistics but the maximal correlation.

    A table is read once; all but three statistics follow from its sums along rows, columns, and
    both kinds of diagonals (Haralick et al. 1973).

    Parameters
    ----------
    tables : uint32 or float64 array, shape (n_tables, side, side)
        Entry (k, i, j) is how often levels i + lowest and j + lowest are neighbours: numbers of
        pairs, or any multiple of them.
    lowest : int
        1; or 0 for tables whose first row and column belong to no level and hold zeros.
    lower : bool
        Whether a pair counts in both directions, and the tables hold it once, in the lower triangle
        i >= j.
    logs : float64 array, shape (n_logs,)
        `LOGS`. If it is empty, the joint entropy and what follows from it are wrong: computing it
        takes as long as all others.
    out : float64 array, shape (n_tables, 24 or more)
        Filled, by the slots of this module.

    References
    ----------
    R. M. Haralick, K. Shanmugam, I. Dinstein (1973). Textural features for image classification.
    IEEE Transactions on Systems, Man, and Cybernetics 3(6), 610-621. doi:10.1109/TSMC.1973.4309314
    """
    side = tables.shape[1]
    rows, columns, differences = np.empty(side), np.empty(side), np.empty(side)
    sums, signed = np.empty(2 * side - 1), np.empty(2 * side - 1)
    for k in range(tables.shape[0]):
        total, squares, logged, peak = _add_up(tables[k], lower, logs, rows, columns, sums, signed)
        scale = 1.0 / total if total > 0.0 else 0.0
        for i in range(2 * side - 1):
            sums[i] *= scale
        for i in range(side):
            differences[i] = (
                signed[side - 1 - i] + (signed[side - 1 + i] if i > 0 else 0.0)
            ) * scale
            # In both directions together, a level is first as often as second.
            rows[i] = (0.5 * (rows[i] + columns[i]) if lower else rows[i]) * scale
            columns[i] = rows[i] if lower else columns[i] * scale
        entropy = 0.0
        if total > 0.0:
            # Not below 0, as rounding could make that of a single kind of pair.
            entropy = max(math.log2(total) - logged * scale + (1.0 if lower else 0.0), 0.0)
        values = out[k]
        values[ASM] = squares * scale * scale
        values[ENERGY] = math.sqrt(values[ASM])
        values[ENTROPY] = entropy
        values[JOINT_MAXIMUM] = peak * scale
        _describe_differences(differences, side + lowest - 1, values)
        _describe_sums(sums, 2 * lowest, values)
        _describe_levels(rows, columns, lowest, values)


@jit_relaxed
def _add_up(table, lower, logs, rows, columns, sums, signed):
    """Fill the sums of a table along rows, columns, antidiagonals (i + j) and diagonals (j - i).

    The diagonals begin with j - i = 1 - side.

    Returns
    -------
    total, squares, logged, peak : float
        Sums of the entries t, of t^2 and of t log2 t, and the largest t.

    Notes
    -----
    A lower triangle stands for a symmetric table of twice its total, in which an entry off the
    diagonal stands twice and one on it counts twice. Squares are divided by 4 and other sums by 2,
    as is the total; the entropy then wants one more bit, which the caller adds.
    """
    side = table.shape[0]
    columns[:] = 0.0
    sums[:] = 0.0
    signed[:] = 0.0
    total, squares, logged = 0.0, 0.0, 0.0
    peak = 0.0
    for i in range(side):
        line = table[i, : i + 1] if lower else table[i]
        row, highest, square, log = 0.0, line[0], 0.0, 0.0
        for j in range(line.size):
            # In floating point: without JIT, NumPy's product of two uint32 could overflow.
            value = np.float64(line[j])
            row += value
            square += value * value
            highest = max(highest, line[j])
        rows[i] = row
        if row == 0.0:
            continue
        # Entry (i, j) is on antidiagonal i + j and diagonal j - i: a row meets both in order.
        along, across = sums[i : i + line.size], signed[side - 1 - i : side - 1 - i + line.size]
        for j in range(line.size):
            columns[j] += line[j]
            along[j] += line[j]
            across[j] += line[j]
        for j in range(line.size if logs.size > 0 else 0):
            count = np.intp(line[j])
            # True of all integers that the table of logarithms covers.
            if count == line[j] and 0 <= count < logs.size:
                log += logs[count]
            else:
                log += line[j] * math.log2(line[j])
        corner = np.float64(line[i]) if lower else 0.0
        total += row
        squares += 0.5 * (square + corner * corner) if lower else square
        logged += log + corner
        peak = max(peak, max(0.5 * highest, corner) if lower else np.float64(highest))
    return total, squares, logged, peak


@jit
def _describe_differences(differences, n_levels, out):
    """Fill the statistics of |i - j|, given its distribution."""
    for slot in (CONTRAST, DISSIMILARITY, HOMOGENEITY, INVERSE_DIFFERENCE, INVERSE_VARIANCE):
        out[slot] = 0.0
    out[INVERSE_DIFFERENCE_NORMALIZED] = out[HOMOGENEITY_NORMALIZED] = 0.0
    for step in range(differences.size):
        p, relative = differences[step], step / n_levels
        out[CONTRAST] += p * step * step
        out[DISSIMILARITY] += p * step
        out[HOMOGENEITY] += p / (1.0 + step * step)
        out[INVERSE_DIFFERENCE] += p / (1.0 + step)
        out[INVERSE_DIFFERENCE_NORMALIZED] += p / (1.0 + relative)
        out[HOMOGENEITY_NORMALIZED] += p / (1.0 + relative * relative)
        if step > 0:
            out[INVERSE_VARIANCE] += p / (step * step)
    out[DIFFERENCE_VARIANCE] = _mean_and_variance(differences, 0)[1]
    out[DIFFERENCE_ENTROPY] = _entropy(differences)


@jit
def _describe_sums(sums, lowest, out):
    """Fill the statistics of i + j, whose mean is the sum of the levels' means."""
    mean, variance = _mean_and_variance(sums, lowest)
    out[SHADE], out[PROMINENCE] = 0.0, 0.0
    for i in range(sums.size):
        apart = i + lowest - mean
        cube = sums[i] * apart * apart * apart
        out[SHADE] += cube
        out[PROMINENCE] += cube * apart
    out[SUM_AVERAGE], out[SUM_VARIANCE] = mean, variance
    out[SUM_ENTROPY] = _entropy(sums)


@jit
def _describe_levels(rows, columns, lowest, out):
    """Fill the statistics of the levels, and of their correlation.

    It reads the contrast, sum variance and joint entropy, which must be filled before.
    """
    mean_row, variance_row = _mean_and_variance(rows, lowest)
    mean_column, variance_column = _mean_and_variance(columns, lowest)
    out[JOINT_AVERAGE], out[JOINT_VARIANCE] = mean_row, variance_row
    # The variances of i + j and i - j differ by four covariances.
    covariance = 0.25 * (out[SUM_VARIANCE] - (out[CONTRAST] - (mean_row - mean_column) ** 2))
    spread = math.sqrt(variance_row * variance_column)
    # A constant region correlates perfectly with itself: scikit-image's convention.
    out[CORRELATION] = covariance / spread if spread > 1e-15 else 1.0
    out[AUTOCORRELATION] = covariance + mean_row * mean_column
    entropy_rows, entropy_columns = _entropy(rows), _entropy(columns)
    # By their definitions HXY1 and HXY2 are both the sum of the marginals' entropies, which is at
    # least the joint entropy: the difference is the mutual information.
    shared = max(entropy_rows + entropy_columns - out[ENTROPY], 0.0)
    highest = max(entropy_rows, entropy_columns)
    out[INFORMATION_1] = -shared / highest if highest > 0.0 else 0.0
    out[INFORMATION_2] = math.sqrt(1.0 - math.exp(-2.0 * shared))


@jit
def _mean_and_variance(probabilities, first):
    """Mean and variance of levels that count from `first`."""
    mean = 0.0
    for i in range(probabilities.size):
        mean += probabilities[i] * (i + first)
    variance = 0.0
    for i in range(probabilities.size):
        variance += probabilities[i] * (i + first - mean) ** 2
    return mean, variance


@jit
def _entropy(probabilities):
    """Shannon entropy, bits."""
    entropy = 0.0
    for i in range(probabilities.size):
        if probabilities[i] > 0.0:
            entropy -= probabilities[i] * math.log2(probabilities[i])
    return entropy
