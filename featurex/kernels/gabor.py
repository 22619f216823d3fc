"""Gabor filters: filtering in the frequency domain, and sums of the responses by grid zone."""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed

# Slots of `sums`.
MAGNITUDE, ENERGY = 0, 1


@jit
def fold_spectrum(spectrum, weights, top, left, n_rows, n_columns, out):
    """Multiply a spectrum by a filter, and fold it into a spectrum of fewer frequencies.

    Taking every s-th sample of a response in space is the same as adding up the frequencies that
    are a multiple of rows / s apart (aliasing: Oppenheim and Schafer 2010, section 4.6). A filter
    that weighs few frequencies thus needs a small inverse transform only.

    Parameters
    ----------
    spectrum : complex64 array, shape (rows, columns)
        Discrete Fourier transform of the image.
    weights : float32 array, shape (at most rows, at most columns)
        The filter's weights of the frequencies from row `top` and column `left` on, cyclically.
    top, left : int
        The first frequency with a weight.
    n_rows, n_columns : int
        Shape of the smaller spectrum; divisors of the rows and columns.
    out : complex64 array, shape (n_rows, n_columns)
        Incremented by the smaller spectrum.

    References
    ----------
    A. V. Oppenheim, R. W. Schafer (2010). Discrete-Time Signal Processing, 3rd edition. Pearson.
    """
    rows, columns = spectrum.shape
    for i in range(weights.shape[0]):
        row, to_row, j = (top + i) % rows, i % n_rows, 0
        while j < weights.shape[1]:
            # A run in which neither spectrum wraps around: no division in the inner loop.
            column, to_column = (left + j) % columns, j % n_columns
            run = min(weights.shape[1] - j, columns - column, n_columns - to_column)
            line, weight, sums = (
                spectrum[row, column : column + run],
                weights[i, j : j + run],
                out[to_row, to_column : to_column + run],
            )
            for k in range(run):
                sums[k] += line[k] * weight[k]
            j += run


@jit_relaxed
def sum_magnitudes(response, weights, row_starts, column_starts, sums):
    """Sum the magnitudes of a filter's responses, and their squares, by grid zone.

    Parameters
    ----------
    response : complex64 array, shape (rows, columns)
        The filter's complex response at each pixel.
    weights : float32 array, shape (rows, columns)
        1 for pixels that count, 0 for others.
    row_starts, column_starts : intp array, shape (grid + 1,)
        First row and column of each zone, and the end of the last.
    sums : float64 array, shape (2, grid, grid)
        Incremented: `MAGNITUDE` by the sums of |r|, `ENERGY` by those of |r|^2.
    """
    for down in range(row_starts.size - 1):
        for row in range(row_starts[down], row_starts[down + 1]):
            for right in range(column_starts.size - 1):
                first, last = column_starts[right], column_starts[right + 1]
                # A weight in place of a branch: the loop vectorises.
                line, weight = response[row, first:last], weights[row, first:last]
                # In float32 along one row of a zone only, where as many numbers fit a vector.
                magnitudes, squares = np.float32(0.0), np.float32(0.0)
                for x in range(line.size):
                    square = line[x].real * line[x].real + line[x].imag * line[x].imag
                    magnitudes += weight[x] * math.sqrt(square)
                    squares += weight[x] * square
                sums[MAGNITUDE, down, right] += magnitudes
                sums[ENERGY, down, right] += squares
