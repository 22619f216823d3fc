"""One level of the two-dimensional discrete wavelet transform, and what its bands hold by zone."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit_relaxed


@inline
def _filter_down(lines, weights, out):
    """Weighted sum of four rows."""
    first, second, third, fourth = lines
    a, b, c, d = weights[0], weights[1], weights[2], weights[3]
    for x in range(out.size):
        out[x] = a * first[x] + b * second[x] + c * third[x] + d * fourth[x]


@inline
def _filter_across(line, filters, low, high):
    """Both filters along a line that its mirrored borders enlarge; every second value is kept."""
    a, b, c, d = filters[0, 0], filters[0, 1], filters[0, 2], filters[0, 3]
    e, f, g, h = filters[1, 0], filters[1, 1], filters[1, 2], filters[1, 3]
    for x in range(low.size):
        first, second, third, fourth = line[2 * x + 3], line[2 * x + 2], line[2 * x + 1], line[2 * x]
        low[x] = a * first + b * second + c * third + d * fourth
        high[x] = e * first + f * second + g * third + h * fourth


@jit_relaxed
def analyse(image, rows, columns, filters, bands):
    """One level of the transform: filter down and across, keep every second value of each.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
    rows, columns : intp array, shape (2 n_rows + 2,) and (2 n_columns + 2,)
        The image's rows and columns from two before its first, mirrored at the borders.
    filters : float32 array, shape (2, 4)
        Low-pass and high-pass; shorter ones end with zeros.
    bands : float32 array, shape (4, n_rows, n_columns)
        Filled: approximation, horizontal, vertical and diagonal details.
    """
    side = image.shape[1]
    line = np.empty(max(columns.size, side + 2), np.float32)
    for row in range(bands.shape[1]):
        lines = (
            image[rows[2 * row + 3]],
            image[rows[2 * row + 2]],
            image[rows[2 * row + 1]],
            image[rows[2 * row]],
        )
        for kind in range(2):
            _filter_down(lines, filters[kind], line[2 : side + 2])
            for x in range(2):
                line[x] = line[2 + columns[x]]
            for x in range(side + 2, columns.size):
                line[x] = line[2 + columns[x]]
            _filter_across(line, filters, bands[kind, row], bands[kind + 2, row])


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
    squares = np.empty(bands.shape[2], np.float32)
    room = np.empty((2, bands.shape[2]), np.float32)
    for band in range(bands.shape[0]):
        for down in range(row_starts.size - 1):
            for row in range(row_starts[down], row_starts[down + 1]):
                _entropy_terms(bands[band, row], squares, room)
                for right in range(column_starts.size - 1):
                    total = np.float32(0.0)
                    for x in range(column_starts[right], column_starts[right + 1]):
                        total += squares[x]
                    sums[band, down, right] += total


@inline
def _entropy_terms(line, squares, room):
    """v^2 log v^2 of every value, with an error of the logarithm below 2e-7: eight at a time, as `math.log` cannot.

    A float's bits hold its exponent and its mantissa m; log m = 2 artanh((m - 1) / (m + 1)), by its series. A square of
    0 has a finite logarithm by this, and counts nothing.
    """
    bits, mantissa_bits = squares.view(np.int32), room[0].view(np.int32)
    mantissas, exponents = room[0], room[1]
    for x in range(line.size):
        squares[x] = line[x] * line[x]
    for x in range(line.size):
        exponents[x] = np.float32((bits[x] >> 23) - 127)
        mantissa_bits[x] = (bits[x] & 0x7FFFFF) | 0x3F800000
    for x in range(line.size):
        t = (mantissas[x] - np.float32(1)) / (mantissas[x] + np.float32(1))
        u = t * t
        series = np.float32(1 / 9) + u * np.float32(1 / 11)
        series = np.float32(1 / 5) + u * (np.float32(1 / 7) + u * series)
        series = np.float32(1) + u * (np.float32(1 / 3) + u * series)
        squares[x] *= exponents[x] * np.float32(math.log(2)) + np.float32(2) * t * series
