"""The edges of HOG's orientation bins, and which gradients lie on them."""

from functools import cache

import numpy as np


@cache
def bin_edges(orientations, dtype):
    """Compute the cotangents of the bins' lower edges.

    Parameters
    ----------
    orientations : int
        Bins of 180 degrees.
    dtype : floating type
        Type of the result.

    Returns
    -------
    cotangents : array of `dtype`, shape (orientations,)
        Infinite for the first edge, at 0 degrees.
    """
    # In scikit-image's order of operations: of 26 orientations, the edge at 90 degrees is a hair
    # above, as there.
    angles = np.deg2rad(180.0 / orientations * np.arange(1, orientations))
    cotangents = np.cos(angles) / np.sin(angles)
    # Exact at 45 and 135 degrees, on which gradients of integers often lie.
    integers = np.rint(cotangents)
    exact = (integers != 0) & (np.abs(cotangents - integers) < 1e-9)
    return np.concatenate(([np.inf], np.where(exact, integers, cotangents))).astype(dtype)


def rounding_error(image):
    """Bound the rounding error of a comparison of two differences of an image's grey values.

    Grey levels divided by 255, or their square roots, are rounded to the nearest number of their
    type. Gradients that are on the edge of a bin, at 45 degrees or, of roots, at 60, then lie on
    either side of it by chance: scikit-image puts 47 of 85 gradients of (sqrt(k), sqrt(3 k)) into
    the upper bin of 9 orientations. Each of the four grey values of a gradient is wrong by at most
    half the machine epsilon times its size.

    Parameters
    ----------
    image : array of any shape
        Grey values.

    Returns
    -------
    error : float
        0 for integers of any type, and else twice the machine epsilon times the largest finite
        value.
    """
    if image.dtype.kind != "f" or np.array_equal(image, np.rint(image)):
        return 0.0
    size = np.abs(image)
    return (
        2.0
        * float(np.finfo(image.dtype).eps)
        * float(np.max(size, where=np.isfinite(size), initial=0.0))
    )
