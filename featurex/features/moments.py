"""Moments: where the brightness of an image lies, in numbers that do not change with rotation."""

import functools
import math

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic
from featurex.features.region import grey_fractions

_HU = "Hu 1962, doi:10.1109/TIT.1962.1057692"
_ZERNIKE = "Teague 1980, doi:10.1364/JOSA.70.000920; Khotanzad and Hong 1990, doi:10.1109/34.55109"
STATISTICS = (
    Statistic(
        "zernike",
        "|(n + 1) / pi * sum f(r, t) R_nm(r) exp(-imt)|, f divided by its sum over the disc",
        _ZERNIKE,
    ),
    Statistic(
        "hu",
        "sign(h) |h|^(1/k), h one of Hu's seven invariants, of degree k in the normalised moments",
        _HU,
    ),
)
_NAMES = tuple(statistic.name for statistic in STATISTICS)
# The degree of each of Hu's seven in the normalised moments. The root of that degree brings all to
# one scale, and is continuous at 0, unlike a logarithm.
_HU_DEGREES = np.array([1, 2, 2, 2, 4, 3, 4])


class Moments(Extractor):
    """Zernike and Hu moments of the grey values: where brightness lies, whatever the rotation.

    Parameters
    ----------
    properties : sequence of str
        Any of zernike and hu; columns follow their order.
    degree : int
        Highest degree n of the Zernike polynomials, 0 to 20; degree 12 has 49 moments, one for each
        n and m >= 0 with n - m even.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    limits : "region", "dtype" or (low, high)
        The grey values of black and white: the region's smallest and largest, those of the image's
        type, or stated ones.

    Notes
    -----
    Grey values are fractions of the range between the limits. The Zernike disc is centred in the
    image and reaches to its nearer sides (pixel centres within the radius count), and does not
    follow the centre of brightness, which an opacity moves. Pixels outside the region have weight
    0. Where no brightness is left, all moments are 0.

    References
    ----------
    A. Khotanzad, Y. H. Hong (1990). Invariant image recognition by Zernike moments. IEEE TPAMI
    12(5), 489-497. doi:10.1109/34.55109

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Moments
    >>> images = np.full((1, 64, 64), 90, np.uint8)
    >>> Moments(("zernike",), degree=1).fit_transform(images).round(3)
    array([[0.318, 0.   ]], dtype=float32)
    """

    family = "moments"
    takes_fractions = True
    statistics = STATISTICS
    maximum_size = 1024

    def __init__(self, properties=_NAMES, degree=12, size=64, limits="dtype"):
        self.properties = properties
        self.degree = degree
        self.size = size
        self.limits = limits

    def _check(self):
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        return check_integer("degree", self.degree, 0, 20)

    def _minimum_size(self):
        return 8, ""

    def _columns(self, shape):
        names = {
            "zernike": [f"moments_zernike_n{n:02d}_m{m:02d}" for n, m in _orders(self.degree)],
            "hu": [f"moments_hu_{index}" for index in range(1, 8)],
        }
        return tuple(column for name in self.properties for column in names[name])

    def _fill(self, degree, image, inside, out):
        grey = grey_fractions(image).astype(np.float64)
        if inside is not None:
            grey = np.where(inside, grey, 0)
        compute = {"zernike": lambda: zernike(grey, degree), "hu": lambda: _take_roots(hu(grey))}
        out[:] = np.concatenate([compute[name]() for name in self.properties])


def zernike(image, degree):
    """Compute the magnitudes of the Zernike moments.

    Parameters
    ----------
    image : float64 array, shape (rows, columns)
        Grey values; the disc is centred, and reaches to the nearer sides.
    degree : int
        Highest degree of the polynomials.

    Returns
    -------
    moments : float64 array, shape (n_moments,)
        Ordered by degree, then by angular frequency; zeros if the disc is black.

    Examples
    --------
    >>> import numpy as np
    >>> zernike(np.ones((64, 64)), 2).round(2)
    array([0.32, 0.  , 0.  , 0.  ])
    """
    basis, disc = _basis(image.shape, degree)
    values = image[disc]
    total = values.sum()
    if total == 0:
        return np.zeros(len(basis))
    return np.abs(basis @ (values / total))


@functools.lru_cache(maxsize=8)
def _basis(shape, degree):
    """Return the conjugate Zernike polynomials on the disc, complex array of shape (n_moments,
    n_pixels), and the disc's mask.
    """
    rows, columns = shape
    radius = min(rows, columns) / 2
    down, right = np.ogrid[:rows, :columns]
    offset = (right - (columns - 1) / 2 + 1j * (down - (rows - 1) / 2)) / radius
    disc = np.abs(offset) <= 1
    distance, angle = np.abs(offset[disc]), np.angle(offset[disc])
    basis = [
        (n + 1) / np.pi * _radial(n, m, distance) * np.exp(-1j * m * angle)
        for n, m in _orders(degree)
    ]
    return np.array(basis), disc


def _radial(n, m, distance):
    """Compute the radial polynomial R_nm, which is 1 at distance 1."""
    total = np.zeros_like(distance)
    for k in range((n - m) // 2 + 1):
        weight = math.comb(n - k, k) * math.comb(n - 2 * k, (n - m) // 2 - k)
        total += (-1) ** k * weight * distance ** (n - 2 * k)
    return total


def _orders(degree):
    """List every (n, m) with n up to `degree`, m from 0 to n, and n - m even."""
    return [(n, m) for n in range(degree + 1) for m in range(n % 2, n + 1, 2)]


def hu(image):
    """Compute Hu's seven invariants of the grey values.

    Parameters
    ----------
    image : float64 array, shape (rows, columns)
        Grey values, of which pixels outside the region are 0.

    Returns
    -------
    invariants : float64 array, shape (7,)
        Zeros if the image is black.

    Examples
    --------
    >>> import numpy as np
    >>> hu(np.eye(3)).round(3)[:2]
    array([0.444, 0.198])
    """
    total = image.sum()
    if total == 0:
        return np.zeros(7)
    # Sums of x^p y^q f for all p and q at once: powers along each axis times the image.
    powers = []
    for axis, side in ((1, image.shape[0]), (0, image.shape[1])):
        pixels = np.arange(side)
        centre = pixels @ image.sum(axis=axis) / total
        powers.append((pixels - centre) ** np.arange(4)[:, None])
    central = powers[1] @ image.T @ powers[0].T
    # Division by m_00^(1 + (p + q) / 2) makes them independent of scale (Hu 1962).
    order = np.add.outer(np.arange(4), np.arange(4))
    return _invariants(central / total ** (1 + order / 2))


def _invariants(eta):
    """Compute Hu's seven from the normalised central moments; eta[p, q] has order p across the
    image and q down.
    """
    e20, e02, e11 = eta[2, 0], eta[0, 2], eta[1, 1]
    # Sums and differences of the third order, as Hu groups them.
    a, b = eta[3, 0] - 3 * eta[1, 2], 3 * eta[2, 1] - eta[0, 3]
    c, d = eta[3, 0] + eta[1, 2], eta[2, 1] + eta[0, 3]
    return np.array(
        [
            e20 + e02,
            (e20 - e02) ** 2 + 4 * e11**2,
            a**2 + b**2,
            c**2 + d**2,
            a * c * (c**2 - 3 * d**2) + b * d * (3 * c**2 - d**2),
            (e20 - e02) * (c**2 - d**2) + 4 * e11 * c * d,
            b * c * (c**2 - 3 * d**2) - a * d * (3 * c**2 - d**2),
        ]
    )


def _take_roots(invariants):
    return np.sign(invariants) * np.abs(invariants) ** (1 / _HU_DEGREES)
