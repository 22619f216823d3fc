"""Grey values, wherever they lie."""

import numpy as np

from featurex.kernels._jit import jit, jit_relaxed


@jit
def count_values(image, inside, counts):
    """Count the pixels of each value.

    Parameters
    ----------
    image : unsigned integer array, shape (n_pixels,)
    inside : bool array of the same shape, or None
        Pixels that count.
    counts : uint32 array, shape (4, greatest value + 1)
        Filled; to be added. Successive pixels go to different rows: they are often alike, and one count would wait
        for the other.
    """
    counts[:] = 0
    first, second, third, fourth = counts[0], counts[1], counts[2], counts[3]
    last = image.size // 4 * 4
    for x in range(0, last, 4):
        first[np.uintp(image[x])] += np.uint32(True if inside is None else inside[x])
        second[np.uintp(image[x + 1])] += np.uint32(True if inside is None else inside[x + 1])
        third[np.uintp(image[x + 2])] += np.uint32(True if inside is None else inside[x + 2])
        fourth[np.uintp(image[x + 3])] += np.uint32(True if inside is None else inside[x + 3])
    for x in range(last, image.size):
        first[np.uintp(image[x])] += np.uint32(True if inside is None else inside[x])


@jit_relaxed
def sum_deviations(values, counts, center, sums):
    """Sum how far values are from a center, to the first power without sign, and the second to fourth with it.

    Parameters
    ----------
    values, counts : float64 arrays, shape (n,)
        Each value counts so often.
    center : float
    sums : float64 array, shape (4,)
        Filled.
    """
    absolute, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for k in range(values.size):
        deviation = values[k] - center
        square = deviation * deviation
        absolute += counts[k] * abs(deviation)
        second += counts[k] * square
        third += counts[k] * square * deviation
        fourth += counts[k] * square * square
    sums[0], sums[1], sums[2], sums[3] = absolute, second, third, fourth
