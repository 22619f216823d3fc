"""Fractal dimension: how much detail the grey-level surface has at ever smaller scales."""

import numpy as np

from featurex.checks import check_integer
from featurex.features.base import Extractor, Statistic
from featurex.features.grid import find_zones, zone_names
from featurex.features.region import grey_fractions
from featurex.kernels.fractal import find_box_extremes

_SARKAR = "Sarkar and Chaudhuri 1994, doi:10.1109/21.259692"


class FractalDimension(Extractor):
    """Fractal dimension of the grey-level surface, by differential box counting, zone by zone.

    A smooth opacity has nearly the dimension of a plane, 2; a lung full of vessels and lines has a
    higher one.

    Parameters
    ----------
    scales : int
        Number of box sizes, 2 to 8: sides of 2, 4, 8 ... pixels.
    grid : int
        Zones along each side of the image, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    limits : "region", "dtype" or (low, high)
        The grey values of black and white: the region's smallest and largest, those of the image's
        type, or stated ones.

    Notes
    -----
    Over a square of s x s pixels, the surface meets n = floor(max / h) - floor(min / h) + 1 boxes
    of height h = s / M, where grey values are fractions of the range between the limits and M is
    the image's shorter side. The paper sums n over all squares; here N is the mean over the zone's
    squares, times 1 / s^2. Both are the same where boxes of every size cover the zone; the mean
    does not depend on how well they cover it elsewhere. A square belongs to the zone of its centre;
    only squares wholly in the image count, and of them only pixels of the region. A zone with
    squares of fewer than two sizes has dimension 2.

    References
    ----------
    N. Sarkar, B. B. Chaudhuri (1994). An efficient differential box-counting approach to compute
    fractal dimension of image. IEEE Trans. Systems, Man, and Cybernetics 24(1), 115-120.
    doi:10.1109/21.259692

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import FractalDimension
    >>> images = np.full((1, 32, 32), 90, np.uint8)
    >>> FractalDimension(grid=1, size=None).fit_transform(images)
    array([[2.]], dtype=float32)
    """

    family = "fractal"
    takes_fractions = True
    drawing = "The number of boxes above each of the smallest squares."
    statistics = (
        Statistic(
            "dimension",
            "D = d log N(s) / d log(1 / s) by least squares, N = boxes of side s",
            _SARKAR,
        ),
    )

    def __init__(self, scales=4, grid=4, size=128, limits="dtype"):
        self.scales = scales
        self.grid = grid
        self.size = size
        self.limits = limits

    def _check(self):
        scales = check_integer("scales", self.scales, 2, 8)
        return 2 ** np.arange(1, scales + 1)

    def _minimum_size(self):
        reason = ", grid * 2**scales, so that every zone has a box of every size"
        return self.grid * 2**self.scales, reason

    def _columns(self, shape):
        return tuple(f"fractal_dimension_s{self.scales}_{zone}" for zone in zone_names(self.grid))

    def _fill(self, sides, image, inside, out):
        grey = grey_fractions(image)
        # Outside the region, infinities that are never an extreme.
        low, high = (
            (grey, grey)
            if inside is None
            else (np.where(inside, grey, sign * np.inf) for sign in (1, -1))
        )
        means = [
            _average_zones(
                *_count_boxes(low, high, side, min(grey.shape)), side, grey.shape, self.grid
            )
            for side in sides
        ]
        out[:] = _fit_dimensions(np.log(sides), np.array(means).reshape(len(sides), -1))

    def _draw(self, sides, image):
        grey = grey_fractions(image)
        return _count_boxes(grey, grey, sides[0], min(grey.shape))[0]


def _count_boxes(low, high, side, shorter):
    """Count the boxes above each square, and tell whether any pixel of it counts: two arrays."""
    shape = tuple(pixels // side for pixels in low.shape)
    lows, highs = np.empty((2, *shape), np.float32)
    find_box_extremes(low.astype(np.float32), high.astype(np.float32), int(side), lows, highs)
    counted = highs >= lows
    height = np.float32(side / shorter)
    lows, highs = np.where(counted, lows, 0), np.where(counted, highs, 0)
    return np.floor(highs / height) - np.floor(lows / height) + 1, counted


def _average_zones(numbers, counted, side, shape, grid):
    """Average the number of boxes over the squares of each zone: array of shape (grid * grid,), NaN
    for a zone without squares.
    """
    rows, columns = (
        find_zones(np.arange(squares) * side + side // 2, pixels, grid)
        for squares, pixels in zip(numbers.shape, shape, strict=True)
    )
    zones = np.add.outer(rows * grid, columns)[counted]
    totals = np.bincount(zones, numbers[counted], grid * grid)
    squares = np.bincount(zones, minlength=grid * grid)
    return np.divide(totals, squares, out=np.full(grid * grid, np.nan), where=squares > 0)


def _fit_dimensions(log_sides, means):
    """Fit a line to the logarithms of each column's means that are known: its slope plus 2, and 2
    where fewer than two are.
    """
    known = np.isfinite(means)
    number = known.sum(axis=0)
    x = np.where(known, log_sides[:, None], 0)
    y = np.where(known, np.log(np.where(known, means, 1)), 0)
    variance = number * (x * x).sum(axis=0) - x.sum(axis=0) ** 2
    covariance = number * (x * y).sum(axis=0) - x.sum(axis=0) * y.sum(axis=0)
    # There are 1 / s^2 squares of side s: the slope of a sum is that of the mean and 2 more.
    slopes = np.divide(covariance, variance, out=np.zeros_like(variance), where=number > 1)
    return 2 - slopes
