"""Histograms of oriented gradients: pixel by pixel, with the arc tangent."""

import math

import numpy as np


def hog(image, inside, orientations, cell, block, norm):
    """Dalal and Triggs 2005, as scikit-image reads it: no interpolation of votes.

    Differences across the border of the region are 0, as they are at the image's border.
    """
    inside = np.ones(image.shape, bool) if inside is None else inside
    image = image.astype(np.float64)
    rows, columns = image.shape
    cells = np.zeros((rows // cell, columns // cell, orientations))
    for row in range(rows // cell * cell):
        for column in range(columns // cell * cell):
            if not inside[row, column]:
                continue
            down = right = 0.0
            if 0 < row < rows - 1 and inside[row - 1, column] and inside[row + 1, column]:
                down = image[row + 1, column] - image[row - 1, column]
            if 0 < column < columns - 1 and inside[row, column - 1] and inside[row, column + 1]:
                right = image[row, column + 1] - image[row, column - 1]
            degrees = math.degrees(math.atan2(down, right)) % 180
            index = min(int(degrees * orientations / 180), orientations - 1)
            cells[row // cell, column // cell, index] += math.hypot(down, right) / cell**2
    blocks = [
        normalized(cells[row : row + block, column : column + block].ravel(), norm)
        for row in range(cells.shape[0] - block + 1)
        for column in range(cells.shape[1] - block + 1)
    ]
    return np.concatenate(blocks)


def normalized(values, norm, small=1e-5):
    """One block by its own length."""
    if norm == "L1":
        return values / (np.abs(values).sum() + small)
    if norm == "L1-sqrt":
        return np.sqrt(values / (np.abs(values).sum() + small))
    values = values / np.sqrt((values**2).sum() + small**2)
    if norm == "L2-Hys":
        values = np.minimum(values, 0.2)
        values = values / np.sqrt((values**2).sum() + small**2)
    return values
