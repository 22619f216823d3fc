"""Discretisation: grey values to levels (IBSI K15C, fixed bin number; Q3RU, fixed bin width)."""

import numpy as np

from featurex.kernels._jit import inline, jit


@inline
def _clear_outside(inside, levels):
    """Set levels outside the region to 0: a product takes half the time of a choice."""
    for x in range(levels.size):
        levels[x] *= inside[x]


@inline
def _reduce_extremes(low, high):
    """The minimum of `low`, and the maximum of `high`."""
    for x in range(low.size):
        low[0] = min(low[0], low[x])
        high[0] = max(high[0], high[x])
    return low[0], high[0]


@jit
def find_range(image, inside, start):
    """Find the minimum and maximum grey value of a region, for floating images.

    Parameters
    ----------
    image : floating array, shape (rows, columns)
        May hold anything outside the region.
    inside : bool array, shape (rows, columns)
        True inside the region.
    start : scalar of the image's type
        Any value of the region.

    Returns
    -------
    low, high : scalars of the image's type
    """
    rows, columns = image.shape
    # One minimum and maximum for each column: the loop vectorises without reordering comparisons,
    # which the rules of floating numbers forbid.
    low, high = np.empty(columns, image.dtype), np.empty(columns, image.dtype)
    for x in range(columns):
        low[x] = high[x] = start
    for row in range(rows):
        values, counted = image[row], inside[row]
        for x in range(columns):
            low[x] = values[x] if counted[x] and values[x] < low[x] else low[x]
            high[x] = values[x] if counted[x] and values[x] > high[x] else high[x]
    return _reduce_extremes(low, high)


@jit
def find_integer_range(image, inside, start):
    """Find the minimum and maximum grey value of a region, for integer images.

    The same as `find_range`, with `&` in place of `and`: integers vectorise best without a branch,
    floating numbers with one.

    Parameters
    ----------
    image : integer array, shape (rows, columns)
        May hold anything outside the region.
    inside : bool array, shape (rows, columns)
        True inside the region.
    start : scalar of the image's type
        Any value of the region.

    Returns
    -------
    low, high : scalars of the image's type
    """
    rows, columns = image.shape
    low, high = np.empty(columns, image.dtype), np.empty(columns, image.dtype)
    for x in range(columns):
        low[x] = high[x] = start
    for row in range(rows):
        values, counted = image[row], inside[row]
        for x in range(columns):
            low[x] = values[x] if counted[x] & (values[x] < low[x]) else low[x]
            high[x] = values[x] if counted[x] & (values[x] > high[x]) else high[x]
    return _reduce_extremes(low, high)


@jit
def assign_levels(values, inside, low, multiplier, divisor, n_levels, levels):
    """Assign each value the level of its bin.

    The level is floor(multiplier (value - low) / divisor) + 1, and within 1 to n. The order of the
    operations is that of IBSI's formulas: the product of integers is exact, and a quotient of
    integers is an integer where it should be, so that values on a bin edge are in the upper bin. A
    product with the reciprocal would put some of them into the lower one.

    Parameters
    ----------
    values : array of shape (rows, columns)
        Grey values; NaN gets level 1.
    inside : bool array, shape (rows, columns), or None
        True inside the region; what is outside gets level 0. None for no region.
    low : float
        The lower edge of the first bin.
    multiplier, divisor : float
        The number of bins and the range of the grey values, for a fixed bin number; 1 and the bin
        width, for a fixed width.
    n_levels : int
        n, the largest level.
    levels : uint8 or uint16 array, shape (rows + 2 border, columns + 2 border)
        Filled, but for its padding.
    """
    rows, columns = values.shape
    border = (levels.shape[0] - rows) // 2
    last = np.float64(n_levels - 1)
    for row in range(rows):
        here, out = values[row], levels[row + border, border : columns + border]
        for column in range(columns):
            above = np.float64(here[column]) - low
            bin_index = np.floor(multiplier * above / divisor)
            # Not min() and max(): their rules for NaN keep the loop from vectorising.
            bin_index = bin_index if bin_index > 0.0 else 0.0
            # Through 32 bits: any processor converts vectors of float64 to these, but to 64 bits
            # only one with AVX-512.
            out[column] = np.int32(bin_index if bin_index < last else last) + 1
        if inside is not None:
            _clear_outside(inside[row], out)


@jit
def look_up_levels(image, inside, table, levels):
    """Take each pixel's level from a table of the 256 grey values.

    Parameters
    ----------
    image : uint8 array, shape (rows, columns)
        Grey values.
    inside : bool array, shape (rows, columns), or None
        True inside the region; what is outside gets level 0. None for no region.
    table : array of the type of `levels`, shape (256,)
        Level of each grey value.
    levels : uint8 or uint16 array, shape (rows + 2 border, columns + 2 border)
        Filled, but for its padding.
    """
    rows, columns = image.shape
    border = (levels.shape[0] - rows) // 2
    for row in range(rows):
        here, out = image[row], levels[row + border, border : columns + border]
        for column in range(columns):
            # Unsigned indices need no test for a negative one.
            out[column] = table[np.uintp(here[column])]
        if inside is not None:
            _clear_outside(inside[row], out)
