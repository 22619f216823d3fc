"""Gradient, Laplacian and local entropy: a loop over pixels."""

import numpy as np


def compute_maps(image, inside, levels, radius):
    """Gradient, Laplacian and entropy of each pixel of the region, zeros elsewhere: shape (3, rows,
    columns).
    """
    rows, columns = image.shape
    quantised = np.minimum((image * levels).astype(int), levels - 1)
    maps = np.zeros((3, rows, columns))
    for row, column in zip(*np.nonzero(inside), strict=True):
        here = image[row, column]
        up, down, left, right = (
            image[y, x] if 0 <= y < rows and 0 <= x < columns and inside[y, x] else here
            for y, x in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
        )
        window = (
            slice(max(row - radius, 0), row + radius + 1),
            slice(max(column - radius, 0), column + radius + 1),
        )
        _, counts = np.unique(quantised[window][inside[window]], return_counts=True)
        probabilities = counts / counts.sum()
        maps[:, row, column] = (
            np.hypot(down - up, right - left) / 2,
            abs(up + down + left + right - 4 * here),
            -(probabilities * np.log2(probabilities)).sum(),
        )
    return maps


def statistics(maps, inside, grid):
    """Mean and standard deviation of each map over the counted pixels of each zone."""
    rows, columns = (np.arange(side) * grid // side for side in inside.shape)
    values = []
    for plane in maps:
        zones = [
            plane[inside & np.logical_and.outer(rows == row, columns == column)]
            for row in range(grid)
            for column in range(grid)
        ]
        values += [zone.mean() if zone.size else 0 for zone in zones] + [
            zone.std() if zone.size else 0 for zone in zones
        ]
    return np.array(values)
