"""Runs of equal levels."""

import numpy as np

from featurex.kernels._jit import inline, jit


@inline
def _go_on(here, before, places_before, places):
    """A pixel's place in its run: one more than that of the pixel before it, or 1 if that has another level."""
    for column in range(here.size):
        places[column] = places_before[column] + 1 if here[column] == before[column] else 1


@jit
def count_places(levels, work, counts):
    """Count the pixels of each level by their place in their run, in four directions.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        With a frame of zeros; 0 outside the region, 1 to n inside.
    work : uint16 or uint32 array, shape (5, columns + 2)
        Zeros, of a type that can hold the longest side. Overwritten.
    counts : uint32 array, shape (4, n + 1, longest side + 2)
        Filled, at 0, 45, 90 and 135 degrees: entry (k, i, j) with the pixels of level i that are the j-th of their
        run, as many as runs of length j or more. Level 0 and place 0 have no meaning.
    """
    columns = levels.shape[1] - 2
    counts[:] = 0
    flat, falling, upright, rising = counts[0], counts[1], counts[2], counts[3]
    # Places on this row and on the last, in turn, with a frame of zeros.
    diagonal, other, down = work[:2], work[2:4], work[4, :columns]
    for row in range(1, levels.shape[0] - 1):
        here, above = levels[row, 1 : columns + 1], levels[row - 1]
        left, right = diagonal[row & 1, 1 : columns + 1], other[row & 1, 1 : columns + 1]
        _go_on(here, above[2:], diagonal[1 - (row & 1), 2:], left)
        _go_on(here, above[1 : columns + 1], down, down)
        _go_on(here, above[:columns], other[1 - (row & 1), :columns], right)
        place, last = np.uintp(0), levels[row, 0]
        for column in range(columns):
            level = here[column]
            place = place + np.uintp(1) if level == last else np.uintp(1)
            last = level
            # Where regions are whole, this is foreseen: what lies outside then takes no time.
            if level == 0:
                continue
            i = np.uintp(level)
            flat[i, place] += np.uint32(1)
            falling[i, np.uintp(left[column])] += np.uint32(1)
            upright[i, np.uintp(down[column])] += np.uint32(1)
            rising[i, np.uintp(right[column])] += np.uint32(1)


@jit
def count_ends(places, counts):
    """Turn counts of pixels by place into counts of runs by length: the runs that have no next place.

    Parameters
    ----------
    places : uint32 array, shape (4, n + 1, longest side + 2)
        See `count_places`.
    counts : int64 array, shape (4, n, longest side)
        Filled.
    """
    for k in range(counts.shape[0]):
        for i in range(counts.shape[1]):
            found, out = places[k, i + 1], counts[k, i]
            for j in range(out.size):
                out[j] = np.int64(found[j + 1]) - np.int64(found[j + 2])
