"""Runs, zones, dependences and grey-tone differences: dicts from (level, size) to
counts, and the sums of the IBSI reference manual over them.
"""

import math
from collections import Counter

_STEPS = ((0, 1), (-1, 1), (-1, 0), (-1, -1))


def statistics(counts, n_pixels, energy=False):
    total = sum(counts.values())
    p = {entry: count / total for entry, count in counts.items()}
    rows, columns = Counter(), Counter()
    for (i, j), count in counts.items():
        rows[i] += count
        columns[j] += count
    mean_i, mean_j = (
        sum(entry[k] * probability for entry, probability in p.items()) for k in (0, 1)
    )
    weights = (
        lambda i, j: 1 / j**2,
        lambda i, j: j**2,
        lambda i, j: 1 / i**2,
        lambda i, j: i**2,
        lambda i, j: 1 / (i**2 * j**2),
        lambda i, j: i**2 / j**2,
        lambda i, j: j**2 / i**2,
        lambda i, j: i**2 * j**2,
    )
    values = [
        sum(probability * weight(i, j) for (i, j), probability in p.items()) for weight in weights
    ]
    for marginal in (rows, columns):
        squares = sum(count**2 for count in marginal.values())
        values += [squares / total, squares / total**2]
    values.append(total / n_pixels)
    values.append(sum(probability * (i - mean_i) ** 2 for (i, _), probability in p.items()))
    values.append(sum(probability * (j - mean_j) ** 2 for (_, j), probability in p.items()))
    values.append(-sum(probability * math.log2(probability) for probability in p.values()))
    return [*values, sum(probability**2 for probability in p.values())] if energy else values


def levels_by_pixel(levels):
    """Map (row, column) to the level of every pixel of the region."""
    return {
        (y, x): int(level) for y, row in enumerate(levels) for x, level in enumerate(row) if level
    }


def runs(levels):
    """Count runs by (level, length) in each direction; a run grows both ways from a pixel."""
    pixels = levels_by_pixel(levels)
    directions = []
    for down, right in _STEPS:
        counts, seen = Counter(), set()
        for pixel, level in pixels.items():
            if pixel in seen:
                continue
            run = {pixel}
            for sign in (1, -1):
                y, x = pixel[0] + sign * down, pixel[1] + sign * right
                while pixels.get((y, x)) == level:
                    run.add((y, x))
                    y, x = y + sign * down, x + sign * right
            seen |= run
            counts[level, len(run)] += 1
        directions.append(counts)
    return directions


def zones(levels):
    """List (level, pixels) of every connected component, which grows over eight neighbours."""
    left, components = levels_by_pixel(levels), []
    while left:
        pixel, level = next(iter(left.items()))
        zone, border = set(), {pixel}
        while border:
            zone |= border
            near = {(y + dy, x + dx) for y, x in border for dy in (-1, 0, 1) for dx in (-1, 0, 1)}
            border = {other for other in near - zone if left.get(other) == level}
        for other in zone:
            del left[other]
        components.append((level, zone))
    return components


def distances(levels):
    """Count the steps from every pixel to the nearest one outside, by peeling layer after layer."""
    left, steps, steps_of = set(levels_by_pixel(levels)), 0, {}
    while left:
        steps += 1
        layer = {
            (y, x) for y, x in left if not {(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)} <= left
        }
        steps_of.update(dict.fromkeys(layer, steps))
        left -= layer
    return steps_of


def neighbours(pixels, pixel, distance):
    y, x = pixel
    reach = range(-distance, distance + 1)
    return [
        pixels[y + dy, x + dx]
        for dy in reach
        for dx in reach
        if (dy or dx) and (y + dy, x + dx) in pixels
    ]


def dependence(levels, distance, difference):
    pixels = levels_by_pixel(levels)
    return Counter(
        (
            level,
            1
            + sum(abs(near - level) <= difference for near in neighbours(pixels, pixel, distance)),
        )
        for pixel, level in pixels.items()
    )


def tone_differences(levels, distance):
    """Compute coarseness, contrast, busyness, complexity, strength."""
    pixels = levels_by_pixel(levels)
    n, s = Counter(), Counter()
    for pixel, level in pixels.items():
        near = neighbours(pixels, pixel, distance)
        if near:
            n[level] += 1
            s[level] += abs(level - sum(near) / len(near))
    total, everything = sum(n.values()), sum(s.values())
    p = {i: count / total for i, count in n.items()}
    weighted = sum(p[i] * s[i] for i in p)
    coarseness = min(1 / weighted, 1e6) if weighted else 1e6
    if len(p) < 2:
        return [coarseness, 0, 0, 0, 0]
    pairs = [(i, j) for i in p for j in p]
    contrast = (
        sum(p[i] * p[j] * (i - j) ** 2 for i, j in pairs)
        / (len(p) * (len(p) - 1))
        * everything
        / total
    )
    spread = sum(abs(i * p[i] - j * p[j]) for i, j in pairs)
    complexity = (
        sum(abs(i - j) * (p[i] * s[i] + p[j] * s[j]) / (p[i] + p[j]) for i, j in pairs) / total
    )
    strength = sum((p[i] + p[j]) * (i - j) ** 2 for i, j in pairs) / everything if everything else 0
    return [coarseness, contrast, weighted / spread if spread else 0, complexity, strength]
