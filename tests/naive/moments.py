"""Zernike and Hu moments: a loop over pixels, and the formulas as the papers print them."""

import cmath
import math

import numpy as np


def zernike(image, degree):
    """Magnitudes on the disc around the image's centre, by degree and angular frequency."""
    rows, columns = image.shape
    radius = min(rows, columns) / 2
    values = []
    for n in range(degree + 1):
        for m in range(n % 2, n + 1, 2):
            moment, total = 0, 0
            for row, column in np.ndindex(image.shape):
                x, y = (column - (columns - 1) / 2) / radius, (row - (rows - 1) / 2) / radius
                if math.hypot(x, y) <= 1:
                    total += image[row, column]
                    moment += (
                        image[row, column]
                        * _radial(n, m, math.hypot(x, y))
                        * cmath.exp(-1j * m * math.atan2(y, x))
                    )
            values.append(abs(moment) * (n + 1) / math.pi / total if total else 0)
    return values


def _radial(n, m, distance):
    total = 0
    for s in range((n - m) // 2 + 1):
        below = (
            math.factorial(s) * math.factorial((n + m) // 2 - s) * math.factorial((n - m) // 2 - s)
        )
        total += (-1) ** s * math.factorial(n - s) / below * distance ** (n - 2 * s)
    return total


def hu(image):
    """Hu's seven invariants."""
    if not image.sum():
        return np.zeros(7)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(float)
    y, x = y - (y * image).sum() / image.sum(), x - (x * image).sum() / image.sum()

    def n(p, q):
        return (x**p * y**q * image).sum() / image.sum() ** (1 + (p + q) / 2)

    c, d = n(3, 0) + n(1, 2), n(2, 1) + n(0, 3)
    return np.array(
        [
            n(2, 0) + n(0, 2),
            (n(2, 0) - n(0, 2)) ** 2 + 4 * n(1, 1) ** 2,
            (n(3, 0) - 3 * n(1, 2)) ** 2 + (3 * n(2, 1) - n(0, 3)) ** 2,
            c**2 + d**2,
            (n(3, 0) - 3 * n(1, 2)) * c * (c**2 - 3 * d**2)
            + (3 * n(2, 1) - n(0, 3)) * d * (3 * c**2 - d**2),
            (n(2, 0) - n(0, 2)) * (c**2 - d**2) + 4 * n(1, 1) * c * d,
            (3 * n(2, 1) - n(0, 3)) * c * (c**2 - 3 * d**2)
            - (n(3, 0) - 3 * n(1, 2)) * d * (3 * c**2 - d**2),
        ]
    )


def rooted(invariants):
    """Each invariant's signed root of its degree in the normalised moments."""
    return [
        np.sign(h) * abs(h) ** (1 / k)
        for h, k in zip(np.ravel(invariants), (1, 2, 2, 2, 4, 3, 4), strict=True)
    ]
