"""What run, zone and dependence matrices have in common: the same sums over levels and sizes."""

import numpy as np

from featurex.features.base import Statistic

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


def name_statistics(codes, source):
    """The statistics of a family, in the order of `FORMULAS`.

    Parameters
    ----------
    codes : str
        IBSI's, one for each, with spaces between; 16 leave the energy out.
    source : str
        The paper.
    """
    pairs = zip(FORMULAS.items(), codes.split(), strict=False)
    return tuple(Statistic(name, formula, f"IBSI {code}; {source}") for (name, formula), code in pairs)


def describe_entries(levels, sizes, counts, n_pixels):
    """The statistics of `FORMULAS` of a sparse matrix.

    Parameters
    ----------
    levels, sizes : int arrays, shape (n,)
        i and j of the entries, from 1; an entry may stand in several parts.
    counts : array of shape (n,)
    n_pixels : int
        Of the regions that the matrix counts.

    Returns
    -------
    statistics : float array, shape (17,)
        Zeros where nothing was counted.
    """
    total = counts.sum()
    if total == 0:
        return np.zeros(len(FORMULAS))
    i, j, p = levels.astype(float), sizes.astype(float), counts / total
    square_i, square_j = i * i, j * j
    by_level = np.bincount(levels, p)
    _, place = np.unique(sizes, return_inverse=True)
    by_size = np.bincount(place, p)
    joint = np.bincount(np.unique(levels * np.int64(sizes.max() + 1) + sizes, return_inverse=True)[1], p)
    levels_uniform, sizes_uniform = by_level @ by_level, by_size @ by_size
    return np.array(
        [
            (p / square_j).sum(),
            p @ square_j,
            (p / square_i).sum(),
            p @ square_i,
            (p / (square_i * square_j)).sum(),
            (p * square_i / square_j).sum(),
            (p * square_j / square_i).sum(),
            p @ (square_i * square_j),
            total * levels_uniform,
            levels_uniform,
            total * sizes_uniform,
            sizes_uniform,
            total / n_pixels,
            p @ (i - p @ i) ** 2,
            p @ (j - p @ j) ** 2,
            -(joint @ np.log2(joint)),
            joint @ joint,
        ]
    )


def describe_matrix(counts, n_pixels):
    """The statistics of `FORMULAS` of a matrix of shape (n_levels, n_sizes)."""
    levels, sizes = np.nonzero(counts)
    return describe_entries(levels + 1, sizes + 1, counts[levels, sizes].astype(float), n_pixels)
