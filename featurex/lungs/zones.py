"""Zones of the lungs, as radiologists name them: sides, and thirds of a lung's height or width."""

import itertools

import numpy as np

SIDES = ("right", "left")
THIRDS = ("upper", "middle", "lower")


def split_lungs(inside):
    """Separate a region into both lungs, at the emptiest column of its extent's middle half.

    Parameters
    ----------
    inside : bool array, shape (rows, columns)
        True in either lung; at least one pixel is.

    Returns
    -------
    right, left : bool arrays of the same shape
        The patient's right lung lies on the left of the image.
    """
    counts = inside.sum(axis=0)
    filled = np.flatnonzero(counts)
    first, last = filled[0], filled[-1] + 1
    quarter = (last - first) // 4
    middle = np.arange(first + quarter, max(last - quarter, first + quarter + 1))
    emptiest = middle[counts[middle] == counts[middle].min()]
    # The middle one of the emptiest columns is the centre of a gap between the lungs.
    cut = int(emptiest[len(emptiest) // 2])
    right, left = inside.copy(), inside.copy()
    right[:, cut:] = False
    left[:, :cut] = False
    return right, left


def cut_thirds(lung, axis=0):
    """Cut a lung into thirds of its extent along an axis.

    Parameters
    ----------
    lung : bool array, shape (rows, columns)
        True in one lung. An empty one has empty thirds.
    axis : int
        0 cuts the height, from the upper third to the lower; 1 the width, from left to right on
        the image.

    Returns
    -------
    thirds : list of three bool arrays of the same shape
        Every pixel of the lung is in exactly one.
    """
    filled = np.flatnonzero(lung.any(axis=1 - axis))
    if len(filled) == 0:
        return [np.zeros_like(lung) for _ in THIRDS]
    edges = np.linspace(filled[0], filled[-1] + 1, 4).round().astype(int)
    positions = np.arange(lung.shape[axis])
    thirds = [
        (start <= positions) & (positions < stop) for start, stop in itertools.pairwise(edges)
    ]
    return [lung & (third[:, None] if axis == 0 else third) for third in thirds]
