"""Intensity histograms on a pyramid of zones."""

from functools import lru_cache

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic, resized
from featurex.kernels.zones import fill_zone_histograms

_IDENTITY = np.arange(256, dtype=np.uint8)


class ZoneHistogram(Extractor):
    """Intensity histograms of the zones of several grids, from the whole image down to small
    squares.

    How dark each part of the chest is, and how evenly: on aligned, equalised images the best single
    family for pneumonia.

    Parameters
    ----------
    grids : sequence of int
        Zones a side of each grid, 1 to 32.
    bins : sequence of int
        Bins of the histograms of each grid, 2 to 256; as many as `grids`.
    scale : "root" or "share"
        "share" gives the share of the zone's pixels in each bin; "root" its square root, under
        which the Euclidean distance of two histograms is their Hellinger distance.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    The bins divide the range of the type (0 to 255, 0 to 65535, or 0 to 1) into equal parts. A zone
    without any pixel of the region has only zeros.

    References
    ----------
    S. Lazebnik, C. Schmid, J. Ponce (2006). Beyond bags of features: spatial pyramid matching.
    CVPR. doi:10.1109/CVPR.2006.68
    """

    family = "zones"
    statistics = (
        Statistic("root", "sqrt(n_b / n)", "Lazebnik et al. 2006, doi:10.1109/CVPR.2006.68"),
        Statistic("share", "n_b / n", "Lazebnik et al. 2006, doi:10.1109/CVPR.2006.68"),
    )

    def __init__(self, grids=(1, 2, 4, 6, 8), bins=(16, 16, 12, 10, 8), scale="root", size=96):
        self.grids = grids
        self.bins = bins
        self.scale = scale
        self.size = size

    def _check(self):
        grids = check_sequence("grids", self.grids, check_integer, low=1, high=32)
        bins = check_sequence("bins", self.bins, check_integer, low=2, high=256)
        if len(grids) != len(bins):
            raise ParameterError(
                f"bins must name one number for each of {len(grids)} grids, but {bins} was given"
            )
        check_choice("scale", self.scale, ("root", "share"))
        if self.size is not None:
            check_integer("size", self.size, max(grids), 4096)
        return tuple(zip(grids, bins, strict=True))

    def _columns(self, shape):
        return tuple(
            f"zones_{self.scale}_g{grid:02d}_r{row:02d}_c{column:02d}_b{index:03d}"
            for grid, bins in self._check()
            for row in range(grid)
            for column in range(grid)
            for index in range(bins)
        )

    def _width(self, shape):
        return sum(grid * grid * bins for grid, bins in zip(self.grids, self.bins, strict=True))

    def _fill(self, plan, image, inside, out):
        image, inside = resized(image, inside, self.size)
        inside = None if inside is None else inside.view(np.uint8)
        if image.dtype.kind == "f":
            image = np.clip(np.nan_to_num(image), 0, 1)
        start = 0
        for grid, n_bins in plan:
            stop = start + grid * grid * n_bins
            values, bins = _binned(image, n_bins)
            starts = (_starts(side, grid) for side in image.shape)
            fill_zone_histograms(
                values,
                inside,
                bins,
                *starts,
                self.scale == "root",
                out[start:stop].reshape(grid, grid, -1),
            )
            start = stop

    def picture(self, image):
        """The mean grey value of every zone of the finest grid."""
        return resized(image, None, max(self.grids))[0]


def _binned(image, n_bins):
    """Whole numbers for the pixels, and the bin of each such number."""
    if image.dtype.kind == "u":
        return image, _bins(np.iinfo(image.dtype).max + 1, n_bins)
    return _bin(image, n_bins), _IDENTITY


@lru_cache(maxsize=64)
def _bins(n_levels, n_bins):
    """Bin of each grey level: equally many levels in each, where that is possible."""
    return _bin(np.arange(n_levels, dtype=np.float32) / np.float32(n_levels), n_bins)


def _bin(fractions, n_bins):
    return np.minimum(fractions * n_bins, n_bins - 1).astype(np.uint8)


@lru_cache(maxsize=64)
def _starts(side, grid):
    """First pixel of each zone, and the side's end: pixel x lies in zone floor(x grid / side)."""
    return -(np.arange(grid + 1) * -side // grid)
