"""Gradient, Laplacian and local entropy at each pixel, from pixels inside the region alone."""

import math

import numpy as np

from featurex.kernels._jit import inline, jit


@jit
def fill_derivatives(image, inside, gradient, laplacian):
    """Magnitude of the gradient by central differences, and of the Laplacian of four neighbours.

    A neighbour outside the image or the region counts as equal to the pixel itself.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
    inside : bool array, shape (rows, columns)
    gradient, laplacian : float32 array, shape (rows, columns)
        Filled inside the region, and 0 elsewhere.
    """
    rows, columns = image.shape
    zero, last = np.float32(0.0), np.uintp(columns - 1)
    for row in range(rows):
        # At a border the pixel itself stands for the neighbour that is not there.
        here, above, below = (
            np.uintp(row),
            np.uintp(max(row - 1, 0)),
            np.uintp(min(row + 1, rows - 1)),
        )
        for column in range(np.uintp(columns)):
            # Without a branch, so that the loop vectorises.
            before = column - np.uintp(column > 0)
            behind = column + np.uintp(column < last)
            centre = image[here, column]
            up = image[above, column] if inside[above, column] else centre
            down = image[below, column] if inside[below, column] else centre
            left = image[here, before] if inside[here, before] else centre
            right = image[here, behind] if inside[here, behind] else centre
            steep = np.float32(0.5) * math.sqrt(
                (down - up) * (down - up) + (right - left) * (right - left)
            )
            rough = abs(up + down + left + right - np.float32(4.0) * centre)
            gradient[here, column] = steep if inside[here, column] else zero
            laplacian[here, column] = rough if inside[here, column] else zero


@jit
def fill_entropies(levels, inside, radius, terms, entropy):
    """Shannon entropy, bits, of the grey levels in a square window around each pixel.

    With n_i pixels of level i among n, it is log n - (sum of n_i log n_i) / n. The counts of a
    window that moves by a column change by those of two columns, which change by two pixels when
    the window moves by a row: all levels at a time, in loops that vectorise.

    Parameters
    ----------
    levels : uint8 array, shape (rows, columns)
        Below 64.
    inside : bool array, shape (rows, columns)
    radius : int
        The window has 2 radius + 1 pixels a side; only those of the image and region count.
    terms : int32 array, shape (at least (2 radius + 1)^2 + 1,)
        n log2 n for every n, and 0 for 0, in whole multiples of any unit: sums of them are exact.
    entropy : float32 array, shape (rows, columns)
        Filled inside the region, and 0 elsewhere.
    """
    rows, columns = levels.shape
    n_levels = (int(levels.max()) // 16 + 1) * 16
    counts, heights = np.zeros((columns, n_levels), np.int16), np.zeros(columns, np.int64)
    # 2 log2 2.
    unit = terms[2] / 2.0
    for row in range(-radius, rows):
        if row + radius < rows:
            _count_line(levels, inside, row + radius, 1, counts, heights)
        if row > radius:
            _count_line(levels, inside, row - radius - 1, -1, counts, heights)
        if row >= 0:
            _slide(counts, heights, inside, row, radius, terms, unit, entropy)


@inline
def _count_line(levels, inside, row, step, counts, heights):
    """Count a row of pixels by column, or (step -1) take it from the counts."""
    for column in range(levels.shape[1]):
        if inside[row, column]:
            counts[column, levels[row, column]] += step
            heights[column] += step


@inline
def _slide(counts, heights, inside, row, radius, terms, unit, entropy):
    """Entropies of a row, whose windows' columns are counted."""
    columns, n_levels = counts.shape
    window, number = np.zeros(n_levels, np.int16), 0
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
