"""One level of the two-dimensional discrete wavelet transform, and what its bands hold by zone."""

import math

import numpy as np

from featurex.kernels._jit import jit_relaxed


@jit_relaxed
def analyse(image, rows, columns, filters, bands):
    """One level of the transform: filter down and across, keep every second value of each.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
    rows : intp array, shape (n_rows, n_taps)
        The rows that the taps of each value meet, mirrored at the border.
    columns : intp array, shape (n_taps, n_columns)
        The same for columns, tap by tap.
    filters : float32 array, shape (2, n_taps)
        Low-pass and high-pass.
    bands : float32 array, shape (4, n_rows, n_columns)
        Filled: approximation, horizontal, vertical and diagonal details.
    """
    n_rows, taps = rows.shape
    n_columns = columns.shape[1]
    side = image.shape[1]
    down = np.empty((2, side), np.float32)
    # Away from the borders the pixels of a tap are two apart, which vectorises where a table does not.
    inner = taps // 2 - 1
    outer = max(inner, min(n_columns, side // 2))
    for row in range(n_rows):
        for kind in range(2):
            line = down[kind]
            for x in range(side):
                line[x] = 0.0
            for tap in range(taps):
                weight = filters[kind, tap]
                source = image[rows[row, tap]]
                for x in range(side):
                    line[x] += weight * source[x]
        for kind in range(2):
            line = down[kind]
            for across in range(2):
                out = bands[kind + 2 * across, row]
                for x in range(n_columns):
                    out[x] = 0.0
                for tap in range(taps):
                    weight = filters[across, tap]
                    for x in range(min(inner, n_columns)):
                        out[x] += weight * line[columns[tap, x]]
                    every_second = line[2 * inner + 1 - tap :: 2]
                    middle = out[inner:outer]
                    for x in range(middle.size):
                        middle[x] += weight * every_second[x]
                    for x in range(outer, n_columns):
                        out[x] += weight * line[columns[tap, x]]


@jit_relaxed
def zone_energies(bands, row_starts, column_starts, energies):
    """Sum of squares of each band's values, zone by zone.

    Parameters
    ----------
    bands : float32 array, shape (n_bands, rows, columns)
    row_starts, column_starts : intp array, shape (grid + 1,)
    energies : float64 array, shape (n_bands, grid, grid)
        Incremented.
    """
    for band in range(bands.shape[0]):
        for down in range(row_starts.size - 1):
            for row in range(row_starts[down], row_starts[down + 1]):
                for right in range(column_starts.size - 1):
                    line = bands[band, row, column_starts[right] : column_starts[right + 1]]
                    total = np.float32(0.0)
                    for x in range(line.size):
                        total += line[x] * line[x]
                    energies[band, down, right] += total


@jit_relaxed
def zone_logarithms(bands, row_starts, column_starts, sums):
    """Sum of v^2 log v^2 over each band's values v, zone by zone; 0 where v is 0.

    Parameters
    ----------
    bands : float32 array, shape (n_bands, rows, columns)
    row_starts, column_starts : intp array, shape (grid + 1,)
    sums : float64 array, shape (n_bands, grid, grid)
        Incremented.
    """
    for band in range(bands.shape[0]):
        for down in range(row_starts.size - 1):
            for row in range(row_starts[down], row_starts[down + 1]):
                for right in range(column_starts.size - 1):
                    line = bands[band, row, column_starts[right] : column_starts[right + 1]]
                    total = 0.0
                    for x in range(line.size):
                        square = np.float64(line[x]) * np.float64(line[x])
                        # Below, v^2 log v^2 is 0 in float64 as well.
                        if square > 1e-300:
                            total += square * math.log(square)
                    sums[band, down, right] += total
