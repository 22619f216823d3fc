"""scikit-image's ``graycomatrix`` and ``graycoprops`` on featurex's kernels."""

import math

import numpy as np

from featurex.errors import ParameterError
from featurex.kernels import glcm_statistics as slots
from featurex.kernels.glcm import add_transposed, count_pairs_last, divide_counts
from featurex.kernels.glcm_statistics import LOGS, glcm_statistics

# The kernel's slot of each property, by scikit-image's names.
_SLOTS = {
    "contrast": slots.CONTRAST,
    "dissimilarity": slots.DISSIMILARITY,
    "homogeneity": slots.HOMOGENEITY,
    "ASM": slots.ASM,
    "energy": slots.ENERGY,
    "correlation": slots.CORRELATION,
    "entropy": slots.ENTROPY,
    "mean": slots.JOINT_AVERAGE,
    "variance": slots.JOINT_VARIANCE,
    "std": slots.JOINT_VARIANCE,
}
PROPERTIES = tuple(_SLOTS)
# From so many pixels on, it pays to count with the counters of one offset side by side, and to
# reorder them later.
_LARGE = 2**18
# The kernel's correlation is 1 where a variance is below 1e-15, scikit-image's where a standard
# deviation is: between these, the formula is computed here.
_SMALL_VARIANCE = 1e-12


def graycomatrix(image, distances, angles, levels=None, symmetric=False, normed=False):
    """Count co-occurring grey levels, with the signature and values of
    ``skimage.feature.graycomatrix``.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Integers from 0 to `levels` - 1.
    distances : sequence of float
        Distances of two pixels, pixels.
    angles : sequence of float
        Directions, radians, clockwise: at pi / 4 the neighbour lies below and to the right. An
        offset is rounded to a pixel.
    levels : int or None
        Number of grey levels; None means 256, and is allowed for 8-bit images only.
    symmetric : bool
        Whether a pair counts in both directions.
    normed : bool
        Whether each matrix is divided by its sum.

    Returns
    -------
    P : uint32 array, float64 if `normed`, shape (levels, levels, n_distances, n_angles)
        Identical to scikit-image's.

    Raises
    ------
    ParameterError
        A ValueError, as in scikit-image: for empty arrays and other axes, floating or negative
        images, levels that are missing or too few. Also for more than 65,536 levels.

    References
    ----------
    R. M. Haralick, K. Shanmugam, I. Dinstein (1973). Textural features for image classification.
    IEEE Transactions on Systems, Man, and Cybernetics 3(6), 610-621. doi:10.1109/TSMC.1973.4309314
    """
    image = _array("image", image, 2)
    distances, angles = _array("distances", distances, 1), _array("angles", angles, 1)
    levels = _check_levels(image, levels)
    steps = np.array(
        [
            (_round(math.sin(angle) * distance), _round(math.cos(angle) * distance))
            for distance in distances.astype(np.float64)
            for angle in angles.astype(np.float64)
        ]
    )
    image = np.ascontiguousarray(image, np.uint8 if levels <= 256 else np.uint16)
    if image.size < _LARGE:
        counts = np.zeros((levels, levels, len(steps)), np.uint32)
        count_pairs_last(image, steps, counts)
    else:
        counts = np.zeros((len(steps), levels, levels), np.uint32)
        count_pairs_last(image, steps, counts.transpose(1, 2, 0))
        counts = np.ascontiguousarray(counts.transpose(1, 2, 0))
    if symmetric:
        add_transposed(counts)
    if normed:
        rest = np.maximum(np.array(image.shape) - np.abs(steps), 0)
        totals = (2.0 if symmetric else 1.0) * np.maximum(rest.prod(axis=1), 1)
        fractions = np.zeros(counts.shape)
        divide_counts(counts, totals, fractions)
        counts = fractions
    return counts.reshape(levels, levels, len(distances), len(angles))


def graycoprops(P, prop="contrast"):
    """Compute a property of co-occurrence matrices, with the signature and values of
    ``skimage.feature.graycoprops``.

    Parameters
    ----------
    P : array of shape (levels, levels, n_distances, n_angles)
        Counts or fractions, as from `graycomatrix`.
    prop : str
        contrast, dissimilarity, homogeneity, ASM, energy, correlation, entropy (in nats), mean,
        variance or std.

    Returns
    -------
    values : float64 array, shape (n_distances, n_angles)
        The property of each matrix, divided by its sum before.

    Raises
    ------
    ParameterError
        A ValueError, as in scikit-image: if `P` has not these axes or `prop` is another name.

    Examples
    --------
    >>> import numpy as np
    >>> counts = graycomatrix(np.array([[0, 0, 1]], np.uint8), [1], [0], levels=2)
    >>> graycoprops(counts, "contrast")
    array([[0.5]])
    """
    P = _array("P", P, 4)
    if P.shape[0] != P.shape[1]:
        raise ParameterError(
            f"P must have as many rows as columns of levels, but its shape is {P.shape}"
        )
    if prop not in PROPERTIES:
        raise ParameterError(f"prop must be one of {', '.join(PROPERTIES)}, but {prop!r} was given")
    matrices = np.ascontiguousarray(P.transpose(2, 3, 0, 1), np.float64).reshape(-1, *P.shape[:2])
    negative = matrices.sum(axis=(1, 2)) < 0
    if negative.any():
        # Divided by their sum, these are positive; the kernel takes them for empty.
        matrices = np.where(negative[:, None, None], -matrices, matrices)
    statistics = np.empty((len(matrices), 24))
    glcm_statistics(matrices, 0, False, LOGS if prop == "entropy" else LOGS[:0], statistics)
    values = statistics[:, _SLOTS[prop]]
    if prop == "correlation":
        for k in np.flatnonzero(statistics[:, slots.JOINT_VARIANCE] < _SMALL_VARIANCE):
            values[k] = _correlate(matrices[k])
    values = values.reshape(P.shape[2:])
    if prop == "entropy":
        # The kernel counts it in bits.
        return values * math.log(2)
    return np.sqrt(values) if prop == "std" else values


def _correlate(matrix):
    """Compute the correlation of one matrix by scikit-image's formula."""
    fractions = matrix / (matrix.sum() or 1.0)
    levels = np.arange(len(matrix))
    rows = levels[:, None] - (levels[:, None] * fractions).sum()
    columns = levels - (levels * fractions).sum()
    deviations = [np.sqrt((fractions * offsets**2).sum()) for offsets in (rows, columns)]
    if min(deviations) < 1e-15:
        return 1.0
    return (fractions * rows * columns).sum() / (deviations[0] * deviations[1])


def _array(name, value, n_axes):
    value = np.asanyarray(value)
    if value.size == 0 or value.ndim != n_axes:
        raise ParameterError(
            f"{name} must be a {n_axes}-dimensional array with items, but its shape is "
            f"{value.shape}"
        )
    return value


def _check_levels(image, levels):
    if image.dtype.kind == "f":
        raise ParameterError(
            f"image must be of an integer dtype, but it is {image.dtype}: convert it to levels "
            f"first"
        )
    if levels is None:
        if image.dtype not in (np.uint8, np.int8):
            raise ParameterError(
                f"levels must be given for an image of dtype {image.dtype}; 256 is for 8 bits only"
            )
        levels = 256
    if image.min() < 0:
        raise ParameterError(
            f"image must have no negative grey levels, but its minimum is {image.min()}"
        )
    if image.max() >= levels:
        raise ParameterError(
            f"levels must be above the maximum of the image, {image.max()}, but {levels} was given"
        )
    if levels > 65536:
        raise ParameterError(f"levels must be at most 65536, but {levels} was given")
    return int(levels)


def _round(value):
    """The nearest integer, by adding a half as scikit-image does: sin(pi / 6), a little below 0.5,
    becomes 1.
    """
    return int(value + math.copysign(0.5, value))
