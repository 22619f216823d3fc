"""Local binary patterns: fine texture, whatever the exposure."""

import numpy as np

from featurex.checks import check_integer, check_number, check_sequence
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic, resized
from featurex.kernels.lbp import circle, count_labels, label_uniform, lbp_codes, pad


class LBP(Extractor):
    """Histograms of rotation-invariant uniform local binary patterns, at several scales, by zone.

    Parameters
    ----------
    points : sequence of int
        Samples of the circle at each scale, 4 to 24.
    radii : sequence of float
        Radius of the circle at each scale, pixels, 0.5 to 32; as many as `points`.
    grid : int
        The image is cut into grid x grid zones with a histogram each, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    The codes are those of scikit-image's ``local_binary_pattern(method="uniform")``: Ojala's riu2, bilinear
    samples, zeros beyond the border. Bin k counts patterns of k bright neighbours side by side, the last bin
    all that are not uniform; a value is the square root of the bin's share of the zone. Codes are computed on
    the whole image; a region chooses which of them are counted, so that its neighbours outside matter at its
    border. A zone without any pixel of the region has only zeros.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant texture
    classification with local binary patterns. IEEE TPAMI 24(7), 971-987. doi:10.1109/TPAMI.2002.1017623
    """

    family = "lbp"
    statistics = (
        Statistic("root", "sqrt(n_b / n) of riu2 pattern b", "Ojala et al. 2002, doi:10.1109/TPAMI.2002.1017623"),
    )

    def __init__(self, points=(8, 8, 8), radii=(1, 2, 4), grid=5, size=128):
        self.points = points
        self.radii = radii
        self.grid = grid
        self.size = size

    def _check(self):
        points = check_sequence("points", self.points, check_integer, low=4, high=24)
        radii = check_sequence("radii", self.radii, check_number, low=0.5, high=32)
        if len(points) != len(radii):
            raise ParameterError(f"radii must name one radius for each of {len(points)} scales, but {radii} was given")
        grid = check_integer("grid", self.grid, 1, 32)
        if self.size is not None:
            check_integer("size", self.size, grid, 4096)
        return tuple(zip(points, radii, strict=True))

    def _columns(self, shape):
        return tuple(
            f"lbp_root_p{points:02d}_s{_name(radius)}_r{row:02d}_c{column:02d}_b{index:02d}"
            for points, radius in self._check()
            for row in range(self.grid)
            for column in range(self.grid)
            for index in range(points + 2)
        )

    def _width(self, shape):
        return self.grid**2 * sum(points + 2 for points in self.points)

    def _fill(self, plan, image, inside, out):
        image, inside = resized(image, inside, self.size)
        rows = np.arange(image.shape[0]) * self.grid // image.shape[0] * self.grid
        starts = -(-np.arange(self.grid + 1) * image.shape[1] // self.grid)
        labels = np.empty(image.shape, np.uint16)
        start = 0
        for points, radius in plan:
            # One more label than columns, for pixels outside the region.
            counts = np.zeros((self.grid**2, 4, points + 3), np.int64)
            label_uniform(binary_codes(image, points, radius), points, labels)
            if inside is not None:
                labels[~inside] = points + 2
            count_labels(labels, rows, starts, counts)
            counts = counts.sum(axis=1)[:, :-1]
            shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
            out[start : start + counts.size] = np.sqrt(shares).ravel()
            start += counts.size

    def picture(self, image):
        """The codes of the first scale, by their number of bright neighbours."""
        points, radius = self._check()[0]
        codes = binary_codes(resized(image, None, self.size)[0], points, radius)
        return np.bitwise_count(codes)


def binary_codes(image, points, radius):
    """The binary code of every pixel.

    Parameters
    ----------
    image : array of shape (rows, columns)
    points : int
        Samples of the circle, at most 32.
    radius : float
        Pixels.

    Returns
    -------
    codes : uint32 array, shape (rows, columns)
        Bit i for the sample at i / points of a turn, counter-clockwise from the right.
    """
    codes = np.empty(image.shape, np.uint32)
    samples = circle(*image.shape, points, radius, np.float64)
    lbp_codes(pad(image, radius, np.float64), *samples, 0.0, codes)
    return codes


def _name(radius):
    """A radius in a column name: tenths of a pixel, three digits."""
    return f"{round(10 * radius):03d}"
