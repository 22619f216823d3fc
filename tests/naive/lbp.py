"""Local binary patterns: sample by sample, from Ojala's definition."""

import math
from functools import lru_cache

import numpy as np


def codes(image, points, radius, tolerance=0.0):
    """Bit i is set where the sample at i / points of a turn is as bright as the centre, less the
    tolerance.
    """
    made = np.zeros(image.shape, np.uint32)
    differences = _differences(image.tobytes(), image.dtype, image.shape, points, radius)
    for i in range(points):
        made[differences[i] >= -tolerance] |= np.uint32(1 << i)
    return made


# Several cases look at the same samples of the same images.
@lru_cache(maxsize=256)
def _differences(content, dtype, shape, points, radius):
    """Each sample less its centre: array of shape (points, rows, columns)."""
    image = np.frombuffer(content, dtype).reshape(shape).astype(np.float64)
    made = np.empty((points, *shape))
    for i, row, column in np.ndindex(made.shape):
        turn = 2 * math.pi * i / points
        y = row + round(-radius * math.sin(turn), 5)
        x = column + round(radius * math.cos(turn), 5)
        made[i, row, column] = sample(image, y, x) - image[row, column]
    return made


def sample(image, y, x):
    """Bilinear, with zeros beyond the border."""

    def pixel(row, column):
        return (
            image[row, column]
            if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]
            else 0.0
        )

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


def rotated(code, points):
    """The smallest of all rotations."""
    bits = format(int(code), f"0{points}b")
    return min(int(bits[i:] + bits[:i], 2) for i in range(points))


def placed(code, points):
    """Uniform patterns by number of ones and place: the run's end, counted from the highest bit
    down.
    """
    bits = [(int(code) >> i) & 1 for i in range(points)]
    ones = sum(bits)
    if uniform(code, points) > points:
        return points * (points - 1) + 2
    if ones == 0:
        return 0
    if ones == points:
        return points * (points - 1) + 1
    first = next(i for i in range(points) if bits[i] and not bits[i - 1])
    return 1 + (ones - 1) * points + (points - first) % points


def least_rotations(points):
    """The codes that no rotation makes less."""
    return sorted({rotated(code, points) for code in range(2**points)})


def label(method, points):
    """How many patterns a method tells apart, and the pattern of a code."""
    if method == "uniform":
        return points + 2, lambda code: uniform(code, points)
    if method == "nri_uniform":
        return points * (points - 1) + 3, lambda code: placed(code, points)
    if method == "ror":
        order = least_rotations(points)
        return len(order), lambda code: order.index(rotated(code, points))
    return 2**points, int


def histogram(image, inside, points, radius, grid, method="uniform", tolerance=0.0):
    """Shares of the patterns by zone, of pixels whose neighbours all lie inside."""
    size, pattern = label(method, points)
    rows, columns = image.shape
    counts = np.zeros((grid, grid, size))
    inside = np.ones(image.shape, bool) if inside is None else inside
    reach = math.ceil(radius)
    for (row, column), code in np.ndenumerate(codes(image, points, radius, tolerance)):
        around = inside[
            max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1
        ]
        if around.all():
            counts[row * grid // rows, column * grid // columns, pattern(code)] += 1
    totals = counts.sum(axis=2, keepdims=True)
    return (counts / np.where(totals, totals, 1)).ravel()
