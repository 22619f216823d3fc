"""Alignment to the mean chest: what differs most between the classes is not lungs but framing."""

import cv2
import numpy as np
from sklearn.utils.validation import check_is_fitted

from featurex.checks import check_integer, check_number, check_sequence
from featurex.errors import ParameterError
from featurex.lungs.affine import RESAMPLE, compose, to_unit, warp_image
from featurex.lungs.registration import Registration, find_map, normalize_contrast
from featurex.preprocess import NO_IMAGES, ImageStep, check_image, stack

_TEMPLATE_ROUNDS = 3
# Side of the contrast window at 72 pixels, as a Gaussian: about half a lung.
_CONTRAST_SIGMA = 8.0


class Align(ImageStep):
    """Warp every image so that its chest lies where the mean chest of the training images does.

    The mean chest is the mean of up to `template_images` images, each normalised to its local
    contrast, registered to the mean before, three times over. An image is registered to it by an
    affine map that maximises the enhanced correlation coefficient, at two scales; where that fails,
    a shift and then a turn are sought first. Labels are not used. An image for which no plausible
    map is found gets the mean map of the training images: neither its framing nor the failure may
    tell its class.

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
        if len(X) == 0:
            raise ParameterError(NO_IMAGES)
        chosen = np.unique(np.linspace(0, len(X) - 1, min(wanted, len(X))).astype(int))
        small = [self._shrink(check_image(index, X[index])) for index in chosen]
        template = np.mean(small, axis=0)
        for _ in range(_TEMPLATE_ROUNDS):
            maps = [find_map(template, image) for image in small]
            registered = [
                _warp(image, found, self.size) for image, found in zip(small, maps, strict=True) if found is not None
            ]
            template = np.mean(registered or small, axis=0)
        maps = [found for found in maps if found is not None]
        self.template_ = template
        self.fallback_ = to_unit(np.mean(maps or [np.eye(2, 3)], axis=0), self.size)
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
        maps = [find_map(self.template_, self._shrink(check_image(i, X[i]))) for i in range(len(X))]
        failed = np.array([found is None for found in maps], bool)
        matrices = [self.fallback_ if found is None else to_unit(found, self.size) for found in maps]
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

        Raises
        ------
        ParameterError
            If the images are not of one size.
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

        Raises
        ------
        ParameterError
            If an image is not a 2-D array of numbers, or they are not of one size.
        sklearn.exceptions.NotFittedError
            If there is no mean chest yet.
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


def _warp(image, found, size):
    return cv2.warpAffine(image, found, (size, size), flags=RESAMPLE, borderMode=cv2.BORDER_REPLICATE)
