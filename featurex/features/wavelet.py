"""Wavelet energies and entropies: how much detail of each width and direction a part of the image
has.
"""

import functools

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic, resized, share, zone_starts
from featurex.kernels.wavelet import db2_level, fill_energies_and_entropies, haar_level

_MALLAT = "Mallat 1989, doi:10.1109/34.192463"
_COIFMAN = "Coifman and Wickerhauser 1992, doi:10.1109/18.119732"
_ROOT3 = 3**0.5
# Low-pass decomposition filters; Daubechies 1988, doi:10.1002/cpa.3160410705.
WAVELETS = {
    "haar": np.array([1, 1]) / 2**0.5,
    "db2": np.array([1 - _ROOT3, 3 - _ROOT3, 3 + _ROOT3, 1 + _ROOT3]) / (4 * 2**0.5),
}
# Names of the details: horizontal ones change from row to row.
_BANDS = ("h", "v", "d")
_FLOOR = 1e-6
# What a grey level counts.
_UNITS = {np.dtype(kind): 1 / np.iinfo(kind).max for kind in (np.uint8, np.uint16)}


class Wavelet(Extractor):
    """Energies and entropies of the detail bands of a decimated wavelet transform, for the zones of
    a grid.

    Interstitial lines and vessels live in the fine bands, ribs and the edges of opacities in the
    wide ones.

    Parameters
    ----------
    wavelet : "haar" or "db2"
        Daubechies' wavelets with one and two vanishing moments.
    levels : int
        Halvings of the image, 1 to 8; each has three detail bands.
    properties : sequence of str
        Which of energy and entropy, in this order.
    grid : int
        Zones a side of every band, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    Images are taken as a share of the range of their type and mirrored at their borders, the
    border's pixel repeated (the mode "symmetric" of PyWavelets, whose coefficients these are).
    Zones divide a band's coefficients; a zone without any, in bands smaller than the grid, has the
    value of zeros.

    A region is ignored: a coefficient mixes pixels of both sides of its border.

    References
    ----------
    S. G. Mallat (1989). A theory for multiresolution signal decomposition: the wavelet
    representation. IEEE TPAMI 11(7), 674-693. doi:10.1109/34.192463
    """

    family = "wavelet"
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

    def __init__(self, wavelet="db2", levels=3, properties=("energy", "entropy"), grid=4, size=128):
        self.wavelet = wavelet
        self.levels = levels
        self.properties = properties
        self.grid = grid
        self.size = size

    def _check(self):
        check_choice("wavelet", self.wavelet, tuple(WAVELETS))
        levels = check_integer("levels", self.levels, 1, 8)
        grid = check_integer("grid", self.grid, 1, 32)
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        if self.size is not None and check_integer("size", self.size, 1, 4096) < grid * 2**levels:
            raise ParameterError(
                f"size must be at least grid * 2**levels = {grid * 2**levels}, so that every zone "
                f"of every "
                f"band has a coefficient, but {self.size!r} was given"
            )
        return levels

    def _columns(self, shape):
        return tuple(
            f"wavelet_{name}_{self.wavelet}_l{level}_{band}_r{row:02d}_c{column:02d}"
            for level in range(1, self.levels + 1)
            for name in self.properties
            for band in _BANDS
            for row in range(self.grid)
            for column in range(self.grid)
        )

    def _width(self, shape):
        return self.levels * len(self.properties) * len(_BANDS) * self.grid**2

    def _fill(self, levels, image, inside, out):
        image, _ = resized(image, None, self.size)
        shape = levels, len(_BANDS), self.grid, self.grid
        both = "entropy" in self.properties
        sums = np.zeros((levels, 1 + both, *shape[1:]))
        counts = self._sum(image, sums)
        # In their own order, energies first, values need no place of their own.
        direct = self.properties[0] == "energy"
        values = out.reshape(sums.shape) if direct else np.empty(sums.shape, np.float32)
        fill_energies_and_entropies(sums, counts, _FLOOR, values)
        if not direct:
            chosen = [_NAMES.index(name) for name in self.properties]
            out.reshape(levels, len(chosen), *shape[1:])[:] = values[:, chosen]

    def _sum(self, image, sums):
        """Fill the sums of all levels; return the number of coefficients of each level's zones."""
        # Grey levels become shares in the first filter, not in a pass of their own.
        unit = _UNITS.get(image.dtype)
        if unit is None:
            image, unit = share(image), 1.0
        haar = self.wavelet == "haar"
        places, counts = _places(image.shape, 2 if haar else 4, len(sums), self.grid)
        for level, (lines, zones, shape) in enumerate(places):
            approximation = np.empty(shape, np.float32)
            if haar:
                if (image.shape[0] | image.shape[1]) % 2:
                    image = np.pad(image, [(0, side % 2) for side in image.shape], mode="symmetric")
                haar_level(image, np.float32(0.5 * unit), approximation, *zones, sums[level])
            else:
                filters = _weights(self.wavelet, unit), _weights(self.wavelet, 1)
                db2_level(image, *lines, filters, approximation, *zones, sums[level])
            image, unit = approximation, 1.0
        return counts

    def picture(self, image):
        """The strongest of the three details of the first level at each of its places."""
        self._check()
        image, _ = resized(image, None, self.size)
        low, high = _weights(self.wavelet, 1)
        smooth, steep = (_filtered(share(image), taps, 0) for taps in (low, high))
        details = _filtered(steep, low, 1), _filtered(smooth, high, 1), _filtered(steep, high, 1)
        return np.abs(details).max(axis=0)


def _filtered(image, taps, axis):
    """The image filtered along an axis, every second value kept."""
    image = np.moveaxis(image, axis, 0)
    count = _count(len(image), len(taps))
    lines = image[_mirrored(len(image), 2 * count + 2)]
    filtered = sum(weight * lines[3 - tap :: 2][:count] for tap, weight in enumerate(taps))
    return np.moveaxis(filtered, 0, axis)


def _count(side, n_taps):
    """Coefficients along a side of so many pixels."""
    return (side + n_taps - 1) // 2


@functools.lru_cache(maxsize=16)
def _places(shape, n_taps, levels, grid):
    """For every level its mirrored lines, zones' starts and shape; and all zones' numbers of
    coefficients.
    """
    places, counts = [], []
    for _ in range(levels):
        sides = tuple(_count(side, n_taps) for side in shape)
        lines = [_mirrored(side, 2 * count + 2) for side, count in zip(shape, sides, strict=True)]
        starts = [zone_starts(side, grid) for side in sides]
        places.append((lines, starts, sides))
        counts.append(np.multiply.outer(*(np.diff(start) for start in starts)))
        shape = sides
    return places, np.array(counts)


@functools.lru_cache(maxsize=64)
def _mirrored(side, length):
    """Places of a line from two before its start, mirrored at its ends: intp array, shape
    (length,).
    """
    places = np.arange(-2, length - 2) % (2 * side)
    return np.where(places < side, places, 2 * side - 1 - places)


@functools.lru_cache(maxsize=16)
def _weights(wavelet, unit):
    """Low-pass and, its alternating mirror, high-pass filter, times what a grey level counts:
    tuples of float32.
    """
    low = WAVELETS[wavelet]
    signs = np.where(np.arange(low.size) % 2, 1.0, -1.0)
    return tuple(tuple(np.float32(unit * taps)) for taps in (low, signs * low[::-1]))


_NAMES = tuple(statistic.name for statistic in Wavelet.statistics)
