"""Gabor filters: a filter's part of a spectrum, and sums of the magnitude of its answers by zone."""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed


@jit
def fold(spectrum, weights, top, left, out):
    """Add a filter's part of a spectrum to a smaller one, onto which frequencies beyond its own fold.

    Parameters
    ----------
    spectrum : complex64 array, shape (rows, columns)
    weights : float32 array, shape (at most rows, at most columns)
        Of the frequencies from row `top` and column `left` on, which go round.
    top, left : int
    out : complex64 array
        Incremented; rows and columns are multiples of its own.
    """
    (rows, columns), (small, narrow) = spectrum.shape, out.shape
    for i in range(weights.shape[0]):
        row = (top + i) % rows
        to, j = row % small, 0
        while j < weights.shape[1]:
            column = (left + j) % columns
            run = min(weights.shape[1] - j, narrow - column % narrow)
            line, share = spectrum[row, column : column + run], weights[i, j : j + run]
            sums = out[to, column % narrow : column % narrow + run]
            for k in range(run):
                sums[k] += line[k] * share[k]
            j += run


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
