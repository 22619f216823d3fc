"""Differential box counting: a loop over places, zones and sizes, and numpy's line fit."""

import numpy as np


def dimensions(image, inside, scales, grid):
    """Fractal dimension of every zone; grey values as float32 fractions of their range."""
    rows, columns = image.shape
    counts = [[[] for _ in range(scales)] for _ in range(grid * grid)]
    for scale in range(scales):
        side = 2 ** (scale + 1)
        height = np.float32(side / min(rows, columns))
        for row in range(0, rows - side + 1, side):
            for column in range(0, columns - side + 1, side):
                area = slice(row, row + side), slice(column, column + side)
                values = image[area][inside[area]]
                if values.size:
                    zone = (row + side // 2) * grid // rows * grid + (
                        column + side // 2
                    ) * grid // columns
                    boxes = np.floor(values.max() / height) - np.floor(values.min() / height) + 1
                    counts[zone][scale].append(boxes)
    return np.array([_slope(zone) for zone in counts])


def _slope(zone):
    points = [
        (-(scale + 1) * np.log(2), np.log(np.mean(boxes) / 4 ** (scale + 1)))
        for scale, boxes in enumerate(zone)
        if boxes
    ]
    if len(points) < 2:
        return 2.0
    x, y = np.transpose(points)
    # N = mean / s^2, and log(1 / s^2) grows by 2 a unit of log(1 / s).
    return np.polyfit(x, y, 1)[0]
