"""The intensity-volume histogram: pixel by pixel, as the IBSI manual writes it."""


def statistics(levels, n_levels):
    """Volume fractions at 10 % and 90 % of the intensity, and intensities of such volumes."""

    def volume(level):
        return sum(value >= level for value in levels) / len(levels)

    def at_intensity(fraction):
        reached = [
            level
            for level in range(1, n_levels + 1)
            if (level - 1) / max(n_levels - 1, 1) >= fraction
        ]
        return max((volume(level) for level in reached), default=0)

    def at_volume(fraction):
        return min(level for level in range(1, n_levels + 2) if volume(level) <= fraction)

    v10, v90, i10, i90 = at_intensity(0.1), at_intensity(0.9), at_volume(0.1), at_volume(0.9)
    return [v10, v90, i10, i90, v10 - v90, i10 - i90]
