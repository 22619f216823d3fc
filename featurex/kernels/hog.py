"""Histograms of oriented gradients: cell histograms, and the normalisation of blocks."""

import math
from functools import cache

import numpy as np

from featurex.kernels._jit import jit_relaxed

NORMS = ("L1", "L1-sqrt", "L2", "L2-Hys")

# Half a step of float64 at 180 degrees, as a slope: angles so near to 180 are rounded to it.
_LEVEL = 2.48e-16


@cache
def bin_edges(orientations, dtype):
    """Cosines and sines of the bins' lower edges.

    Parameters
    ----------
    orientations : int
        Bins of 180 degrees.
    dtype : floating type

    Returns
    -------
    cosines, sines : arrays of `dtype`, shape (orientations,)
    """
    # In scikit-image's order of operations: of 26 orientations, the edge at 90 degrees is a hair above, as there.
    angles = np.deg2rad(180.0 / orientations * np.arange(orientations))
    cosines, sines = np.cos(angles), np.sin(angles)
    # Equal at 45 degrees to the last bit: gradients of whole numbers often lie on that edge.
    sines = np.where(np.abs(cosines - sines) < 1e-9, cosines, sines)
    return cosines.astype(dtype), sines.astype(dtype)


@jit_relaxed
def hog_cells(image, cell_rows, cell_columns, cosines, sines, histograms):
    """Sum gradient magnitudes by cell and orientation.

    No arc tangent: an orientation lies in bin k or above if it lies in the half plane beyond the
    bin's lower edge. Each edge gets the sum of all magnitudes beyond it; neighbours' differences are
    the bins. The inner loops run along rows of accumulators and vectorise; two rows of pixels at a
    time, so that an accumulator is loaded half as often.

    Parameters
    ----------
    image : floating array, shape (channels, rows, columns)
        At every pixel the channel with the longest gradient counts.
    cell_rows, cell_columns : int
        Sides of a cell, pixels.
    cosines, sines : array of the type of `histograms`, shape (orientations,)
        Of the bins' lower edges, from 0 to less than 180 degrees, evenly spaced.
    histograms : floating array, shape (cell rows, cell columns, orientations)
        Filled with the mean magnitude over the pixels of a cell. Its type is that of all sums.
    """
    rows_of_cells, columns_of_cells, orientations = histograms.shape
    width = columns_of_cells * cell_columns
    number = histograms.dtype.type
    beyond = np.empty((orientations, width), histograms.dtype)
    across = np.zeros((2, width), histograms.dtype)
    down = np.zeros((2, width), histograms.dtype)
    magnitude = np.zeros((2, width), histograms.dtype)
    area = number(1.0 / (cell_rows * cell_columns))
    for cell_row in range(rows_of_cells):
        beyond[:] = number(0)
        end = (cell_row + 1) * cell_rows
        for row in range(cell_row * cell_rows, end, 2):
            for i in range(2):
                if row + i == end:
                    magnitude[i] = number(0)
                    continue
                _gradient(image[0], row + i, across[i], down[i], magnitude[i])
                for channel in image[1:]:
                    _longer_gradient(channel, row + i, across[i], down[i], magnitude[i])
            _vote(beyond, across, down, magnitude, cosines, sines)
        _close_cells(beyond, cell_columns, area, histograms[cell_row])


@jit_relaxed
def _gradient(image, row, across, down, magnitude):
    """Central differences of one row, turned into the upper half plane; zero at the border."""
    rows, columns = image.shape
    width = magnitude.size
    number = magnitude.dtype.type
    zero, steep = number(0), number(1.0 / _LEVEL)
    upper, lower = (image[row - 1], image[row + 1]) if 0 < row < rows - 1 else (image[row], image[row])
    inner = min(width, columns - 1)
    left, right = image[row, 0 : inner - 1], image[row, 2 : inner + 1]
    middle = across[1:inner]
    for column in range(inner - 1):
        middle[column] = right[column] - left[column]
    across[0] = zero
    if width == columns:
        across[width - 1] = zero
    for column in range(width):
        x = across[column]
        y = number(lower[column] - upper[column])
        # Below 0: in the lower half plane, or level and to the left.
        half = y * steep + x
        across[column] = -x if half < zero else x
        down[column] = abs(y)
        # Level but for rounding, and just below 180 degrees: scikit-image has 180, which lies in no bin.
        lost = y < zero and half >= zero
        magnitude[column] = zero if lost else math.sqrt(x * x + y * y)


@jit_relaxed
def _longer_gradient(image, row, across, down, magnitude):
    """The gradients of one more channel, at pixels where they are longer than those so far."""
    x, y, length = np.empty_like(across), np.empty_like(down), np.empty_like(magnitude)
    _gradient(image, row, x, y, length)
    for column in range(length.size):
        if length[column] > magnitude[column]:
            across[column], down[column], magnitude[column] = x[column], y[column], length[column]


@jit_relaxed
def _vote(beyond, across, down, magnitude, cosines, sines):
    """Add two rows of magnitudes to every edge beyond which their gradients lie."""
    orientations, width = beyond.shape
    zero = magnitude.dtype.type(0)
    x0, x1, y0, y1, m0, m1 = across[0], across[1], down[0], down[1], magnitude[0], magnitude[1]
    first = beyond[0]
    for column in range(width):
        first[column] += m0[column] + m1[column]
    for k in range(1, orientations // 2 + 1):
        cosine, sine = cosines[k], sines[k]
        low, high = beyond[k], beyond[orientations - k]
        mirrored = orientations - k > k
        for column in range(width):
            # Products compared, not their difference with 0: fused, it would break ties at 45 degrees.
            p0, q0, p1, q1 = y0[column] * cosine, x0[column] * sine, y1[column] * cosine, x1[column] * sine
            low[column] += (m0[column] if p0 >= q0 else zero) + (m1[column] if p1 >= q1 else zero)
            if mirrored:
                # The edge at 180 degrees less the angle has the same sine, and the cosine's negative.
                high[column] += (m0[column] if -p0 >= q0 else zero) + (m1[column] if -p1 >= q1 else zero)


@jit_relaxed
def _close_cells(beyond, cell_columns, area, histograms):
    """Sum the columns of each cell, and take the differences between neighbouring edges."""
    whole = cell_columns // 4 * 4
    for cell_column in range(histograms.shape[0]):
        above = beyond.dtype.type(0)
        for k in range(beyond.shape[0] - 1, -1, -1):
            sums = beyond[k, cell_column * cell_columns : (cell_column + 1) * cell_columns]
            total = beyond.dtype.type(0)
            # Fours: cells are too narrow for vectors, and single sums wait for each other.
            for i in range(0, whole, 4):
                total += (sums[i] + sums[i + 1]) + (sums[i + 2] + sums[i + 3])
            for i in range(whole, cell_columns):
                total += sums[i]
            histograms[cell_column, k] = (total - above) * area
            above = total


@jit_relaxed
def normalize_blocks(histograms, block_rows, block_columns, norm, out):
    """Normalise every block of cells by its own length.

    Parameters
    ----------
    histograms : floating array, shape (cell rows, cell columns, orientations)
    block_rows, block_columns : int
        Sides of a block, cells.
    norm : int
        Index in `NORMS`.
    out : floating array, shape (block rows * block columns, cells of a block * orientations)
    """
    rows_of_cells, columns_of_cells, orientations = histograms.shape
    number = out.dtype.type
    small = number(1e-5 if norm < 2 else 1e-10)
    limit = number(0.2 if norm == 3 else np.inf)
    sizes = _sizes(histograms, norm < 2)
    cells, values = histograms.reshape(-1), out.reshape(-1)
    run, width = np.uintp(block_columns * orientations), np.uintp(out.shape[1])
    blocks = columns_of_cells - block_columns + 1
    for row in range(rows_of_cells - block_rows + 1):
        for column in range(blocks):
            size = small
            for i in range(block_rows):
                for j in range(block_columns):
                    size += sizes[row + i, column + j]
            scale, total = number(1) / (size if norm < 2 else math.sqrt(size)), small
            # Unsigned indices: they need no test for a negative one, which would keep the loops from vectorising.
            first = np.uintp(row * blocks + column) * width
            for i in range(block_rows):
                cell = np.uintp(((row + i) * columns_of_cells + column) * orientations)
                for place in range(run):
                    value = number(cells[cell + place]) * scale
                    # Not min(): its rule for NaN keeps the loop from vectorising.
                    value = limit if value > limit else value
                    values[first + np.uintp(i) * run + place] = value
                    total += value * value
            if norm == 3:
                scale = number(1) / math.sqrt(total)
                for place in range(first, first + width):
                    values[place] *= scale
            elif norm == 1:
                for place in range(first, first + width):
                    values[place] = math.sqrt(values[place])


@jit_relaxed
def _sizes(histograms, absolute):
    """Of each cell the sum of its values, or of their squares: a block adds up a few of them."""
    rows_of_cells, columns_of_cells, _ = histograms.shape
    sizes = np.zeros((rows_of_cells, columns_of_cells), histograms.dtype)
    for row in range(rows_of_cells):
        for column in range(columns_of_cells):
            total = histograms.dtype.type(0)
            for value in histograms[row, column]:
                total += value if absolute else value * value
            sizes[row, column] = total
    return sizes
