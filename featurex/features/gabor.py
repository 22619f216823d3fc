"""Gabor filter bank: how strongly each part of the image ripples at each scale and direction."""

import numpy as np
import scipy.fft

from featurex.checks import check_choice, check_integer, check_number, check_sequence
from featurex.features.base import Extractor, Statistic, resized

_SOURCE = "Daugman 1985, doi:10.1364/JOSAA.2.001160; Manjunath and Ma 1996, doi:10.1109/34.531803"
STATISTICS = (
    Statistic("mean", "log(m + 0.001), m = mean of |g * f| over the zone", _SOURCE),
    Statistic("std", "log(s + 0.001), s = standard deviation of |g * f| over the zone", _SOURCE),
    Statistic("energy", "log(e + 0.001), e = mean of |g * f|^2 over the zone", _SOURCE),
)
_NAMES = tuple(statistic.name for statistic in STATISTICS)
# Of the bandwidth: the wavelength is this many standard deviations of the envelope, about one octave.
_WAVELENGTH = 2.2
_ASPECT = 0.7
_FLOOR = 1e-3


class Gabor(Extractor):
    """Statistics of the magnitude of complex Gabor filters, for the zones of a grid.

    Ribs answer to wide filters across their course, vessels and interstitial lines to narrow ones.

    Parameters
    ----------
    sigmas : sequence of float
        Standard deviation of each scale's envelope along the wave, pixels, 0.5 to 32. The wavelength is 2.2
        times as long, and the envelope 1 / 0.7 times as wide across the wave.
    orientations : int
        Directions of the wave, evenly over 180 degrees, 1 to 32.
    properties : sequence of str
        Which of mean, std and energy, in this order.
    grid : int
        Zones a side, 1 to 32.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    The image, as a share of the range of its type, is mirrored at its borders and filtered in the frequency
    domain, where each filter is a Gaussian without any answer to a constant. Magnitudes are computed on the whole
    image; a region chooses which of them are counted. A zone without any pixel of the region has the value of
    magnitude 0.

    References
    ----------
    B. S. Manjunath, W. Y. Ma (1996). Texture features for browsing and retrieval of image data. IEEE TPAMI
    18(8), 837-842. doi:10.1109/34.531803
    """

    family = "gabor"
    statistics = STATISTICS

    def __init__(self, sigmas=(1.5, 3, 5), orientations=4, properties=("mean", "std"), grid=5, size=80):
        self.sigmas = sigmas
        self.orientations = orientations
        self.properties = properties
        self.grid = grid
        self.size = size

    def _check(self):
        sigmas = check_sequence("sigmas", self.sigmas, check_number, low=0.5, high=32)
        orientations = check_integer("orientations", self.orientations, 1, 32)
        grid = check_integer("grid", self.grid, 1, 32)
        if self.size is not None:
            check_integer("size", self.size, grid, 4096)
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        return _Bank(sigmas, orientations)

    def _columns(self, shape):
        return tuple(
            f"gabor_{name}_s{round(10 * sigma):03d}_a{round(180 * turn / self.orientations):03d}_r{row:02d}_c{column:02d}"
            for sigma in self.sigmas
            for turn in range(self.orientations)
            for name in self.properties
            for row in range(self.grid)
            for column in range(self.grid)
        )

    def _fill(self, bank, image, inside, out):
        image, inside = resized(image, inside, self.size)
        weights = np.ones(image.shape, np.float32) if inside is None else inside.astype(np.float32)
        if inside is not None:
            image = np.where(inside, image, image[inside].mean() if inside.any() else 0)
        rows, columns = (np.arange(self.grid) * side // self.grid for side in image.shape)

        def sums(values):
            return np.add.reduceat(np.add.reduceat(values, rows, axis=-2), columns, axis=-1)

        magnitudes = bank.magnitudes(_share(image))
        counts = np.maximum(sums(weights), 1)
        mean = sums(magnitudes * weights) / counts
        energy = sums(magnitudes**2 * weights) / counts
        found = {"mean": mean, "energy": energy, "std": np.sqrt(np.maximum(energy - mean**2, 0))}
        values = np.stack([found[name] for name in self.properties], axis=1)
        out[:] = np.log(values + _FLOOR).ravel()

    def picture(self, image):
        """The strongest magnitude of all filters of the finest scale at each pixel."""
        image, _ = resized(image, None, self.size)
        return self._check().magnitudes(_share(image))[: self.orientations].max(axis=0)


class _Bank:
    """The filters in the frequency domain, made for one shape at a time."""

    def __init__(self, sigmas, orientations):
        self.sigmas, self.orientations = sigmas, orientations
        self._shape = None

    def magnitudes(self, image):
        """Magnitude of every filter's answer: float32 array, shape (n_filters, rows, columns)."""
        rows, columns = image.shape
        border = min(int(np.ceil(3 * max(self.sigmas) / _ASPECT)), min(rows, columns) - 1)
        mirrored = np.pad(image, border, mode="reflect")
        shape = tuple(scipy.fft.next_fast_len(side) for side in mirrored.shape)
        if self._shape != shape:
            self._shape, self._filters = shape, self._make(shape)
        spectrum = scipy.fft.fft2(mirrored, shape)
        answers = scipy.fft.ifft2(spectrum * self._filters)
        return np.abs(answers[:, border : border + rows, border : border + columns])

    def _make(self, shape):
        down, right = np.meshgrid(*(2 * np.pi * scipy.fft.fftfreq(side) for side in shape), indexing="ij")
        filters = []
        for sigma in self.sigmas:
            frequency = 2 * np.pi / (_WAVELENGTH * sigma)
            for turn in range(self.orientations):
                angle = np.pi * turn / self.orientations
                # Along and across the wave; a picture's rows run downwards.
                along = right * np.cos(angle) - down * np.sin(angle)
                across = right * np.sin(angle) + down * np.cos(angle)
                wide = np.exp(-0.5 * (sigma / _ASPECT * across) ** 2)
                carrier = np.exp(-0.5 * (sigma * (along - frequency)) ** 2)
                constant = np.exp(-0.5 * (sigma * frequency) ** 2) * np.exp(-0.5 * (sigma * along) ** 2)
                filters.append(wide * (carrier - constant))
        return np.stack(filters).astype(np.float32)


def _share(image):
    """Grey values as a share of the range that the type can hold, float32."""
    if image.dtype.kind == "f":
        return image.astype(np.float32)
    return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)
