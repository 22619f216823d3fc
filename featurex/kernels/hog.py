"""Histograms of oriented gradients: cell histograms, and the normalisation of blocks.

The definition is scikit-image's: whole votes, without interpolation between bins or cells, unlike
in Dalal and Triggs 2005 (doi:10.1109/CVPR.2005.177).
"""

import math

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed

# Norms of blocks; kernels take their index.
NORMS = ("L1", "L1-sqrt", "L2", "L2-Hys")

# Half the distance between neighbouring float64 numbers at 180 degrees, as a slope: steeper
# gradients are told from 180 degrees.
_LEVEL = 2.48e-16


@jit_relaxed
def hog_cells(image, others, inside, cell_rows, cell_columns, cotangents, tolerance, histograms):
    """Average gradient magnitudes by cell and orientation.

    No arc tangent: an orientation lies in bin k or above if its cotangent is at most that of the
    bin's lower edge, as the cotangent falls from 0 to 180 degrees. Each edge gets the sum of all
    magnitudes beyond it; differences of neighbouring edges are the bins. The inner loops run along
    rows of accumulators and vectorise; two rows of pixels at a time, so that an accumulator is
    loaded and stored half as often.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values, unsigned integers or floating.
    others : array of shape (channels, rows, columns), or None
        More channels of the image; at every pixel the one with the longest gradient counts.
    inside : bool array of shape (rows, columns), or None
        True inside the region: gradients elsewhere have length 0.
    cell_rows, cell_columns : int
        Sides of a cell, pixels.
    cotangents : array of the type of `histograms`, shape (orientations,)
        Cotangents of the bins' lower edges, from infinity down, as from
        `featurex.compat.hog_bins.bin_edges`.
    tolerance : float
        Rounding error of a difference of grey values, or 0 where these are exact. A gradient so
        near to an edge counts as on it, and lies in the upper bin.
    histograms : float32 or float64 array, shape (cell rows, cell columns, orientations)
        Filled with the mean magnitude over the pixels of a cell. Its type is that of all sums.
    """
    rows_of_cells, columns_of_cells, orientations = histograms.shape
    width = columns_of_cells * cell_columns
    number = histograms.dtype.type
    # Scratch buffers: sums beyond each edge by column; cotangents and magnitudes of two rows.
    beyond = np.empty((orientations, width), histograms.dtype)
    directions = np.zeros((2, width), histograms.dtype)
    magnitudes = np.zeros((2, width), histograms.dtype)
    area, error = number(1.0 / (cell_rows * cell_columns)), number(tolerance)
    for cell_row in range(rows_of_cells):
        beyond[:] = number(0)
        end = (cell_row + 1) * cell_rows
        for row in range(cell_row * cell_rows, end, 2):
            for i in range(2):
                # A cell with an odd number of rows ends within a pair: its second row weighs 0.
                if row + i == end:
                    magnitudes[i] = number(0)
                    continue
                _fill_gradient(image, inside, row + i, error, directions[i], magnitudes[i])
                if others is not None:
                    for channel in range(others.shape[0]):
                        _replace_shorter(
                            others[channel], inside, row + i, error, directions[i], magnitudes[i]
                        )
            _vote(beyond, directions, magnitudes, cotangents)
        _sum_cells(beyond, cell_columns, area, histograms[cell_row])


# Not relaxed: a quotient must not become a product with the reciprocal, which breaks ties at 45
# degrees.
@jit
def _fill_gradient(image, inside, row, error, directions, magnitudes):
    """Fill the cotangents of the gradients' angles, and their lengths, for one row.

    Gradients are central differences, and 0 at the image's sides and across the region's border.
    """
    rows, columns = image.shape
    width = magnitudes.size
    number = magnitudes.dtype.type
    # `level` is the cotangent of horizontal gradients, at 0 degrees: only the first edge's reaches
    # it. Gradients of length 0 go there, too, and add nothing.
    zero, steep, level = number(0), number(1.0 / _LEVEL), number(np.inf)
    upper, lower = (
        (image[row - 1], image[row + 1]) if 0 < row < rows - 1 else (image[row], image[row])
    )
    inner = min(width, columns - 1)
    left, right = image[row, 0 : inner - 1], image[row, 2 : inner + 1]
    across = directions[1:inner]
    for column in range(inner - 1):
        across[column] = number(right[column]) - number(left[column])
        if inside is not None and not (inside[row, column] and inside[row, column + 2]):
            across[column] = zero
    directions[0] = zero
    if width == columns:
        directions[width - 1] = zero
    for column in range(width):
        x = directions[column]
        y = number(lower[column]) - number(upper[column])
        # Not at the first and last row, where y is 0 already.
        if inside is not None and 0 < row < rows - 1:
            y = y if inside[row - 1, column] and inside[row + 1, column] else zero
        # The sign of `half` is that of y, or of x where y is 0: gradients in the lower half plane,
        # or to the left, are turned by 180 degrees.
        half = y * steep + x
        x = -x if half < zero else x
        height = abs(y)
        # Less the error: the cotangent is not above that of an edge on which the gradient is.
        directions[column] = (x - error) / height if height > zero else level
        # Just below 180 degrees: scikit-image's arc tangent rounds to 180, which lies in no bin.
        lost = y < zero and half >= zero
        magnitudes[column] = zero if lost else math.sqrt(x * x + y * y)
        if inside is not None and not inside[row, column]:
            magnitudes[column] = zero


@jit_relaxed
def _replace_shorter(image, inside, row, error, directions, magnitudes):
    """Replace gradients by those of another channel, at pixels where these are longer."""
    others, lengths = np.empty_like(directions), np.empty_like(magnitudes)
    _fill_gradient(image, inside, row, error, others, lengths)
    for column in range(lengths.size):
        if lengths[column] > magnitudes[column]:
            directions[column], magnitudes[column] = others[column], lengths[column]


@jit_relaxed
def _vote(beyond, directions, magnitudes, cotangents):
    """Add two rows of magnitudes to every edge beyond which their gradients lie."""
    zero = magnitudes.dtype.type(0)
    first, second = directions[0], directions[1]
    first_length, second_length = magnitudes[0], magnitudes[1]
    # All lie beyond the first edge.
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
def _sum_cells(beyond, cell_columns, area, histograms):
    """Fill a row of cells: sum columns, and take the differences of neighbouring edges."""
    whole = cell_columns // 4 * 4
    for cell_column in range(histograms.shape[0]):
        above = beyond.dtype.type(0)
        # From the last edge down: a bin is what lies beyond its lower edge, less what lies beyond
        # the next one.
        for k in range(beyond.shape[0] - 1, -1, -1):
            sums = beyond[k, cell_column * cell_columns : (cell_column + 1) * cell_columns]
            total = beyond.dtype.type(0)
            # In fours: cells are too narrow for vectors, and each addition to a single sum waits
            # for the one before.
            for i in range(0, whole, 4):
                total += (sums[i] + sums[i + 1]) + (sums[i + 2] + sums[i + 3])
            for i in range(whole, cell_columns):
                total += sums[i]
            histograms[cell_column, k] = (total - above) * area
            above = total


@jit_relaxed
def normalize_blocks(histograms, block_rows, block_columns, norm, out):
    """Normalise every block of cells.

    v / (|v|_1 + e), its square root, v / sqrt(|v|_2^2 + e^2), or the last clipped at 0.2 and
    normalised again, with e = 1e-5 (Dalal and Triggs 2005, section 6.4; L2-Hys after Lowe 2004).

    Parameters
    ----------
    histograms : float32 or float64 array, shape (cell rows, cell columns, orientations)
        As from `hog_cells`.
    block_rows, block_columns : int
        Sides of a block, cells.
    norm : int
        Index in `NORMS`.
    out : float32 or float64 array, shape (blocks, cells of a block * orientations)
        Filled. Blocks overlap: there is one for every position, in rows; its cells are in rows,
        too.

    References
    ----------
    N. Dalal, B. Triggs (2005). Histograms of oriented gradients for human detection. CVPR.
    doi:10.1109/CVPR.2005.177
    D. G. Lowe (2004). Distinctive image features from scale-invariant keypoints. IJCV 60, 91-110.
    doi:10.1023/B:VISI.0000029664.99615.94
    """
    rows_of_cells, columns_of_cells, orientations = histograms.shape
    number = out.dtype.type
    # e for the norms L1, e^2 for those L2; only L2-Hys has a limit that a value can reach.
    small = number(1e-5 if norm < 2 else 1e-10)
    limit = number(0.2 if norm == 3 else np.inf)
    sizes = _measure_cells(histograms, norm < 2)
    cells, values = histograms.reshape(-1), out.reshape(-1)
    # The cells of one row of a block lie side by side in memory, and so do those of the result.
    run, width = np.uintp(block_columns * orientations), np.uintp(out.shape[1])
    blocks = columns_of_cells - block_columns + 1
    for row in range(rows_of_cells - block_rows + 1):
        for column in range(blocks):
            size = small
            for i in range(block_rows):
                for j in range(block_columns):
                    size += sizes[row + i, column + j]
            scale, total = number(1) / (size if norm < 2 else math.sqrt(size)), small
            # Unsigned indices need no test for a negative one, which would keep the loops from
            # vectorising.
            first = np.uintp(row * blocks + column) * width
            for i in range(block_rows):
                cell = np.uintp(((row + i) * columns_of_cells + column) * orientations)
                for k in range(run):
                    value = number(cells[cell + k]) * scale
                    # Not min(): its rule for NaN keeps the loop from vectorising.
                    value = limit if value > limit else value
                    values[first + np.uintp(i) * run + k] = value
                    total += value * value
            if norm == 3:
                scale = number(1) / math.sqrt(total)
                for k in range(first, first + width):
                    values[k] *= scale
            elif norm == 1:
                for k in range(first, first + width):
                    values[k] = math.sqrt(values[k])


@jit_relaxed
def _measure_cells(histograms, absolute):
    """Sum the values of each cell, or their squares, once for all blocks that share it."""
    rows_of_cells, columns_of_cells, _ = histograms.shape
    sizes = np.zeros((rows_of_cells, columns_of_cells), histograms.dtype)
    for row in range(rows_of_cells):
        for column in range(columns_of_cells):
            total = histograms.dtype.type(0)
            for value in histograms[row, column]:
                total += value if absolute else value * value
            sizes[row, column] = total
    return sizes
