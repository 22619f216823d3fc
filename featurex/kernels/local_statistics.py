"""Gradient, Laplacian and local entropy at each pixel, from pixels inside the region alone."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def fill_derivatives(image, inside, gradient, laplacian):
    """Fill the magnitudes of the gradient and of the Laplacian of four neighbours.

    Central differences, sqrt(((f(y + 1) - f(y - 1)) / 2)^2 + ((f(x + 1) - f(x - 1)) / 2)^2), and
    |f(y + 1) + f(y - 1) + f(x + 1) + f(x - 1) - 4 f|: two of the focus measures that Pertuz et al.
    2013 compare. A neighbour outside the image or the region counts as equal to the pixel itself.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
        Grey values.
    inside : bool array, shape (rows, columns)
        True inside the region.
    gradient, laplacian : float32 array, shape (rows, columns)
        Filled inside the region, and 0 elsewhere.

    References
    ----------
    S. Pertuz, D. Puig, M. A. Garcia (2013). Analysis of focus measure operators for
    shape-from-focus. Pattern Recognition 46(5), 1415-1432. doi:10.1016/j.patcog.2012.11.011
    """
    rows, columns = image.shape
    zero, last = np.float32(0.0), np.uintp(columns - 1)
    for row in range(rows):
        # At the image's sides the pixel itself stands for the neighbour that is missing.
        here = np.uintp(row)
        above, below = np.uintp(max(row - 1, 0)), np.uintp(min(row + 1, rows - 1))
        for column in range(np.uintp(columns)):
            # Sums with comparisons instead of branches, so that the loop vectorises.
            before = column - np.uintp(column > 0)
            behind = column + np.uintp(column < last)
            centre = image[here, column]
            up = image[above, column] if inside[above, column] else centre
            down = image[below, column] if inside[below, column] else centre
            left = image[here, before] if inside[here, before] else centre
            right = image[here, behind] if inside[here, behind] else centre
            slope = np.float32(0.5) * math.sqrt(
                (down - up) * (down - up) + (right - left) * (right - left)
            )
            curvature = abs(up + down + left + right - np.float32(4.0) * centre)
            gradient[here, column] = slope if inside[here, column] else zero
            laplacian[here, column] = curvature if inside[here, column] else zero


@jit
def fill_entropies(levels, inside, radius, terms, entropy):
    """Fill the Shannon entropy, in bits, of the levels in a square window around each pixel.

    With n_i pixels of level i among n, it is log2 n - (sum of n_i log2 n_i) / n. A window's
    histogram follows from that of its neighbour by adding a column's histogram and subtracting
    another, and each column's histogram follows from that of the row before by two pixels: the
    moving histograms of Perreault and Hebert 2007, in time independent of the radius.

    Parameters
    ----------
    levels : uint8 array, shape (rows, columns)
        Below 64.
    inside : bool array, shape (rows, columns)
        True inside the region.
    radius : int
        The window has 2 radius + 1 pixels a side; only those of the image and region count.
    terms : int32 array, shape (n_terms,), n_terms > (2 radius + 1)^2
        n log2 n for n = 0, 1, 2, ..., in integer multiples of any unit: their sums are exact.
    entropy : float32 array, shape (rows, columns)
        Filled inside the region, and 0 elsewhere.

    References
    ----------
    S. Perreault, P. Hebert (2007). Median filtering in constant time. IEEE Transactions on Image
    Processing 16(9), 2389-2394. doi:10.1109/TIP.2007.902329
    """
    rows, columns = levels.shape
    # A multiple of 16 levels: the loops over a histogram then have no remainder.
    n_levels = (int(levels.max()) // 16 + 1) * 16
    # By column, and its levels side by side: a window moves by adding such rows. Signed, as pixels
    # are subtracted; a window has at most 31^2.
    counts, heights = np.zeros((columns, n_levels), np.int16), np.zeros(columns, np.int64)
    # 2 log2 2 is 2, whatever the unit of the terms.
    unit = terms[2] / 2.0
    # The steps before row 0 count the rows that its windows reach.
    for row in range(-radius, rows):
        if row + radius < rows:
            _count_row(levels, inside, row + radius, 1, counts, heights)
        if row > radius:
            _count_row(levels, inside, row - radius - 1, -1, counts, heights)
        if row >= 0:
            _slide_window(counts, heights, inside, row, radius, terms, unit, entropy)


@inline
def _count_row(levels, inside, row, step, counts, heights):
    """Add a row of pixels to the columns' histograms (step 1), or subtract it (step -1)."""
    for column in range(levels.shape[1]):
        if inside[row, column]:
            counts[column, levels[row, column]] += step
            heights[column] += step


@inline
def _slide_window(counts, heights, inside, row, radius, terms, unit, entropy):
    """Fill the entropies of a row, given the histogram and number of pixels of each column."""
    columns, n_levels = counts.shape
    window, number = np.zeros(n_levels, np.int16), 0
    # The steps before column 0 fill its window.
    for column in range(-radius, columns):
        total = np.int32(0)
        if column + radius < columns:
            number += heights[column + radius]
            line = counts[column + radius]
            for level in range(n_levels):
                window[level] += line[level]
        if column > radius:
            number -= heights[column - radius - 1]
            line = counts[column - radius - 1]
            for level in range(n_levels):
                window[level] -= line[level]
        if column >= 0:
            entropy[row, column] = 0.0
            if inside[row, column]:
                for level in range(n_levels):
                    total += terms[np.uintp(window[level])]
                entropy[row, column] = max(terms[number] - total, 0) / (number * unit)
