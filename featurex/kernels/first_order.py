"""Grey values, wherever they lie."""

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed


@jit
def count_values(image, inside, counts):
    """Count the pixels of each value.

    Parameters
    ----------
    image : unsigned integer array, shape (n_pixels,)
    inside : bool array of the same shape, or None
        Pixels that count.
    counts : uint32 array, shape (4, greatest value + 1)
        Filled; to be added. Successive pixels go to different rows: they are often alike, and one
        count would wait for the other.
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


@jit
def list_values(counts, values, numbers):
    """List the values that occur, in their order.

    Parameters
    ----------
    counts : uint32 array, shape (4, n)
        As from `count_values`.
    values, numbers : float64 arrays, shape (n,)
        The first are filled with each value and its number of pixels.

    Returns
    -------
    count : int
        Of the values.
    """
    count = 0
    for value in range(counts.shape[1]):
        # As floating numbers: without JIT, sums of small integers would run over.
        number = (
            np.float64(counts[0, value]) + counts[1, value] + counts[2, value] + counts[3, value]
        )
        values[count], numbers[count] = value, number
        count += number > 0.0
    return count


@jit
def find_percentiles(values, counts, shares, found):
    """Find percentiles, interpolated linearly.

    Parameters
    ----------
    values, counts : float64 arrays, shape (n,)
        Ascending values, and how often each counts, at least once.
    shares : float64 array, shape (n_shares,)
        Ascending, 0 to 1.
    found : float64 array, shape (n_shares,)
        Filled.
    """
    last = -1.0
    for k in range(counts.size):
        last += counts[k]
    low, below = 0, counts[0]
    for k in range(shares.size):
        place = shares[k] * last
        before = np.floor(place)
        while below <= before:
            low += 1
            below += counts[low]
        high = low if below > min(before + 1.0, last) else low + 1
        found[k] = values[low] + (place - before) * (values[high] - values[low])


@inline
def _sum_deviations(values, counts, center):
    """Sums of how far values are from a center, to the first power without sign, and the second to
    fourth with it.
    """
    absolute, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for k in range(values.size):
        deviation = values[k] - center
        square = deviation * deviation
        absolute += counts[k] * abs(deviation)
        second += counts[k] * square
        third += counts[k] * square * deviation
        fourth += counts[k] * square * square
    return absolute, second, third, fourth


@inline
def _sum(values, counts):
    """Sums of the counts, and of the values' first and second power."""
    n, first, second = 0.0, 0.0, 0.0
    for k in range(values.size):
        n += counts[k]
        first += counts[k] * values[k]
        second += counts[k] * values[k] * values[k]
    return n, first, second


@jit_relaxed
def first_order_statistics(values, counts, percentiles, out):
    """Fill the statistics of values that occur so often.

    Parameters
    ----------
    values, counts : float64 arrays, shape (n,)
        Ascending values, and how often each counts, at least once.
    percentiles : float64 array, shape (5,)
        The 10th, 25th, 50th, 75th and 90th.
    out : float64 array, shape (18,)
        Filled in the order of `featurex.features.intensity.STATISTICS`.
    """
    p10, p25, median, p75, p90 = percentiles
    n, first, second = _sum(values, counts)
    mean = first / n
    deviation, variance, third, fourth = _sum_deviations(values, counts, mean)
    around_median, _, _, _ = _sum_deviations(values, counts, median)
    start, end = 0, values.size
    while values[start] < p10:
        start += 1
    while end > start and values[end - 1] > p90:
        end -= 1
    in_middle, middle, _ = _sum(values[start:end], counts[start:end])
    # Of two different values none lies between these percentiles.
    in_middle = in_middle if in_middle > 0.0 else 1.0
    robust, _, _, _ = _sum_deviations(values[start:end], counts[start:end], middle / in_middle)
    low, high = values[0], values[-1]
    variance /= n
    # Rounding leaves a constant region some variance.
    varied = low < high
    out[0] = mean
    out[1] = variance if varied else 0.0
    out[2] = third / n / variance**1.5 if varied else 0.0
    out[3] = fourth / n / variance**2 - 3.0 if varied else 0.0
    out[4], out[5], out[6], out[7], out[8] = median, low, p10, p90, high
    out[9], out[10] = p75 - p25, high - low
    out[11], out[12], out[13] = deviation / n, robust / in_middle, around_median / n
    out[14] = np.sqrt(variance) / mean if varied and mean != 0.0 else 0.0
    out[15] = (p75 - p25) / (p75 + p25) if p75 + p25 != 0.0 else 0.0
    out[16], out[17] = second, np.sqrt(second / n)
