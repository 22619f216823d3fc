"""Histograms of oriented gradients: cell histograms, and the normalisation of blocks."""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed


@jit_relaxed
def hog_cells(image, cell, cosines, sines, histograms):
    """Sum gradient magnitudes by cell and orientation.

    No arc tangent: an orientation lies in bin k or above if it lies in the half plane beyond the
    bin's lower edge. Each edge gets the sum of all magnitudes beyond it; neighbours' differences are
    the bins. The inner loops run along rows of accumulators and vectorise.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
    cell : int
        Side of a cell, pixels.
    cosines, sines : float32 array, shape (orientations,)
        Of the bins' lower edges.
    histograms : float32 array, shape (cell rows, cell columns, orientations)
        Filled with the mean magnitude over the pixels of a cell.
    """
    cell_rows, cell_columns, orientations = histograms.shape
    width = cell_columns * cell
    beyond = np.empty((orientations, width), np.float32)
    across = np.empty(width, np.float32)
    down = np.empty(width, np.float32)
    magnitude = np.empty(width, np.float32)
    zero = np.float32(0.0)
    area = np.float32(1.0 / (cell * cell))
    for cell_row in range(cell_rows):
        beyond[:] = zero
        for row in range(cell_row * cell, cell_row * cell + cell):
            _gradient(image, row, across, down, magnitude)
            first = beyond[0]
            for column in range(width):
                first[column] += magnitude[column]
            for k in range(1, orientations):
                cosine = cosines[k]
                sine = sines[k]
                sums = beyond[k]
                for column in range(width):
                    # Two products and no difference: a fused one would break ties at 45 degrees.
                    is_beyond = down[column] * cosine >= across[column] * sine
                    sums[column] += magnitude[column] if is_beyond else zero
        for cell_column in range(cell_columns):
            above = zero
            for k in range(orientations - 1, -1, -1):
                total = zero
                for column in range(cell_column * cell, cell_column * cell + cell):
                    total += beyond[k, column]
                histograms[cell_row, cell_column, k] = (total - above) * area
                above = total


@jit_relaxed
def _gradient(image, row, across, down, magnitude):
    """Central differences of one row, turned into the upper half plane; zero at the border."""
    rows, columns = image.shape
    width = across.size
    zero = np.float32(0.0)
    here = image[row]
    above = image[row - 1] if 0 < row < rows - 1 else here
    below = image[row + 1] if 0 < row < rows - 1 else here
    inner = min(width, columns - 1)
    left = here[0 : inner - 1]
    right = here[2 : inner + 1]
    middle = across[1:inner]
    for column in range(inner - 1):
        middle[column] = right[column] - left[column]
    across[0] = zero
    if width == columns:
        across[width - 1] = zero
    for column in range(width):
        x = across[column]
        y = below[column] - above[column]
        flip = y < zero or (y == zero and x < zero)
        across[column] = -x if flip else x
        down[column] = -y if flip else y
        magnitude[column] = math.sqrt(x * x + y * y)


@jit
def normalize_blocks(histograms, block, norm, out):
    """Normalise every block of cells by its own length.

    Parameters
    ----------
    histograms : array of shape (cell rows, cell columns, orientations)
    block : int
        Side of a block, cells.
    norm : int
        0 for L1, 1 for L1-sqrt, 2 for L2, 3 for L2-Hys.
    out : array of shape (block rows * block columns, block * block * orientations)
    """
    cell_rows, cell_columns, orientations = histograms.shape
    index = 0
    for row in range(cell_rows - block + 1):
        for column in range(cell_columns - block + 1):
            values = out[index]
            place = 0
            for i in range(block):
                for j in range(block):
                    for k in range(orientations):
                        values[place] = histograms[row + i, column + j, k]
                        place += 1
            _normalize(values, norm)
            index += 1


@jit
def _normalize(values, norm):
    small = 1e-5
    if norm < 2:
        total = 0.0
        for value in values:
            total += abs(value)
        for i in range(values.size):
            share = values[i] / (total + small)
            values[i] = math.sqrt(share) if norm == 1 else share
        return
    for clipping in range(2 if norm == 3 else 1):
        total = 0.0
        for i in range(values.size):
            if clipping:
                values[i] = min(values[i], 0.2)
            total += values[i] * values[i]
        length = math.sqrt(total + small * small)
        for i in range(values.size):
            values[i] /= length
