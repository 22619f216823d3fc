"""Steps from images to images: their base class, resizing and histogram equalisation."""

import cv2
import numpy as np

from featurex.checks import check_integer
from featurex.errors import ParameterError
from featurex.images.stack import iter_images, join_images
from featurex.kernels.area import shrink_areas
from featurex.transformer import Transformer

# Sums along columns, which must hold a side times the brightest grey value.
_SUMS = {np.dtype(np.uint8): np.uint32, np.dtype(np.uint16): np.uint64}


class ImageStep(Transformer):
    """Base of all steps from images to images: scikit-learn transformers of stacks.

    A subclass implements ``_transform_image(plan, index, image)`` and, if it has parameters,
    ``_check()``, which returns what ``_transform_image`` needs of them (the plan). A step that
    learns from the images overrides `fit`. One that can be given images with a region implements
    ``_transform_region(plan, inside)``, which brings the region along; others refuse them. Images
    stay arrays whatever `set_output` asks for the columns at the end of a chain.

    Notes
    -----
    What a stack of images is, and what is refused, is the same for every step, extractor and
    network: see `featurex.images.stack.iter_images`.
    """

    def fit(self, X, y=None):
        """Check the parameters and the first image; nothing is learnt.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.
        y : ignored
            Present for scikit-learn's interface.

        Returns
        -------
        self

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, or `X` is no stack of images.
        """
        self._check()
        next(iter_pixels(X, self._region))
        return self

    def transform(self, X):
        """Transform every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.

        Returns
        -------
        images : array of shape (n, new rows, new columns)
            A list where images differ in type: 8-bit and 16-bit levels are not comparable. Images
            with a region are masked arrays, as they were.

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, `X` is no stack of images, an image has a region and
            the step cannot bring it along, or the results are not of one size.
        """
        plan = self._check()
        return self._join(
            [
                self._transform_masked(plan, index, image, inside)
                for index, (image, inside) in enumerate(iter_regions(X, self._region))
            ]
        )

    def set_output(self, *, transform=None):
        """Do nothing: images have no columns for which a container could be chosen.

        Parameters
        ----------
        transform : ignored
            Present for scikit-learn's interface.

        Returns
        -------
        self
        """
        return self

    def get_feature_names_out(self, input_features=None):
        """Return one name for the whole image, for chains that ask their last step for columns.

        Parameters
        ----------
        input_features : ignored
            Present for scikit-learn's interface.

        Returns
        -------
        names : array of str objects, shape (1,)
        """
        return np.array(["image"], dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = self.learns
        return tags

    def __sklearn_is_fitted__(self):
        return not self.learns or super().__sklearn_is_fitted__()

    @property
    def learns(self):
        """Whether `fit` learns from the images: only where a step overrides it."""
        return type(self).fit is not ImageStep.fit

    @property
    def _region(self):
        """What becomes of a region; see `iter_images`."""
        keeps = type(self)._transform_region is not ImageStep._transform_region
        return "keep" if keeps else "refuse"

    def _check(self):
        return None

    def _transform_masked(self, plan, index, image, inside):
        """Transform an image and its region, which is None where every pixel counts."""
        image = self._transform_image(plan, index, image)
        return image if inside is None else mask_image(image, self._transform_region(plan, inside))

    def _transform_image(self, plan, index, image):
        raise NotImplementedError

    def _transform_region(self, plan, inside):
        raise NotImplementedError

    def _join(self, images):
        check_one_size(images)
        return join_images(images)


class Preprocess(ImageStep):
    """Resize every image to one square size.

    A side that shrinks is averaged over areas, one that grows is interpolated linearly. The aspect
    ratio is given up: it predicts the label of the Kermany set (AUC .85), and no model shall see
    it. The type is kept: uint8 and uint16 stay, floating images become float32.

    Parameters
    ----------
    size : int
        Rows and columns of the result, pixels, 16 to 4096.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Preprocess
    >>> images = [np.full((40, 50), 7, np.uint8), np.full((33, 90), 9, np.uint8)]
    >>> stack = Preprocess(size=32).fit_transform(images)
    >>> stack.shape, stack.dtype, stack[:, 0, 0].tolist()
    ((2, 32, 32), dtype('uint8'), [7, 9])
    """

    def __init__(self, size=224):
        self.size = size

    def _check(self):
        return check_integer("size", self.size, 16, 4096)

    def _transform_image(self, size, index, image):
        return resize(image, size)

    def _transform_region(self, size, inside):
        return resize(inside.astype(np.float32), size) >= 0.5


class Equalize(ImageStep):
    """Equalise the histogram of every image: a grey level becomes the fraction of darker pixels.

    What is left is the order of the grey levels, which neither exposure nor the software that wrote
    the file can change. The result is uint8, whatever the type of the image.

    Notes
    -----
    Level v becomes 255 (c(v) - c0) / (n - c0), rounded, with c the cumulative count of pixels, n
    their number and c0 the count of the darkest level (Gonzalez and Woods, Digital Image
    Processing, ch. 3). 16-bit images are equalised from all their levels. A constant image becomes
    black.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Equalize
    >>> images = np.array([[[7, 7], [8, 90]]], np.uint8)
    >>> Equalize().fit_transform(images).tolist()
    [[[0, 0], [128, 255]]]
    """

    def _transform_image(self, plan, index, image):
        if image.dtype == np.uint8:
            return cv2.equalizeHist(image) if image.min() != image.max() else np.zeros_like(image)
        return _equalize_deep(image)

    def _transform_region(self, plan, inside):
        return inside


def _equalize_deep(image):
    """Equalise an image of more than 256 levels."""
    _, inverse, counts = np.unique(image, return_inverse=True, return_counts=True)
    cumulative = np.cumsum(counts)
    span = image.size - cumulative[0]
    if span == 0:
        return np.zeros(image.shape, np.uint8)
    levels = np.rint(255.0 * (cumulative - cumulative[0]) / span).astype(np.uint8)
    return levels[inverse].reshape(image.shape)


def resize(image, size):
    """Resize an image to a square, as `Preprocess` does.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16, float32 or float64.
    size : int
        Rows and columns of the result, pixels.

    Returns
    -------
    image : array of the same type, shape (size, size)
        The image itself where it has that size.

    Notes
    -----
    Area averaging would leave steps where an image grows, whose size tells, after alignment, how
    the image was framed.
    """
    if image.shape == (size, size):
        return image
    rows, columns = (min(size, side) for side in image.shape)
    if (rows, columns) != image.shape:
        image = shrink(image, rows, columns)
    if (rows, columns) != (size, size):
        image = cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR)
    return image


def shrink(image, rows, columns):
    """Shrink an image by area averaging.

    Parameters
    ----------
    image : array of shape (old rows, old columns)
        uint8, uint16, float32 or float64.
    rows, columns : int
        The size of the result: from 1 to the size of the image.

    Returns
    -------
    smaller : array of the same type, shape (rows, columns)
        Integers are means rounded to the nearest, halves up. They are exact, since areas are
        counted in integer fractions of pixels. (OpenCV's INTER_AREA, in float32, is off by one
        level at some means that are nearly halves.)
    """
    smaller = np.empty((rows, columns), image.dtype)
    exact = image.dtype in _SUMS
    # Half a mean is what rounds; half a part more keeps the product with 1 / size off
    # integers.
    bias = image.size // 2 + 0.5 if exact else 0.0
    # One more sum, of nothing, for the last edge.
    sums = np.zeros(image.shape[1] + 1, _SUMS.get(image.dtype, np.float64))
    before = np.zeros(image.shape[1] + 1, np.int64 if exact else np.float64)
    shrink_areas(image, sums, before, bias, smaller)
    return smaller


def check_one_size(images):
    """Raise a ParameterError unless all images are of one shape.

    Parameters
    ----------
    images : list of arrays of shape (rows, columns)
        Results of a step.

    Raises
    ------
    ParameterError
        With two of the sizes.
    """
    shapes = sorted({image.shape for image in images})
    if len(shapes) > 1:
        known = " and ".join(f"{rows} x {columns}" for rows, columns in shapes[:2])
        raise ParameterError(
            f"images must be of one size, but there are some of {known} pixels; bring them to one "
            f"with Preprocess first"
        )


def iter_pixels(X, region="refuse"):
    """Check a stack, and iterate over its images as the steps take them.

    Parameters
    ----------
    X : array of shape (n, rows, columns), or sequence of n 2-D arrays
        See `featurex.images.stack.iter_images`.
    region : {"keep", "ignore", "refuse"}
        See `featurex.images.stack.iter_images`; the region itself is not yielded.

    Returns
    -------
    images : iterator of arrays of shape (rows, columns)
        uint8, uint16 or float32.

    Raises
    ------
    ParameterError
        As `iter_images` does.
    """
    return (image for image, _ in iter_regions(X, region))


def iter_regions(X, region="keep"):
    """Check a stack, and iterate over its images, as the steps take them, and their regions.

    Parameters
    ----------
    X : array of shape (n, rows, columns), or sequence of n 2-D arrays
        See `featurex.images.stack.iter_images`.
    region : {"keep", "ignore", "refuse"}
        See `featurex.images.stack.iter_images`.

    Returns
    -------
    pairs : iterator of (image, inside)
        The image as uint8, uint16 or float32, and a bool array of its shape, or None where every
        pixel counts.

    Raises
    ------
    ParameterError
        As `iter_images` does.
    """
    return (
        (image.astype(np.float32) if image.dtype == np.float64 else image, inside)
        for image, inside in iter_images(X, region)
    )


def mask_image(image, inside):
    """Join an image and its region.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    inside : bool array of that shape, or None
        True inside; None where every pixel counts.

    Returns
    -------
    image : array, or masked array whose mask is True outside
    """
    return image if inside is None else np.ma.masked_array(image, ~inside)
