"""Histograms of oriented gradients: cell histograms, and the normalisation of blocks."""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed

NORMS = ("L1", "L1-sqrt", "L2", "L2-Hys")

# Half a step of float64 at 180 degrees, as a slope: angles so near to 180 are rounded to it.
_LEVEL = 2.48e-16


@jit_relaxed
def hog_cells(image, others, cell_rows, cell_columns, cotangents, histograms):
    """Sum gradient magnitudes by cell and orientation.

    No arc tangent: an orientation lies in bin k or above if its cotangent is not above that of the
    bin's lower edge. Each edge gets the sum of all magnitudes beyond it; neighbours' differences
    are the bins. The inner loops run along rows of accumulators and vectorise; two rows of pixels
    at a time, so that an accumulator is loaded half as often.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Of unsigned integers, or floating.
    others : array of shape (channels, rows, columns), or None
        More channels of the image; at every pixel the one with the longest gradient counts.
    cell_rows, cell_columns : int
        Sides of a cell, pixels.
    cotangents : array of the type of `histograms`, shape (orientations,)
        Of the bins' lower edges, as from `bin_edges`.
    histograms : floating array, shape (cell rows, cell columns, orientations)
        Filled with the mean magnitude over the pixels of a cell. Its type is that of all sums.
    """
    rows_of_cells, columns_of_cells, orientations = histograms.shape
    width = columns_of_cells * cell_columns
    number = histograms.dtype.type
    beyond = np.empty((orientations, width), histograms.dtype)
    directions = np.zeros((2, width), histograms.dtype)
    magnitudes = np.zeros((2, width), histograms.dtype)
    area = number(1.0 / (cell_rows * cell_columns))
    for cell_row in range(rows_of_cells):
        beyond[:] = number(0)
        end = (cell_row + 1) * cell_rows
        for row in range(cell_row * cell_rows, end, 2):
            for i in range(2):
                if row + i == end:
                    magnitudes[i] = number(0)
                    continue
                _gradient(image, row + i, directions[i], magnitudes[i])
                if others is not None:
                    for channel in range(others.shape[0]):
                        _longer_gradient(others[channel], row + i, directions[i], magnitudes[i])
            _vote(beyond, directions, magnitudes, cotangents)
        _close_cells(beyond, cell_columns, area, histograms[cell_row])


# Not relaxed: a quotient must not become a product with the reciprocal, which breaks ties at 45
# degrees.
@jit
def _gradient(image, row, directions, magnitudes):
    """Lengths of the gradients of one row, central differences, and cotangents of their angles; 0
    at the border.
    """
    rows, columns = image.shape
    width = magnitudes.size
    number = magnitudes.dtype.type
    zero, steep, level = number(0), number(1.0 / _LEVEL), number(np.inf)
    upper, lower = (
        (image[row - 1], image[row + 1]) if 0 < row < rows - 1 else (image[row], image[row])
    )
    inner = min(width, columns - 1)
    left, right = image[row, 0 : inner - 1], image[row, 2 : inner + 1]
    across = directions[1:inner]
    for column in range(inner - 1):
        across[column] = number(right[column]) - number(left[column])
    directions[0] = zero
    if width == columns:
        directions[width - 1] = zero
    for column in range(width):
        x = directions[column]
        y = number(lower[column]) - number(upper[column])
        # Below 0: in the lower half plane, or level and to the left; turned by 180 degrees.
        half = y * steep + x
        x = -x if half < zero else x
        height = abs(y)
        directions[column] = x / height if height > zero else level
        # Level but for rounding, and just below 180 degrees: scikit-image has 180, which lies in no
        # bin.
        lost = y < zero and half >= zero
        magnitudes[column] = zero if lost else math.sqrt(x * x + y * y)


@jit_relaxed
def _longer_gradient(image, row, directions, magnitudes):
    """The gradients of one more channel, at pixels where they are longer than those so far."""
    others, lengths = np.empty_like(directions), np.empty_like(magnitudes)
    _gradient(image, row, others, lengths)
    for column in range(lengths.size):
        if lengths[column] > magnitudes[column]:
            directions[column], magnitudes[column] = others[column], lengths[column]


@jit_relaxed
def _vote(beyond, directions, magnitudes, cotangents):
    """Add two rows of magnitudes to every edge beyond which their gradients lie."""
    zero = magnitudes.dtype.type(0)
    first, second, first_length, second_length = (
        directions[0],
        directions[1],
        magnitudes[0],
        magnitudes[1],
    )
    # Beyond the first edge lie all.
    sums = beyond[0]
    for column in range(sums.size):
        sums[column] += first_length[column] + second_length[column]
    for k in range(1, cotangents.size):
        edge, sums = cotangents[k], beyond[k]
        for column in range(sums.size):
            sums[column] += (first_length[column] if first[column] <= edge else zero) + (
                second_length[column] if second[column] <= edge else zero
            )


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
            # Unsigned indices: they need no test for a negative one, which would keep the loops
            # from vectorising.
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
