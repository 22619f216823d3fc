"""Histograms of grey values by zone."""

import math

import numpy as np

from featurex.kernels._jit import jit


@jit
def fill_zone_histograms(image, inside, bins, row_starts, column_starts, root, shares):
    """Find what share of every zone's pixels lies in each bin.

    Parameters
    ----------
    image : unsigned integer array, shape (rows, columns)
    inside : uint8 array of the same shape, or None
        1 for pixels that count, 0 for others.
    bins : uint8 array, shape (n_values,)
        Bin of each grey value.
    row_starts, column_starts : intp array, shape (grid + 1,)
        First row and column of each zone, and the image's ends.
    root : bool
        Whether to take the square root of the shares.
    shares : float32 array, shape (grid, grid, n_bins)
        Filled; zeros for a zone without pixels.
    """
    grid, n_bins = shares.shape[1:]
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
                share = (counts[0, k] + counts[1, k] + counts[2, k] + counts[3, k]) / total
                shares[down, right, k] = math.sqrt(share) if root else share


@jit
def _count_row(values, region, bins, counts):
    """Count in four rows in turn: neighbours are often alike, and one count would wait for the
    other.
    """
    first, second, third, fourth = counts[0], counts[1], counts[2], counts[3]
    whole = values.size // 4 * 4
    for x in range(0, whole, 4):
        first[np.uintp(bins[np.uintp(values[x])])] += np.uint32(1 if region is None else region[x])
        second[np.uintp(bins[np.uintp(values[x + 1])])] += np.uint32(
            1 if region is None else region[x + 1]
        )
        third[np.uintp(bins[np.uintp(values[x + 2])])] += np.uint32(
            1 if region is None else region[x + 2]
        )
        fourth[np.uintp(bins[np.uintp(values[x + 3])])] += np.uint32(
            1 if region is None else region[x + 3]
        )
    for x in range(whole, values.size):
        first[np.uintp(bins[np.uintp(values[x])])] += np.uint32(1 if region is None else region[x])
