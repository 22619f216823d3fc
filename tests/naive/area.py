"""Area averaging in fractions, pixel by pixel."""

from fractions import Fraction

import numpy as np


def shrink(image, rows, columns):
    """Mean of the area that every new pixel covers: object array of fractions, shape (rows,
    columns).
    """
    means = np.empty((rows, columns), object)
    high, wide = Fraction(image.shape[0], rows), Fraction(image.shape[1], columns)
    for row in range(rows):
        for column in range(columns):
            total = Fraction(0)
            for y in range(image.shape[0]):
                for x in range(image.shape[1]):
                    covered = _overlap(row * high, high, y) * _overlap(column * wide, wide, x)
                    total += covered * Fraction(image[y, x].item())
            means[row, column] = total / (high * wide)
    return means


def _overlap(begin, length, pixel):
    """How much of a pixel, from `pixel` to `pixel` + 1, lies in an interval."""
    return max(Fraction(0), min(begin + length, Fraction(pixel + 1)) - max(begin, Fraction(pixel)))
