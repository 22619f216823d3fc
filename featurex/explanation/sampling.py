"""Shapley values of groups of columns, for any model, by sampled orders."""

import numpy as np

# Orders that are drawn; each is gone through forwards and backwards, which cancels much of the
# variance (Mitchell, Cooper, Frank and Holmes 2022, "Sampling permutations for Shapley value
# estimation").
_ORDERS = 8
# A forest takes as long for one row as for some hundred: all orders of an image are put to the
# model at once, as far as their rows take no more memory than this.
_BYTES = 1 << 26


def sample_shapley_values(function, values, mean, groups, seed=0):
    """Estimate the Shapley values of groups of columns.

    Each sampled order begins with the mean and replaces one group after the other by the image's
    columns; a group is credited with the change of the function at its step. The credits sum to the
    difference from the mean, however few orders there are.

    Parameters
    ----------
    function : callable
        Maps an array of shape (n, n_columns) to values of shape (n,).
    values : array of shape (n, n_columns)
        Features of the images.
    mean : array of shape (n_columns,)
        What stands for not knowing a column.
    groups : int array, shape (n_columns,)
        Number of each column's group, 0 to n_groups - 1.
    seed : int
        Seed of the orders.

    Returns
    -------
    base : float
        The function's value of the mean.
    values : float array, shape (n, n_groups)
        What each group adds.
    """
    n_groups = groups.max() + 1
    members = [np.flatnonzero(groups == group) for group in range(n_groups)]
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(n_groups) for _ in range(_ORDERS)]
    orders += [order[::-1] for order in orders]
    at_once = max(1, _BYTES // ((n_groups + 1) * len(mean) * values.itemsize))
    credits = np.zeros((len(values), n_groups))
    for row, image in enumerate(values):
        for start in range(0, len(orders), at_once):
            some = orders[start : start + at_once]
            rows = np.concatenate([_replace_groups(mean, image, order, members) for order in some])
            changes = np.diff(function(rows).reshape(len(some), -1))
            for order, change in zip(some, changes, strict=True):
                credits[row, order] += change
    return float(function(mean[None].astype(values.dtype))[0]), credits / len(orders)


def _replace_groups(mean, image, order, members):
    """Make one row a step: the mean, and the mean with one group more of the image each time."""
    steps = np.tile(mean, (len(order) + 1, 1)).astype(image.dtype)
    for position, group in enumerate(order):
        steps[position + 1 :, members[group]] = image[members[group]]
    return steps
