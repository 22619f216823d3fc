"""Histograms of grey values by grid zone."""

import math

import numpy as np

from featurex.kernels._jit import jit


@jit
def fill_zone_histograms(image, inside, bins, row_starts, column_starts, root, fractions):
    """Fill the fraction of each grid zone's pixels that lies in each bin.

    Parameters
    ----------
    image : unsigned integer array, shape (rows, columns)
        Grey values, below n_values.
    inside : uint8 array, shape (rows, columns), or None
        1 for pixels that count, 0 for others; None for all.
    bins : uint8 array, shape (n_values,)
        Bin of each grey value.
    row_starts, column_starts : intp array, shape (grid + 1,)
        First row and column of each zone, and the end of the last.
    root : bool
        Whether to fill the square roots of the fractions, whose Euclidean distance is Hellinger's
        times sqrt(2).
    fractions : float32 array, shape (grid, grid, n_bins)
        Filled; zeros for a zone without pixels.
    """
    grid, n_bins = fractions.shape[1:]
    # Scratch buffer: four histograms of one zone, to be added up.
    counts = np.empty((4, n_bins), np.uint32)
    for down in range(row_starts.size - 1):
        for right in range(grid):
            counts[:] = 0
            first, last = column_starts[right], column_starts[right + 1]
            for row in range(row_starts[down], row_starts[down + 1]):
                # Not one call with a conditional argument, whose type would be optional, and slow.
                if inside is None:
                    _count_row(image[row, first:last], None, bins, counts)
                else:
                    _count_row(image[row, first:last], inside[row, first:last], bins, counts)
            total = max(counts.sum(), 1)
            for k in range(n_bins):
                fraction = (counts[0, k] + counts[1, k] + counts[2, k] + counts[3, k]) / total
                fractions[down, right, k] = math.sqrt(fraction) if root else fraction


@jit
def _count_row(values, inside, bins, counts):
    """Count into four histograms in turn.

    Neighbours are often alike, and an increment would wait for the one before it to be stored.
    """
    first, second, third, fourth = counts[0], counts[1], counts[2], counts[3]
    whole = values.size // 4 * 4
    for x in range(0, whole, 4):
        first[np.uintp(bins[np.uintp(values[x])])] += np.uint32(1 if inside is None else inside[x])
        second[np.uintp(bins[np.uintp(values[x + 1])])] += np.uint32(
            1 if inside is None else inside[x + 1]
        )
        third[np.uintp(bins[np.uintp(values[x + 2])])] += np.uint32(
            1 if inside is None else inside[x + 2]
        )
        fourth[np.uintp(bins[np.uintp(values[x + 3])])] += np.uint32(
            1 if inside is None else inside[x + 3]
        )
    for x in range(whole, values.size):
        first[np.uintp(bins[np.uintp(values[x])])] += np.uint32(1 if inside is None else inside[x])
