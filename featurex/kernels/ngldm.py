"""Neighbouring grey-level dependence matrices (IBSI REK0): counting pixels by their dependence."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def count_dependences(levels, distance, difference, numbers, scratch, counts):
    """Count the pixels of each level by their dependence count.

    The dependence count of a pixel is the number of pixels around it, itself included, whose level
    differs from its own by at most `difference`. Levels are walked as one long row, in stretches
    that stay in the L1 cache; the padding keeps rows apart.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2 distance, columns + 2 distance)
        0 in the padding and outside the region, 1 to n inside.
    distance : int
        Largest distance of a neighbour in rows and columns (Chebyshev), from 1.
    difference : int of the type of `levels`
        Largest difference of levels that counts as alike; IBSI's alpha.
    numbers : uint8 or uint16 array, shape (stretch,)
        Scratch buffer for the dependence count of each pixel of a stretch; its type must hold
        (2 distance + 1)^2.
    scratch : uint16 or uint32 array, shape (2, stretch)
        Scratch buffer: index of each pixel's counter; the lane of each pixel, as an index. Its type
        must hold the size of `counts`.
    counts : uint32 array, shape (n_lanes, n + 1, (2 distance + 1)^2 + 1)
        Filled; the lanes are to be added up. Successive pixels go to different lanes: they are
        often alike, and an increment would wait for the one before it to be stored. Level 0 and
        dependence count 0 have no meaning.

    References
    ----------
    C. Sun, W. G. Wee (1983). Neighboring gray level dependence matrix for texture classification.
    Computer Vision, Graphics, and Image Processing 23(3), 341-352. doi:10.1016/0734-189X(83)90032-4
    """
    n_lanes, n_levels, n_numbers = counts.shape
    stretch = scratch.shape[1]
    width, flat = levels.shape[1], levels.ravel()
    outer = distance * width + distance
    counts[:] = 0
    flat_counts, lanes = counts.ravel(), scratch[1]
    bounds = np.empty((2, stretch), levels.dtype)
    low, high = bounds[0], bounds[1]
    # Numba computes in 64 bits. Stored in an array of the levels' type and read again, the bounds
    # are as narrow as the levels, and comparisons vectorise over as many pixels as possible.
    high[0] = 255 if levels.itemsize == 1 else 65535
    maximum = high[0]
    high[0] = maximum - difference
    last = high[0]
    for lane in range(n_lanes):
        lanes[lane::n_lanes] = lane * n_levels * n_numbers
    for start in range(outer, flat.size - outer, stretch):
        n = min(stretch, flat.size - outer - start)
        here, entries = flat[start : start + n], scratch[0, :n]
        for x in range(n):
            # From 1: what lies outside the region is never alike.
            low[x] = here[x] - difference if here[x] > difference else 1
            high[x] = here[x] + difference if here[x] < last else maximum
            numbers[x] = 0
        for down in range(-distance, distance + 1):
            for right in range(-distance, distance + 1):
                there = flat[start + down * width + right : start + down * width + right + n]
                for x in range(n):
                    numbers[x] += (there[x] >= low[x]) & (there[x] <= high[x])
        for x in range(n):
            entries[x] = lanes[x] + np.int64(here[x]) * n_numbers + numbers[x]
        for x in range(n):
            flat_counts[np.uintp(entries[x])] += np.uint32(1)
