"""scikit-image's ``hog`` on featurex's kernels."""

import operator

import numpy as np
from skimage.draw import line
from skimage.feature import hog as skimage_hog

from featurex.checks import check_integer
from featurex.compat.hog_bins import bin_edges, rounding_error
from featurex.errors import ParameterError
from featurex.kernels.hog import NORMS, hog_cells, normalize_blocks


def hog(
    image,
    orientations=9,
    pixels_per_cell=(8, 8),
    cells_per_block=(3, 3),
    block_norm="L2-Hys",
    visualize=False,
    transform_sqrt=False,
    feature_vector=True,
    *,
    channel_axis=None,
):
    """Histograms of oriented gradients, with the signature and values of ``skimage.feature.hog``.

    Parameters
    ----------
    image : array of shape (rows, columns), or with one more axis for channels
        Grey values. At each pixel the channel with the longest gradient counts.
    orientations : int
        Number of bins that divide 180 degrees.
    pixels_per_cell : (int, int)
        Rows and columns of a cell, pixels.
    cells_per_block : (int, int)
        Rows and columns of a block, cells.
    block_norm : "L1", "L1-sqrt", "L2" or "L2-Hys"
        How a block is normalised.
    visualize : bool
        Whether to return a figure, too.
    transform_sqrt : bool
        Whether to take the square root of the grey values before.
    feature_vector : bool
        Whether to return one axis in place of five.
    channel_axis : int or None
        The axis of the channels; None for a grey image.

    Returns
    -------
    descriptor : array
        Of shape (block rows, block columns, cell rows, cell columns, orientations), or flat.
        float32 for float16 and float32 images, else float64.
    figure : array of shape (rows, columns)
        In every cell a line along the edges of each orientation, as bright as its mean magnitude;
        only with `visualize`.

    Raises
    ------
    ParameterError
        A ValueError, as in scikit-image: for an image with other axes, with complex numbers, or too
        small for one block, and for another `block_norm`. Also if `orientations` is no integer
        above 0.
    TypeError
        If the sides of cells or blocks are no integers.

    Notes
    -----
    scikit-image sums magnitudes in float32; here, they are summed in another order for 8-bit
    images, and in float64 for others. On full-size radiographs, values differ by less than 2e-6 for
    cells of 16 pixels, and 2e-5 for cells of 128; a figure's by 1e-6 of its brightest pixel. The
    root in "L1-sqrt" magnifies differences near 0. Images that are not finite are passed on to
    scikit-image.

    Every gradient of 8-bit images falls into the same bin. Of floating images, such as grey levels
    divided by 255, and of square roots, gradients that are on the edge of a bin but for rounding
    lie in the upper bin, as those of integers do. scikit-image puts them into either, by the
    rounding of the grey values and of the arc tangent: values then differ by up to 0.2.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.tile(np.arange(16, dtype=np.uint8), (16, 1))
    >>> hog(image, orientations=4, cells_per_block=(1, 1))[:4]
    array([1., 0., 0., 0.])
    """
    channels, float_type = _channels_first(image, channel_axis)
    if transform_sqrt:
        channels = np.sqrt(channels.astype(float_type))
    if channels.dtype.kind == "f" and not np.isfinite(channels).all():
        # The kernel's sums over edges of bins would spread such a pixel over all bins of its cell.
        return skimage_hog(
            image,
            orientations,
            pixels_per_cell,
            cells_per_block,
            block_norm,
            visualize,
            transform_sqrt,
            feature_vector,
            channel_axis=channel_axis,
        )
    # Sums of differences of 8-bit numbers are as exact in float32; everything else needs float64 at
    # bins' edges.
    sum_type = np.float32 if channels.dtype.itemsize == 1 else np.float64
    error = rounding_error(channels)
    channels = np.ascontiguousarray(
        channels, sum_type if channels.dtype.kind != "f" else float_type
    )
    orientations = check_integer("orientations", orientations, 1)
    cell, block, cells = _count_cells(channels.shape[1:], pixels_per_cell, cells_per_block)
    if block_norm not in NORMS:
        raise ParameterError(
            f"block_norm must be one of {', '.join(NORMS)}, but {block_norm!r} was given"
        )
    histograms = np.empty((*cells, orientations), sum_type)
    others = channels[1:] if len(channels) > 1 else None
    edges = bin_edges(orientations, sum_type)
    hog_cells(channels[0], others, None, *cell, edges, error, histograms)
    blocks = cells[0] - block[0] + 1, cells[1] - block[1] + 1
    descriptor = np.empty((*blocks, *block, orientations), float_type)
    normalize_blocks(
        histograms, *block, NORMS.index(block_norm), descriptor.reshape(blocks[0] * blocks[1], -1)
    )
    descriptor = descriptor.ravel() if feature_vector else descriptor
    if not visualize:
        return descriptor
    return descriptor, _draw(histograms, cell, np.zeros(channels.shape[1:], float_type))


def _channels_first(image, channel_axis):
    """Return the image as (channels, rows, columns), and the type of the results."""
    if channel_axis is None:
        image = np.atleast_2d(image)[None]
    else:
        (axis,) = np.atleast_1d(channel_axis)
        image = np.moveaxis(np.atleast_2d(image), axis, 0)
    if image.ndim != 3 or image.shape[0] == 0:
        raise ParameterError(
            "image must have two spatial axes beside those of channels, which channel_axis names, "
            "and at least one channel, but its shape is "
            f"{image.shape[1:] if channel_axis is None else np.shape(image)}"
        )
    if image.dtype.kind == "c":
        raise ParameterError(f"image must hold real numbers, but its dtype is {image.dtype}")
    # In either byte order.
    single = image.dtype.kind == "f" and image.dtype.itemsize <= 4
    return image, np.float32 if single else np.float64


def _count_cells(shape, pixels_per_cell, cells_per_block):
    """Count the sides of a cell in pixels, of a block in cells, and of the image in cells."""
    # scikit-image takes 8.0 for a cell too, though not for a block.
    cell_rows, cell_columns = (
        int(side) if side == int(side) else operator.index(side) for side in pixels_per_cell
    )
    block_rows, block_columns = map(operator.index, cells_per_block)
    cells = shape[0] // cell_rows, shape[1] // cell_columns
    if cells[0] < block_rows or cells[1] < block_columns:
        raise ParameterError(
            f"the image is too small given pixels_per_cell={pixels_per_cell} and "
            f"cells_per_block={cells_per_block}: it must have at least "
            f"{block_rows * cell_rows} rows and {block_columns * cell_columns} columns, but has "
            f"{shape}"
        )
    return (cell_rows, cell_columns), (block_rows, block_columns), cells


def _draw(histograms, cell, figure):
    """Draw a line for every orientation into every cell, at right angles to its bin's middle."""
    radius = min(cell) // 2 - 1
    orientations = histograms.shape[2]
    rows, columns = (
        np.arange(count) * side + side // 2
        for count, side in zip(histograms.shape, cell, strict=False)
    )
    for k in range(orientations):
        angle = np.pi * (k + 0.5) / orientations
        down, right = radius * np.cos(angle), radius * np.sin(angle)
        for top, bottom, in_rows in _group_centres(rows, -down, down):
            for start, end, in_columns in _group_centres(columns, right, -right):
                line_rows, line_columns = line(top, start, bottom, end)
                pixels = (
                    rows[in_rows, None, None] + line_rows,
                    columns[None, in_columns, None] + line_columns,
                )
                values = histograms[in_rows][:, in_columns, k, None]
                if radius < 0:
                    # Lines of cells of one pixel reach into their neighbours.
                    np.add.at(figure, pixels, values)
                else:
                    figure[pixels] += values
    return figure


def _group_centres(centres, first, second):
    """Yield (first end, second end, indices of centres) of lines that have the same ends, seen from
    their centres.

    scikit-image cuts off decimals after adding the centre, whose size decides how the sum is
    rounded.
    """
    ends = np.stack([centres + first, centres + second], axis=1).astype(int) - centres[:, None]
    for pair in np.unique(ends, axis=0):
        yield *pair, np.flatnonzero((ends == pair).all(axis=1))
