"""Bilinear interpolation in fractions, point by point."""

import math
from fractions import Fraction


def interpolate(image, x, y):
    """The value of an image at a point, its edge repeated beyond the border: Fraction."""
    rows, columns = image.shape
    x, y = Fraction(float(x)), Fraction(float(y))
    left, top = math.floor(x), math.floor(y)
    total = Fraction(0)
    for row in (top, top + 1):
        for column in (left, left + 1):
            weight = (1 - abs(x - column)) * (1 - abs(y - row))
            grey = image[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)]
            total += weight * Fraction(grey.item())
    return total
