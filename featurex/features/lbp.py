"""Local binary patterns: fine texture, whatever the exposure."""

import functools
import math

import numpy as np

from featurex.checks import check_choice, check_integer, check_number, check_sequence
from featurex.compat.lbp_circle import locate_in_ring, pad_width
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic, name_number
from featurex.features.grid import find_zones, zone_edges, zone_names
from featurex.kernels.lbp_codes import count_labels, lbp_codes, lbp_codes_fused
from featurex.kernels.lbp_labels import (
    fill_root_fractions,
    label_by_position,
    label_rotated,
    label_uniform,
)

# Each method's name in the columns, and the largest number of samples for which its patterns are
# few enough for a histogram.
METHODS = {
    "uniform": ("root", 24),
    "nri_uniform": ("nri", 24),
    "ror": ("ror", 12),
    "default": ("code", 8),
}
MODES = ("exact", "fast")
# Codes of up to so many points are few: they are counted, and their labels looked up once.
_MAX_COUNTED_POINTS = 8


class LBP(Extractor):
    """Histograms of local binary patterns, at several scales, by zone.

    Parameters
    ----------
    points : sequence of int
        Samples on the circle of each scale, 4 to 24.
    radii : sequence of float
        Radius of each scale's circle, pixels, 0.5 to 32; one for each of `points`.
    grid : int
        Zones along each side of the image, 1 to 32; each has a histogram.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    method : "uniform", "nri_uniform", "ror" or "default"
        Which patterns have bins of their own. "uniform": one for each number of bright neighbours
        that are adjacent, and one for all other patterns (riu2, points + 2 bins). "nri_uniform":
        also one for each position of these (u2, points (points - 1) + 3 bins). "ror": all patterns,
        of which rotations share one (36 bins for 8 points; at most 12 points). "default": all
        patterns (2^points bins; at most 8 points).
    mode : "exact" or "fast"
        "exact": float64, patterns identical to scikit-image's. "fast": float32, and a sample counts
        as bright from 2^-20 of the brightest grey value below its centre.

    Notes
    -----
    The codes are those of scikit-image's ``local_binary_pattern`` with the same method: bilinear
    samples, zeros beyond the border. A value is the square root of the fraction of the zone that
    has a pattern.
    Of a region, those codes are counted whose neighbours all lie inside: the pixels at most r rows
    and columns away, r being the radius rounded up, as far as the image has them. A zone without
    any has only zeros.

    In "fast" mode a bit can differ only where sample and centre differ by less than 2^-19 of the
    brightest grey value: at ties, which the definition calls bright, and which scikit-image's
    offsets of five decimals and rounding break one way or the other. In radiographs of 8 bits that
    is up to 0.5 % of the codes at 224 pixels, and up to 3 % at full size, where neighbours are more
    alike. The method "var" of scikit-image is left out: a histogram of variances needs bins learnt
    from other images.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import LBP
    >>> images = np.tile(np.arange(32, dtype=np.uint8), (1, 32, 1))
    >>> lbp = LBP(points=(8,), radii=(1,), grid=1, size=None).fit(images)
    >>> lbp.get_feature_names_out()[5]
    'lbp_root_p08_s010_r00_c00_b05'
    >>> (lbp.transform(images) ** 2).round(2)
    array([[0.  , 0.  , 0.  , 0.06, 0.  , 0.88, 0.  , 0.  , 0.03, 0.03]],
          dtype=float32)
    """

    family = "lbp"
    drawing = "The codes of the first scale, by their number of bright neighbours."
    statistics = (
        Statistic(
            "root",
            "sqrt(n_b / n) of riu2 pattern b",
            "Ojala et al. 2002, doi:10.1109/TPAMI.2002.1017623",
        ),
        Statistic(
            "nri", "sqrt(n_b / n) of u2 pattern b", "Ahonen et al. 2006, doi:10.1109/TPAMI.2006.244"
        ),
        Statistic(
            "ror",
            "sqrt(n_b / n) of the b-th minimum of rotated codes",
            "Ojala et al. 2002, section 2.2",
        ),
        Statistic("code", "sqrt(n_b / n) of code b", "Ojala et al. 2002, section 2.1"),
    )

    def __init__(
        self, points=(8, 8, 8), radii=(1, 2, 4), grid=5, size=128, method="uniform", mode="exact"
    ):
        self.points = points
        self.radii = radii
        self.grid = grid
        self.size = size
        self.method = method
        self.mode = mode

    def _check(self):
        check_choice("method", self.method, tuple(METHODS))
        check_choice("mode", self.mode, MODES)
        points = check_sequence(
            "points", self.points, check_integer, low=4, high=METHODS[self.method][1]
        )
        radii = check_sequence("radii", self.radii, check_number, low=0.5, high=32)
        if len(points) != len(radii):
            raise ParameterError(
                f"radii must name one radius for each of {len(points)} scales, but {radii} was "
                f"given"
            )
        return tuple(zip(points, radii, strict=True))

    def _columns(self, shape):
        name = METHODS[self.method][0]
        return tuple(
            f"lbp_{name}_p{points:02d}_s{name_number(10 * radius)}_{zone}_b{index:02d}"
            for points, radius in zip(self.points, self.radii, strict=True)
            for zone in zone_names(self.grid)
            for index in range(_count_patterns(self.method, points))
        )

    def _fill(self, plan, image, inside, out):
        if inside is not None:
            # What lies outside must not decide about rounding.
            image = np.where(inside, image, image.dtype.type(0))
        zones = _find_row_zones(*image.shape, self.grid)
        start = 0
        for points, radius in plan:
            counted = None if inside is None else _find_surrounded(inside, math.ceil(radius))
            counts, labels = self._count(image, counted, points, radius, *zones)
            n_patterns = _count_patterns(self.method, points)
            stop = start + self.grid**2 * n_patterns
            fill_root_fractions(counts, labels, out[start:stop].reshape(-1, n_patterns))
            start = stop

    def _count(self, image, counted, points, radius, row_zones, column_edges):
        """Count the codes or labels of every zone; return the counts, and the label of each."""
        codes = _compute_codes(image, points, radius, self.mode)
        if points <= _MAX_COUNTED_POINTS:
            labels = _labels_of_codes(self.method, points)
        else:
            codes = _label(self.method, codes, points)
            labels = np.arange(_count_patterns(self.method, points), dtype=np.uint16)
        counts = np.zeros((self.grid**2, 4, len(labels)), np.uint32)
        count_labels(codes, counted, row_zones, column_edges, counts)
        return counts, labels

    def _draw(self, plan, image):
        points, radius = plan[0]
        return np.bitwise_count(binary_codes(image, points, radius))


def _find_surrounded(inside, radius):
    """Find the pixels whose neighbours in the image all lie inside: uint8 array of 0 and 1."""
    # Beyond the image's border nothing is outside. Pixels outside in each square, by running sums.
    side, outside = 2 * radius + 1, np.pad((~inside).astype(np.int32), radius)
    for axis in range(2):
        sums = np.cumsum(np.moveaxis(outside, axis, 0), axis=0)
        sums = np.concatenate((np.zeros_like(sums[:1]), sums))
        outside = np.moveaxis(sums[side:] - sums[:-side], 0, axis)
    # As the kernel takes it.
    return np.ascontiguousarray(outside == 0).view(np.uint8)


@functools.lru_cache(maxsize=64)
def _find_row_zones(rows, columns, grid):
    """Return the first zone of every row, and the edges of the zones within a row."""
    return find_zones(np.arange(rows), rows, grid) * grid, zone_edges(columns, grid)


def binary_codes(image, points, radius, mode="exact"):
    """Compute the binary code of every pixel.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    points : int
        Samples on the circle, at most 32.
    radius : float
        Radius of the circle, pixels.
    mode : "exact" or "fast"
        How precisely samples are compared; see `LBP`.

    Returns
    -------
    codes : uint32 array, shape (rows, columns)
        Bit i for the sample at i / points of a turn, counter-clockwise from the right.
    """
    return _compute_codes(image, points, radius, mode)[:, : image.shape[1]]


def _compute_codes(image, points, radius, mode):
    """Compute the codes of `binary_codes`, with meaningless columns behind them."""
    codes = np.empty((len(image), pad_width(image.shape[1])), np.uint32)
    if mode == "exact":
        samples = locate_in_ring(*image.shape, points, radius, np.float64, np.uint32)
        lbp_codes(image, samples, 0.0, codes)
    else:
        # Floating images may be negative: the size of their values decides about rounding.
        brightest = float(image.max()) if image.dtype.kind == "u" else float(np.abs(image).max())
        samples = locate_in_ring(*image.shape, points, radius, np.float32, np.uint32)
        lbp_codes_fused(image, samples, np.float32(brightest * 2.0**-20), codes)
    return codes


@functools.cache
def _labels_of_codes(method, points):
    """Return the label of every code: uint16 array of shape (2^points,)."""
    return _label(method, np.arange(2**points, dtype=np.uint32)[None], points)[0].astype(np.uint16)


def _label(method, codes, points):
    """Return the label, which is a bin, of every code: uint8 or uint16 array."""
    if method == "default":
        return codes.astype(np.uint16)
    if method == "ror":
        return _number_rotations(points)[codes]
    label, dtype = {
        "uniform": (label_uniform, np.uint8),
        "nri_uniform": (label_by_position, np.uint16),
    }[method]
    labels = np.empty(codes.shape, dtype)
    label(codes, points, labels)
    return labels


def _count_patterns(method, points):
    if method == "ror":
        return int(_number_rotations(points).max()) + 1
    return {"uniform": points + 2, "nri_uniform": points * (points - 1) + 3, "default": 2**points}[
        method
    ]


@functools.cache
def _number_rotations(points):
    """Number the minima of rotated codes in their order; return every code's number: uint16 array,
    shape (2^points,).
    """
    codes = np.arange(2**points, dtype=np.uint32)[None]
    minima = np.empty(codes.shape, np.uint16)
    label_rotated(codes, points, minima)
    return np.unique(minima, return_inverse=True)[1].ravel().astype(np.uint16)
