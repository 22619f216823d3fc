"""The edges of HOG's bins of orientations, as scikit-image rounds them."""

from functools import cache

import numpy as np


@cache
def bin_edges(orientations, dtype):
    """Cotangents of the bins' lower edges.

    Parameters
    ----------
    orientations : int
        Bins of 180 degrees.
    dtype : floating type

    Returns
    -------
    cotangents : array of `dtype`, shape (orientations,)
        Infinite for the first edge, at 0 degrees.
    """
    # In scikit-image's order of operations: of 26 orientations, the edge at 90 degrees is a hair
    # above, as there.
    angles = np.deg2rad(180.0 / orientations * np.arange(1, orientations))
    cotangents = np.cos(angles) / np.sin(angles)
    # Exact at 45 and 135 degrees: gradients of whole numbers often lie on those edges.
    whole = np.rint(cotangents)
    cotangents = np.where((whole != 0) & (np.abs(cotangents - whole) < 1e-9), whole, cotangents)
    return np.concatenate(([np.inf], cotangents)).astype(dtype)
