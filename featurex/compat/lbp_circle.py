"""The circle of local binary patterns: where its samples lie in an image, and in the ring of rows
that kernels keep.
"""

import math
from functools import lru_cache

import numpy as np

from featurex.kernels.lbp_codes import GROUP, Circle
from featurex.kernels.lbp_variance import Samples

# Rows of codes and lines of pixels are as long as a multiple of this: loops over them then have no
# rest that is too short for wide instructions, and lines begin where the widest load cheaply.
_BLOCK = 32


@lru_cache(maxsize=64)
def locate(rows, columns, points, radius):
    """The samples of a circle around every pixel of an image.

    Parameters
    ----------
    rows, columns : int
        Of the image.
    points : int
    radius : float
        Pixels.

    Returns
    -------
    samples : Samples
    """
    turns = 2 * np.pi * np.arange(points) / points
    # Five decimals as in scikit-image, so that samples meant to lie on pixels do.
    down, right = np.round(-radius * np.sin(turns), 5), np.round(radius * np.cos(turns), 5)
    places = [
        np.stack([np.floor(offsets), np.ceil(offsets)], axis=1).astype(np.intp)
        for offsets in (down, right)
    ]
    return Samples(*places, _weights(rows, down), _weights(columns, right))


@lru_cache(maxsize=64)
def circle(rows, columns, points, radius, dtype, word):
    """The circle around every pixel of an image, for samples of a floating type and codes of an
    unsigned one.

    See `locate` for the other parameters.

    Returns
    -------
    circle : Circle
    """
    width, border = padded_width(columns), border_of(radius)
    samples = locate(rows, width, points, radius)
    (above, below), (left, right) = samples.rows.T, samples.columns.T
    between = left != right
    _, first, shift_of = np.unique(
        left + samples.column_weights[:, 0], return_index=True, return_inverse=True
    )
    moved = between[first]
    # The line of pixels is the first; in those of means, the one of a centre lies below it.
    line = np.where(between, np.cumsum(moved)[shift_of], 0)
    start = border + np.where(between, -border, left)
    ring = 2 * border + 1, 1 + np.count_nonzero(moved), padded_width(width + 2 * border + 1)

    def places(down, which):
        row = (np.arange(ring[0])[:, None] + down[which]) % ring[0]
        return (row * ring[1] + line[which]) * ring[2] + start[which]

    bits = word(1) << np.arange(points, dtype=word)
    on_pixel = _grouped(np.flatnonzero(~between & (above == below)))
    between_rows = _grouped(np.flatnonzero(between | (above != below)))
    return Circle(
        border,
        ring,
        bits[on_pixel],
        places(above, on_pixel),
        bits[between_rows],
        np.stack([places(above, between_rows), places(below, between_rows)]),
        samples.row_weights[between_rows].astype(dtype),
        left[first[moved]],
        samples.column_weights[first[moved]].astype(dtype),
    )


def padded_width(columns):
    """Columns of an array that holds codes of so many: some more, so that loops over a row have no
    rest.
    """
    return -(-columns // _BLOCK) * _BLOCK


def border_of(radius):
    """Pixels that a circle reaches beyond its centre."""
    return math.ceil(abs(radius))


def _grouped(which):
    """As many as make whole groups: the last one is repeated."""
    return np.pad(which, (0, -len(which) % GROUP), mode="edge") if len(which) else which


def _weights(side, offsets):
    """How far each sample lies beyond the pixel before it, for every sample and place: (points,
    side).
    """
    places = np.arange(side) + offsets[:, None]
    return places - np.floor(places)
