"""Neighbourhood grey-tone difference matrices (IBSI IPET): differences, and their statistics.

Levels are walked as one long row, in stretches that stay in the L1 cache. Padding between the rows
makes this safe: a neighbour beyond the image's side is a zero, not a pixel of another row.
"""

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# Slots of `values`, in the order of `featurex.features.ngtdm.STATISTICS`.
COARSENESS, CONTRAST, BUSYNESS, COMPLEXITY, STRENGTH = range(5)

# A packed int64 holds a number of pixels in its upper 19 bits and, in its lower 44, the sum of
# their differences, each less than 2^26: one increment instead of two. It overflows at 2^18 pixels;
# it is unpacked early enough for one more stretch of up to 2^12.
_COUNT_BITS, _MAX_PACKED = 44, (1 << 18) - (1 << 12)


@inline
def _sum_windows(flat, start, width, unit, columns, sums):
    """Sum the square window around each pixel of a stretch: columns first, then rows of these.

    A pixel in the region adds `unit` times its level, and 1: a sum holds both the sum of the levels
    and, in its lower bits, the number of pixels.
    """
    distance = (columns.size - sums.size) // 2
    for x in range(columns.size):
        columns[x] = 0
    for down in range(-distance, distance + 1):
        first = start + down * width - distance
        there = flat[first : first + columns.size]
        for x in range(columns.size):
            columns[x] += there[x] * unit + (there[x] > 0)
    for x in range(sums.size):
        sums[x] = 0
    for right in range(2 * distance + 1):
        part = columns[right : right + sums.size]
        for x in range(sums.size):
            sums[x] += part[x]


@inline
def _unpack(packed, unit, counts, sums):
    """Add packed numbers and differences to the levels' own, and set them to 0."""
    for lane in range(packed.shape[0]):
        for level in range(packed.shape[1]):
            for number in range(packed.shape[2]):
                both = packed[lane, level, number]
                packed[lane, level, number] = 0
                # A window of one pixel in the region is that pixel itself: it has no neighbours.
                if level > 0 and number > 1:
                    counts[level - 1] += both >> _COUNT_BITS
                    sums[level - 1] += (both & ((1 << _COUNT_BITS) - 1)) / np.float64(
                        unit * np.int64(number - 1)
                    )


@jit
def sum_differences(levels, distance, unit, scratch, packed, counts, sums):
    """Sum how far pixels of each level are from the mean of their neighbours.

    With n pixels in the window, themselves included, and S the sum of their levels, a pixel's
    difference |level - (S - level) / (n - 1)| is |n level - S| / (n - 1). The numerator is an
    integer: it is summed exactly by level and n, and divided at the end.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2 distance, columns + 2 distance)
        0 in the padding and outside the region, 1 to n inside, n at most 256.
    distance : int
        Largest distance of a neighbour in rows and columns (Chebyshev), 1 to 8.
    unit : int of the type of `scratch`
        A power of 2 greater than (2 distance + 1)^2, at most 512; see `_sum_windows`.
    scratch : uint16 or uint32 array, shape (5, stretch + 2 distance)
        Scratch buffer: index of each pixel's sum; column sums, later differences; window sums; the
        lane of each pixel, as an index; pixels in each window. Its type must hold
        (2 distance + 1)^2 n units, and the size of `packed`.
    packed : int64 array, shape (n_lanes, n + 1, (2 distance + 1)^2 + 1)
        Scratch buffer of zeros, and zeros again afterwards: packed numbers and differences by level
        and number of pixels in the window. Successive pixels go to different lanes: they are often
        alike, and an increment would wait for the one before it to be stored.
    counts : int64 array, shape (n,)
        Zeros; filled with the number of pixels of each level that have a neighbour in the region.
    sums : float64 array, shape (n,)
        Zeros; filled with the sums of |level - mean of the neighbours|.

    References
    ----------
    M. Amadasun, R. King (1989). Textural features corresponding to textural properties. IEEE
    Transactions on Systems, Man, and Cybernetics 19(5), 1264-1274. doi:10.1109/21.44046
    """
    n_lanes, n_levels, n_numbers = packed.shape
    stretch = scratch.shape[1] - 2 * distance
    width, flat = levels.shape[1], levels.ravel()
    outer = distance * width + distance
    flat_packed, lanes, n_packed = packed.ravel(), scratch[3], 0
    for lane in range(n_lanes):
        lanes[lane::n_lanes] = lane * n_levels * n_numbers
    for start in range(outer, flat.size - outer, stretch):
        n = min(stretch, flat.size - outer - start)
        here, entries, numbers = flat[start : start + n], scratch[0, :n], scratch[4, :n]
        products, windows = scratch[1, :n], scratch[2, :n]
        _sum_windows(flat, start, width, unit, scratch[1, : n + 2 * distance], windows)
        # Three loops: the first two vectorise, the increments cannot.
        for x in range(n):
            numbers[x] = windows[x] & (unit - 1)
            entries[x] = lanes[x] + np.int64(here[x]) * n_numbers + numbers[x]
            products[x] = here[x] * numbers[x] * unit
            windows[x] -= numbers[x]
        for x in range(n):
            products[x] = (
                products[x] - windows[x] if products[x] > windows[x] else windows[x] - products[x]
            )
        for x in range(n):
            flat_packed[np.uintp(entries[x])] += np.int64(products[x]) + (1 << _COUNT_BITS)
        n_packed += n
        if n_packed > _MAX_PACKED:
            _unpack(packed, unit, counts, sums)
            n_packed = 0
    _unpack(packed, unit, counts, sums)


@inline
def _sum_pairs(levels, p, s):
    """Sums over all pairs of levels that occur.

    Those of p_i p_j (i - j)^2, |i p_i - j p_j|, |i - j| (p_i s_i + p_j s_j) / (p_i + p_j) and (p_i
    + p_j) (i - j)^2.
    """
    contrast, spread, complexity, strength = 0.0, 0.0, 0.0, 0.0
    for i in range(p.size):
        for j in range(i):
            apart, together = levels[i] - levels[j], p[i] + p[j]
            contrast += p[i] * p[j] * apart * apart
            spread += abs(levels[i] * p[i] - levels[j] * p[j])
            complexity += apart * (p[i] * s[i] + p[j] * s[j]) / together
            strength += together * apart * apart
    # Each pair stands for both of its orders.
    return 2.0 * contrast, 2.0 * spread, 2.0 * complexity, 2.0 * strength


@jit_relaxed
def ngtdm_statistics(counts, sums, max_coarseness, values):
    """Fill the statistics of Amadasun and King 1989 (IBSI QCDE, 65HE, NQ30, HDEZ, 1X9X).

    Parameters
    ----------
    counts, sums : float64 arrays, shape (n,)
        Pixels of each level, and the sums of their differences, as from `sum_differences`.
    max_coarseness : float
        The coarseness where nothing differs, and its maximum.
    values : float64 array, shape (5,)
        Filled, by the slots of this module.
    """
    levels, p, s = np.empty(counts.size), np.empty(counts.size), np.empty(counts.size)
    total, n, all_sums, weighted = 0.0, 0, 0.0, 0.0
    for i in range(counts.size):
        total += counts[i]
        all_sums += sums[i]
        weighted += counts[i] * sums[i]
        if counts[i] > 0.0:
            levels[n], p[n], s[n] = i + 1.0, counts[i], sums[i]
            n += 1
    values[:] = 0.0
    values[COARSENESS] = min(total / weighted, max_coarseness) if weighted > 0.0 else max_coarseness
    if n < 2:
        return
    for k in range(n):
        p[k] /= total
    contrast, spread, complexity, strength = _sum_pairs(levels[:n], p[:n], s[:n])
    values[CONTRAST] = contrast / (n * (n - 1)) * all_sums / total
    values[BUSYNESS] = weighted / total / spread if spread > 0.0 else 0.0
    values[COMPLEXITY] = complexity / total
    values[STRENGTH] = strength / all_sums if all_sums > 0.0 else 0.0
