"""Sums of the magnitude of complex answers, by zone."""

import math

import numpy as np

from featurex.kernels._jit import jit_relaxed


@jit_relaxed
def zone_sums(answer, weights, row_starts, column_starts, sums):
    """Sum magnitudes, and their squares, over the counted pixels of each zone.

    Parameters
    ----------
    answer : complex64 array, shape (rows, columns)
    weights : float32 array, shape (rows, columns)
        1 for the pixels that count, 0 for others.
    row_starts, column_starts : intp array, shape (grid + 1,)
    sums : float64 array, shape (2, grid, grid)
        Incremented.
    """
    for down in range(row_starts.size - 1):
        for row in range(row_starts[down], row_starts[down + 1]):
            for right in range(column_starts.size - 1):
                first, last = column_starts[right], column_starts[right + 1]
                line, weight = answer[row, first:last], weights[row, first:last]
                magnitudes, squares = np.float32(0.0), np.float32(0.0)
                for x in range(line.size):
                    square = line[x].real * line[x].real + line[x].imag * line[x].imag
                    magnitudes += weight[x] * math.sqrt(square)
                    squares += weight[x] * square
                sums[0, down, right] += magnitudes
                sums[1, down, right] += squares
