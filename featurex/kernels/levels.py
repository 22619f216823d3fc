"""Grey values to levels."""

import numpy as np

from featurex.kernels._jit import jit


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
    for x in range(columns):
        low[0] = min(low[0], low[x])
        high[0] = max(high[0], high[x])
    return low[0], high[0]


@jit
def bin_values(values, low, factor, divided, n_levels, levels):
    """Turn values into levels: floor((value - low) factor) + 1, or the quotient, within 1 to n.

    Parameters
    ----------
    values : array, shape (n_values,)
        NaN gets level 1.
    low, factor : float
    divided : bool
        Whether to divide by the factor: rounding makes a difference.
    n_levels : int
    levels : uint16 array, shape (n_values,)
        Filled.
    """
    greatest = np.float64(n_levels - 1)
    for place in range(values.size):
        above = np.float64(values[place]) - low
        bin_place = np.floor(above / factor if divided else above * factor)
        bin_place = bin_place if bin_place > 0.0 else 0.0
        levels[place] = np.uint16(np.int32(bin_place if bin_place < greatest else greatest) + 1)


@jit
def look_up(image, table, levels):
    """Take each pixel's level from a table.

    Parameters
    ----------
    image : uint8 array, shape (n_pixels,)
    table : uint16 array, shape (256,)
    levels : uint16 array, shape (n_pixels,)
        Filled.
    """
    for x in range(image.size):
        levels[x] = table[np.uintp(image[x])]


@jit
def clear_outside(inside, levels):
    """Set levels outside the region to 0.

    Parameters
    ----------
    inside : bool array, shape (n_pixels,)
    levels : uint16 array, shape (n_pixels,)
    """
    for x in range(levels.size):
        levels[x] = levels[x] if inside[x] else np.uint16(0)
