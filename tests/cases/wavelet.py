"""Wavelet energies and entropies against matrix products and PyWavelets."""

import itertools

import numpy as np

from featurex.features import Wavelet
from tests.cases.base import Case, values_of
from tests.naive import wavelet as naive

_LEVELS, _GRID = 3, 2


def _share(image):
    return image.astype(np.float64) / np.iinfo(image.dtype).max


def _pywavelets(image, wavelet, statistics):
    import pywt

    coefficients = pywt.wavedec2(_share(image), wavelet, mode="symmetric", level=_LEVELS)
    return np.concatenate([statistics(details) for details in coefficients[:0:-1]])


def _both(details):
    """Energies and entropies, as a user of numpy would write them."""
    energies, entropies = [], []
    for band in details:
        rows, columns = (
            [-(-side * zone // _GRID) for zone in range(_GRID + 1)] for side in band.shape
        )
        squares = band**2
        for top, bottom in itertools.pairwise(rows):
            for left, right in itertools.pairwise(columns):
                zone = squares[top:bottom, left:right]
                energies.append(np.log(zone.mean() + 1e-6))
                fractions = zone[zone > 0] / zone.sum() if zone.mean() > 1e-12 else np.ones(1)
                entropies.append(-(fractions * np.log(fractions)).sum() / np.log(zone.size))
    return np.array(energies + entropies)


def _energies(details):
    return np.log([np.square(band).mean() + 1e-6 for band in details])


def _twin(image, inside, wavelet, grid, kinds):
    levels = [
        naive.statistics(details, grid)
        for details in naive.levels(_share(image), wavelet, _LEVELS, inside)
    ]
    return np.concatenate([values[: kinds * len(values) // 2] for values in levels])


def _case(wavelet, name, properties, grid, statistics):
    return Case(
        name,
        "wavelet",
        values_of(Wavelet(wavelet, _LEVELS, properties, grid, size=None)),
        lambda image, inside: _twin(image, inside, wavelet, grid, len(properties)),
        peers={"PyWavelets": lambda image, inside: _pywavelets(image, wavelet, statistics)},
        comparable=("PyWavelets",),
        masked=True,
        # Ours computes in float32.
        rtol=1e-4,
        atol=1e-4,
    )


CASES = tuple(
    _case(wavelet, f"wavelet_{wavelet}{suffix}", properties, grid, statistics)
    for suffix, properties, grid, statistics in (
        ("", ("energy", "entropy"), _GRID, _both),
        ("_energies", ("energy",), 1, _energies),
    )
    for wavelet in ("haar", "db2")
)
