"""Pixels and their neighbours."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def sum_differences(levels, distance, counts, sums):
    """Sum how far pixels of each level are from the mean of their neighbours.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    distance : int
        Neighbours are at most so many rows and columns away.
    counts : int64 array, shape (n,)
        Filled with the number of pixels of each level that have a neighbour in the region.
    sums : float64 array, shape (n,)
        Filled with the sums of |level - mean of the neighbours|.
    """
    rows, columns = levels.shape
    counts[:] = 0
    sums[:] = 0.0
    for row in range(rows):
        for column in range(columns):
            level = np.int64(levels[row, column])
            if level == 0:
                continue
            total, number = -level, -1
            for y in range(max(0, row - distance), min(rows, row + distance + 1)):
                for x in range(max(0, column - distance), min(columns, column + distance + 1)):
                    near = np.int64(levels[y, x])
                    total += near
                    number += near > 0
            if number > 0:
                counts[level - 1] += 1
                sums[level - 1] += abs(level - total / number)


@jit
def count_dependence(levels, distance, difference, counts):
    """Count the pixels of each level by how many around them, and they themselves, have nearly that level.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    distance : int
        Neighbours are at most so many rows and columns away.
    difference : int
        By how many levels a neighbour may differ.
    counts : int64 array, shape (n, (2 distance + 1)^2)
        Filled.
    """
    rows, columns = levels.shape
    counts[:] = 0
    for row in range(rows):
        for column in range(columns):
            level = np.int64(levels[row, column])
            if level == 0:
                continue
            number = 0
            for y in range(max(0, row - distance), min(rows, row + distance + 1)):
                for x in range(max(0, column - distance), min(columns, column + distance + 1)):
                    near = np.int64(levels[y, x])
                    number += near > 0 and abs(near - level) <= difference
            counts[level - 1, number - 1] += 1
