"""Local binary patterns: sample by sample, from Ojala's definition."""

import math

import numpy as np


def codes(image, points, radius):
    """Bit i is set where the sample at i / points of a turn is at least as bright as the centre."""
    image = image.astype(np.float64)
    made = np.zeros(image.shape, np.uint32)
    for row, column in np.ndindex(image.shape):
        for i in range(points):
            turn = 2 * math.pi * i / points
            y = row + round(-radius * math.sin(turn), 5)
            x = column + round(radius * math.cos(turn), 5)
            if sample(image, y, x) - image[row, column] >= 0:
                made[row, column] |= np.uint32(1 << i)
    return made


def sample(image, y, x):
    """Bilinear, with zeros beyond the border."""

    def pixel(row, column):
        return image[row, column] if 0 <= row < image.shape[0] and 0 <= column < image.shape[1] else 0.0

    top, left = math.floor(y), math.floor(x)
    bottom, right = math.ceil(y), math.ceil(x)
    upper = (1 - (x - left)) * pixel(top, left) + (x - left) * pixel(top, right)
    lower = (1 - (x - left)) * pixel(bottom, left) + (x - left) * pixel(bottom, right)
    return (1 - (y - top)) * upper + (y - top) * lower


def uniform(code, points):
    """Ojala's riu2: the number of ones if the circle changes at most twice, else points + 1."""
    bits = [(int(code) >> i) & 1 for i in range(points)]
    changes = sum(bits[i] != bits[i - 1] for i in range(points))
    return sum(bits) if changes <= 2 else points + 1


def histogram(image, inside, points, radius, grid):
    """Shares of the patterns by zone."""
    rows, columns = image.shape
    counts = np.zeros((grid, grid, points + 2))
    for (row, column), code in np.ndenumerate(codes(image, points, radius)):
        if inside is None or inside[row, column]:
            counts[row * grid // rows, column * grid // columns, uniform(code, points)] += 1
    totals = counts.sum(axis=2, keepdims=True)
    return (counts / np.where(totals, totals, 1)).ravel()
