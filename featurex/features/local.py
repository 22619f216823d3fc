"""Local statistics: how steep, how rough and how varied the image is around each pixel."""

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic
from featurex.features.grid import sum_zones, zone_names
from featurex.features.region import grey_fractions
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
    Statistic("entropy", "h = -sum p_i log2 p_i, p_i = fraction of level i", _SHANNON),
)
_NAMES = tuple(statistic.name for statistic in STATISTICS)
_MOMENTS = ("mean", "std")


class LocalStatistics(Extractor):
    """Mean and standard deviation of gradient, Laplacian and local entropy, zone by zone.

    An opacity hides the vessels behind it: gradients fall, and with them the local entropy.

    Parameters
    ----------
    properties : sequence of str
        Any of gradient, laplacian and entropy; columns follow their order.
    levels : int
        Grey levels of the entropy, 2 to 64: equal parts of the range between the limits.
    radius : int
        Radius of the entropy's square window, 1 to 15: it has 2 radius + 1 pixels a side.
    grid : int
        Zones along each side of the image, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    limits : "region", "dtype" or (low, high)
        The grey values of black and white: the region's smallest and largest, those of the image's
        type, or stated ones.

    Notes
    -----
    Grey values are fractions of the range between the limits. Neighbours outside the image or the
    region count as equal to the pixel itself for gradient and Laplacian (the border's pixel is
    repeated), and do not count for the entropy. A zone without any pixel of the region has only
    zeros.

    References
    ----------
    S. Pertuz, D. Puig, M. A. Garcia (2013). Analysis of focus measure operators for
    shape-from-focus. Pattern Recognition 46(5), 1415-1432. doi:10.1016/j.patcog.2012.11.011

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import LocalStatistics
    >>> images = np.tile(np.float32(np.arange(16) / 16), (1, 16, 1))
    >>> local = LocalStatistics(("gradient",), grid=1, size=None).fit(images)
    >>> local.get_feature_names_out()
    array(['local_gradient_mean_r00_c00', 'local_gradient_std_r00_c00'],
          dtype=object)
    >>> local.transform(images).round(3)
    array([[0.059, 0.01 ]], dtype=float32)
    """

    family = "local"
    takes_fractions = True
    statistics = STATISTICS
    drawing = "The first of the properties at every pixel."

    def __init__(self, properties=_NAMES, levels=32, radius=4, grid=5, size=96, limits="dtype"):
        self.properties = properties
        self.levels = levels
        self.radius = radius
        self.grid = grid
        self.size = size
        self.limits = limits

    def _check(self):
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        check_integer("levels", self.levels, 2, 64)
        radius = check_integer("radius", self.radius, 1, 15)
        counts = np.arange((2 * radius + 1) ** 2 + 1)
        terms = counts * np.log2(np.maximum(counts, 1))
        # The smallest unit of which no sum is too large: below a millionth of a bit for all
        # windows.
        unit = 2.0 ** np.ceil(np.log2(terms[-1]) - 31)
        return np.rint(terms / unit).astype(np.int32)

    def _columns(self, shape):
        return tuple(
            f"local_{name}_{moment}_{zone}"
            for name in self.properties
            for moment in _MOMENTS
            for zone in zone_names(self.grid)
        )

    def _fill(self, terms, image, inside, out):
        inside = np.ones(image.shape, bool) if inside is None else inside
        maps = self._compute_maps(terms, image, inside)
        # In float64, as the variance is a difference of sums.
        values = np.stack([maps[name] for name in self.properties]).astype(np.float64)
        counts = np.maximum(sum_zones(inside.astype(np.float64), self.grid), 1)
        mean = sum_zones(values, self.grid) / counts
        variance = sum_zones(values**2, self.grid) / counts - mean**2
        out[:] = np.stack([mean, np.sqrt(np.maximum(variance, 0))], axis=1).ravel()

    def _draw(self, terms, image):
        return self._compute_maps(terms, image, np.ones(image.shape, bool))[self.properties[0]]

    def _compute_maps(self, terms, image, inside):
        """Compute each property at every pixel; it is 0 outside the region."""
        # Outside its region an image may hold NaN or infinity, which spread and stand for no level.
        grey = np.where(inside, grey_fractions(image), np.float32(0))
        gradient, laplacian, entropy = np.empty((3, *image.shape), np.float32)
        fill_derivatives(grey, inside, gradient, laplacian)
        if "entropy" in self.properties:
            # The value 1 belongs to the last level.
            levels = np.minimum(np.clip(grey, 0, 1) * self.levels, self.levels - 1).astype(np.uint8)
            fill_entropies(levels, inside, self.radius, terms, entropy)
        return {"gradient": gradient, "laplacian": laplacian, "entropy": entropy}
