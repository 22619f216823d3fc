"""Registration to the mean chest: what differs most between the classes is not lungs but framing."""

from dataclasses import dataclass

import cv2
import numpy as np
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number, check_sequence
from featurex.errors import ParameterError
from featurex.preprocess import ImageStep, check_image, stack

# Blur of the two passes at 72 pixels: the first finds the chest, the second settles on it.
_BLURS = (3.0, 1.5)
_CRITERIA = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 25, 1e-3)
_TEMPLATE_ROUNDS = 3
# Side of the contrast window at 72 pixels, as a Gaussian: about half a lung.
_CONTRAST_SIGMA = 8.0
# What no chest film needs: more zoom, shear or shift than this is a registration gone astray.
_ZOOM_LIMITS = (0.6, 1.5)
_SHEAR_LIMIT = 0.35
_SHIFT_LIMIT = 0.42
_RESAMPLE = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


@dataclass(frozen=True)
class Registration:
    """Where the mean chest lies in each image.

    Parameters
    ----------
    matrices : float array, shape (n, 2, 3)
        Affine maps from a point (x, y, 1) of the mean chest to a point (x, y) of the image, in units
        of the image's side: 0 is the left or top edge, 1 the right or bottom.
    failed : bool array, shape (n,)
        True where no plausible map was found, and the fallback stands instead.
    """

    matrices: np.ndarray
    failed: np.ndarray

    def __len__(self):
        return len(self.failed)

    def __getitem__(self, rows):
        return Registration(self.matrices[rows], self.failed[rows])

    @staticmethod
    def concatenate(parts):
        """One registration of several, in their order."""
        return Registration(
            np.concatenate([part.matrices for part in parts]), np.concatenate([part.failed for part in parts])
        )


class Align(ImageStep):
    """Warp every image so that its chest lies where the mean chest of the training images does.

    The mean chest is the mean of up to `template_images` images, each normalised to its local
    contrast, registered to the mean before, three times over. An image is registered to it by an
    affine map that maximises the enhanced correlation coefficient, at two scales. Labels are not
    used. An image for which no plausible map is found gets the mean map of the training images:
    neither its framing nor the failure may tell its class.

    Parameters
    ----------
    margin : tuple of two floats
        Shares of rows and of columns cut off at each border of the aligned image, 0 to 0.3: what
        lies there is arms, abdomen and markers.
    size : int
        Side of the images on which the map is sought, pixels, 32 to 256.
    template_images : int
        Images that the mean chest is made of, at most; evenly spread over those given to `fit`.

    Attributes
    ----------
    template_ : float32 array, shape (size, size)
        The mean chest, in local contrast (mean 128, standard deviation about 48).
    fallback_ : float array, shape (2, 3)
        The mean map of the training images; see `Registration`.

    References
    ----------
    G. D. Evangelidis, E. Z. Psarakis (2008). Parametric image alignment using enhanced correlation
    coefficient maximization. IEEE TPAMI 30(10), 1858-1865. doi:10.1109/TPAMI.2008.113
    """

    def __init__(self, margin=(0.06, 0.08), size=72, template_images=600):
        self.margin = margin
        self.size = size
        self.template_images = template_images

    def fit(self, X, y=None):
        """Learn the mean chest.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            Training images only.
        y : ignored

        Returns
        -------
        self
        """
        self._check()
        wanted = check_integer("template_images", self.template_images, 1)
        chosen = np.unique(np.linspace(0, len(X) - 1, min(wanted, len(X))).astype(int))
        small = [self._shrink(check_image(index, X[index])) for index in chosen]
        template = np.mean(small, axis=0)
        for _ in range(_TEMPLATE_ROUNDS):
            maps = [_register(template, image) for image in small]
            registered = [
                _warp(image, found, self.size) for image, found in zip(small, maps, strict=True) if found is not None
            ]
            template = np.mean(registered or small, axis=0)
        maps = [found for found in maps if found is not None]
        self.template_ = template
        self.fallback_ = _to_unit(np.mean(maps or [np.eye(2, 3)], axis=0), self.size)
        return self

    def register(self, X):
        """Find the mean chest in every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays

        Returns
        -------
        registration : Registration
        """
        check_is_fitted(self)
        maps = [_register(self.template_, self._shrink(check_image(i, X[i]))) for i in range(len(X))]
        failed = np.array([found is None for found in maps], bool)
        matrices = [self.fallback_ if found is None else _to_unit(found, self.size) for found in maps]
        return Registration(np.array(matrices).reshape(-1, 2, 3), failed)

    def warp(self, X, registration):
        """Resample every image to the mean chest, once, without its margins.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
        registration : Registration
            Of these images.

        Returns
        -------
        images : array of shape (n, rows, columns)
        """
        rows, columns = self._check()
        crop = np.array([[1 - 2 * columns, 0, columns], [0, 1 - 2 * rows, rows]])
        maps = [compose(found, crop) for found in registration.matrices]
        return stack([warp_image(check_image(i, X[i]), maps[i]) for i in range(len(X))])

    def transform(self, X):
        """Register and resample every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays

        Returns
        -------
        images : array of shape (n, rows, columns)
            Of the same type.
        """
        return self.warp(X, self.register(X))

    def _check(self):
        check_integer("size", self.size, 32, 256)
        margins = check_sequence("margin", self.margin, check_number, low=0, high=0.3)
        if len(margins) != 2:
            raise ParameterError(f"margin must be two shares, of rows and of columns, but {self.margin!r} was given")
        return margins

    def _shrink(self, image):
        small = cv2.resize(image, (self.size, self.size), interpolation=cv2.INTER_AREA)
        return normalize_contrast(small, _CONTRAST_SIGMA * self.size / 72)


def normalize_contrast(image, sigma):
    """Subtract the local mean and divide by the local standard deviation.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or float.
    sigma : float
        Of the Gaussian window of the mean, pixels; that of the deviation is 1.5 times as wide.

    Returns
    -------
    normalized : float32 array, shape (rows, columns)
        Mean 128, standard deviation about 48, clipped to [0, 255].
    """
    scale = 255.0 / max(float(image.max()), 1.0) if image.dtype != np.uint8 else 1.0
    image = image.astype(np.float32) * np.float32(scale)
    difference = image - cv2.GaussianBlur(image, (0, 0), sigma)
    deviation = np.sqrt(cv2.GaussianBlur(difference * difference, (0, 0), 1.5 * sigma))
    # Four grey levels keep flat background from turning into noise.
    return np.clip(difference / (deviation + 4) * 48 + 128, 0, 255)


def warp_image(image, matrix):
    """Resample an image by a map in units of its side; beyond the border its edge is repeated.

    Parameters
    ----------
    image : array of shape (rows, columns)
    matrix : float array, shape (2, 3)
        From a point of the result to a point of `image`, both in [0, 1].
    """
    rows, columns = image.shape
    side = np.array([columns, rows], float)
    linear = matrix[:, :2] * side[:, None] / side[None, :]
    # Pixel centres lie at half a pixel from the edge.
    offset = matrix[:, 2] * side + linear @ [0.5, 0.5] - 0.5
    pixels = np.column_stack([linear, offset])
    return cv2.warpAffine(image, pixels, (columns, rows), flags=_RESAMPLE, borderMode=cv2.BORDER_REPLICATE)


def compose(outer, inner):
    """The affine map that applies `inner` first and `outer` to its result; all of shape (2, 3)."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.column_stack([linear, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def invert(matrix):
    """The inverse of an affine map of shape (2, 3)."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def _register(template, image):
    """The map (2, 3) from template to image pixels, or None where there is no plausible one."""
    found = np.eye(2, 3, dtype=np.float32)
    for blur in _BLURS:
        sigma = blur * len(template) / 72
        blurred = [cv2.GaussianBlur(picture, (0, 0), sigma) for picture in (template, image)]
        try:
            _, found = cv2.findTransformECC(*blurred, found, cv2.MOTION_AFFINE, _CRITERIA, None, 1)
        except cv2.error:
            # OpenCV's way to say that the iteration did not converge, as on a blank image.
            return None
        if not _is_plausible(found, len(template)):
            return None
    return found


def _is_plausible(found, size):
    low, high = _ZOOM_LIMITS
    zoom = (found[0, 0], found[1, 1])
    shear = (found[0, 1], found[1, 0])
    return (
        all(low < value < high for value in zoom)
        and all(abs(value) < _SHEAR_LIMIT for value in shear)
        and bool(np.abs(found[:, 2]).max() < _SHIFT_LIMIT * size)
    )


def _warp(image, found, size):
    return cv2.warpAffine(image, found, (size, size), flags=_RESAMPLE, borderMode=cv2.BORDER_REPLICATE)


def _to_unit(found, size):
    """From pixel centres of a square image to units of its side."""
    found = np.asarray(found, float)
    offset = (found[:, 2] - found[:, :2] @ [0.5, 0.5] + 0.5) / size
    return np.column_stack([found[:, :2], offset])
