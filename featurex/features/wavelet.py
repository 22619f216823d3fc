"""Wavelet energies and entropies: how much detail of each width and direction a zone has."""

import functools

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic
from featurex.features.grid import sum_zones, zone_edges, zone_names
from featurex.features.region import grey_fractions
from featurex.kernels.wavelet import (
    ENERGY,
    ENTROPY,
    fill_energies_and_entropies,
    transform_db2,
    transform_haar,
)

_MALLAT = "Mallat 1989, doi:10.1109/34.192463"
_COIFMAN = "Coifman and Wickerhauser 1992, doi:10.1109/18.119732"
_ROOT3 = 3**0.5
# Low-pass decomposition filters; Daubechies 1988, doi:10.1002/cpa.3160410705.
WAVELETS = {
    "haar": np.array([1, 1]) / 2**0.5,
    "db2": np.array([1 - _ROOT3, 3 - _ROOT3, 3 + _ROOT3, 1 + _ROOT3]) / (4 * 2**0.5),
}
# Names of the detail bands: horizontal details change from row to row.
_BANDS = ("h", "v", "d")
_FLOOR = 1e-6
# One grey level as a fraction of the range of its type.
_UNITS = {np.dtype(kind): 1 / np.iinfo(kind).max for kind in (np.uint8, np.uint16)}


class Wavelet(Extractor):
    """Energies and entropies of the detail bands of a wavelet transform, zone by zone.

    Fine bands hold interstitial lines and vessels, wide ones ribs and the edges of opacities.

    Parameters
    ----------
    wavelet : "haar" or "db2"
        Daubechies' wavelet with one or two vanishing moments.
    levels : int
        Number of times that the image is halved, 1 to 8; each has three detail bands.
    properties : sequence of str
        Any of energy and entropy; columns follow their order.
    grid : int
        Zones along each side of every band, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    limits : "region", "dtype" or (low, high)
        The grey values of black and white: the region's smallest and largest, those of the image's
        type, or stated ones.

    Notes
    -----
    The transform is decimated. Grey values are fractions of the range between the limits, and
    images are mirrored at their borders, the border's pixel repeated (the mode "symmetric" of
    PyWavelets, whose coefficients these are). Zones divide a band's coefficients; a zone without
    any, in bands smaller than the grid, has the value of zeros.

    Of a region, those coefficients count that are computed from pixels inside alone: the wider the
    band, the fewer there are near the border.

    References
    ----------
    S. G. Mallat (1989). A theory for multiresolution signal decomposition: the wavelet
    representation. IEEE TPAMI 11(7), 674-693. doi:10.1109/34.192463

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Wavelet
    >>> images = np.tile(np.array([0, 255], np.uint8), (1, 16, 8))
    >>> wavelet = Wavelet("haar", levels=1, properties=("energy",), grid=1, size=None)
    >>> wavelet.fit(images).get_feature_names_out()
    array(['wavelet_energy_haar_l1_h_r00_c00',
           'wavelet_energy_haar_l1_v_r00_c00',
           'wavelet_energy_haar_l1_d_r00_c00'], dtype=object)
    >>> wavelet.transform(images).round(2)
    array([[-13.82,   0.  , -13.82]], dtype=float32)
    """

    family = "wavelet"
    takes_fractions = True
    drawing = "The largest of the three details of the first level at each position."
    statistics = (
        Statistic(
            "energy", "log(e + 1e-6), e = mean of c^2 over the zone's coefficients c", _MALLAT
        ),
        Statistic(
            "entropy",
            "-sum p log p / log n, p = c^2 / sum c^2 over the zone's n coefficients",
            _COIFMAN,
        ),
    )

    def __init__(
        self,
        wavelet="db2",
        levels=3,
        properties=("energy", "entropy"),
        grid=4,
        size=128,
        limits="dtype",
    ):
        self.wavelet = wavelet
        self.levels = levels
        self.properties = properties
        self.grid = grid
        self.size = size
        self.limits = limits

    def _check(self):
        check_choice("wavelet", self.wavelet, tuple(WAVELETS))
        levels = check_integer("levels", self.levels, 1, 8)
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        return levels

    def _minimum_size(self):
        reason = ", grid * 2**levels, so that every zone of every band has a coefficient"
        return self.grid * 2**self.levels, reason

    def _columns(self, shape):
        return tuple(
            f"wavelet_{name}_{self.wavelet}_l{level}_{band}_{zone}"
            for level in range(1, self.levels + 1)
            for name in self.properties
            for band in _BANDS
            for zone in zone_names(self.grid)
        )

    def _fill(self, levels, image, inside, out):
        shape = levels, len(_BANDS), self.grid, self.grid
        both = "entropy" in self.properties
        sums = np.zeros((levels, 1 + both, *shape[1:]))
        if inside is None or inside.all():
            counts = self._sum_bands(image, sums)
        else:
            counts = self._sum_region(image, inside, sums)
        # Energies come first in the kernel's order: then values are written into `out` at once.
        direct = self.properties[0] == "energy"
        values = out.reshape(sums.shape) if direct else np.empty(sums.shape, np.float32)
        fill_energies_and_entropies(sums, counts, _FLOOR, values)
        if not direct:
            chosen = [_NAMES.index(name) for name in self.properties]
            out.reshape(levels, len(chosen), *shape[1:])[:] = values[:, chosen]

    def _sum_bands(self, image, sums):
        """Fill the sums of all levels; return the number of coefficients of each level's zones."""
        # The first filter turns grey levels into fractions, which saves a pass.
        unit = _UNITS.get(image.dtype)
        if unit is None:
            image, unit = grey_fractions(image), 1.0
        haar = self.wavelet == "haar"
        layouts, counts = _lay_out_levels(image.shape, 2 if haar else 4, len(sums), self.grid)
        for level, (lines, edges, shape) in enumerate(layouts):
            approximation = np.empty(shape, np.float32)
            if haar:
                # Haar's filters take blocks of 2 x 2: an odd side repeats its last pixels.
                if (image.shape[0] | image.shape[1]) % 2:
                    image = np.pad(image, [(0, side % 2) for side in image.shape], mode="symmetric")
                transform_haar(image, np.float32(0.5 * unit), approximation, *edges, sums[level])
            else:
                filters = _make_filters(self.wavelet, unit), _make_filters(self.wavelet, 1)
                transform_db2(image, *lines, filters, approximation, *edges, sums[level])
            image, unit = approximation, 1.0
        return counts

    def _sum_region(self, image, inside, sums):
        """Do the work of `_sum_bands` for the coefficients that know only pixels inside."""
        grey, counts = grey_fractions(image), []
        for level in range(len(sums)):
            # What lies outside may be NaN, which would spread.
            approximation, details = _transform(np.where(inside, grey, 0), self.wavelet)
            inside = _find_known(inside, len(WAVELETS[self.wavelet]))
            squares = np.where(inside, np.square(details, dtype=np.float64), 0)
            sums[level, ENERGY] = sum_zones(squares, self.grid)
            if sums.shape[1] == 2:
                logarithms = squares * np.log2(np.where(squares > 0, squares, 1))
                sums[level, ENTROPY] = sum_zones(logarithms, self.grid)
            counts.append(sum_zones(inside.astype(np.intp), self.grid))
            grey = approximation
        return np.array(counts)

    def _draw(self, plan, image):
        return np.abs(_transform(grey_fractions(image), self.wavelet)[1]).max(axis=0)


def _transform(image, wavelet):
    """Do one level of the transform: the approximation, and an array of the three details."""
    low, high = _make_filters(wavelet, 1)
    smooth, steep = (_apply_filter(image, taps, 0) for taps in (low, high))
    details = [
        _apply_filter(lines, taps, 1)
        for lines, taps in ((steep, low), (smooth, high), (steep, high))
    ]
    return _apply_filter(smooth, low, 1), np.array(details)


def _apply_filter(image, taps, axis):
    """Filter the image along an axis, and keep every second value."""
    image = np.moveaxis(image, axis, 0)
    count = _count_coefficients(len(image), len(taps))
    lines = image[_mirror(len(image), 2 * count + 2)]
    filtered = sum(weight * lines[3 - tap :: 2][:count] for tap, weight in enumerate(taps))
    return np.moveaxis(filtered, 0, axis)


def _find_known(inside, n_taps):
    """Find the coefficients that are computed from pixels inside alone: bool array."""
    for axis in range(2):
        lines = np.moveaxis(inside, axis, 0)
        count = _count_coefficients(len(lines), n_taps)
        lines = lines[_mirror(len(lines), 2 * count + 2)]
        known = np.all([lines[3 - tap :: 2][:count] for tap in range(n_taps)], axis=0)
        inside = np.moveaxis(known, 0, axis)
    return inside


def _count_coefficients(side, n_taps):
    return (side + n_taps - 1) // 2


@functools.lru_cache(maxsize=16)
def _lay_out_levels(shape, n_taps, levels, grid):
    """Return each level's mirrored lines, zone edges and shape, and the number of coefficients of
    each level's zones.
    """
    layouts, counts = [], []
    for _ in range(levels):
        sides = tuple(_count_coefficients(side, n_taps) for side in shape)
        lines = [_mirror(side, 2 * count + 2) for side, count in zip(shape, sides, strict=True)]
        edges = [zone_edges(side, grid) for side in sides]
        layouts.append((lines, edges, sides))
        counts.append(np.multiply.outer(*(np.diff(edge) for edge in edges)))
        shape = sides
    return layouts, np.array(counts)


@functools.lru_cache(maxsize=64)
def _mirror(side, length):
    """Return the pixels of a line that is mirrored at its ends, from two before its start on: intp
    array, shape (length,).
    """
    pixels = np.arange(-2, length - 2) % (2 * side)
    return np.where(pixels < side, pixels, 2 * side - 1 - pixels)


@functools.lru_cache(maxsize=16)
def _make_filters(wavelet, unit):
    """Return the low-pass filter and its alternating mirror, the high-pass filter, times a unit:
    tuples of float32.
    """
    low = WAVELETS[wavelet]
    signs = np.where(np.arange(low.size) % 2, 1.0, -1.0)
    return tuple(tuple(np.float32(unit * taps)) for taps in (low, signs * low[::-1]))


_NAMES = tuple(statistic.name for statistic in Wavelet.statistics)
