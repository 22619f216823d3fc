"""The lung region as a step of a chain: every image is masked to its lungs."""

import numpy as np

from featurex.checks import check_choice, fail
from featurex.errors import ParameterError
from featurex.image_step import ImageStep, iter_pixels, mask_image
from featurex.images.stack import join_images
from featurex.lungs.find import find_lungs
from featurex.lungs.outline import FIELD, WHOLE


class LungRegion(ImageStep):
    """Mask every image to its lungs: the extractors after it count only what lies inside.

    Best align and equalise before. Images that have a region already, as those with masks of the
    user's own (`featurex.datasets.add_masks`), keep it.

    Parameters
    ----------
    masks : callable or None
        None finds the lungs with the landmark cascade; see `find_lungs`. A function is called with
        each image, an array of shape (rows, columns), and returns its mask, of the same shape: 0
        or False outside, and inside True, one number, or an integer label for each lung.
    outline : {"whole", "field"}
        Where `masks` is None: the whole lungs, which reach behind heart and mediastinum, or the
        visible lung field without them.

    Notes
    -----
    The result is a masked array of shape (n, rows, columns), or a list of masked arrays where the
    images differ in shape or type. Its mask is True *outside* the lungs, as everywhere in numpy.

    Where no lungs are found, the mean lungs of the training images are taken: that an image is hard
    to segment must not tell its class.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import LungRegion
    >>> images = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    >>> region = LungRegion(masks=lambda image: image % 2 == 1).fit_transform(images)
    >>> region.mean(axis=(1, 2)).tolist()
    [4.0, 13.0]
    """

    def __init__(self, masks=None, outline=WHOLE):
        self.masks = masks
        self.outline = outline

    def find(self, X):
        """Find the lungs of every image, with what is doubtful about them.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images.

        Returns
        -------
        lungs : list of n Lungs
            As `find_lungs` returns them.

        Raises
        ------
        ParameterError
            If `masks` is not None, or `X` is no stack of images without regions.
        """
        if self.masks is not None:
            fail("masks", "None to find lungs by landmarks", self.masks)
        return [find_lungs(image) for image in iter_pixels(X)]

    def _check(self):
        if self.masks is not None and not callable(self.masks):
            fail("masks", "None, or a function from an image to its mask", self.masks)
        check_choice("outline", self.outline, (WHOLE, FIELD))
        return self.masks

    def _transform_region(self, masks, inside):
        return inside

    def _transform_masked(self, masks, index, image, inside):
        if inside is not None:
            return mask_image(image, inside)
        return self._transform_image(masks, index, image)

    def _transform_image(self, masks, index, image):
        if masks is None:
            lungs = find_lungs(image)
            inside = (lungs.field if self.outline == FIELD else lungs.labels) > 0
        else:
            inside = check_mask(masks(image), image.shape, f"image {index}")
        return np.ma.masked_array(image, ~inside)

    def _join(self, images):
        return join_images(images)


def check_mask(mask, shape, name):
    """Check a mask that a user's function gave.

    Parameters
    ----------
    mask : array-like, shape (rows, columns)
        0 or False outside; inside True, one number, or one of two integer labels.
    shape : tuple of int
        The shape of the image.
    name : str
        What error messages call the image.

    Returns
    -------
    inside : bool array of that shape
        True inside.

    Raises
    ------
    ParameterError
        If the mask holds no numbers, has another shape, is empty, or holds more values, as
        probabilities do: the level at which the lungs begin is not for this step to guess.
    """
    mask = np.asarray(mask)
    if mask.dtype.kind not in "biuf":
        raise ParameterError(
            f"masks must give booleans, integers or floating numbers, but gave {mask.dtype} for "
            f"{name}"
        )
    if mask.shape != shape:
        raise ParameterError(
            f"masks must give a mask of the image's shape {shape}, but gave {mask.shape} for {name}"
        )
    inside = mask != 0
    if not inside.any():
        raise ParameterError(f"masks gave an empty mask for {name}; leave such images out")
    # The first value, and what differs from it; NaN differs even from itself.
    others = mask[inside]
    others = others[others != others[0]]
    is_labelled = mask.dtype.kind in "iu" and (others == others[:1]).all()
    if len(others) > 0 and not is_labelled:
        raise ParameterError(
            f"masks must give 0 outside and one value inside (or a label for each lung), but gave "
            f"more values for {name}, from {mask.min():.3g} to {mask.max():.3g}; of probabilities "
            f"return mask > 0.5"
        )
    return inside
