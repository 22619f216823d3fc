"""Alignment to the mean chest: what differs most between the classes is not lungs but framing."""

import numpy as np

from featurex.checks import check_number, check_sequence
from featurex.errors import ParameterError
from featurex.lungs.affine import compose, warp_image
from featurex.lungs.cascade import default_cascade
from featurex.lungs.region import NO_LUNGS, find_landmarks
from featurex.lungs.registration import Registration
from featurex.preprocess import ImageStep, iter_pixels

# What no chest film needs: more zoom, shear or shift than this are lungs that were not found.
_ZOOM_LIMITS = (0.5, 1.8)
_SHEAR_LIMIT, _SHIFT_LIMIT = 0.4, 0.45
_NEUTRAL = np.eye(2, 3)


class Align(ImageStep):
    """Warp every image so that its lungs lie where the mean lungs do.

    The landmarks on the outlines of both lungs are found in every image, and the affine map that
    brings them nearest to the mean outlines, by least squares, is undone. Nothing is learnt from
    the images given. An image in which no lungs are found stays as it is framed;
    `Registration.failed` marks it.

    Parameters
    ----------
    margin : tuple of two floats
        Shares of rows and of columns cut off at each border of the aligned image, 0 to 0.3: what
        lies there is arms, abdomen and markers. The default has the best framing-swap AUC of
        several on Kermany's training images, and on the phantom.

    Notes
    -----
    Chosen on Kermany's training images against a registration of the whole film to their mean by
    enhanced correlation (Evangelidis and Psarakis 2008, doi:10.1109/TPAMI.2008.113); see
    docs/lungs.md for the figures.
    """

    def __init__(self, margin=(0.16, 0.14)):
        self.margin = margin

    def register(self, X):
        """Find the mean chest in every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays

        Returns
        -------
        registration : Registration
        """
        self._check()
        maps = [_find_map(image) for image in iter_pixels(X)]
        failed = np.array([found is None for found in maps], bool)
        matrices = [_NEUTRAL if found is None else found for found in maps]
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
        return self._join(
            [warp_image(image, found) for image, found in zip(iter_pixels(X), maps, strict=True)]
        )

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
        """
        return self.warp(X, self.register(X))

    def _check(self):
        margins = check_sequence("margin", self.margin, check_number, low=0, high=0.3)
        if len(margins) != 2:
            raise ParameterError(
                f"margin must be two shares, of rows and of columns, but {self.margin!r} was given"
            )
        return margins


def _find_map(image):
    """From the mean chest to an image, in units of its side: shape (2, 3), or None."""
    found = find_landmarks(image)
    if found.doubt == NO_LUNGS:
        return None
    matrix = default_cascade().place(0, found.points)
    return matrix if _is_plausible(matrix) else None


def _is_plausible(matrix):
    low, high = _ZOOM_LIMITS
    shift = matrix @ [0.5, 0.5, 1.0] - 0.5
    return (
        all(low < zoom < high for zoom in (matrix[0, 0], matrix[1, 1]))
        and max(abs(matrix[0, 1]), abs(matrix[1, 0])) < _SHEAR_LIMIT
        and bool(np.abs(shift).max() < _SHIFT_LIMIT)
    )
