"""What run, zone and dependence matrices have in common: the same sums over levels and sizes."""

import numpy as np

from featurex.features.base import Statistic
from featurex.kernels.size_matrices import fill_size_matrix, rank_sizes, size_matrix_statistics

# Formula of each statistic, with r the counts of level i and size j, N their sum, p = r / N.
FORMULAS = {
    "small": "sum r / j^2 / N",
    "large": "sum r j^2 / N",
    "low": "sum r / i^2 / N",
    "high": "sum r i^2 / N",
    "small_low": "sum r / (i^2 j^2) / N",
    "small_high": "sum r i^2 / j^2 / N",
    "large_low": "sum r j^2 / i^2 / N",
    "large_high": "sum r i^2 j^2 / N",
    "level_nonuniformity": "sum_i (sum_j r)^2 / N",
    "level_nonuniformity_normalized": "sum_i (sum_j r)^2 / N^2",
    "size_nonuniformity": "sum_j (sum_i r)^2 / N",
    "size_nonuniformity_normalized": "sum_j (sum_i r)^2 / N^2",
    "percentage": "N / pixels",
    "level_variance": "sum p (i - sum p i)^2",
    "size_variance": "sum p (j - sum p j)^2",
    "entropy": "-sum p log2 p",
    "energy": "sum p^2",
}
_PERCENTAGE = tuple(FORMULAS).index("percentage")
# log2 of integers: few counts are larger.
_LOGS = np.log2(np.maximum(np.arange(1024), 1))


def name_statistics(codes, source):
    """List the statistics of a family, in the order of `FORMULAS`.

    Parameters
    ----------
    codes : str
        IBSI's code of each, with spaces between; 16 codes leave the energy out.
    source : str
        The paper that the family comes from.

    Returns
    -------
    statistics : tuple of Statistic
        As many as there are codes.
    """
    pairs = zip(FORMULAS.items(), codes.split(), strict=False)
    return tuple(
        Statistic(name, formula, f"IBSI {code}; {source}") for (name, formula), code in pairs
    )


def describe_matrices(counts, sizes=None, n_pixels=None):
    """Compute the statistics of `FORMULAS` of matrices.

    Parameters
    ----------
    counts : array of shape (n_matrices, n_levels, n_sizes)
        Number of entries (runs, zones, pixels) by level, from 1, and size.
    sizes : array of shape (n_sizes,), or None
        Size of each column, ascending; None counts from 1.
    n_pixels : int or None
        Pixels that a matrix describes; None where the sizes of its entries add up to them.

    Returns
    -------
    statistics : float64 array, shape (n_matrices, 17)
        Zeros where nothing was counted.
    """
    counts = np.ascontiguousarray(counts, np.float64)
    sizes = (
        np.arange(1.0, counts.shape[2] + 1.0) if sizes is None else np.asarray(sizes, np.float64)
    )
    values, covered = np.empty((len(counts), len(FORMULAS))), np.empty(len(counts))
    size_matrix_statistics(counts, sizes, _LOGS, values, covered)
    values[:, _PERCENTAGE] /= np.maximum(covered, 1) if n_pixels is None else max(n_pixels, 1)
    return values


def describe_matrix(counts, sizes=None, n_pixels=None):
    """Compute the statistics of `FORMULAS` of one matrix.

    Parameters
    ----------
    counts : array of shape (n_levels, n_sizes)
        One of the matrices of `describe_matrices`.
    sizes, n_pixels : array or int or None
        As for `describe_matrices`.

    Returns
    -------
    statistics : float64 array, shape (17,)
        Zeros where nothing was counted.
    """
    return describe_matrices(np.asarray(counts)[None], sizes, n_pixels)[0]


def describe_entries(levels, sizes, n_pixels):
    """Compute the statistics of `FORMULAS` of entries in a list.

    Parameters
    ----------
    levels, sizes : int arrays, shape (n,)
        Level and size of each entry, from 1.
    n_pixels : int
        Pixels that the list describes.

    Returns
    -------
    statistics : float64 array, shape (17,)
        Zeros for an empty list.
    """
    levels, sizes = np.ascontiguousarray(levels, np.int64), np.ascontiguousarray(sizes, np.int64)
    if len(levels) == 0:
        return np.zeros(len(FORMULAS))
    # Few of the possible sizes occur: a matrix of those has few columns.
    ranks, distinct = np.empty(sizes.max() + 1, np.int32), np.empty(len(sizes), np.int64)
    distinct = distinct[: rank_sizes(sizes, ranks, distinct)]
    counts = np.empty((levels.max(), len(distinct)))
    fill_size_matrix(levels, sizes, ranks, counts)
    return describe_matrix(counts, distinct, n_pixels)
