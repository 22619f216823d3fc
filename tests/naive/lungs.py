"""Intensity inside the lungs: loops over pixels, and numpy's percentiles of lists."""

import numpy as np


def lung_intensity(image, inside, bins, opaque):
    """The values of LungIntensity in the order of its columns."""
    top = 1.0 if image.dtype.kind == "f" else float(np.iinfo(image.dtype).max)
    rows, columns = image.shape
    pixels = {
        (row, column): float(np.float32(image[row, column]) / np.float32(top))
        for row in range(rows)
        for column in range(columns)
        if inside is None or inside[row, column]
    }
    cut = _cut(pixels)
    lungs = [
        {p: v for p, v in pixels.items() if p[1] < cut},
        {p: v for p, v in pixels.items() if p[1] >= cut},
    ]
    values, means = [], []
    for lung in lungs:
        zones = [lung, *_thirds(lung, 0)]
        values += [
            value for zone in zones for value in _describe(list(zone.values()), bins, opaque)
        ]
        means.append([_mean(zone) for zone in zones])
    values += [abs(right - left) for right, left in zip(*means, strict=True)]
    for number, lung in enumerate(lungs):
        parts = [_mean(part) for part in _thirds(lung, 1)]
        inner, outer = (parts[2], parts[0]) if number == 0 else (parts[0], parts[2])
        values += [means[number][3] - means[number][1], inner - outer]
        values += [
            _edge(lung, 0, -1),
            _edge(lung, 1, -1 if number == 0 else 1),
            len(lung) / (rows * columns),
        ]
    return np.array([*values, _between(*lungs)])


def _cut(pixels):
    filled = sorted({column for _, column in pixels})
    first, last = filled[0], filled[-1] + 1
    quarter = (last - first) // 4
    middle = list(range(first + quarter, max(last - quarter, first + quarter + 1)))
    counts = {column: sum(p[1] == column for p in pixels) for column in middle}
    emptiest = [column for column in middle if counts[column] == min(counts.values())]
    return emptiest[len(emptiest) // 2]


def _thirds(lung, axis):
    if not lung:
        return [{}, {}, {}]
    places = [p[axis] for p in lung]
    first, last = min(places), max(places) + 1
    edges = [round(first + k * (last - first) / 3) for k in range(4)]
    return [{p: v for p, v in lung.items() if edges[k] <= p[axis] < edges[k + 1]} for k in range(3)]


def _mean(zone):
    return sum(zone.values()) / len(zone) if zone else 0.0


def _describe(values, bins, opaque):
    if not values:
        return [0.0] * (5 + len(opaque) + bins)
    mean = sum(values) / len(values)
    statistics = [mean, (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5]
    statistics += [float(np.percentile(values, q)) for q in (10, 50, 90)]
    statistics += [sum(v >= np.float32(level) for v in values) / len(values) for level in opaque]
    counts = [0] * bins
    for v in values:
        counts[min(int(np.float32(v) * np.float32(bins)), bins - 1)] += 1
    return statistics + [(count / len(values)) ** 0.5 for count in counts]


def _edge(lung, axis, end):
    """Border less inside, along `axis`, where the lung is deep enough."""
    if not lung:
        return 0.0
    depth = max(1, round(0.06 * len({p[0] for p in lung})))
    differences = []
    for line in {p[1 - axis] for p in lung}:
        along = [p[axis] for p in lung if p[1 - axis] == line]
        border = max(along) if end == -1 else min(along)
        deep = border + end * depth
        place, inner = (
            ((border, line), (deep, line)) if axis == 0 else ((line, border), (line, deep))
        )
        if inner in lung:
            differences.append(lung[place] - lung[inner])
    return sum(differences) / len(differences) if differences else 0.0


def _between(right, left):
    gaps, extents = [], []
    for row in {p[0] for p in right} & {p[0] for p in left}:
        a, b = ([p[1] for p in lung if p[0] == row] for lung in (right, left))
        gaps.append(min(b) - (max(a) + 1))
        extents.append(max(b) + 1 - min(a))
    return max(gaps) / max(extents) if gaps else 0.0
