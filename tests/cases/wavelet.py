"""Wavelet energies and entropies against matrix products and PyWavelets."""

import numpy as np

from featurex.features import Wavelet
from tests.cases.base import Case
from tests.naive import wavelet as naive

_LEVELS, _GRID = 3, 2


def _share(image):
    return image.astype(np.float64) / np.iinfo(image.dtype).max


def _pywavelets(image, wavelet):
    import pywt

    coefficients = pywt.wavedec2(_share(image), wavelet, mode="symmetric", level=_LEVELS)
    return np.concatenate([naive.statistics(details, _GRID) for details in coefficients[:0:-1]])


def _twin(image, wavelet):
    return np.concatenate(
        [naive.statistics(details, _GRID) for details in naive.levels(_share(image), wavelet, _LEVELS)]
    )


def _case(wavelet):
    return Case(
        f"wavelet_{wavelet}",
        "wavelet",
        lambda image, inside: Wavelet(wavelet, _LEVELS, grid=_GRID, size=None).fit_transform([image])[0],
        lambda image, inside: _twin(image, wavelet),
        peers={"PyWavelets": lambda image, inside: _pywavelets(image, wavelet)},
        comparable=("PyWavelets",),
        # Ours computes in float32.
        rtol=1e-4,
        atol=1e-4,
    )


CASES = tuple(_case(wavelet) for wavelet in ("haar", "db2"))
