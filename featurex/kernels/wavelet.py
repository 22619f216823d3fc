"""One level of the two-dimensional discrete wavelet transform, and what its details hold by zone,
in one pass (Mallat 1989, doi:10.1109/34.192463).

Only the approximation is kept; details are squared and summed as they come, since storing them
costs as much as computing them.
"""

import math

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Slots of sums and values; the axis behind them is horizontal, vertical and diagonal details.
ENERGY, ENTROPY = 0, 1


@inline
def _log2(value):
    """Binary logarithm to 1e-7 by a polynomial, which vectorises; finite for 0, where its product
    with 0 is then 0.
    """
    bits = np.float32(value).view(np.int32)
    # The exponent for a mantissa from 2/3 to 4/3, around 1 (0x3F2AAAAB is 2/3). Each step is cut to
    # 32 bits: Numba's integers have 64, of which a register holds half as many.
    exponent = np.int32(np.int32(bits - np.int32(0x3F2AAAAB)) >> np.int32(23))
    part = np.int32(bits - np.int32(exponent << np.int32(23))).view(np.float32) - np.float32(1)
    # log2(1 + part) / part, fitted by Chebyshev polynomials.
    total = np.float32(0.24686282) - np.float32(0.22222056) * part
    total = np.float32(-0.23678665) + total * part
    total = np.float32(0.28558191) + total * part
    total = np.float32(-0.36078956) + total * part
    total = np.float32(0.48096551) + total * part
    total = np.float32(-0.72134654) + total * part
    total = np.float32(1.4426948) + total * part
    return np.float32(exponent) + total * part


@inline
def _add_bands(energies, logarithms, sums):
    """Add the sums over one row of a zone, band by band."""
    # Into float64 once a row: sums over a whole zone in float32 would lose digits.
    for band in range(3):
        sums[ENERGY, band] += energies[band]
        if sums.shape[0] == 2:
            sums[ENTROPY, band] += logarithms[band]


@inline
def _transform_haar_row(upper, lower, half, low, sums):
    """Transform blocks of two by two pixels of two lines, by Haar's filters.

    `half` of a block's sum is its approximation. Sums are in float32 along one row of a zone only.
    """
    entropy = sums.shape[0] == 2
    zero = np.float32(0)
    h, v, d, log_h, log_v, log_d = zero, zero, zero, zero, zero, zero
    for x in range(low.size):
        first, second = np.float32(upper[2 * x]), np.float32(upper[2 * x + 1])
        third, fourth = np.float32(lower[2 * x]), np.float32(lower[2 * x + 1])
        left, right = first + third, second + fourth
        left_change, right_change = first - third, second - fourth
        low[x] = half * (left + right)
        horizontal, vertical = half * (left_change + right_change), half * (left - right)
        diagonal = half * (left_change - right_change)
        horizontal, vertical = horizontal * horizontal, vertical * vertical
        diagonal = diagonal * diagonal
        h, v, d = h + horizontal, v + vertical, d + diagonal
        if entropy:
            log_h += horizontal * _log2(horizontal)
            log_v += vertical * _log2(vertical)
            log_d += diagonal * _log2(diagonal)
    _add_bands((h, v, d), (log_h, log_v, log_d), sums)


@jit_relaxed
def transform_haar(image, half, approximation, row_starts, column_starts, sums):
    """Do one level of Haar's transform.

    Parameters
    ----------
    image : array of shape (2 rows, 2 columns)
        The image, of any type, or the approximation of the level before.
    half : float32
        1/2, Haar's coefficient in two dimensions, times the unit of the image's grey values.
    approximation : float32 array, shape (rows, columns)
        Filled with the low-pass coefficients.
    row_starts, column_starts : intp array, shape (grid + 1,)
        First row and column of each grid zone, and the end of the last, in coefficients.
    sums : float64 array, shape (1 or 2, 3, grid, grid)
        Incremented, by the slots of this module: by the sums of c^2 and, if there are two, of c^2
        log2 c^2 over each zone's coefficients c, for each band of details.

    References
    ----------
    S. G. Mallat (1989). A theory for multiresolution signal decomposition: the wavelet
    representation. IEEE TPAMI 11(7), 674-693. doi:10.1109/34.192463
    """
    for down in range(row_starts.size - 1):
        for row in range(row_starts[down], row_starts[down + 1]):
            for right in range(column_starts.size - 1):
                first, last = column_starts[right], column_starts[right + 1]
                upper = image[2 * row, 2 * first : 2 * last]
                lower = image[2 * row + 1, 2 * first : 2 * last]
                low = approximation[row, first:last]
                _transform_haar_row(upper, lower, half, low, sums[:, :, down, right])


@inline
def _weigh(values, weights):
    return (
        weights[0] * values[0]
        + weights[1] * values[1]
        + weights[2] * values[2]
        + weights[3] * values[3]
    )


@inline
def _take_column(lines, column):
    """The values of four lines in one column."""
    return (
        np.float32(lines[0][column]),
        np.float32(lines[1][column]),
        np.float32(lines[2][column]),
        np.float32(lines[3][column]),
    )


@inline
def _filter_columns(lines, columns, filters, buffers, inner):
    """Apply both filters across four lines.

    Even and odd columns go to buffers of their own, so that the filters along a row read each of
    them in order, and with mirrored ends.
    """
    even_low, odd_low, even_high, odd_high = inner
    for x in range(even_low.size):
        values = _take_column(lines, 2 * x)
        even_low[x], even_high[x] = _weigh(values, filters[0]), _weigh(values, filters[1])
        values = _take_column(lines, 2 * x + 1)
        odd_low[x], odd_high[x] = _weigh(values, filters[0]), _weigh(values, filters[1])
    # What has no pixels of its own: the mirrored columns at both ends, and, of an odd width, the
    # last column with its mirror image.
    for end in range(buffers[0].size - even_low.size):
        x = 0 if end == 0 else even_low.size + end
        for parity in range(2):
            values = _take_column(lines, columns[2 * x + parity])
            buffers[parity][x] = _weigh(values, filters[0])
            buffers[2 + parity][x] = _weigh(values, filters[1])


@inline
def _transform_db2_row(lows, highs, filters, low, sums):
    """Apply both filters along a low-pass and a high-pass row.

    Each row is given as four lines: odd and even columns, and those before them.
    """
    entropy = sums.shape[0] == 2
    zero = np.float32(0)
    h, v, d, log_h, log_v, log_d = zero, zero, zero, zero, zero, zero
    for x in range(low.size):
        values = lows[0][x], lows[1][x], lows[2][x], lows[3][x]
        low[x] = _weigh(values, filters[0])
        vertical = _weigh(values, filters[1])
        values = highs[0][x], highs[1][x], highs[2][x], highs[3][x]
        horizontal, diagonal = _weigh(values, filters[0]), _weigh(values, filters[1])
        horizontal, vertical = horizontal * horizontal, vertical * vertical
        diagonal = diagonal * diagonal
        h, v, d = h + horizontal, v + vertical, d + diagonal
        if entropy:
            log_h += horizontal * _log2(horizontal)
            log_v += vertical * _log2(vertical)
            log_d += diagonal * _log2(diagonal)
    _add_bands((h, v, d), (log_h, log_v, log_d), sums)


@jit_relaxed
def transform_db2(image, rows, columns, filters, approximation, row_starts, column_starts, sums):
    """Do one level of the transform by filters of four taps, such as Daubechies' second.

    Parameters
    ----------
    image : array of shape (rows, columns)
        The image, of any type, or the approximation of the level before.
    rows, columns : intp array, shape (2 n_rows + 2,) and (2 n_columns + 2,)
        The image's rows and columns from two before its first, mirrored at the sides.
    filters : tuple of two tuples of two tuples of four float32
        Low-pass and high-pass, across rows and along them.
    approximation : float32 array, shape (n_rows, n_columns)
        Filled with the low-pass coefficients.
    row_starts, column_starts : intp array, shape (grid + 1,)
        First row and column of each grid zone, and the end of the last, in coefficients.
    sums : float64 array, shape (1 or 2, 3, grid, grid)
        Incremented as by `transform_haar`.

    References
    ----------
    I. Daubechies (1988). Orthonormal bases of compactly supported wavelets. Communications on Pure
    and Applied Mathematics 41(7), 909-996. doi:10.1002/cpa.3160410705
    """
    length, whole = approximation.shape[1] + 1, image.shape[1] // 2
    # Scratch buffers of one row of coefficients: low-pass and high-pass, of even and odd columns.
    even_low, odd_low = np.empty(length, np.float32), np.empty(length, np.float32)
    even_high, odd_high = np.empty(length, np.float32), np.empty(length, np.float32)
    buffers = even_low, odd_low, even_high, odd_high
    part = slice(1, whole + 1)
    inner = even_low[part], odd_low[part], even_high[part], odd_high[part]
    for down in range(row_starts.size - 1):
        for row in range(row_starts[down], row_starts[down + 1]):
            # Convolution turns a filter around: taps 0 to 3 meet rows 2 r + 1, 2 r, 2 r - 1 and
            # 2 r - 2, where `rows` begins two rows before the image.
            first, second = image[rows[2 * row + 3]], image[rows[2 * row + 2]]
            third, fourth = image[rows[2 * row + 1]], image[rows[2 * row]]
            _filter_columns((first, second, third, fourth), columns, filters[0], buffers, inner)
            for right in range(column_starts.size - 1):
                start, stop = column_starts[right], column_starts[right + 1]
                # The same along the row: buffers begin with the columns -2 and -1.
                here, before = slice(start + 1, stop + 1), slice(start, stop)
                lows = odd_low[here], even_low[here], odd_low[before], even_low[before]
                highs = odd_high[here], even_high[here], odd_high[before], even_high[before]
                low, details = approximation[row, start:stop], sums[:, :, down, right]
                _transform_db2_row(lows, highs, filters[1], low, details)


@jit
def fill_energies_and_entropies(sums, counts, floor, values):
    """Fill the log-energy, and the normalised entropy, of each zone's details.

    Log-energy is log(mean c^2 + floor). The entropy is that of the fractions c^2 / sum c^2
    (Coifman and Wickerhauser 1992), divided by log n, its maximum for n coefficients.

    Parameters
    ----------
    sums : float64 array, shape (levels, 1 or 2, 3, grid, grid)
        As from `transform_haar`, for each level.
    counts : intp array, shape (levels, grid, grid)
        Number of coefficients of each zone.
    floor : float
        Added to a mean of c^2 before its logarithm is taken; smaller coefficients are nothing but
        rounding.
    values : float32 array of the shape of `sums`
        Filled, by the slots of this module; the entropies if there are two.

    References
    ----------
    R. R. Coifman, M. V. Wickerhauser (1992). Entropy-based algorithms for best basis selection.
    IEEE Transactions on Information Theory 38(2), 713-718. doi:10.1109/18.119732
    """
    for level, band, down, right in np.ndindex(sums.shape[0], 3, sums.shape[3], sums.shape[4]):
        count, energy = max(counts[level, down, right], 1), sums[level, ENERGY, band, down, right]
        values[level, ENERGY, band, down, right] = math.log(energy / count + floor)
        if sums.shape[1] == 2:
            entropy = 0.0
            # Coefficients of a constant image are rounding errors, whose distribution says nothing.
            if energy > floor * floor * count:
                logarithms = sums[level, ENTROPY, band, down, right]
                nats = math.log(energy) - math.log(2.0) * logarithms / energy
                entropy = nats / math.log(max(count, 2))
            values[level, ENTROPY, band, down, right] = entropy
