"""Grey values to levels."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def find_range(image, inside, low, high):
    """Find the least and the greatest grey value of every column.

    Parameters
    ----------
    image : array, shape (rows, columns)
    inside : bool array of the same shape, or None
        Pixels that count; the others may hold anything.
    low, high : arrays of the image's type, shape (columns,)
        Hold the type's greatest and least value, or infinities; filled. By columns, as that needs no order of the
        comparisons.
    """
    rows, columns = image.shape
    for row in range(rows):
        values = image[row]
        for column in range(columns):
            value = values[column]
            least, greatest = low[column], high[column]
            counted = True if inside is None else inside[row, column]
            low[column] = value if counted and value < least else least
            high[column] = value if counted and value > greatest else greatest


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
    for place in range(image.size):
        levels[place] = table[np.uintp(image[place])]


@jit
def clear_outside(inside, levels):
    """Set levels outside the region to 0.

    Parameters
    ----------
    inside : bool array, shape (n_pixels,)
    levels : uint16 array, shape (n_pixels,)
    """
    for place in range(levels.size):
        levels[place] = levels[place] if inside[place] else np.uint16(0)
