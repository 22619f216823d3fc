"""Steps from images to images: what all have in common."""

import numpy as np

from featurex.errors import ParameterError
from featurex.images.stack import iter_images, join_images
from featurex.transformer import Transformer


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
