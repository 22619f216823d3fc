"""First-order statistics: of grey values, or levels, wherever in the region they lie.

The formulas are those of the IBSI reference manual, sections 3.3 and 3.4 (Zwanenburg et al. 2020,
doi:10.1148/radiol.2020191145). Values come sorted, with a count for each: 8-bit images have at most
256 distinct ones, however many pixels they have.
"""

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Slots of `out`, in the order of `featurex.features.intensity.STATISTICS`.
MEAN, VARIANCE, SKEWNESS, EXCESS_KURTOSIS, MEDIAN, MINIMUM, P10, P90, MAXIMUM = range(9)
INTERQUARTILE_RANGE, RANGE, MEAN_ABSOLUTE_DEVIATION = 9, 10, 11
ROBUST_MEAN_ABSOLUTE_DEVIATION, MEDIAN_ABSOLUTE_DEVIATION = 12, 13
VARIATION, QUARTILE_DISPERSION, ENERGY, ROOT_MEAN_SQUARE = range(14, 18)


@jit
def count_values(image, inside, counts):
    """Count the pixels of each grey value.

    Parameters
    ----------
    image : unsigned integer array, shape (n_pixels,)
        The image, flattened.
    inside : bool array, shape (n_pixels,), or None
        Which pixels count; None for all.
    counts : uint32 array, shape (4, largest value + 1)
        Filled; the four rows are to be added up. Successive pixels go to different rows: they are
        often alike, and an increment would wait for the one before it to be stored.
    """
    counts[:] = 0
    # None is a type of its own for Numba, which compiles another kernel for it: the choices below
    # cost nothing.
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
    """List the values that occur, ascending.

    Parameters
    ----------
    counts : uint32 array, shape (4, n)
        Counts of the values 0 to n - 1, as from `count_values`.
    values, numbers : float64 arrays, shape (n,)
        The first entries are filled with each value that occurs, and its number of pixels; the
        rest is scratch.

    Returns
    -------
    count : int
        Number of values that occur.
    """
    count = 0
    for value in range(counts.shape[1]):
        # In floating point: without JIT, NumPy's sum of two uint32 could overflow.
        number = (
            np.float64(counts[0, value]) + counts[1, value] + counts[2, value] + counts[3, value]
        )
        # Without a branch: written over by the next value if this one does not occur.
        values[count], numbers[count] = value, number
        count += number > 0.0
    return count


@jit
def find_percentiles(values, counts, fractions, percentiles):
    """Find percentiles by linear interpolation between ranks (Hyndman and Fan 1996, type 7).

    Parameters
    ----------
    values, counts : float64 arrays, shape (n,)
        Ascending values, and how many pixels have each, at least one.
    fractions : float64 array, shape (n_fractions,)
        Which percentiles: 0 (minimum) to 1 (maximum), ascending.
    percentiles : float64 array, shape (n_fractions,)
        Filled, as NumPy's ``percentile`` of all pixels.

    References
    ----------
    R. J. Hyndman, Y. Fan (1996). Sample quantiles in statistical packages. The American
    Statistician 50(4), 361-365. doi:10.1080/00031305.1996.10473566
    """
    last = -1.0
    for k in range(counts.size):
        last += counts[k]
    # values[low] is the value at rank `before`; `below` pixels are at most as bright as it.
    low, below = 0, counts[0]
    for k in range(fractions.size):
        rank = fractions[k] * last
        before = np.floor(rank)
        while below <= before:
            low += 1
            below += counts[low]
        high = low if below > min(before + 1.0, last) else low + 1
        percentiles[k] = values[low] + (rank - before) * (values[high] - values[low])


@inline
def _sum_deviations(values, counts, center):
    """Sums of |d|, d^2, d^3 and d^4 over all pixels, where d is value - center."""
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
def _sum_powers(values, counts):
    """Number of pixels, and the sums of their values and of the squares of these."""
    n, first, second = 0.0, 0.0, 0.0
    for k in range(values.size):
        n += counts[k]
        first += counts[k] * values[k]
        second += counts[k] * values[k] * values[k]
    return n, first, second


@jit_relaxed
def first_order_statistics(values, counts, percentiles, out):
    """Fill the statistics of sorted values (IBSI UHIW, or ZVCW for levels).

    Parameters
    ----------
    values, counts : float64 arrays, shape (n,)
        Ascending values, and how many pixels have each, at least one.
    percentiles : float64 array, shape (5,)
        The 10th, 25th, 50th, 75th and 90th.
    out : float64 array, shape (18,)
        Filled, by the slots of this module. Ratios that have no meaning for a constant region, or
        divide by 0, are 0.
    """
    p10, p25, median, p75, p90 = percentiles
    n, first, second = _sum_powers(values, counts)
    mean = first / n
    deviation, variance, third, fourth = _sum_deviations(values, counts, mean)
    around_median, _, _, _ = _sum_deviations(values, counts, median)
    start, end = 0, values.size
    while values[start] < p10:
        start += 1
    while end > start and values[end - 1] > p90:
        end -= 1
    n_robust, robust_sum, _ = _sum_powers(values[start:end], counts[start:end])
    # Two distinct values can both lie outside the interpolated 10th and 90th percentile.
    n_robust = n_robust if n_robust > 0.0 else 1.0
    robust, _, _, _ = _sum_deviations(values[start:end], counts[start:end], robust_sum / n_robust)
    low, high = values[0], values[-1]
    variance /= n
    # Not variance > 0: rounding leaves a constant region some variance.
    varied = low < high
    out[MEAN] = mean
    out[VARIANCE] = variance if varied else 0.0
    out[SKEWNESS] = third / n / variance**1.5 if varied else 0.0
    out[EXCESS_KURTOSIS] = fourth / n / variance**2 - 3.0 if varied else 0.0
    out[MEDIAN], out[MINIMUM], out[P10], out[P90], out[MAXIMUM] = median, low, p10, p90, high
    out[INTERQUARTILE_RANGE], out[RANGE] = p75 - p25, high - low
    out[MEAN_ABSOLUTE_DEVIATION] = deviation / n
    out[ROBUST_MEAN_ABSOLUTE_DEVIATION] = robust / n_robust
    out[MEDIAN_ABSOLUTE_DEVIATION] = around_median / n
    out[VARIATION] = np.sqrt(variance) / mean if varied and mean != 0.0 else 0.0
    out[QUARTILE_DISPERSION] = (p75 - p25) / (p75 + p25) if p75 + p25 != 0.0 else 0.0
    out[ENERGY], out[ROOT_MEAN_SQUARE] = second, np.sqrt(second / n)
