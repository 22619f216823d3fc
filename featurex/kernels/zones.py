"""Histograms of grey values by zone."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def count_zones(bins, inside, row_zones, column_zones, counts):
    """Count pixels by zone and bin.

    Parameters
    ----------
    bins : uint8 array, shape (rows, columns)
    inside : bool array, shape (rows, columns)
    row_zones : intp array, shape (rows,)
        First zone of each row.
    column_zones : intp array, shape (columns,)
        What each column adds to it.
    counts : int64 array, shape (n_zones, n_bins)
        Incremented.
    """
    rows, columns = bins.shape
    for row in range(rows):
        first = row_zones[row]
        for column in range(columns):
            if inside[row, column]:
                counts[np.uintp(first + column_zones[column]), np.uintp(bins[row, column])] += 1
