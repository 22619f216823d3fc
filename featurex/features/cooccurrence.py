"""Matrices of co-occurrence and their properties: the two stages of GLCM, each of use alone."""

import numpy as np

from featurex.features.levels import check_levels
from featurex.kernels.glcm import count_pairs
from featurex.kernels.glcm_correlation import fill_maximal_correlations
from featurex.kernels.glcm_statistics import LOGS, glcm_statistics
from featurex.kernels.glcm_triples import count_triples

# The properties, in the order of `glcm.STATISTICS`, of which the last one needs singular values.
N_PROPERTIES, _MAXIMAL = 25, 24
# Pixels located at a time: what is made of them stays in the processor's first cache.
_STRIP = 2048
# From as many pixels on as there are triples of levels, adding these up costs less than counting
# them saves; so many places of counters can be told apart.
_TRIPLES = 2**16


def cooccurrence(levels, n_levels, offsets, symmetric=True):
    """Share of the pairs of levels at each offset.

    Parameters
    ----------
    levels : unsigned integer array, shape (rows, columns)
        As from `discretise`.
    n_levels : int
    offsets : array-like of int, shape (n_offsets, 2)
        Rows down and columns right.
    symmetric : bool
        Whether a pair counts in both directions.

    Returns
    -------
    matrices : float64 array, shape (n_offsets, n_levels, n_levels)
        Entry (i, j) for levels i + 1 and, at the offset from it, j + 1. Each sums to 1, or to 0
        without any pair.
    """
    return normalized(pair_counts(levels, n_levels, offsets), symmetric)


def pair_counts(levels, n_levels, offsets, folded=False):
    """Number of the pairs of levels at each offset; those of several images or offsets may be
    added.

    Parameters
    ----------
    levels : unsigned integer array, shape (rows, columns)
        As from `discretise`: 0 outside the region, 1 to `n_levels` inside.
    n_levels : int
    offsets : array-like of int, shape (n_offsets, 2)
    folded : bool
        Whether the pair i, j counts at the greater level's row and the lesser one's column: all
        that statistics of both directions need, and half the memory to go through.

    Returns
    -------
    counts : uint32 array, shape (n_offsets, n_levels + 1, n_levels + 1)
        Entry (i, j) for levels i and j; row and column 0 hold zeros.

    Raises
    ------
    ParameterError
        If a level is above `n_levels`.
    """
    levels, _ = check_levels(levels, n_levels)
    return count_images([levels], n_levels, np.asarray(offsets, np.int64), folded)[0]


def count_images(images, n_levels, offsets, folded):
    """Number of the pairs of levels in each of several images; see `pair_counts`.

    Parameters
    ----------
    images : list of unsigned integer arrays, shape (rows, columns)
        Of about one size: each is framed as if it had the most rows and columns of all.
    n_levels : int
        At least the greatest level, which is not checked.
    offsets : int64 array, shape (n_offsets, 2)
    folded : bool

    Returns
    -------
    counts : uint32 array, shape (n_images, n_offsets, n_levels + 1, n_levels + 1)
    """
    side = n_levels + 1
    counts = np.empty((len(images), len(offsets), side, side), np.uint32)
    rows, columns = (max(image.shape[axis] for image in images) for axis in range(2))
    reach = np.abs(offsets)
    border = int(reach.max())
    if border >= min(rows, columns) and not (near := (reach < (rows, columns)).all(axis=1)).all():
        # At other offsets there is no pair, and their frame of zeros would be larger than the
        # image.
        counts[:] = 0
        if near.any():
            counts[:, near] = count_images(images, n_levels, offsets[near], folded)
        return counts
    height, stride = rows + border, columns + border
    first, size = border * stride + border, rows * stride
    narrow = n_levels < 256
    framed = np.zeros(
        first + len(images) * height * stride + first, np.uint8 if narrow else np.uint16
    )
    cells = framed[first : len(framed) - first].reshape(len(images), height, stride)
    for cell, image in zip(cells, images, strict=True):
        cell[: image.shape[0], : image.shape[1]] = image
    starts = first + np.arange(len(images)) * (height * stride)
    shifts = offsets[:, 0] * stride + offsets[:, 1]
    places = np.empty((4, min(_STRIP, size)), np.uint16 if narrow else np.uint32)
    if len(offsets) > 1 and side**3 <= min(size, _TRIPLES):
        count_triples(
            framed,
            starts,
            size,
            shifts,
            folded,
            places,
            np.zeros((2, side, side, side), np.uint32),
            counts,
        )
    else:
        count_pairs(framed, starts, size, shifts, folded, places, counts)
    return counts


def normalized(counts, symmetric=True):
    """Counts as shares of all pairs inside the region.

    Parameters
    ----------
    counts : uint32 array, shape (n_matrices, n_levels + 1, n_levels + 1)
        As from `pair_counts`, not folded.
    symmetric : bool

    Returns
    -------
    matrices : float64 array, shape (n_matrices, n_levels, n_levels)
        As from `cooccurrence`.
    """
    matrices = counts[:, 1:, 1:].astype(np.float64)
    if symmetric:
        matrices = matrices + matrices.transpose(0, 2, 1)
    return matrices / np.maximum(matrices.sum(axis=(1, 2), keepdims=True), 1)


def glcm_values(matrices, chosen=None):
    """Properties of matrices.

    Parameters
    ----------
    matrices : float64 array, shape (n_matrices, n_levels, n_levels)
        As from `cooccurrence`.
    chosen : list of int, or None
        Places in `glcm.STATISTICS`; None takes all, in that order.

    Returns
    -------
    values : float64 array, shape (n_matrices, n_chosen)
    """
    return _values(np.ascontiguousarray(matrices, dtype=np.float64), 1, False, chosen)


def count_values(counts, folded, chosen=None):
    """Properties of counts as from `pair_counts`, without making matrices of them.

    Parameters
    ----------
    counts : uint32 array, shape (n_matrices, n_levels + 1, n_levels + 1)
    folded : bool
        Whether they are; then pairs count in both directions, else in one.
    chosen : list of int, or None

    Returns
    -------
    values : float64 array, shape (n_matrices, n_chosen)
        As from `glcm_values`.
    """
    return _values(np.ascontiguousarray(counts), 0, folded, chosen)


def _values(tables, lowest, folded, chosen):
    values = np.empty((len(tables), N_PROPERTIES))
    glcm_statistics(tables, lowest, folded, LOGS, values)
    if chosen is None or _MAXIMAL in chosen:
        fill_maximal_correlations(tables, folded, values[:, _MAXIMAL])
    return values if chosen is None else values[:, chosen]
