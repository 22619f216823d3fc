"""Gabor magnitudes against direct convolution, scipy's FFT and OpenCV's filter2D."""

from functools import cache

import numpy as np

from featurex.features import Gabor
from tests.cases.base import Case, values_of
from tests.naive import gabor as naive


def _share(image):
    return image.astype(np.float64) / np.iinfo(image.dtype).max


def _statistics(magnitudes):
    return np.log(np.array([[m.mean(), m.std()] for m in magnitudes]).ravel() + 1e-3)


@cache
def _spectra(shape, filters):
    """Spectra of filters as large as a mirrored image, their centres at its first pixel."""
    spectra = []
    for sigma, angle in filters:
        kernel = naive.kernel(sigma, angle)
        placed = np.zeros(shape, np.complex64)
        placed[: kernel.shape[0], : kernel.shape[1]] = kernel
        spectra.append(
            np.fft.fft2(np.roll(placed, -(kernel.shape[0] // 2), (0, 1))).astype(np.complex64)
        )
    return spectra


def _case(name, sigmas, orientations, sampling):
    filters = tuple(
        (sigma, np.pi * turn / orientations) for sigma in sigmas for turn in range(orientations)
    )
    steps = [2 ** int(np.log2(max(sigma, 1))) if sampling == "sigma" else 1 for sigma, _ in filters]
    ours = values_of(Gabor(sigmas, orientations, grid=1, size=None, sampling=sampling))

    def sampled(magnitudes):
        return _statistics(
            [each[::step, ::step] for each, step in zip(magnitudes, steps, strict=True)]
        )

    def twin(image, inside):
        return sampled([naive.magnitude(_share(image), *filter_) for filter_ in filters])

    def opencv(image, inside):
        import cv2

        magnitudes = []
        for filter_ in filters:
            # OpenCV correlates: the kernel is turned by half.
            kernel = naive.kernel(*filter_)[::-1, ::-1]
            parts = [
                cv2.filter2D(
                    _share(image), -1, np.ascontiguousarray(part), borderType=cv2.BORDER_REFLECT_101
                )
                for part in (kernel.real, kernel.imag)
            ]
            magnitudes.append(np.hypot(*parts))
        return sampled(magnitudes)

    def scipy_fft(image, inside):
        import scipy.fft

        border = naive.kernel(max(sigmas), 0).shape[0] // 2
        mirrored = np.pad(_share(image).astype(np.float32), border, mode="reflect")
        shape = tuple(scipy.fft.next_fast_len(side) for side in mirrored.shape)
        spectrum = scipy.fft.fft2(mirrored, shape)
        responses = [
            np.abs(scipy.fft.ifft2(spectrum * weights)) for weights in _spectra(shape, filters)
        ]
        return sampled(
            [
                each[border : border + image.shape[0], border : border + image.shape[1]]
                for each in responses
            ]
        )

    return Case(
        name,
        "gabor",
        ours,
        twin,
        peers={"OpenCV": opencv, "SciPy's FFT": scipy_fft},
        comparable=("OpenCV", "SciPy's FFT"),
        # The frequency domain knows the whole kernel, the twin five standard deviations of it.
        atol=2e-3,
    )


CASES = (
    _case("gabor_8_filters", (1.5, 3.0), 4, "pixel"),
    _case("gabor_24_filters_sampled", (2.0, 2.5, 3.0, 4.0), 6, "sigma"),
)
