"""Grey-level co-occurrence: the maximal correlation coefficient."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# From so many steps on, and then every so many, it is looked whether more of them would change the
# result.
_PATIENCE, _EVERY = 8, 4


@jit
def fill_maximal_correlations(tables, folded, out):
    """Fill `out` with the second singular value of p_ij / sqrt(p_i p_j) of every table.

    The first one is 1 and belongs to the marginals themselves, so that only vectors orthogonal to
    them are let in. The greatest value among these comes from Lanczos steps on the product of the
    scaled table and its transpose, as many as it takes to settle. They are not kept orthogonal to
    each other: of the greatest value, that makes copies at most.

    Parameters
    ----------
    tables : uint32 or float64 array, shape (n_tables, side, side)
        As for `glcm_statistics`.
    folded : bool
        Whether a pair counts in both directions and the tables hold it once, at i >= j.
    out : float64 array, shape (n_tables,)
        1 where less than two levels occur.
    """
    for k in range(tables.shape[0]):
        scaled, known = _scale(tables[k], folded)
        out[k] = 1.0
        if min(scaled.shape[0], known.size) > 1:
            out[k] = min(math.sqrt(_greatest_left(scaled, known)), 1.0)


@jit
def _scale(table, folded):
    """The entries of levels that occur, divided by the root of both sums, and the vector for the
    value of 1.
    """
    side = table.shape[0]
    rows, columns = np.zeros(side), np.zeros(side)
    for i in range(side):
        line = table[i, : i + 1] if folded else table[i]
        for j in range(line.size):
            rows[i] += line[j]
            columns[j] += line[j]
    if folded:
        rows += columns
        columns[:] = rows
    used_rows, used_columns = np.flatnonzero(rows), np.flatnonzero(columns)
    row_scales, column_scales = 1.0 / np.sqrt(rows[used_rows]), 1.0 / np.sqrt(columns[used_columns])
    scaled = np.empty((used_rows.size, used_columns.size))
    for i in range(used_rows.size):
        line = table[used_rows[i]]
        for j in range(i + 1 if folded else used_columns.size):
            scaled[i, j] = line[used_columns[j]] * row_scales[i] * column_scales[j]
            if folded:
                scaled[j, i] = scaled[i, j]
        if folded:
            scaled[i, i] *= 2.0
    return scaled, np.sqrt(columns[used_columns] / columns.sum())


@jit_relaxed
def _greatest_left(scaled, known):
    """The greatest eigenvalue of a matrix's transpose times it, among vectors orthogonal to a known
    one.
    """
    size = known.size
    limit = 3 * size + 30
    diagonal, squares = np.empty(limit), np.empty(limit)
    vector, earlier, product = np.zeros(size), np.zeros(size), np.empty(size)
    # Parts of multiples of the golden ratio: like no pattern that levels could have.
    for i in range(size):
        product[i] = (0.6180339887498949 * (i + 1)) % 1.0 - 0.5
    found, alpha, beta = 0.0, 0.0, 0.0
    for step in range(limit):
        along, length = 0.0, 0.0
        for i in range(size):
            product[i] -= alpha * vector[i] + beta * earlier[i]
            along += product[i] * known[i]
        for i in range(size):
            product[i] -= along * known[i]
            length += product[i] * product[i]
        if step > 0:
            squares[step - 1] = length
        # Of so short a rest, rounding is too large a part; and it could change the value by its
        # square only.
        last = step == limit - 1 or (step > 0 and length <= max(1e-20 * diagonal[0] ** 2, 1e-50))
        if step > 0 and (last or (step >= _PATIENCE and step % _EVERY == 0)):
            before, found = found, _greatest_root(diagonal[:step], squares[: step - 1])
            if last or found - before <= 1e-11 * found:
                break
        beta, alpha = math.sqrt(length), 0.0
        earlier, vector = vector, earlier
        for i in range(size):
            vector[i] = product[i] / beta
        _apply(scaled, vector, product)
        for i in range(size):
            alpha += vector[i] * product[i]
        diagonal[step] = alpha
    return max(found, 0.0)


@inline
def _apply(matrix, vector, out):
    """The transpose of a matrix times the matrix times a vector, four rows at a time."""
    out[:] = 0.0
    whole = matrix.shape[0] // 4 * 4
    for i in range(0, whole, 4):
        one, two, three, four = matrix[i], matrix[i + 1], matrix[i + 2], matrix[i + 3]
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for j in range(vector.size):
            a += one[j] * vector[j]
            b += two[j] * vector[j]
            c += three[j] * vector[j]
            d += four[j] * vector[j]
        for j in range(vector.size):
            out[j] += a * one[j] + b * two[j] + c * three[j] + d * four[j]
    for i in range(whole, matrix.shape[0]):
        line, a = matrix[i], 0.0
        for j in range(vector.size):
            a += line[j] * vector[j]
        for j in range(vector.size):
            out[j] += a * line[j]


@jit
def _greatest_root(diagonal, squares):
    """The greatest eigenvalue of a symmetric tridiagonal matrix, given the squares beside its
    diagonal.

    Laguerre's steps on the characteristic polynomial, from a bound on: they never pass the root.
    """
    size = diagonal.size
    root = 0.0
    for i in range(size):
        before = math.sqrt(squares[i - 1]) if i > 0 else 0.0
        after = math.sqrt(squares[i]) if i < size - 1 else 0.0
        root = max(root, diagonal[i] + before + after)
    root *= 1.0 + 1e-15
    for _ in range(100):
        # Pivots of the elimination, and their first and second derivative divided by them.
        ratio, first, second, slope, bend = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(size):
            pivot = root - diagonal[i] - ratio
            if not pivot > 0.0:
                return root
            second = ratio * (second - 2.0 * first * first) / pivot
            first = (1.0 + ratio * first) / pivot
            slope += first
            bend += first * first - second
            if i < size - 1:
                ratio = squares[i] / pivot
        step = size / (slope + math.sqrt(max((size - 1) * (size * bend - slope * slope), 0.0)))
        root -= step
        if step <= 1e-12 * root:
            break
    return root
