"""Runs of equal levels."""

import numpy as np

from featurex.kernels._jit import inline, jit


@inline
def _go_on(here, before, places_before, places):
    """A pixel's place in its run: one more than that of the pixel before it, or 1 if that has
    another level.

    Outside the region it is 0. Written as a product, this takes a third of the time.
    """
    for column in range(here.size):
        places[column] = places_before[column] * (here[column] == before[column]) + (
            here[column] > 0
        )


@inline
def _walk(here, places):
    """The same along the row."""
    place, last = 0, 0
    for column in range(here.size):
        place = place + 1 if here[column] == last else 1
        last = here[column]
        places[column] = place
    for column in range(here.size):
        places[column] *= here[column] > 0


@inline
def _locate(here, places, last, entries):
    """Where to count each pixel; returns the greatest place."""
    longest = places[0]
    for column in range(here.size):
        longest = max(longest, places[column])
        entries[column] = np.int64(here[column]) * (np.int64(last) + 1) + min(places[column], last)
    return np.int64(longest)


@inline
def _add_far(here, places, last, far):
    """Count the pixels that are the last-th of their run, or a later one."""
    for column in range(here.size):
        if places[column] >= last:
            far[np.uintp(here[column]), np.uintp(places[column])] += np.uint32(1)


@jit
def count_positions(levels, last, work, entries, near, far):
    """Count the pixels of each level by their place in their run, in four directions.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        With a frame of zeros; 0 outside the region, 1 to n inside.
    last : int of the type of `work`
        Places from this one on, which few runs reach, are counted apart, so that most counters stay
        in the fastest memory.
    work : uint16 or uint32 array, shape (6, columns + 2)
        Zeros, of a type that can hold the longest side. Overwritten.
    entries : uint16 array, shape (4, columns)
        Overwritten.
    near : uint32 array, shape (4, (n + 1) (last + 1))
        Zeros; filled, at 0, 45, 90 and 135 degrees: entry (k, i (last + 1) + j) with the pixels of
        level i that are the j-th of their run, as many as runs of length j or more. Level 0, place
        0 and the last have no meaning.
    far : uint32 array, shape (4, n + 1, longest side + 2)
        Zeros; filled with the pixels whose place is the last of `near` or beyond, at that place.

    Returns
    -------
    longest : int
        Of all runs.
    """
    columns, longest = levels.shape[1] - 2, 0
    # Places on this row and on the last, in turn, with a frame of zeros.
    diagonal, other, down, along = work[:2], work[2:4], work[4, :columns], work[5, :columns]
    first, second, third, fourth = entries[0], entries[1], entries[2], entries[3]
    flat, falling, upright, rising = near[0], near[1], near[2], near[3]
    for row in range(1, levels.shape[0] - 1):
        here, above = levels[row, 1 : columns + 1], levels[row - 1]
        left, right = diagonal[row & 1, 1 : columns + 1], other[row & 1, 1 : columns + 1]
        _walk(here, along)
        _go_on(here, above[2:], diagonal[1 - (row & 1), 2:], left)
        _go_on(here, above[1 : columns + 1], down, down)
        _go_on(here, above[:columns], other[1 - (row & 1), :columns], right)
        far_away = max(_locate(here, along, last, first), _locate(here, left, last, second))
        far_away = max(
            far_away, _locate(here, down, last, third), _locate(here, right, last, fourth)
        )
        for column in range(columns):
            # Where regions are whole, this is foreseen: what lies outside then takes no time.
            if here[column] > 0:
                flat[np.uintp(first[column])] += np.uint32(1)
                falling[np.uintp(second[column])] += np.uint32(1)
                upright[np.uintp(third[column])] += np.uint32(1)
                rising[np.uintp(fourth[column])] += np.uint32(1)
        longest = max(longest, far_away)
        if far_away >= last:
            _add_far(here, along, last, far[0])
            _add_far(here, left, last, far[1])
            _add_far(here, down, last, far[2])
            _add_far(here, right, last, far[3])
    return longest


@jit
def count_runs(near, far, counts):
    """Turn counts of pixels by place into counts of runs by length: the runs that have no next
    place.

    Parameters
    ----------
    near : uint32 array, shape (4, n + 1, last + 1)
    far : uint32 array, shape (4, n + 1, longest side + 2)
        See `count_positions`.
    counts : float64 array, shape (4, n, longest run)
        Filled.
    """
    last = near.shape[2] - 1
    for k in range(counts.shape[0]):
        for i in range(counts.shape[1]):
            here, there, out = near[k, i + 1], far[k, i + 1], counts[k, i]
            for j in range(min(out.size, last - 1)):
                out[j] = np.float64(here[j + 1])
            for j in range(last - 1, out.size):
                out[j] = np.float64(there[j + 1])
            for j in range(out.size - 1):
                out[j] -= out[j + 1]
