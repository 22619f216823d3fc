"""Zones: connected pixels of one level."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def find_zones(levels, distances, zones):
    """List every zone of pixels that touch at a side or corner.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside. It is set to 0.
    distances : int64 array, shape (rows, columns)
        Of each pixel to the border of the region.
    zones : int64 array, shape (rows * columns, 3)
        The first rows are filled with level, number of pixels and least distance of each zone.

    Returns
    -------
    count : int
        Of the zones.
    """
    rows, columns = levels.shape
    waiting = np.empty((rows * columns, 2), np.int64)
    count = 0
    for row in range(rows):
        for column in range(columns):
            level = levels[row, column]
            if level == 0:
                continue
            size, nearest = 0, distances[row, column]
            waiting[0, 0], waiting[0, 1] = row, column
            levels[row, column] = 0
            n_waiting = 1
            while n_waiting > 0:
                n_waiting -= 1
                y, x = waiting[n_waiting, 0], waiting[n_waiting, 1]
                size += 1
                nearest = min(nearest, distances[y, x])
                for near_y in range(max(0, y - 1), min(rows, y + 2)):
                    for near_x in range(max(0, x - 1), min(columns, x + 2)):
                        if levels[near_y, near_x] == level:
                            levels[near_y, near_x] = 0
                            waiting[n_waiting, 0], waiting[n_waiting, 1] = near_y, near_x
                            n_waiting += 1
            zones[count, 0], zones[count, 1], zones[count, 2] = level, size, nearest
            count += 1
    return count
