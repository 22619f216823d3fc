"""The bank of Gabor filters: their weights in the frequency domain, and an image's responses."""

import functools
import itertools
import math

import cv2
import numpy as np

from featurex.kernels.gabor import fold_spectrum

# Wavelength in standard deviations of the envelope: a bandwidth of about one octave.
_WAVELENGTH = 2.2
# Width of the envelope along the wave, divided by that across it.
_ASPECT = 0.7
# Padding in standard deviations of the widest envelope: a filter has 1 % of its weight beyond.
_REACH = 3
# Weights below this fraction of a filter's largest one, which is about 1, are left out.
_NEGLIGIBLE = 1e-5


def compute_responses(image, sigmas, orientations, sampling):
    """Yield the complex response of every filter, but for its phase.

    Parameters
    ----------
    image : float32 array, shape (rows, columns)
        Grey values.
    sigmas : tuple of float
        Standard deviation of each scale's envelope along the wave, pixels.
    orientations : int
        Directions of the wave, evenly over 180 degrees.
    sampling : "pixel" or "sigma"
        Where responses are computed; see `Gabor`.

    Yields
    ------
    response : complex64 array, shape (ceil(rows / step), ceil(columns / step))
        Scale after scale, and direction after direction within each.
    step : int
        Every step-th row and column is sampled, from the first on.
    """
    rows, columns = image.shape
    steps = [
        1 if sampling == "pixel" else 2 ** math.floor(math.log2(max(sigma, 1))) for sigma in sigmas
    ]
    # All samples of the mirrored image lie at multiples of the largest step, and so of every one.
    unit = max(steps)
    needed = -(-math.ceil(_REACH * max(sigmas) / _ASPECT) // unit)
    padding = min(needed, (min(rows, columns) - 1) // unit) * unit
    # The transform is periodic: without the padding, opposite borders would be neighbours.
    mirrored = np.pad(image, padding, mode="reflect")
    # Sides with small prime factors, for which the transform is fast; zeros fill them up.
    shape = tuple(unit * _find_fast_side(-(-side // unit)) for side in mirrored.shape)
    filled = np.zeros(shape, np.float32)
    filled[: mirrored.shape[0], : mirrored.shape[1]] = mirrored
    spectrum = _transform(filled, cv2.DFT_COMPLEX_OUTPUT)
    bank = _make_bank(sigmas, orientations, tuple(steps), shape)
    for step, (top, left, weights) in zip(
        np.repeat(steps, orientations).tolist(), bank, strict=True
    ):
        # Sampling at every step-th pixel makes the spectrum smaller, and folds the frequencies
        # beyond it back. It may begin at any frequency, which only turns phases: the filter's own
        # part comes first, and zeros follow.
        n_rows, n_columns = shape[0] // step, shape[1] // step
        folded = np.zeros((n_rows, n_columns), np.complex64)
        fold_spectrum(spectrum, weights, top, left, n_rows, n_columns, folded)
        first = padding // step
        response = _transform(folded, cv2.DFT_INVERSE | cv2.DFT_SCALE)[
            first : first - (-rows // step), first : first - (-columns // step)
        ]
        yield response, step


def _find_fast_side(side):
    """The next number of pixels from `side` on whose prime factors are at most 11."""
    rest = side
    for factor in (2, 3, 5, 7, 11):
        while rest % factor == 0:
            rest //= factor
    return side if rest == 1 else _find_fast_side(side + 1)


def _transform(values, flags):
    """OpenCV's discrete Fourier transform: complex64 array of the shape of `values`."""
    pairs = values.view(np.float32).reshape(*values.shape, -1)
    return cv2.dft(pairs, flags=flags).view(np.complex64).reshape(values.shape)


# Images of an extraction have one size: their bank is made once.
@functools.lru_cache(maxsize=8)
def _make_bank(sigmas, orientations, steps, shape):
    """Make all filters in the frequency domain: the first row and column where each has weight, and
    its float32 weights there.

    Frequencies are periodic: from a filter's first row and column on, they wrap around. Weights are
    divided by the square of the step, since a smaller transform divides by so much less.
    """
    down, right = np.meshgrid(*(2 * np.pi * np.fft.fftfreq(side) for side in shape), indexing="ij")
    filters = []
    for sigma, step in zip(sigmas, steps, strict=True):
        for angle in np.pi * np.arange(orientations) / orientations:
            weights = _compute_spectrum(sigma, angle, down, right).astype(np.float32)
            strong = np.abs(weights) > _NEGLIGIBLE
            top, rows = _find_arc(strong.any(axis=1))
            left, columns = _find_arc(strong.any(axis=0))
            filters.append((top, left, weights[np.ix_(rows, columns)] / np.float32(step**2)))
    return filters


def _find_arc(used):
    """Find the shortest run of periodic frequencies that holds all used ones: its first, and all of
    them.
    """
    indices = np.flatnonzero(used)
    gaps = np.diff(indices, append=indices[0] + used.size)
    first = indices[(np.argmax(gaps) + 1) % indices.size]
    return int(first), (first + np.arange(used.size - gaps.max() + 1)) % used.size


def _compute_spectrum(sigma, angle, down, right):
    """Compute a filter's response to each frequency, radians a pixel: the transform of its sampled
    kernel.

    Sampling folds back what lies beyond half a period of a pixel, which matters for the finest
    scales.
    """
    total = np.zeros(down.shape)
    frequency = 2 * np.pi / (_WAVELENGTH * sigma)
    for rows, columns in itertools.product((-1, 0, 1), repeat=2):
        y, x = down + 2 * np.pi * rows, right + 2 * np.pi * columns
        # Along and across the wave; an image's rows run downwards.
        along = x * np.cos(angle) - y * np.sin(angle)
        across = x * np.sin(angle) + y * np.cos(angle)
        carrier = np.exp(-0.5 * (sigma * (along - frequency)) ** 2)
        constant = np.exp(-0.5 * (sigma * frequency) ** 2) * np.exp(-0.5 * (sigma * along) ** 2)
        total += np.exp(-0.5 * (sigma / _ASPECT * across) ** 2) * (carrier - constant)
    return total
