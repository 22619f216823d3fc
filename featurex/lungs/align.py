"""Alignment to the mean chest: between classes, the framing differs more than the lungs do."""

import numpy as np

from featurex.checks import check_number, check_sequence
from featurex.errors import ParameterError
from featurex.image_step import ImageStep, iter_pixels, iter_regions, mask_image
from featurex.lungs.affine import compose, warp_image
from featurex.lungs.cascade import default_cascade
from featurex.lungs.doubt import NO_LUNGS
from featurex.lungs.find import find_landmarks
from featurex.lungs.registration import Registration

# A map with more zoom, shear or shift than any radiograph needs comes from lungs that were not
# found.
_ZOOM_LIMITS = (0.5, 1.8)
_SHEAR_LIMIT, _SHIFT_LIMIT = 0.4, 0.45
_IDENTITY = np.eye(2, 3)


class Align(ImageStep):
    """Warp every image so that its lungs lie where the mean lungs do.

    The landmarks on the outlines of both lungs are found in every image, and the affine map that
    brings the mean outlines nearest to them, by least squares, is undone. Nothing is learnt from
    the images given. An image in which no lungs are found keeps its framing;
    `Registration.failed` marks it.

    Parameters
    ----------
    margin : tuple of two floats
        Fractions of the rows and of the columns that are cut off at each border of the aligned
        image, 0 to 0.3: what lies there is arms, abdomen and markers. The default has the best
        framing-swap AUC of several on Kermany's training images, and on the phantom.

    Notes
    -----
    Chosen on Kermany's training images against a registration of the whole image to their mean by
    enhanced correlation (Evangelidis and Psarakis 2008, doi:10.1109/TPAMI.2008.113); see
    docs/lungs.md for the figures.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Align
    >>> from featurex.phantom import Framing, make_anatomy, make_radiograph
    >>> framing, random = Framing(1, (0, 0), 0, 1, 0, "", 1), np.random.default_rng
    >>> film = make_radiograph("normal", make_anatomy(random(0)), framing, random(1), rows=96)
    >>> shifted = np.roll(film.image, 8, axis=1)
    >>> Align().fit_transform([film.image, shifted]).shape
    (2, 96, 96)
    >>> first, second = Align().register([film.image, shifted]).matrices
    >>> bool(abs(second - first)[0, 2] > 0.04)
    True
    """

    def __init__(self, margin=(0.16, 0.14)):
        self.margin = margin

    def register(self, X, landmarks=None):
        """Find where the mean chest lies in every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images; they may differ in size.
        landmarks : list of Landmarks or None
            As `featurex.lungs.find.find_landmarks` found them in these images; None to find them.

        Returns
        -------
        registration : Registration
            One map an image, and whether it failed.

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, or `X` is no stack of images.
        """
        self._check()
        if landmarks is None:
            landmarks = [find_landmarks(image) for image in iter_pixels(X, "ignore")]
        maps = [_fit_map(found) for found in landmarks]
        failed = np.array([matrix is None for matrix in maps], bool)
        matrices = [_IDENTITY if matrix is None else matrix for matrix in maps]
        return Registration(np.array(matrices).reshape(-1, 2, 3), failed)

    def warp(self, X, registration):
        """Resample every image to the mean chest, once, without its margins.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.
        registration : Registration
            As `register` returns it for these images.

        Returns
        -------
        images : array of shape (n, rows, columns)
            Of the images' size and type.

        Raises
        ------
        ParameterError
            If the images are not of one size.
        """
        rows, columns = self._check()
        # Both maps in one: each resampling blurs the image.
        crop = np.array([[1 - 2 * columns, 0, columns], [0, 1 - 2 * rows, rows]])
        return self._join(
            [
                warp_image(mask_image(image, inside), compose(matrix, crop))
                for (image, inside), matrix in zip(
                    iter_regions(X), registration.matrices, strict=True
                )
            ]
        )

    def transform(self, X):
        """Register and resample every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.

        Returns
        -------
        images : array of shape (n, rows, columns)
            Of the images' size and type.

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, `X` is no stack of images, or they are
            not of one size.
        """
        return self.warp(X, self.register(X))

    @property
    def _region(self):
        return "keep"

    def _check(self):
        margins = check_sequence("margin", self.margin, check_number, low=0, high=0.3)
        if len(margins) != 2:
            raise ParameterError(
                f"margin must be two fractions, of rows and of columns, but {self.margin!r} was "
                f"given"
            )
        return margins


def _fit_map(landmarks):
    """Fit the map from the mean chest to an image, in units of their sides: (2, 3), or None."""
    if landmarks.doubt == NO_LUNGS:
        return None
    matrix = default_cascade().fit_pose(0, landmarks.points)
    return matrix if _is_plausible(matrix) else None


def _is_plausible(matrix):
    low, high = _ZOOM_LIMITS
    shift = matrix @ [0.5, 0.5, 1.0] - 0.5
    return (
        all(low < zoom < high for zoom in (matrix[0, 0], matrix[1, 1]))
        and max(abs(matrix[0, 1]), abs(matrix[1, 0])) < _SHEAR_LIMIT
        and bool(np.abs(shift).max() < _SHIFT_LIMIT)
    )
