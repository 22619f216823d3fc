"""Grey-level run-length matrices (IBSI TP0I): counting runs of equal levels in four directions."""

import numpy as np

from featurex.kernels._jit import inline, jit


@inline
def _extend_runs(here, before, positions_before, positions):
    """Fill each pixel's position in its run, given the row that the run comes from.

    It is one more than that of the pixel before it in the run's direction, or 1 if that has another
    level; 0 outside the region. Written as a product instead of a choice, this takes a third of the
    time.
    """
    for column in range(here.size):
        positions[column] = positions_before[column] * (here[column] == before[column]) + (
            here[column] > 0
        )


@inline
def _follow_row(here, positions):
    """Fill each pixel's position in its run along the row."""
    position, last = 0, 0
    for column in range(here.size):
        position = position + 1 if here[column] == last else 1
        last = here[column]
        positions[column] = position
    # Outside the region 0: a loop of its own, which vectorises.
    for column in range(here.size):
        positions[column] *= here[column] > 0


@inline
def _index_counters(here, positions, last, entries):
    """Fill the index of each pixel's counter in `near`, and return the largest position."""
    longest = positions[0]
    for column in range(here.size):
        longest = max(longest, positions[column])
        entries[column] = np.int64(here[column]) * (np.int64(last) + 1) + min(
            positions[column], last
        )
    return np.int64(longest)


@inline
def _count_far(here, positions, last, far):
    """Count the pixels at the `last`-th position of their run, or a later one."""
    for column in range(here.size):
        if positions[column] >= last:
            far[np.uintp(here[column]), np.uintp(positions[column])] += np.uint32(1)


@jit
def count_positions(levels, last, scratch, entries, near, far):
    """Count the pixels of each level by their position in their run, in four directions.

    A run of length m has one pixel at each of the positions 1 to m. The number of pixels at
    position j therefore is the number of runs of length j or more, and `count_runs` takes
    differences. No run must be followed to its end, and all rows are read once, in order.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        0 in the padding and outside the region, 1 to n inside.
    last : int of the type of `scratch`
        Positions from this one on, which few runs reach, are counted apart, in `far`, so that
        most counters stay in the L1 cache.
    scratch : uint16 or uint32 array, shape (6, columns + 2)
        Scratch buffer of zeros, of a type that can hold the longest side: positions at 45 degrees
        on this row and on the last, in turn; the same at 135 degrees; positions at 90 degrees;
        positions along the row.
    entries : uint16 array, shape (4, columns)
        Scratch buffer for indices of counters.
    near : uint32 array, shape (4, (n + 1) (last + 1))
        Zeros; filled, for 0, 45, 90 and 135 degrees: entry (k, i (last + 1) + j) with the pixels of
        level i at position j. Level 0, position 0 and position `last` have no meaning.
    far : uint32 array, shape (4, n + 1, longest side + 2)
        Zeros; filled with the pixels at position `last` or later, by position.

    Returns
    -------
    longest : int
        Length of the longest run.

    References
    ----------
    M. M. Galloway (1975). Texture analysis using gray level run lengths. Computer Graphics and
    Image Processing 4(2), 172-179. doi:10.1016/S0146-664X(75)80008-6
    """
    columns, longest = levels.shape[1] - 2, 0
    rising, falling = scratch[:2], scratch[2:4]
    down, along = scratch[4, :columns], scratch[5, :columns]
    entries_0, entries_45, entries_90, entries_135 = entries[0], entries[1], entries[2], entries[3]
    near_0, near_45, near_90, near_135 = near[0], near[1], near[2], near[3]
    for row in range(1, levels.shape[0] - 1):
        here, above = levels[row, 1 : columns + 1], levels[row - 1]
        # Diagonal runs come from a neighbouring column of the row above, so that two rows of their
        # positions are kept; vertical ones come from the same column, and are updated in place.
        this, other = row & 1, 1 - (row & 1)
        left, right = rising[this, 1 : columns + 1], falling[this, 1 : columns + 1]
        _follow_row(here, along)
        _extend_runs(here, above[2:], rising[other, 2:], left)
        _extend_runs(here, above[1 : columns + 1], down, down)
        _extend_runs(here, above[:columns], falling[other, :columns], right)
        longest_here = max(
            _index_counters(here, along, last, entries_0),
            _index_counters(here, left, last, entries_45),
        )
        longest_here = max(longest_here, _index_counters(here, down, last, entries_90))
        longest_here = max(longest_here, _index_counters(here, right, last, entries_135))
        for column in range(columns):
            # The branch is predicted well where regions are large, and spares what lies outside.
            if here[column] > 0:
                near_0[np.uintp(entries_0[column])] += np.uint32(1)
                near_45[np.uintp(entries_45[column])] += np.uint32(1)
                near_90[np.uintp(entries_90[column])] += np.uint32(1)
                near_135[np.uintp(entries_135[column])] += np.uint32(1)
        longest = max(longest, longest_here)
        if longest_here >= last:
            _count_far(here, along, last, far[0])
            _count_far(here, left, last, far[1])
            _count_far(here, down, last, far[2])
            _count_far(here, right, last, far[3])
    return longest


@jit
def count_runs(near, far, counts):
    """Turn counts of pixels by position into counts of runs by length.

    Parameters
    ----------
    near : uint32 array, shape (4, n + 1, last + 1)
        As from `count_positions`, with an axis more.
    far : uint32 array, shape (4, n + 1, longest side + 2)
        As from `count_positions`.
    counts : float64 array, shape (4, n, longest run)
        Filled: entry (k, i, j) with the runs of level i + 1 and length j + 1 in direction k.
    """
    last = near.shape[2] - 1
    for k in range(counts.shape[0]):
        for i in range(counts.shape[1]):
            here, there, out = near[k, i + 1], far[k, i + 1], counts[k, i]
            for j in range(min(out.size, last - 1)):
                out[j] = np.float64(here[j + 1])
            for j in range(last - 1, out.size):
                out[j] = np.float64(there[j + 1])
            # Runs of length j or more, less those of length j + 1 or more.
            for j in range(out.size - 1):
                out[j] -= out[j + 1]
