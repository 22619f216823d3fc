"""Grey-level co-occurrence: counting pairs, and the properties of the matrix."""

import math

import numpy as np

from featurex.kernels._jit import jit


@jit
def count_pairs(levels, row_offset, column_offset, counts):
    """Count how often level j lies at an offset from level i.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    row_offset : int
        At least 0.
    column_offset : int
    counts : uint32 array, shape (n + 1, n + 1)
        Incremented; row and column 0 take the pairs with a pixel outside, and are to be left out.
    """
    rows, columns = levels.shape
    left = max(0, -column_offset)
    width = columns - abs(column_offset)
    for row in range(rows - row_offset):
        if width <= 0:
            break
        here = levels[row, left : left + width]
        there = levels[row + row_offset, left + column_offset : left + column_offset + width]
        for column in range(width):
            counts[np.uintp(here[column]), np.uintp(there[column])] += np.uint32(1)


@jit
def glcm_properties(matrix, out):
    """Fill `out` with the properties of a normalised matrix, in the order of `features.glcm.STATISTICS`.

    Parameters
    ----------
    matrix : float64 array, shape (n, n)
        Sums to 1; entry (i, j) belongs to levels i + 1 and j + 1.
    out : float64 array, shape (9,)
    """
    n_levels = matrix.shape[0]
    mean_row = 0.0
    mean_column = 0.0
    for i in range(n_levels):
        for j in range(n_levels):
            mean_row += matrix[i, j] * (i + 1)
            mean_column += matrix[i, j] * (j + 1)
    out[:] = 0.0
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
            out[0] += share * difference * difference
            out[1] += share * abs(difference)
            out[2] += share / (1.0 + difference * difference)
            out[3] += share * share
            out[6] -= share * math.log2(share)
            out[7] += share * (from_row + from_column) ** 3
            out[8] += share * (from_row + from_column) ** 4
            variance_row += share * from_row * from_row
            variance_column += share * from_column * from_column
            covariance += share * from_row * from_column
    out[4] = math.sqrt(out[3])
    spread = math.sqrt(variance_row * variance_column)
    # A constant region correlates perfectly with itself: scikit-image's convention.
    out[5] = covariance / spread if spread > 1e-15 else 1.0
