"""The clustered bootstrap by copying images, for given numbers of draws of each patient."""

import numpy as np


def repeated(arrays, times):
    """Each array with image i repeated times[i] times."""
    index = [i for i, count in enumerate(times) for _ in range(int(count))]
    return [np.asarray(array)[index] for array in arrays]


def interval(values, level):
    """The interval between quantiles, by sorting and linear interpolation."""
    values = sorted(values)
    tail = (1.0 - level) / 2.0
    limits = []
    for fraction in (tail, 1.0 - tail):
        position = fraction * (len(values) - 1)
        below = int(position)
        above = min(below + 1, len(values) - 1)
        limits.append(values[below] + (position - below) * (values[above] - values[below]))
    return tuple(limits)
