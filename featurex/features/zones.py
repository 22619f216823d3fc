"""Intensity histograms on a pyramid of zones."""

from functools import lru_cache

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic
from featurex.features.grid import zone_edges, zone_names
from featurex.images.resize import resize
from featurex.kernels.zones import fill_zone_histograms

_IDENTITY = np.arange(256, dtype=np.uint8)


class ZoneHistogram(Extractor):
    """Intensity histograms of the zones of several grids, from the whole image to small squares.

    How dark each part of the chest is, and how evenly: on aligned, equalised images the best single
    family for pneumonia.

    Parameters
    ----------
    grids : sequence of int
        Zones along each side of the image, for each grid, 1 to 32.
    bins : sequence of int
        Bins of each grid's histograms, 2 to 256; one number for each of `grids`.
    scale : "root" or "share"
        "share" gives the fraction of the zone's pixels in each bin; "root" its square root, with
        which the Euclidean distance of two histograms is their Hellinger distance.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    limits : "region", "dtype" or (low, high)
        The grey values of black and white: the region's smallest and largest, those of the image's
        type, or stated ones.

    Notes
    -----
    The bins divide the range between the limits into equal parts. A zone without any pixel of the
    region has only zeros.

    References
    ----------
    S. Lazebnik, C. Schmid, J. Ponce (2006). Beyond bags of features: spatial pyramid matching.
    CVPR. doi:10.1109/CVPR.2006.68

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import ZoneHistogram
    >>> images = np.array([[[0, 100], [200, 250]]], np.uint8)
    >>> zones = ZoneHistogram(grids=(1,), bins=(4,), scale="share", size=None).fit(images)
    >>> zones.get_feature_names_out()[0]
    'zones_share_g01_r00_c00_b000'
    >>> zones.transform(images)
    array([[0.25, 0.25, 0.  , 0.5 ]], dtype=float32)
    """

    family = "zones"
    takes_fractions = True
    drawing = "The mean grey value of every zone of the finest grid."
    statistics = (
        Statistic("root", "sqrt(n_b / n)", "Lazebnik et al. 2006, doi:10.1109/CVPR.2006.68"),
        Statistic("share", "n_b / n", "Lazebnik et al. 2006, doi:10.1109/CVPR.2006.68"),
    )

    def __init__(
        self, grids=(1, 2, 4, 6, 8), bins=(16, 16, 12, 10, 8), scale="root", size=96, limits="dtype"
    ):
        self.grids = grids
        self.bins = bins
        self.scale = scale
        self.size = size
        self.limits = limits

    def _check(self):
        grids = check_sequence("grids", self.grids, check_integer, low=1, high=32)
        bins = check_sequence("bins", self.bins, check_integer, low=2, high=256)
        if len(grids) != len(bins):
            raise ParameterError(
                f"bins must name one number for each of {len(grids)} grids, but {bins} was given"
            )
        check_choice("scale", self.scale, ("root", "share"))
        return tuple(zip(grids, bins, strict=True))

    def _minimum_size(self):
        return max(self.grids), ", a pixel for every zone"

    def _columns(self, shape):
        return tuple(
            f"zones_{self.scale}_g{grid:02d}_{zone}_b{index:03d}"
            for grid, bins in zip(self.grids, self.bins, strict=True)
            for zone in zone_names(grid)
            for index in range(bins)
        )

    def _fill(self, plan, image, inside, out):
        # No copy: a bool is stored as a byte of 0 or 1.
        inside = None if inside is None else inside.view(np.uint8)
        if image.dtype.kind == "f":
            # NaN may stand outside the region, and has no bin.
            image = np.clip(np.nan_to_num(image), 0, 1)
        start = 0
        for grid, n_bins in plan:
            stop = start + grid * grid * n_bins
            values, bins = _assign_bins(image, n_bins)
            edges = (zone_edges(side, grid) for side in image.shape)
            histograms = out[start:stop].reshape(grid, grid, -1)
            fill_zone_histograms(values, inside, bins, *edges, self.scale == "root", histograms)
            start = stop

    def _draw(self, plan, image):
        return resize(image, max(self.grids))


def _assign_bins(image, n_bins):
    """Return an integer for each pixel, and the bin of each such integer."""
    if image.dtype.kind == "u":
        return image, _bins_of_levels(np.iinfo(image.dtype).max + 1, n_bins)
    return _bin(image, n_bins), _IDENTITY


@lru_cache(maxsize=64)
def _bins_of_levels(n_levels, n_bins):
    """Return the bin of each grey level: equally many levels in each, where that is possible."""
    return _bin(np.arange(n_levels, dtype=np.float32) / np.float32(n_levels), n_bins)


def _bin(fractions, n_bins):
    return np.minimum(fractions * n_bins, n_bins - 1).astype(np.uint8)
