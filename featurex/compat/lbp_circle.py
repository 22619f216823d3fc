"""The circle of local binary patterns: where its samples lie in an image, and in the ring buffer of
rows that kernels keep.
"""

import math
from functools import lru_cache

import numpy as np

from featurex.kernels.lbp_codes import GROUP, Circle
from featurex.kernels.lbp_variance import Samples

# The length of rows of codes and lines of pixels is a multiple of this: vectorised loops over them
# then have no remainder, and lines begin where the widest vectors load cheaply.
_BLOCK = 32


@lru_cache(maxsize=64)
def locate_samples(rows, columns, points, radius):
    """Compute where the samples of a circle lie, for every pixel of an image.

    Parameters
    ----------
    rows, columns : int
        Shape of the image.
    points : int
        Samples on the circle.
    radius : float
        Radius of the circle, pixels.

    Returns
    -------
    samples : Samples
        Offsets to the pixels around each sample, and their weights.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623
    """
    turns = 2 * np.pi * np.arange(points) / points
    # Five decimals as in scikit-image, so that samples meant to lie on pixels do.
    down, right = np.round(-radius * np.sin(turns), 5), np.round(radius * np.cos(turns), 5)
    neighbours = [
        np.stack([np.floor(offsets), np.ceil(offsets)], axis=1).astype(np.intp)
        for offsets in (down, right)
    ]
    return Samples(*neighbours, _weigh_samples(rows, down), _weigh_samples(columns, right))


@lru_cache(maxsize=64)
def locate_in_ring(rows, columns, points, radius, dtype, word):
    """Compute the positions of a circle's samples in the ring buffer of `lbp_codes`.

    Parameters
    ----------
    rows, columns : int
        Shape of the image.
    points : int
        Samples on the circle.
    radius : float
        Radius of the circle, pixels.
    dtype : floating type
        Type in which samples are interpolated.
    word : unsigned integer type
        Type of the codes.

    Returns
    -------
    circle : Circle
        The samples, in groups of `GROUP`.
    """
    width, border = pad_width(columns), compute_reach(radius)
    samples = locate_samples(rows, width, points, radius)
    (above, below), (left, right) = samples.rows.T, samples.columns.T
    between = left != right
    # Samples of one offset along a row, such as those straight above and below the centre, are read
    # from one line of the ring. Their sum is that offset, rounded as at column 0.
    _, first, shift_of = np.unique(
        left + samples.column_weights[:, 0], return_index=True, return_inverse=True
    )
    moved = between[first]
    # Line 0 holds the pixels, after `border` zeros. The other lines hold interpolated pixels by the
    # column of their centre: the offset is already in them.
    line = np.where(between, np.cumsum(moved)[shift_of], 0)
    start = border + np.where(between, -border, left)
    ring = 2 * border + 1, 1 + np.count_nonzero(moved), pad_width(width + 2 * border + 1)

    def find_indices(down, which):
        row = (np.arange(ring[0])[:, None] + down[which]) % ring[0]
        return (row * ring[1] + line[which]) * ring[2] + start[which]

    bits = word(1) << np.arange(points, dtype=word)
    on_pixel = _fill_groups(np.flatnonzero(~between & (above == below)))
    between_rows = _fill_groups(np.flatnonzero(between | (above != below)))
    return Circle(
        border,
        ring,
        bits[on_pixel],
        find_indices(above, on_pixel),
        bits[between_rows],
        np.stack([find_indices(above, between_rows), find_indices(below, between_rows)]),
        samples.row_weights[between_rows].astype(dtype),
        left[first[moved]],
        samples.column_weights[first[moved]].astype(dtype),
    )


def pad_width(columns):
    """Round the length of a row up, so that vectorised loops over it have no remainder.

    Parameters
    ----------
    columns : int
        Columns of the image.

    Returns
    -------
    width : int
        The next multiple of 32.
    """
    return -(-columns // _BLOCK) * _BLOCK


def compute_reach(radius):
    """Count the rows and columns that a circle reaches beyond its centre.

    Parameters
    ----------
    radius : float
        Radius of the circle, pixels.

    Returns
    -------
    reach : int
        Pixels on every side.
    """
    return math.ceil(abs(radius))


def _fill_groups(which):
    """Repeat the last sample until they make groups of `GROUP`."""
    return np.pad(which, (0, -len(which) % GROUP), mode="edge") if len(which) else which


def _weigh_samples(side, offsets):
    """Return how far each sample lies beyond the pixel before it: float64 array, (points, side).

    The fraction is the same for every centre but for rounding, which decides ties: scikit-image
    adds the centre's coordinate first, and so do these.
    """
    positions = np.arange(side) + offsets[:, None]
    return positions - np.floor(positions)
