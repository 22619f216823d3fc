"""Grey values to levels."""

import numpy as np

from featurex.kernels._jit import inline, jit


@inline
def _clear_outside(inside, levels):
    """Set levels outside the region to 0: a product takes half the time of a choice."""
    for x in range(levels.size):
        levels[x] *= inside[x]


@inline
def _extremes(low, high):
    for x in range(low.size):
        low[0] = min(low[0], low[x])
        high[0] = max(high[0], high[x])
    return low[0], high[0]


@jit
def find_range(image, inside, start):
    """Find the least and the greatest grey value of the region.

    Parameters
    ----------
    image : array, shape (rows, columns)
        Outside the region it may hold anything.
    inside : bool array of the same shape
    start : of the image's type
        A value of the region.

    Returns
    -------
    low, high : of the image's type
    """
    rows, columns = image.shape
    # Column by column: many at once, whatever the order of floating comparisons.
    low, high = np.empty(columns, image.dtype), np.empty(columns, image.dtype)
    for x in range(columns):
        low[x] = high[x] = start
    for row in range(rows):
        values, counted = image[row], inside[row]
        for x in range(columns):
            low[x] = values[x] if counted[x] and values[x] < low[x] else low[x]
            high[x] = values[x] if counted[x] and values[x] > high[x] else high[x]
    return _extremes(low, high)


@jit
def find_integer_range(image, inside, start):
    """As `find_range` of whole numbers, whose choices are fastest without the branch that floating
    ones need.
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
    return _extremes(low, high)


@jit
def assign_levels(values, inside, low, factor, divided, n_levels, levels):
    """Turn values into levels: floor((value - low) factor) + 1, or the quotient, within 1 to n.

    Parameters
    ----------
    values : array, shape (rows, columns)
        NaN gets level 1.
    inside : bool array of the same shape, or None
        All else gets level 0.
    low, factor : float
    divided : bool
        Whether to divide by the factor: rounding makes a difference.
    n_levels : int
    levels : uint8 or uint16 array, shape (rows + 2 border, columns + 2 border)
        Filled within its frame.
    """
    rows, columns = values.shape
    border = (levels.shape[0] - rows) // 2
    greatest = np.float64(n_levels - 1)
    for row in range(rows):
        here, out = values[row], levels[row + border, border : columns + border]
        for column in range(columns):
            above = np.float64(here[column]) - low
            bin_place = np.floor(above / factor if divided else above * factor)
            bin_place = bin_place if bin_place > 0.0 else 0.0
            out[column] = np.int32(bin_place if bin_place < greatest else greatest) + 1
        if inside is not None:
            _clear_outside(inside[row], out)


@jit
def look_up_levels(image, inside, table, levels):
    """Take each pixel's level from a table.

    Parameters
    ----------
    image : uint8 array, shape (rows, columns)
    inside : bool array of the same shape, or None
        All else gets level 0.
    table : array of the type of `levels`, shape (256,)
    levels : uint8 or uint16 array, shape (rows + 2 border, columns + 2 border)
        Filled within its frame.
    """
    rows, columns = image.shape
    border = (levels.shape[0] - rows) // 2
    for row in range(rows):
        here, out = image[row], levels[row + border, border : columns + border]
        for column in range(columns):
            out[column] = table[np.uintp(here[column])]
        if inside is not None:
            _clear_outside(inside[row], out)
