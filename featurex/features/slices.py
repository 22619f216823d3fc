"""The slices of a volume as one image, in which no neighbourhood reaches across two of them."""

import numpy as np

# As far as any family of regions looks.
_GAP = 8


def join_slices(slices):
    """Lay slices one below the other, with rows outside the region between them.

    What counts pairs, runs, zones or neighbours within a region then counts them in all slices
    together, as IBSI's 2.5-D aggregation merges matrices.

    Parameters
    ----------
    slices : list of (image, inside)
        Arrays of shape (rows, columns), of one type; `inside` is a bool array, or None where every
        pixel counts.

    Returns
    -------
    image : array of shape (rows, columns)
        The slices.
    inside : bool array of the same shape
        True where a pixel of a slice counts.

    Examples
    --------
    >>> image, inside = join_slices(2 * [(np.ones((2, 3)), None)])
    >>> image.shape, inside.sum(axis=1).tolist()
    ((12, 3), [3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3])
    """
    rows = sum(image.shape[0] for image, _ in slices) + _GAP * (len(slices) - 1)
    columns = max(image.shape[1] for image, _ in slices)
    joined = np.zeros((rows, columns), np.result_type(*(image for image, _ in slices)))
    counted = np.zeros(joined.shape, bool)
    top = 0
    for image, inside in slices:
        place = slice(top, top + image.shape[0]), slice(image.shape[1])
        joined[place] = image
        counted[place] = True if inside is None else inside
        top += image.shape[0] + _GAP
    return joined, counted
