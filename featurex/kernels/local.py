"""Gradient, Laplacian and local entropy at each pixel, from pixels inside the region alone."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit


@inline
def _neighbour(image, inside, row, column, centre):
    """The pixel's value, or the centre's where there is no pixel of the region."""
    if row < 0 or row >= image.shape[0] or column < 0 or column >= image.shape[1] or not inside[row, column]:
        return centre
    return image[row, column]


@jit
def derivatives(image, inside, gradient, laplacian):
    """Magnitude of the gradient by central differences, and of the Laplacian of four neighbours.

    A neighbour outside the image or the region counts as equal to the pixel itself.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
    inside : bool array, shape (rows, columns)
    gradient, laplacian : float32 array, shape (rows, columns)
        Filled inside the region, and 0 elsewhere.
    """
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            gradient[row, column] = 0.0
            laplacian[row, column] = 0.0
            if not inside[row, column]:
                continue
            centre = image[row, column]
            up = _neighbour(image, inside, row - 1, column, centre)
            down = _neighbour(image, inside, row + 1, column, centre)
            left = _neighbour(image, inside, row, column - 1, centre)
            right = _neighbour(image, inside, row, column + 1, centre)
            gradient[row, column] = 0.5 * math.sqrt((down - up) ** 2 + (right - left) ** 2)
            laplacian[row, column] = abs(up + down + left + right - 4 * centre)


@inline
def _add_column(levels, inside, window, column, step, counts, terms):
    """Add (step 1) or remove (step -1) a window's column; return the change of sum n log n and of n."""
    first, last = window
    change = 0.0
    number = 0
    for row in range(first, last):
        if inside[row, column]:
            level = levels[row, column]
            change += terms[counts[level] + step] - terms[counts[level]]
            counts[level] += step
            number += step
    return change, number


@jit
def entropies(levels, inside, radius, terms, entropy):
    """Shannon entropy, bits, of the grey levels in a square window around each pixel.

    With n_i pixels of level i among n, it is log n - (sum of n_i log n_i) / n: a window that moves by a
    column changes few of the terms.

    Parameters
    ----------
    levels : uint8 array, shape (rows, columns)
        Below 64.
    inside : bool array, shape (rows, columns)
    radius : int
        The window has 2 radius + 1 pixels a side; only those of the image and region count.
    terms : float64 array, shape (at least (2 radius + 1)^2 + 1,)
        n log2 n for every n, and 0 for 0.
    entropy : float32 array, shape (rows, columns)
        Filled inside the region, and 0 elsewhere.
    """
    rows, columns = levels.shape
    counts = np.empty(64, np.int64)
    for row in range(rows):
        window = max(row - radius, 0), min(row + radius + 1, rows)
        counts[:] = 0
        total, number = 0.0, 0
        for column in range(-radius, columns):
            if column > radius:
                change, added = _add_column(levels, inside, window, column - radius - 1, -1, counts, terms)
                total, number = total + change, number + added
            if column + radius < columns:
                change, added = _add_column(levels, inside, window, column + radius, 1, counts, terms)
                total, number = total + change, number + added
            if column >= 0:
                entropy[row, column] = 0.0
                if inside[row, column]:
                    # Differences of the terms add up to rounding errors, and no entropy is below 0.
                    entropy[row, column] = max((terms[number] - total) / number, 0.0)
