"""Neighbourhood grey-tone difference matrices: sums of differences, and their statistics."""

import numpy as np

from featurex.kernels._jit import inline, jit, jit_relaxed

# A number of pixels, above so many bits, and the sum of their differences, below, are one number;
# so many pixels fit: their number 19 bits, and their differences, each less than 2^26, 44.
_COUNT, _MOST = 44, (1 << 18) - (1 << 12)


@inline
def _sum_windows(flat, start, width, unit, columns, sums):
    """Sum every window from start on: a pixel in the region adds one, and its level so many
    units.
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
    """Add what was counted to the levels, and forget it."""
    for lane in range(packed.shape[0]):
        for level in range(packed.shape[1]):
            # Pixels alone, which are one in the region, have no neighbours.
            for number in range(packed.shape[2]):
                found = packed[lane, level, number]
                packed[lane, level, number] = 0
                if level > 0 and number > 1:
                    counts[level - 1] += found >> _COUNT
                    sums[level - 1] += (found & ((1 << _COUNT) - 1)) / np.float64(
                        unit * np.int64(number - 1)
                    )


@jit
def sum_differences(levels, distance, unit, work, packed, counts, sums):
    """Sum how far pixels of each level are from the mean of their neighbours.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2 distance, columns + 2 distance)
        With a frame of zeros; 0 outside the region, 1 to n inside, n at most 256.
    distance : int
        Neighbours are at most so many rows and columns away, at most 8.
    unit : int of the type of `work`
        A power of 2 greater than (2 distance + 1)^2, at most 512.
    work : uint16 or uint32 array, shape (5, stretch + 2 distance)
        Of a type that can hold (2 distance + 1)^2 n units, and the size of `packed`. Overwritten.
    packed : int64 array, shape (lanes, n + 1, (2 distance + 1)^2 + 1)
        Zeros, as they are left: for numbers and differences of pixels by level and number of pixels
        around, themselves included. Successive pixels go to different lanes: they are often alike,
        and one sum would wait for the other.
    counts : int64 array, shape (n,)
        Zeros; filled with the number of pixels of each level that have a neighbour in the region.
    sums : float64 array, shape (n,)
        Zeros; filled with the sums of |level - mean of the neighbours|.
    """
    n_lanes, n_levels, n_kinds = packed.shape
    stretch = work.shape[1] - 2 * distance
    width, flat = levels.shape[1], levels.ravel()
    outer = distance * width + distance
    total, lanes, n_packed = packed.ravel(), work[3], 0
    for lane in range(n_lanes):
        lanes[lane::n_lanes] = lane * n_levels * n_kinds
    for start in range(outer, flat.size - outer, stretch):
        n = min(stretch, flat.size - outer - start)
        here, entries, numbers = flat[start : start + n], work[0, :n], work[4, :n]
        products, windows = work[1, :n], work[2, :n]
        _sum_windows(flat, start, width, unit, work[1, : n + 2 * distance], windows)
        for x in range(n):
            numbers[x] = windows[x] & (unit - 1)
            entries[x] = lanes[x] + np.int64(here[x]) * n_kinds + numbers[x]
            products[x] = here[x] * numbers[x] * unit
            windows[x] -= numbers[x]
        for x in range(n):
            products[x] = (
                products[x] - windows[x] if products[x] > windows[x] else windows[x] - products[x]
            )
        for x in range(n):
            total[np.uintp(entries[x])] += np.int64(products[x]) + (1 << _COUNT)
        n_packed += n
        if n_packed > _MOST:
            _unpack(packed, unit, counts, sums)
            n_packed = 0
    _unpack(packed, unit, counts, sums)


@inline
def _sum_pairs(levels, p, s):
    """Sums over all pairs of levels.

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
def ngtdm_statistics(counts, sums, coarsest, values):
    """Fill the statistics of differences.

    Parameters
    ----------
    counts, sums : float64 arrays, shape (n,)
        Pixels of each level, and the sums of their differences.
    coarsest : float
        The greatest coarseness.
    values : float64 array, shape (5,)
        Filled in the order of `featurex.features.ngtdm.STATISTICS`.
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
    values[0] = min(total / weighted, coarsest) if weighted > 0.0 else coarsest
    if n < 2:
        return
    for k in range(n):
        p[k] /= total
    contrast, spread, complexity, strength = _sum_pairs(levels[:n], p[:n], s[:n])
    values[1] = contrast / (n * (n - 1)) * all_sums / total
    values[2] = weighted / total / spread if spread > 0.0 else 0.0
    values[3] = complexity / total
    values[4] = strength / all_sums if all_sums > 0.0 else 0.0
