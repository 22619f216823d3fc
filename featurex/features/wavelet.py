"""Wavelet energies and entropies: how much detail of each width and direction a part of the image has."""

import functools

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic, resized, share, zone_starts
from featurex.kernels.wavelet import analyse, zone_energies, zone_logarithms

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


class Wavelet(Extractor):
    """Energies and entropies of the detail bands of a decimated wavelet transform, for the zones of a grid.

    Interstitial lines and vessels live in the fine bands, ribs and the edges of opacities in the wide ones.

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
    Images are taken as a share of the range of their type and mirrored at their borders, the border's pixel
    repeated (the mode "symmetric" of PyWavelets, whose coefficients these are). Zones divide a band's
    coefficients; a zone without any, in bands smaller than the grid, has the value of zeros.

    A region is ignored: a coefficient mixes pixels of both sides of its border.

    References
    ----------
    S. G. Mallat (1989). A theory for multiresolution signal decomposition: the wavelet representation. IEEE
    TPAMI 11(7), 674-693. doi:10.1109/34.192463
    """

    family = "wavelet"
    statistics = (
        Statistic("energy", "log(e + 1e-6), e = mean of c^2 over the zone's coefficients c", _MALLAT),
        Statistic("entropy", "-sum p log p / log n, p = c^2 / sum c^2 over the zone's n coefficients", _COIFMAN),
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
        check_sequence("properties", self.properties, check_choice, allowed=_names())
        if self.size is not None and check_integer("size", self.size, 1, 4096) < grid * 2**levels:
            raise ParameterError(
                f"size must be at least grid * 2**levels = {grid * 2**levels}, so that every zone of every "
                f"band has a coefficient, but {self.size!r} was given"
            )
        return _filters(self.wavelet), levels

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

    def _fill(self, plan, image, inside, out):
        image, _ = resized(image, None, self.size)
        parts = out.reshape(self.levels, len(self.properties), len(_BANDS), self.grid, self.grid)
        for part, bands in zip(parts, transform(share(image), *plan), strict=True):
            found = self._statistics(bands[1:])
            for index, name in enumerate(self.properties):
                part[index] = found[name]

    def _statistics(self, details):
        starts = [zone_starts(side, self.grid) for side in details.shape[1:]]
        energy = np.zeros((len(_BANDS), self.grid, self.grid))
        zone_energies(details, *starts, energy)
        counts = np.multiply.outer(*(np.diff(start) for start in starts))
        found = {"energy": np.log(energy / np.maximum(counts, 1) + _FLOOR)}
        if "entropy" in self.properties:
            logarithms = np.zeros_like(energy)
            zone_logarithms(details, *starts, logarithms)
            found["entropy"] = _entropy(energy, logarithms, counts)
        return found

    def picture(self, image):
        """The strongest of the three details of the first level at each of its places."""
        image, _ = resized(image, None, self.size)
        return np.abs(next(transform(share(image), *self._check()))[1:]).max(axis=0)


def transform(image, filters, levels):
    """Yield the bands of each level, finest first.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
    filters : float32 array, shape (2, n_taps)
        Low-pass and high-pass.
    levels : int

    Yields
    ------
    bands : float32 array, shape (4, rows, columns)
        Approximation, horizontal, vertical and diagonal details; a side of n has (n + n_taps - 1) // 2 values.
    """
    padded = np.zeros((2, 4), np.float32)
    padded[:, : filters.shape[1]] = filters
    for _ in range(levels):
        counts = [(side + filters.shape[1] - 1) // 2 for side in image.shape]
        bands = np.empty((4, *counts), np.float32)
        places = (_mirrored(side, 2 * count + 2) for side, count in zip(image.shape, counts, strict=True))
        analyse(image, *places, padded, bands)
        yield bands
        image = bands[0]


@functools.lru_cache(maxsize=64)
def _mirrored(side, length):
    """Places of a line from two before its start, mirrored at its ends: intp array, shape (length,)."""
    places = np.arange(-2, length - 2) % (2 * side)
    return np.where(places < side, places, 2 * side - 1 - places)


@functools.cache
def _filters(wavelet):
    """Low-pass and, its alternating mirror, high-pass filter: float32 array, shape (2, n_taps)."""
    low = WAVELETS[wavelet]
    signs = np.where(np.arange(low.size) % 2, 1.0, -1.0)
    return np.stack([low, signs * low[::-1]]).astype(np.float32)


def _entropy(energy, logarithms, counts):
    """Entropies from sums of c^2 and c^2 log c^2, as a share of what n equal coefficients have."""
    # Coefficients of a constant image are rounding errors, whose distribution says nothing.
    some = energy > _FLOOR**2 * np.maximum(counts, 1)
    safe = np.where(some, energy, 1)
    return np.where(some, (np.log(safe) - logarithms / safe) / np.log(np.maximum(counts, 2)), 0)


def _names():
    return tuple(statistic.name for statistic in Wavelet.statistics)
