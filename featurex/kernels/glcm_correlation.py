"""Grey-level co-occurrence: the maximal correlation coefficient."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Whether more Lanczos steps would change the result is tested after so many, and then after every
# so many: the test takes about as long as a step.
_PATIENCE, _EVERY = 8, 4


@jit
def fill_maximal_correlations(tables, lower, out):
    """Fill the second singular value of p_ij / sqrt(p_i p_j) of every table.

    It is the maximal correlation coefficient of Haralick et al. 1973, the square root of the second
    largest eigenvalue of Q. The largest singular value is 1, and its vectors are the roots of the
    marginals: among vectors orthogonal to these, the second is the largest. Lanczos steps on the
    transpose of the scaled table times the table find it (Golub and Van Loan 2013, section 10.1),
    as many as it takes to converge. The vectors are not orthogonalised again: rounding then makes
    copies of the largest eigenvalue at most, which do no harm.

    Parameters
    ----------
    tables : uint32 or float64 array, shape (n_tables, side, side)
        How often two levels are neighbours, as for `glcm_statistics.glcm_statistics`.
    lower : bool
        Whether a pair counts in both directions, and the tables hold it once, in the lower triangle
        i >= j.
    out : float64 array, shape (n_tables,)
        Filled; 1 where fewer than two levels occur.

    References
    ----------
    R. M. Haralick, K. Shanmugam, I. Dinstein (1973). Textural features for image classification.
    IEEE Transactions on Systems, Man, and Cybernetics 3(6), 610-621. doi:10.1109/TSMC.1973.4309314
    G. H. Golub, C. F. Van Loan (2013). Matrix Computations, 4th edition. Johns Hopkins.
    """
    for k in range(tables.shape[0]):
        scaled, known = _scale_table(tables[k], lower)
        out[k] = 1.0
        if min(scaled.shape[0], known.size) > 1:
            out[k] = min(math.sqrt(_find_largest_eigenvalue(scaled, known)), 1.0)


@jit
def _scale_table(table, lower):
    """Scale a table to p_ij / sqrt(p_i p_j), levels that do not occur left out.

    Returns
    -------
    scaled : float64 array, shape (n_rows, n_columns)
    known : float64 array, shape (n_columns,)
        The right singular vector of the singular value 1.
    """
    side = table.shape[0]
    rows, columns = np.zeros(side), np.zeros(side)
    for i in range(side):
        line = table[i, : i + 1] if lower else table[i]
        for j in range(line.size):
            rows[i] += line[j]
            columns[j] += line[j]
    if lower:
        rows += columns
        columns[:] = rows
    used_rows, used_columns = np.flatnonzero(rows), np.flatnonzero(columns)
    row_scales, column_scales = 1.0 / np.sqrt(rows[used_rows]), 1.0 / np.sqrt(columns[used_columns])
    scaled = np.empty((used_rows.size, used_columns.size))
    for i in range(used_rows.size):
        line = table[used_rows[i]]
        for j in range(i + 1 if lower else used_columns.size):
            scaled[i, j] = line[used_columns[j]] * row_scales[i] * column_scales[j]
            if lower:
                scaled[j, i] = scaled[i, j]
        if lower:
            scaled[i, i] *= 2.0
    return scaled, np.sqrt(columns[used_columns] / columns.sum())


@jit_relaxed
def _find_largest_eigenvalue(scaled, known):
    """The largest eigenvalue of a matrix's transpose times it, orthogonal to a known vector.

    The Lanczos steps build a tridiagonal matrix, whose largest eigenvalue approaches it from below.
    """
    size = known.size
    # In exact arithmetic the steps end after `size`; rounding may ask for more, as the vectors are
    # not orthogonalised again (Golub and Van Loan 2013, section 10.3).
    limit = 3 * size + 30
    diagonal, squares = np.empty(limit), np.empty(limit)
    vector, earlier, product = np.zeros(size), np.zeros(size), np.empty(size)
    # A start vector that is orthogonal to no pattern of levels: fractional parts of multiples of
    # the golden ratio.
    for i in range(size):
        product[i] = (0.6180339887498949 * (i + 1)) % 1.0 - 0.5
    value, alpha, beta = 0.0, 0.0, 0.0
    for step in range(limit):
        along, length = 0.0, 0.0
        for i in range(size):
            product[i] -= alpha * vector[i] + beta * earlier[i]
            along += product[i] * known[i]
        # Out of the known vector's direction at every step: rounding would let it grow back.
        for i in range(size):
            product[i] -= along * known[i]
            length += product[i] * product[i]
        if step > 0:
            squares[step - 1] = length
        # The rest is so short that it is mostly rounding; it could change the value by its square
        # only.
        last = step == limit - 1 or (step > 0 and length <= max(1e-20 * diagonal[0] ** 2, 1e-50))
        if step > 0 and (last or (step >= _PATIENCE and step % _EVERY == 0)):
            before, value = value, _find_largest_root(diagonal[:step], squares[: step - 1])
            if last or value - before <= 1e-11 * value:
                break
        beta, alpha = math.sqrt(length), 0.0
        earlier, vector = vector, earlier
        for i in range(size):
            vector[i] = product[i] / beta
        _apply(scaled, vector, product)
        for i in range(size):
            alpha += vector[i] * product[i]
        diagonal[step] = alpha
    return max(value, 0.0)


@inline
def _apply(matrix, vector, out):
    """Fill the transpose of a matrix times the matrix times a vector.

    Four rows at a time: `vector` and `out` are loaded a quarter as often.
    """
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
def _find_largest_root(diagonal, squares):
    """The largest eigenvalue of a symmetric tridiagonal matrix.

    Laguerre's method on the characteristic polynomial, from an upper bound on: as all roots are
    real, it converges from above (Parlett 1964, Mathematics of Computation 18, 464-485).

    Parameters
    ----------
    diagonal : float64 array, shape (n,)
        The entries on the diagonal.
    squares : float64 array, shape (n - 1,)
        Squares of the entries beside the diagonal.
    """
    size = diagonal.size
    # Gershgorin's bound.
    root = 0.0
    for i in range(size):
        before = math.sqrt(squares[i - 1]) if i > 0 else 0.0
        after = math.sqrt(squares[i]) if i < size - 1 else 0.0
        root = max(root, diagonal[i] + before + after)
    # A little above it, so that rounding leaves no pivot of 0 at the start.
    root *= 1.0 + 1e-15
    for _ in range(100):
        # The pivots of Gaussian elimination, and their first and second derivatives over them.
        ratio, first, second, slope, bend = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(size):
            pivot = root - diagonal[i] - ratio
            # Above the largest eigenvalue all pivots are positive (Sylvester's law of inertia):
            # rounding has reached it.
            if not pivot > 0.0:
                return root
            second = ratio * (second - 2.0 * first * first) / pivot
            first = (1.0 + ratio * first) / pivot
            slope += first
            bend += first * first - second
            if i < size - 1:
                ratio = squares[i] / pivot
        # Laguerre's formula n / (G + sqrt((n - 1) (n H - G^2))), with G the slope and H the bend.
        step = size / (slope + math.sqrt(max((size - 1) * (size * bend - slope * slope), 0.0)))
        root -= step
        if step <= 1e-12 * root:
            break
    return root
