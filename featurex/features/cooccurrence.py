"""Co-occurrence matrices and their statistics: the two stages of GLCM, each usable alone."""

import numpy as np

from featurex.features.levels import check_levels
from featurex.kernels.glcm import count_pairs
from featurex.kernels.glcm_correlation import fill_maximal_correlations
from featurex.kernels.glcm_statistics import LOGS, MAXIMAL_CORRELATION, glcm_statistics
from featurex.kernels.glcm_triples import count_triples

# The maximal correlation is the last statistic, and the only one that needs singular values.
N_STATISTICS = MAXIMAL_CORRELATION + 1
# Pixels whose counters are indexed at a time: four offsets of 2 or 4 bytes make 16 or 32 KiB, which
# the L1 cache holds until they are counted.
_STRETCH = 2048
# Triples save half of the increments, but each costs an addition when they are summed to pairs: it
# pays while an image has more pixels than there are triples of levels. Their indices are of 16
# bits.
_MOST_TRIPLES = 2**16


def cooccurrence(levels, n_levels, offsets, symmetric=True):
    """Compute the fraction of pairs that each pair of levels makes up, at each offset.

    Parameters
    ----------
    levels : unsigned integer array, shape (rows, columns)
        As from `discretise`: 0 outside the region, 1 to `n_levels` inside.
    n_levels : int
        Number of levels, empty ones included.
    offsets : array-like of int, shape (n_offsets, 2)
        Rows down and columns right.
    symmetric : bool
        Whether a pair counts in both directions.

    Returns
    -------
    matrices : float64 array, shape (n_offsets, n_levels, n_levels)
        Entry (i, j) for levels i + 1 and, at the offset from it, j + 1. Each matrix sums to 1, or
        to 0 without any pair.

    Raises
    ------
    ParameterError
        If a level is above `n_levels`.

    Examples
    --------
    >>> cooccurrence(np.array([[1, 1, 2]], np.uint8), 2, [(0, 1)])
    array([[[0.5 , 0.25],
            [0.25, 0.  ]]])
    """
    return normalize_counts(count_level_pairs(levels, n_levels, offsets), symmetric)


def count_level_pairs(levels, n_levels, offsets, lower=False):
    """Count the pairs of levels at each offset; counts of several images or offsets may be added.

    Parameters
    ----------
    levels : unsigned integer array, shape (rows, columns)
        As from `discretise`: 0 outside the region, 1 to `n_levels` inside.
    n_levels : int
        Number of levels, empty ones included.
    offsets : array-like of int, shape (n_offsets, 2)
        Rows down and columns right.
    lower : bool
        Whether the pair i, j is counted in the lower triangle: in the row of the larger level and
        the column of the smaller one. Statistics of both directions need no more, and read half the
        memory.

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
    return count_pairs_of_images([levels], n_levels, np.asarray(offsets, np.int64), lower)[0]


def count_pairs_of_images(images, n_levels, offsets, lower):
    """Count the pairs of levels in each of several images; see `count_level_pairs`.

    Parameters
    ----------
    images : list of unsigned integer arrays, shape (rows, columns)
        Levels, of about one size: each is padded to the most rows and columns of all.
    n_levels : int
        At least the maximum level, which is not checked.
    offsets : int64 array, shape (n_offsets, 2)
        Rows down and columns right.
    lower : bool
        Whether pairs are counted in the lower triangle.

    Returns
    -------
    counts : uint32 array, shape (n_images, n_offsets, n_levels + 1, n_levels + 1)
        Entry (i, j) of each table for levels i and j; row and column 0 hold zeros.
    """
    side = n_levels + 1
    counts = np.empty((len(images), len(offsets), side, side), np.uint32)
    rows, columns = (max(image.shape[axis] for image in images) for axis in range(2))
    reach = np.abs(offsets)
    padding = int(reach.max())
    if padding >= min(rows, columns):
        has_pairs = (reach < (rows, columns)).all(axis=1)
        if not has_pairs.all():
            # Other offsets lead out of every image; padding for them would be larger than it.
            counts[:] = 0
            if has_pairs.any():
                near = offsets[has_pairs]
                counts[:, has_pairs] = count_pairs_of_images(images, n_levels, near, lower)
            return counts
    narrow = n_levels < 256
    padded, starts, size = _join_padded(images, rows, columns, padding, narrow)
    shifts = offsets[:, 0] * (columns + padding) + offsets[:, 1]
    # Narrow indices hold side^2 (at most 2^16), and side^3 where triples are counted.
    indices = np.empty((4, min(_STRETCH, size)), np.uint16 if narrow else np.uint32)
    if len(offsets) > 1 and side**3 <= min(size, _MOST_TRIPLES):
        triples = np.zeros((2, side, side, side), np.uint32)
        count_triples(padded, starts, size, shifts, lower, indices, triples, counts)
    else:
        count_pairs(padded, starts, size, shifts, lower, indices, counts)
    return counts


def _join_padded(images, rows, columns, padding, narrow):
    """Lay images one after the other, with zeros between rows and images, as `count_pairs` wants.

    Zeros to the right of a row also stand to the left of the next one, and those below an image
    also above the next: each padding is needed once.

    Returns
    -------
    padded : uint8 (if `narrow`) or uint16 array, shape (length,)
        The images.
    starts : intp array, shape (n_images,)
        Index of the first pixel of each.
    size : int
        Number of pixels of an image, with the padding between its rows.
    """
    height, stride = rows + padding, columns + padding
    first = padding * stride + padding
    dtype = np.uint8 if narrow else np.uint16
    padded = np.zeros(first + len(images) * height * stride + first, dtype)
    cells = padded[first : len(padded) - first].reshape(len(images), height, stride)
    for cell, image in zip(cells, images, strict=True):
        cell[: image.shape[0], : image.shape[1]] = image
    return padded, first + np.arange(len(images)) * (height * stride), rows * stride


def normalize_counts(counts, symmetric=True):
    """Divide counts by the number of all pairs inside the region.

    Parameters
    ----------
    counts : uint32 array, shape (n_matrices, n_levels + 1, n_levels + 1)
        As from `count_level_pairs`, not in the lower triangle.
    symmetric : bool
        Whether a pair counts in both directions.

    Returns
    -------
    matrices : float64 array, shape (n_matrices, n_levels, n_levels)
        As from `cooccurrence`.
    """
    matrices = counts[:, 1:, 1:].astype(np.float64)
    if symmetric:
        matrices = matrices + matrices.transpose(0, 2, 1)
    return matrices / np.maximum(matrices.sum(axis=(1, 2), keepdims=True), 1)


def describe_matrices(matrices, selected=None):
    """Compute the statistics of matrices.

    Parameters
    ----------
    matrices : float64 array, shape (n_matrices, n_levels, n_levels)
        As from `cooccurrence`.
    selected : list of int, or None
        Positions in `glcm.STATISTICS`; None takes all, in that order.

    Returns
    -------
    values : float64 array, shape (n_matrices, n_selected)
        One row for each matrix.
    """
    return _describe(np.ascontiguousarray(matrices, dtype=np.float64), 1, False, selected)


def describe_counts(counts, lower, selected=None):
    """Compute the statistics of counts, without making matrices of them.

    Parameters
    ----------
    counts : uint32 array, shape (n_matrices, n_levels + 1, n_levels + 1)
        As from `count_level_pairs`.
    lower : bool
        Whether they were counted in the lower triangle; then pairs count in both directions, else
        in one.
    selected : list of int, or None
        Positions in `glcm.STATISTICS`; None takes all, in that order.

    Returns
    -------
    values : float64 array, shape (n_matrices, n_selected)
        As from `describe_matrices`.
    """
    return _describe(np.ascontiguousarray(counts), 0, lower, selected)


def _describe(tables, lowest, lower, selected):
    values = np.empty((len(tables), N_STATISTICS))
    glcm_statistics(tables, lowest, lower, LOGS, values)
    # Singular values take far longer than all other statistics together.
    if selected is None or MAXIMAL_CORRELATION in selected:
        fill_maximal_correlations(tables, lower, values[:, MAXIMAL_CORRELATION])
    return values if selected is None else values[:, selected]
