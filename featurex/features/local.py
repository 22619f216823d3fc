"""Local statistics: how steep, how rough and how varied each part of the image is, pixel by
pixel.
"""

from itertools import pairwise

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic, resized, share, zone_starts
from featurex.kernels.local_statistics import fill_derivatives, fill_entropies

_PERTUZ = "Pertuz et al. 2013, doi:10.1016/j.patcog.2012.11.011"
_SHANNON = "Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x"
STATISTICS = (
    Statistic(
        "gradient", "g = hypot(f(y + 1, x) - f(y - 1, x), f(y, x + 1) - f(y, x - 1)) / 2", _PERTUZ
    ),
    Statistic(
        "laplacian",
        "l = |f(y - 1, x) + f(y + 1, x) + f(y, x - 1) + f(y, x + 1) - 4 f(y, x)|",
        _PERTUZ,
    ),
    Statistic("entropy", "h = -sum p_i log2 p_i, p_i = share of level i in the window", _SHANNON),
)
_NAMES = tuple(statistic.name for statistic in STATISTICS)
_MOMENTS = ("mean", "std")


class LocalStatistics(Extractor):
    """Mean and standard deviation of gradient, Laplacian and local entropy, for the zones of a
    grid.

    An opacity hides the vessels behind it: gradients fall, and with them the local entropy.

    Parameters
    ----------
    properties : sequence of str
        Which of gradient, laplacian and entropy, in this order.
    levels : int
        Grey levels of the entropy, equal parts of the range of the type, 2 to 64.
    radius : int
        Of the entropy's square window of 2 radius + 1 pixels a side, 1 to 15.
    grid : int
        Zones a side, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    Images are taken as a share of the range of their type. Neighbours outside the image or the
    region count as equal to the pixel itself for gradient and Laplacian (the border's pixel is
    repeated), and do not count for the entropy. A zone without any pixel of the region has only
    zeros.

    References
    ----------
    S. Pertuz, D. Puig, M. A. Garcia (2013). Analysis of focus measure operators for
    shape-from-focus. Pattern Recognition 46(5), 1415-1432. doi:10.1016/j.patcog.2012.11.011
    """

    family = "local"
    statistics = STATISTICS

    def __init__(self, properties=_NAMES, levels=32, radius=4, grid=5, size=96):
        self.properties = properties
        self.levels = levels
        self.radius = radius
        self.grid = grid
        self.size = size

    def _check(self):
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        check_integer("levels", self.levels, 2, 64)
        radius = check_integer("radius", self.radius, 1, 15)
        grid = check_integer("grid", self.grid, 1, 32)
        if self.size is not None:
            check_integer("size", self.size, grid, 4096)
        counts = np.arange((2 * radius + 1) ** 2 + 1)
        terms = counts * np.log2(np.maximum(counts, 1))
        # The smallest unit of which no sum is too large: below a millionth of a bit for all
        # windows.
        unit = 2.0 ** np.ceil(np.log2(terms[-1]) - 31)
        return np.rint(terms / unit).astype(np.int32)

    def _columns(self, shape):
        return tuple(
            f"local_{name}_{moment}_r{row:02d}_c{column:02d}"
            for name in self.properties
            for moment in _MOMENTS
            for row in range(self.grid)
            for column in range(self.grid)
        )

    def _width(self, shape):
        return len(self.properties) * len(_MOMENTS) * self.grid**2

    def _fill(self, terms, image, inside, out):
        image, inside = resized(image, inside, self.size)
        inside = np.ones(image.shape, bool) if inside is None else inside
        maps = self._maps(terms, image, inside)
        values = np.stack([maps[name] for name in self.properties]).astype(np.float64)
        counts = np.maximum(_zone_sums(inside.astype(np.float64), self.grid), 1)
        mean = _zone_sums(values, self.grid) / counts
        variance = _zone_sums(values**2, self.grid) / counts - mean**2
        out[:] = np.stack([mean, np.sqrt(np.maximum(variance, 0))], axis=1).ravel()

    def _maps(self, terms, image, inside):
        """Each property at every pixel; 0 outside the region."""
        grey = share(image)
        gradient, laplacian, entropy = np.empty((3, *image.shape), np.float32)
        fill_derivatives(grey, inside, gradient, laplacian)
        if "entropy" in self.properties:
            clipped = np.clip(np.where(inside, grey, 0), 0, 1)
            levels = np.minimum(clipped * self.levels, self.levels - 1).astype(np.uint8)
            fill_entropies(levels, inside, self.radius, terms, entropy)
        return {"gradient": gradient, "laplacian": laplacian, "entropy": entropy}

    def picture(self, image):
        """The first of the properties at every pixel."""
        image, _ = resized(image, None, self.size)
        return self._maps(self._check(), image, np.ones(image.shape, bool))[self.properties[0]]


def _zone_sums(values, grid):
    """Sums over the zones of the last two axes, which may be fewer pixels than zones long."""
    for axis in (-2, -1):
        starts = zone_starts(values.shape[axis], grid)
        values = np.moveaxis(values, axis, 0)
        sums = [values[start:stop].sum(axis=0) for start, stop in pairwise(starts)]
        values = np.moveaxis(np.stack(sums), 0, axis)
    return values
