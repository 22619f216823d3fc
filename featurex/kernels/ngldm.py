"""Neighbouring grey-level dependence matrices: counting pixels by the pixels like them."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def count_dependences(levels, distance, difference, numbers, work, counts):
    """Count the pixels of each level by how many around them, and they themselves, have nearly that
    level.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2 distance, columns + 2 distance)
        With a frame of zeros; 0 outside the region, 1 to n inside.
    distance : int
        Neighbours are at most so many rows and columns away.
    difference : int of the type of `levels`
        By how many levels a neighbour may differ.
    numbers : uint8 or uint16 array, shape (stretch,)
        Of a type that can hold (2 distance + 1)^2. Overwritten.
    work : uint16 or uint32 array, shape (2, stretch)
        Of a type that can hold the size of `counts`. Overwritten.
    counts : uint32 array, shape (lanes, n + 1, (2 distance + 1)^2 + 1)
        Filled; lanes as in `ngtdm.sum_differences`. Level 0 and number 0 have no meaning.
    """
    n_lanes, n_levels, n_numbers = counts.shape
    stretch = work.shape[1]
    width, flat = levels.shape[1], levels.ravel()
    outer = distance * width + distance
    counts[:] = 0
    count, lanes = counts.ravel(), work[1]
    bounds = np.empty((2, stretch), levels.dtype)
    low, high = bounds[0], bounds[1]
    # Levels of the array's own type, as all comparisons are quickest that way.
    high[0] = 255 if levels.itemsize == 1 else 65535
    greatest = high[0]
    high[0] = greatest - difference
    most = high[0]
    for lane in range(n_lanes):
        lanes[lane::n_lanes] = lane * n_levels * n_numbers
    for start in range(outer, flat.size - outer, stretch):
        n = min(stretch, flat.size - outer - start)
        here, entries = flat[start : start + n], work[0, :n]
        for x in range(n):
            low[x] = here[x] - difference if here[x] > difference else 1
            high[x] = here[x] + difference if here[x] < most else greatest
            numbers[x] = 0
        for down in range(-distance, distance + 1):
            for right in range(-distance, distance + 1):
                there = flat[start + down * width + right : start + down * width + right + n]
                for x in range(n):
                    numbers[x] += (there[x] >= low[x]) & (there[x] <= high[x])
        for x in range(n):
            entries[x] = lanes[x] + np.int64(here[x]) * n_numbers + numbers[x]
        for x in range(n):
            count[np.uintp(entries[x])] += np.uint32(1)
