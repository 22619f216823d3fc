"""Moments: where the brightness of an image lies, in numbers that turning it does not change."""

import functools
import math

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic, resized, share

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
# Of Hu's seven in the normalised moments: the root brings all to one scale, without a jump at 0 as
# a logarithm has.
_HU_DEGREES = np.array([1, 2, 2, 2, 4, 3, 4])


class Moments(Extractor):
    """Zernike and Hu moments of the grey values: the coarse distribution of brightness, turned any
    way.

    Parameters
    ----------
    properties : sequence of str
        Which of zernike and hu, in this order.
    degree : int
        Highest degree n of the Zernike polynomials, 0 to 20; degree 12 has 49 moments, one for each
        n and m >= 0 with n - m even.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    Images are taken as a share of the range of their type. The Zernike disc is centred in the image
    and reaches to its nearer sides (pixel centres within the radius count), and does not follow the
    centre of brightness, which an opacity moves. Pixels outside the region have weight 0. Where no
    brightness is left, all moments are 0.

    References
    ----------
    A. Khotanzad, Y. H. Hong (1990). Invariant image recognition by Zernike moments. IEEE TPAMI
    12(5), 489-497. doi:10.1109/34.55109
    """

    family = "moments"
    statistics = STATISTICS

    def __init__(self, properties=_NAMES, degree=12, size=64):
        self.properties = properties
        self.degree = degree
        self.size = size

    def _check(self):
        check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        if self.size is not None:
            check_integer("size", self.size, 8, 1024)
        return check_integer("degree", self.degree, 0, 20)

    def _columns(self, shape):
        names = {
            "zernike": [f"moments_zernike_n{n:02d}_m{m:02d}" for n, m in _orders(self.degree)],
            "hu": [f"moments_hu_{index}" for index in range(1, 8)],
        }
        return tuple(column for name in self.properties for column in names[name])

    def _fill(self, degree, image, inside, out):
        image, inside = resized(image, inside, self.size)
        grey = share(image).astype(np.float64)
        if inside is not None:
            grey = np.where(inside, grey, 0)
        compute = {"zernike": lambda: zernike(grey, degree), "hu": lambda: _rooted(hu(grey))}
        out[:] = np.concatenate([compute[name]() for name in self.properties])


def zernike(image, degree):
    """Magnitudes of the Zernike moments.

    Parameters
    ----------
    image : float64 array, shape (rows, columns)
    degree : int

    Returns
    -------
    moments : float64 array, shape (n_moments,)
        Ordered by degree, then by angular frequency; zeros if the disc is black.
    """
    basis, disc = _basis(image.shape, degree)
    values = image[disc]
    total = values.sum()
    if total == 0:
        return np.zeros(len(basis))
    return np.abs(basis @ (values / total))


@functools.lru_cache(maxsize=8)
def _basis(shape, degree):
    """Conjugate Zernike polynomials on the disc: complex array (n_moments, n_pixels), and the
    disc's mask.
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
    """The radial polynomial R_nm, with 1 at distance 1."""
    total = np.zeros_like(distance)
    for k in range((n - m) // 2 + 1):
        weight = math.comb(n - k, k) * math.comb(n - 2 * k, (n - m) // 2 - k)
        total += (-1) ** k * weight * distance ** (n - 2 * k)
    return total


def _orders(degree):
    """Every (n, m) with n up to `degree`, m from 0 to n, and n - m even."""
    return [(n, m) for n in range(degree + 1) for m in range(n % 2, n + 1, 2)]


def hu(image):
    """Hu's seven invariants of the grey values.

    Parameters
    ----------
    image : float64 array, shape (rows, columns)

    Returns
    -------
    invariants : float64 array, shape (7,)
        Zeros if the image is black.
    """
    total = image.sum()
    if total == 0:
        return np.zeros(7)
    powers = []
    for axis, side in ((1, image.shape[0]), (0, image.shape[1])):
        place = np.arange(side)
        centre = place @ image.sum(axis=axis) / total
        powers.append((place - centre) ** np.arange(4)[:, None])
    central = powers[1] @ image.T @ powers[0].T
    order = np.add.outer(np.arange(4), np.arange(4))
    return _invariants(central / total ** (1 + order / 2))


def _invariants(eta):
    """Hu's seven, from the normalised central moments; eta[p, q] is of order p across and q
    down.
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


def _rooted(invariants):
    return np.sign(invariants) * np.abs(invariants) ** (1 / _HU_DEGREES)
