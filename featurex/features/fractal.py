"""Fractal dimension: how much detail the grey-level surface gains when one looks closer."""

import numpy as np

from featurex.checks import check_integer
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic, resized, share
from featurex.kernels.fractal import find_box_extremes

_SARKAR = "Sarkar and Chaudhuri 1994, doi:10.1109/21.259692"


class FractalDimension(Extractor):
    """Fractal dimension of the grey-level surface by differential box counting, for the zones of a
    grid.

    A smooth opacity has nearly the dimension of a plane, 2; lung full of vessels and lines has
    more.

    Parameters
    ----------
    scales : int
        How many box sizes: 2, 4, 8 ... pixels, 2 to 8.
    grid : int
        Zones a side, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    Over a place of s x s pixels, the surface meets n = floor(max / h) - floor(min / h) + 1 boxes of
    height h = s / M, where grey values are a share of the range of their type and M is the image's
    shorter side. The paper sums n over all places; here N is the mean over the zone's places, times
    1 / s^2, which is the same where boxes of every size cover the zone, and does not count how well
    they do where they cannot. A place belongs to the zone of its centre; only places wholly in the
    image count, and of them only pixels of the region. A zone with places of fewer than two sizes
    has dimension 2.

    References
    ----------
    N. Sarkar, B. B. Chaudhuri (1994). An efficient differential box-counting approach to compute
    fractal dimension of image. IEEE Trans. Systems, Man, and Cybernetics 24(1), 115-120.
    doi:10.1109/21.259692
    """

    family = "fractal"
    statistics = (
        Statistic(
            "dimension",
            "D = d log N(s) / d log(1 / s) by least squares, N = boxes of side s",
            _SARKAR,
        ),
    )

    def __init__(self, scales=4, grid=4, size=128):
        self.scales = scales
        self.grid = grid
        self.size = size

    def _check(self):
        scales = check_integer("scales", self.scales, 2, 8)
        grid = check_integer("grid", self.grid, 1, 32)
        if self.size is not None and check_integer("size", self.size, 1, 4096) < grid * 2**scales:
            raise ParameterError(
                f"size must be at least grid * 2**scales = {grid * 2**scales}, so that every zone "
                f"has a box of "
                f"every size, but {self.size!r} was given"
            )
        return 2 ** np.arange(1, scales + 1)

    def _columns(self, shape):
        return tuple(
            f"fractal_dimension_s{self.scales}_r{row:02d}_c{column:02d}"
            for row in range(self.grid)
            for column in range(self.grid)
        )

    def _width(self, shape):
        return self.grid**2

    def _fill(self, sides, image, inside, out):
        image, inside = resized(image, inside, self.size)
        grey = share(image)
        low, high = (
            (grey, grey)
            if inside is None
            else (np.where(inside, grey, sign * np.inf) for sign in (1, -1))
        )
        counts = [
            _zone_means(*_boxes(low, high, side, min(grey.shape)), side, grey.shape, self.grid)
            for side in sides
        ]
        out[:] = _dimension(np.log(sides), np.array(counts).reshape(len(sides), -1))

    def picture(self, image):
        """The number of boxes above each place of the smallest boxes."""
        image, _ = resized(image, None, self.size)
        grey = share(image)
        numbers, _ = _boxes(grey, grey, self._check()[0], min(grey.shape))
        return numbers


def _boxes(low, high, side, shorter):
    """Number of boxes above each place, and whether any pixel of it counts: arrays of one shape."""
    shape = tuple(pixels // side for pixels in low.shape)
    lows, highs = np.empty((2, *shape), np.float32)
    find_box_extremes(low.astype(np.float32), high.astype(np.float32), int(side), lows, highs)
    some = highs >= lows
    height = np.float32(side / shorter)
    lows, highs = np.where(some, lows, 0), np.where(some, highs, 0)
    return np.floor(highs / height) - np.floor(lows / height) + 1, some


def _zone_means(numbers, some, side, shape, grid):
    """Mean number of boxes a place in each zone; NaN where it has none: array of shape (grid,
    grid).
    """
    rows, columns = (
        ((np.arange(places) * side + side // 2) * grid // pixels)
        for places, pixels in zip(numbers.shape, shape, strict=True)
    )
    zones = np.add.outer(rows * grid, columns)[some]
    totals = np.bincount(zones, numbers[some], grid * grid)
    places = np.bincount(zones, minlength=grid * grid)
    return np.divide(totals, places, out=np.full(grid * grid, np.nan), where=places > 0)


def _dimension(log_sides, means):
    """Slope of each column of log mean counts over the sizes it has, plus 2; and 2 with fewer than
    two sizes.
    """
    known = np.isfinite(means)
    number = known.sum(axis=0)
    x = np.where(known, log_sides[:, None], 0)
    y = np.where(known, np.log(np.where(known, means, 1)), 0)
    spread = number * (x * x).sum(axis=0) - x.sum(axis=0) ** 2
    together = number * (x * y).sum(axis=0) - x.sum(axis=0) * y.sum(axis=0)
    # Places of side s number as 1 / s^2: the sum's slope is that of the mean and 2 more.
    return 2 - np.divide(together, spread, out=np.zeros_like(spread), where=number > 1)
