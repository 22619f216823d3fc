"""Gabor filters: a filter's part of a spectrum, and sums of the magnitude of its answers by
zone.
"""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed


@jit
def fold(spectrum, weights, top, left, n_rows, n_columns, out):
    """Add a filter's part of a spectrum to one of fewer frequencies, onto which those beyond fold.

    Parameters
    ----------
    spectrum : complex64 array, shape (rows, columns)
    weights : float32 array, shape (at most rows, at most columns)
        Of the frequencies from row `top` and column `left` on, which go round.
    top, left : int
    n_rows, n_columns : int
        Of the smaller spectrum, which begins with these; divisors of the rows and columns.
    out : complex64 array, shape (at most n_rows, at most n_columns)
        The first part of it, as much as the weights need; incremented.
    """
    rows, columns = spectrum.shape
    for i in range(weights.shape[0]):
        row, to, j = (top + i) % rows, i % n_rows, 0
        while j < weights.shape[1]:
            # As far as neither of both goes round.
            column, place = (left + j) % columns, j % n_columns
            run = min(weights.shape[1] - j, columns - column, n_columns - place)
            line, share, sums = (
                spectrum[row, column : column + run],
                weights[i, j : j + run],
                out[to, place : place + run],
            )
            for k in range(run):
                sums[k] += line[k] * share[k]
            j += run


@jit_relaxed
def sum_magnitudes(answer, weights, row_starts, column_starts, sums):
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
