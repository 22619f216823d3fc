"""scikit-image's ``local_binary_pattern`` on featurex's kernels."""

import warnings

import numpy as np

from featurex.compat.lbp_circle import compute_reach, locate_in_ring, locate_samples, pad_width
from featurex.errors import ParameterError
from featurex.kernels.lbp_codes import lbp_codes
from featurex.kernels.lbp_labels import label_by_position, label_rotated, label_uniform
from featurex.kernels.lbp_variance import lbp_variances

METHODS = ("default", "ror", "uniform", "nri_uniform", "var")


def local_binary_pattern(image, P, R, method="default"):
    """Local binary patterns, with the signature and values of
    ``skimage.feature.local_binary_pattern``.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values; pixels beyond it count as 0.
    P : int
        Samples on the circle, 1 to 64; at most 31 for "ror".
    R : float
        Radius of the circle, pixels.
    method : "default", "ror", "uniform", "nri_uniform" or "var"
        The binary code; the minimum of its rotations; uniform patterns by their number of bits;
        these also by position; the variance of the samples. In small or capital letters.

    Returns
    -------
    patterns : float64 array, shape (rows, columns)
        Identical to scikit-image's for finite images. "var" is NaN where the variance is 0.

    Raises
    ------
    ParameterError
        A ValueError, as in scikit-image: if `image` is empty or has other axes. Also for a `P` out
        of range, for which scikit-image's numbers overflow or are of no use.
    KeyError
        For another method, as in scikit-image.

    Warns
    -----
    UserWarning
        For images of a floating type, in which rounding decides between bright and dark.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[1, 1, 1], [1, 2, 9], [1, 1, 1]], np.uint8)
    >>> local_binary_pattern(image, 4, 1)[1]
    array([11.,  1.,  0.])
    """
    image, method = np.asanyarray(image), method.lower()
    points = _check(image, P, method)
    if np.issubdtype(image.dtype, np.floating):
        warnings.warn(
            "Applying `local_binary_pattern` to floating-point images makes patterns of rounding "
            "errors where neighbours are nearly equal; images of an integer dtype are safe",
            stacklevel=2,
        )
    # Exact for all that a double holds; kernels are compiled for few types.
    image = np.ascontiguousarray(
        image, image.dtype if image.dtype in (np.uint8, np.uint16) else np.float64
    )
    radius = float(R)
    if method == "var":
        return _variances(image, points, radius)
    columns, word = image.shape[1], np.uint32 if points <= 32 else np.uint64
    codes = np.zeros((image.shape[0], pad_width(columns)), word)
    lbp_codes(image, locate_in_ring(*image.shape, points, radius, np.float64, word), 0.0, codes)
    if method == "default":
        # Weights are 32-bit integers with a sign there.
        return codes[:, :columns].astype(np.uint32).view(np.int32).astype(np.float64)
    label = {
        "ror": label_rotated,
        "uniform": label_uniform,
        "nri_uniform": label_by_position,
    }[method]
    patterns = np.empty(codes.shape)
    label(codes, points, patterns)
    return np.ascontiguousarray(patterns[:, :columns])


def _variances(image, points, radius):
    """Compute the variance of the samples around every pixel, NaN where it is 0."""
    border = compute_reach(radius)
    variances = np.empty(image.shape)
    padded = np.pad(image, border).astype(np.float64)
    lbp_variances(padded, border, locate_samples(*image.shape, points, radius), variances)
    variances[variances == 0] = np.nan
    return variances


def _check(image, points, method):
    """Check the arguments; return the number of samples as an integer."""
    if image.size == 0 or image.ndim != 2:
        raise ParameterError(
            f"image must be a 2-dimensional array with pixels, but its shape is {image.shape}"
        )
    if method not in METHODS:
        raise KeyError(f"method must be one of {', '.join(METHODS)}, but {method!r} was given")
    maximum = 31 if method == "ror" else 64
    if not 1 <= int(points) <= maximum:
        raise ParameterError(
            f"P must be an integer from 1 to {maximum} for method {method!r}, but {points!r} was "
            f"given"
        )
    return int(points)
