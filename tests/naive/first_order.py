"""First-order statistics: sums over lists, as the IBSI manual writes them."""

import math


def percentile(ordered, fraction):
    rank = fraction * (len(ordered) - 1)
    low = math.floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (rank - low) * (ordered[high] - ordered[low])


def shared(values):
    n, ordered = len(values), sorted(values)
    mean = sum(values) / n
    variance = sum((x - mean) ** 2 for x in values) / n
    p10, p25, p50, p75, p90 = (
        percentile(ordered, fraction) for fraction in (0.1, 0.25, 0.5, 0.75, 0.9)
    )
    constant = ordered[0] == ordered[-1]
    middle = [x for x in values if p10 <= x <= p90]
    center = sum(middle) / max(len(middle), 1)
    return [
        mean,
        0 if constant else variance,
        0 if constant else sum((x - mean) ** 3 for x in values) / n / variance**1.5,
        0 if constant else sum((x - mean) ** 4 for x in values) / n / variance**2 - 3,
        p50,
        ordered[0],
        p10,
        p90,
        ordered[-1],
        p75 - p25,
        ordered[-1] - ordered[0],
        sum(abs(x - mean) for x in values) / n,
        sum(abs(x - center) for x in middle) / max(len(middle), 1),
        sum(abs(x - p50) for x in values) / n,
        0 if constant or mean == 0 else math.sqrt(variance) / mean,
        (p75 - p25) / (p75 + p25) if p75 + p25 else 0,
    ]


def statistics(values):
    energy = sum(x * x for x in values)
    return [*shared(values), energy, math.sqrt(energy / len(values))]


def histogram(levels, n_levels):
    counts = [sum(level == i for level in levels) for i in range(1, n_levels + 1)]
    probabilities = [count / len(levels) for count in counts]
    gradient = []
    for i in range(n_levels):
        before, after = max(i - 1, 0), min(i + 1, n_levels - 1)
        gradient.append(
            (counts[after] - counts[before]) / (after - before) if after > before else 0
        )
    return [
        *shared(levels),
        1 + counts.index(max(counts)),
        -sum(probability * math.log2(probability) for probability in probabilities if probability),
        sum(probability**2 for probability in probabilities),
        max(gradient),
        1 + gradient.index(max(gradient)),
        min(gradient),
        1 + gradient.index(min(gradient)),
    ]
