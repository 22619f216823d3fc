"""Histograms by zone: a loop over pixels."""

import numpy as np


def zone_histogram(image, inside, grids, bins):
    """Shares of each zone's counted pixels in each bin, zone after zone, grid after grid."""
    top = 1.0 if image.dtype.kind == "f" else float(np.iinfo(image.dtype).max + 1)
    rows, columns = image.shape
    values = []
    for grid, n_bins in zip(grids, bins, strict=True):
        counts = np.zeros((grid, grid, n_bins))
        for row in range(rows):
            for column in range(columns):
                if inside is None or inside[row, column]:
                    index = min(int(float(image[row, column]) / top * n_bins), n_bins - 1)
                    counts[row * grid // rows, column * grid // columns, index] += 1
        totals = counts.sum(axis=2, keepdims=True)
        values.append((counts / np.where(totals, totals, 1)).ravel())
    return np.concatenate(values)
