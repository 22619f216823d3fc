"""One level of the two-dimensional discrete wavelet transform, and what its details hold by zone,
in one pass.

Only the approximation is kept; details are squared and summed as they come, since storing them
costs as much as computing them.
"""

import math

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed


@inline
def _log2(value):
    """Binary logarithm to 1e-7 by a polynomial, which vectorises; finite for 0 (whose multiple by 0
    is then 0).
    """
    bits = np.float32(value).view(np.int32)
    # The exponent for a mantissa from 2/3 to 4/3, around 1. Each step is cut to 32 bits: Numba's
    # whole numbers have 64, of which a register holds half as many.
    exponent = np.int32(np.int32(bits - np.int32(0x3F2AAAAB)) >> np.int32(23))
    part = np.int32(bits - np.int32(exponent << np.int32(23))).view(np.float32) - np.float32(1)
    # Of log2(1 + part) / part: a fit in Chebyshev polynomials.
    total = np.float32(0.24686282) - np.float32(0.22222056) * part
    total = np.float32(-0.23678665) + total * part
    total = np.float32(0.28558191) + total * part
    total = np.float32(-0.36078956) + total * part
    total = np.float32(0.48096551) + total * part
    total = np.float32(-0.72134654) + total * part
    total = np.float32(1.4426948) + total * part
    return np.float32(exponent) + total * part


@inline
def _add(energies, logarithms, sums):
    """Add the sums of one row of a zone, band by band."""
    for band in range(3):
        sums[0, band] += energies[band]
        if sums.shape[0] == 2:
            sums[1, band] += logarithms[band]


@inline
def _haar_row(upper, lower, half, low, sums):
    """Blocks of two by two pixels of two lines; `half` of their sum is the approximation."""
    entropy = sums.shape[0] == 2
    none = np.float32(0)
    h, v, d, log_h, log_v, log_d = none, none, none, none, none, none
    for x in range(low.size):
        first, second = np.float32(upper[2 * x]), np.float32(upper[2 * x + 1])
        third, fourth = np.float32(lower[2 * x]), np.float32(lower[2 * x + 1])
        left, right, left_change, right_change = (
            first + third,
            second + fourth,
            first - third,
            second - fourth,
        )
        low[x] = half * (left + right)
        horizontal, vertical = half * (left_change + right_change), half * (left - right)
        diagonal = half * (left_change - right_change)
        horizontal, vertical, diagonal = (
            horizontal * horizontal,
            vertical * vertical,
            diagonal * diagonal,
        )
        h, v, d = h + horizontal, v + vertical, d + diagonal
        if entropy:
            log_h += horizontal * _log2(horizontal)
            log_v += vertical * _log2(vertical)
            log_d += diagonal * _log2(diagonal)
    _add((h, v, d), (log_h, log_v, log_d), sums)


@jit_relaxed
def haar_level(image, half, approximation, row_starts, column_starts, sums):
    """One level of Haar's transform.

    Parameters
    ----------
    image : array of shape (2 rows, 2 columns)
        Of any type.
    half : float32
        Half of what a grey level of the image counts.
    approximation : float32 array, shape (rows, columns)
        Filled.
    row_starts, column_starts : intp array, shape (grid + 1,)
        Of the zones, in coefficients.
    sums : float64 array, shape (1 or 2, 3, grid, grid)
        Incremented by the sums of c^2 and, if there are two, c^2 log2 c^2 over each zone's
        horizontal, vertical and diagonal details c.
    """
    for down in range(row_starts.size - 1):
        for row in range(row_starts[down], row_starts[down + 1]):
            for right in range(column_starts.size - 1):
                first, last = column_starts[right], column_starts[right + 1]
                upper, lower = (
                    image[2 * row, 2 * first : 2 * last],
                    image[2 * row + 1, 2 * first : 2 * last],
                )
                _haar_row(
                    upper, lower, half, approximation[row, first:last], sums[:, :, down, right]
                )


@inline
def _weigh(values, weights):
    return (
        weights[0] * values[0]
        + weights[1] * values[1]
        + weights[2] * values[2]
        + weights[3] * values[3]
    )


@inline
def _at(lines, column):
    """The four lines' values in a column."""
    return (
        np.float32(lines[0][column]),
        np.float32(lines[1][column]),
        np.float32(lines[2][column]),
        np.float32(lines[3][column]),
    )


@inline
def _db2_down(lines, columns, filters, buffers, halves):
    """Both filters across four lines; even and odd columns go to halves of their own, with mirrored
    ends.
    """
    even_low, odd_low, even_high, odd_high = halves
    for x in range(even_low.size):
        values = _at(lines, 2 * x)
        even_low[x], even_high[x] = _weigh(values, filters[0]), _weigh(values, filters[1])
        values = _at(lines, 2 * x + 1)
        odd_low[x], odd_high[x] = _weigh(values, filters[0]), _weigh(values, filters[1])
    for end in range(buffers[0].size - even_low.size):
        x = 0 if end == 0 else even_low.size + end
        for parity in range(2):
            values = _at(lines, columns[2 * x + parity])
            buffers[parity][x] = _weigh(values, filters[0])
            buffers[2 + parity][x] = _weigh(values, filters[1])


@inline
def _db2_row(lows, highs, filters, low, sums):
    """Both filters along a row of each kind, each as four lines: odd and even columns, and those
    before them.
    """
    entropy = sums.shape[0] == 2
    none = np.float32(0)
    h, v, d, log_h, log_v, log_d = none, none, none, none, none, none
    for x in range(low.size):
        values = lows[0][x], lows[1][x], lows[2][x], lows[3][x]
        low[x] = _weigh(values, filters[0])
        vertical = _weigh(values, filters[1])
        values = highs[0][x], highs[1][x], highs[2][x], highs[3][x]
        horizontal, diagonal = _weigh(values, filters[0]), _weigh(values, filters[1])
        horizontal, vertical, diagonal = (
            horizontal * horizontal,
            vertical * vertical,
            diagonal * diagonal,
        )
        h, v, d = h + horizontal, v + vertical, d + diagonal
        if entropy:
            log_h += horizontal * _log2(horizontal)
            log_v += vertical * _log2(vertical)
            log_d += diagonal * _log2(diagonal)
    _add((h, v, d), (log_h, log_v, log_d), sums)


@jit_relaxed
def db2_level(image, rows, columns, filters, approximation, row_starts, column_starts, sums):
    """One level of the transform by filters of four taps.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Of any type.
    rows, columns : intp array, shape (2 n_rows + 2,) and (2 n_columns + 2,)
        The image's rows and columns from two before its first, mirrored at the borders.
    filters : tuple of two tuples of two tuples of four float32
        Low-pass and high-pass, for columns and for rows.
    approximation : float32 array, shape (n_rows, n_columns)
        Filled.
    row_starts, column_starts, sums
        As of `haar_level`.
    """
    length, whole = approximation.shape[1] + 1, image.shape[1] // 2
    even_low, odd_low = np.empty(length, np.float32), np.empty(length, np.float32)
    even_high, odd_high = np.empty(length, np.float32), np.empty(length, np.float32)
    buffers = even_low, odd_low, even_high, odd_high
    inner = slice(1, whole + 1)
    halves = even_low[inner], odd_low[inner], even_high[inner], odd_high[inner]
    for down in range(row_starts.size - 1):
        for row in range(row_starts[down], row_starts[down + 1]):
            first, second = image[rows[2 * row + 3]], image[rows[2 * row + 2]]
            third, fourth = image[rows[2 * row + 1]], image[rows[2 * row]]
            _db2_down((first, second, third, fourth), columns, filters[0], buffers, halves)
            for right in range(column_starts.size - 1):
                start, stop = column_starts[right], column_starts[right + 1]
                here, before = slice(start + 1, stop + 1), slice(start, stop)
                lows = odd_low[here], even_low[here], odd_low[before], even_low[before]
                highs = odd_high[here], even_high[here], odd_high[before], even_high[before]
                _db2_row(
                    lows, highs, filters[1], approximation[row, start:stop], sums[:, :, down, right]
                )


@jit
def fill_energies_and_entropies(sums, counts, floor, values):
    """What sums over zones say.

    Parameters
    ----------
    sums : float64 array, shape (levels, 1 or 2, 3, grid, grid)
        As of `haar_level`.
    counts : intp array, shape (levels, grid, grid)
        Coefficients of each zone.
    floor : float
        Added to a mean of c^2 before its logarithm is taken; coefficients below it are nothing but
        rounding.
    values : float32 array of the shape of `sums`
        Filled: logarithms of the means of c^2 and, if there are two, entropies as a share of what
        as many equal coefficients have.
    """
    for level, band, down, right in np.ndindex(sums.shape[0], 3, sums.shape[3], sums.shape[4]):
        count, energy = max(counts[level, down, right], 1), sums[level, 0, band, down, right]
        values[level, 0, band, down, right] = math.log(energy / count + floor)
        if sums.shape[1] == 2:
            entropy = 0.0
            # Coefficients of a constant image are rounding errors, whose distribution says nothing.
            if energy > floor * floor * count:
                nats = math.log(energy) - math.log(2.0) * sums[level, 1, band, down, right] / energy
                entropy = nats / math.log(max(count, 2))
            values[level, 1, band, down, right] = entropy
