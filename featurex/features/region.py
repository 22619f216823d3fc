"""An image and its region: resizing, cropping, and the levels of a region's grey values."""

import numpy as np

from featurex.checks import check_number, check_sequence
from featurex.errors import ParameterError
from featurex.features.discretise import discretise, remove_padding
from featurex.images.resize import resize
from featurex.kernels.region import find_bounding_box


class Region:
    """A region within its bounding box, and its levels: what texture families describe.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    inside : bool array of the same shape, or None
        True where a pixel belongs to the region; None where every pixel does.
    discretisation : Discretisation or None
        How grey values become levels; None where only grey values are described.
    padding : int
        Rows and columns of zeros around the levels: as many as any family asks for.
    resegment : (low, high) or None
        The grey values that count (IBSI's re-segmentation by range); None counts all.

    Attributes
    ----------
    image : array of shape (rows, columns)
        As given, cropped to the bounding box.
    outline : bool array of the same shape, or None
        The region as given: IBSI's morphological mask.
    inside : bool array of the same shape, or None
        Those of its pixels whose grey values count: IBSI's intensity mask.
    n_levels : int
        The number of levels, empty ones included; 0 without a discretisation.

    Raises
    ------
    ParameterError
        If no grey value of the region counts.
    """

    def __init__(self, image, inside, discretisation=None, padding=0, resegment=None):
        self.image, self.outline = crop_to_region(image, inside)
        self.inside = self.outline
        if resegment is not None:
            self.inside = _select_range(self.image, self.outline, *resegment)
        self._padding = padding
        self._levels, self.n_levels = None, 0
        if discretisation is not None:
            self._levels, self.n_levels = discretise(
                discretisation, self.image, self.inside, padding
            )

    @property
    def highest_level(self):
        """The highest level in the region, as IBSI's N_g."""
        return int(self._levels.max())

    def pad_levels(self, padding):
        """Return the levels with zeros around them.

        Parameters
        ----------
        padding : int
            Rows and columns of zeros on every side, at most as many as the region was made with.

        Returns
        -------
        levels : contiguous uint8 or uint16 array, shape (rows + 2 padding, columns + 2 padding)
            0 outside the region, 1 to `n_levels` inside.
        """
        return np.ascontiguousarray(remove_padding(self._levels, self._padding - padding))


def check_resegment(resegment):
    """Check which grey values of a region count.

    Parameters
    ----------
    resegment : object
        None, or (low, high).

    Raises
    ------
    ParameterError
        If it is neither, or `low` is above `high`.
    """
    if resegment is None:
        return
    limits = check_sequence("resegment", resegment, check_number, low=-np.inf)
    if len(limits) != 2 or limits[0] > limits[1]:
        raise ParameterError(
            f"resegment must be None or [low, high] with low <= high, but {resegment!r} was given"
        )


def _select_range(image, inside, low, high):
    """Return which pixels of a region have grey values from `low` to `high`."""
    selected = (image >= low) & (image <= high)
    if inside is not None:
        selected &= inside
    if not selected.any():
        raise ParameterError(
            f"no pixel of the region has a grey value from {low} to {high}; widen resegment"
        )
    return selected


def resize_region(image, inside, size):
    """Resize an image and its region by area averaging.

    Only pixels inside the region enter an average, so that those outside never matter; a pixel of
    the result is inside if at least half of what it covers is.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    inside : bool array of the same shape, or None
        True where a pixel belongs to the region; None where every pixel does.
    size : int or None
        Rows and columns of the result, pixels; None returns both as they are.

    Returns
    -------
    image : array of shape (size, size), of the same type
        Grey values.
    inside : bool array of shape (size, size), or None
        None where it was None.

    Raises
    ------
    ParameterError
        If no pixel of the result is inside.
    """
    if size is None or image.shape == (size, size):
        return image, inside
    if inside is None:
        return resize(image, size), None
    if inside.all():
        return resize(image, size), np.ones((size, size), bool)
    # The mean over the pixels inside is the mean of the image, 0 outside, over the fraction inside.
    fraction = resize(inside.astype(np.float32), size)
    weighted = resize(np.where(inside, image, 0).astype(np.float32), size)
    mean = np.divide(weighted, fraction, out=np.zeros_like(weighted), where=fraction > 0)
    if image.dtype.kind == "u":
        mean = np.rint(mean)
    remaining = fraction >= 0.5
    if not remaining.any():
        raise ParameterError(
            f"a region of {np.count_nonzero(inside)} pixels is too small for size={size}: it "
            f"covers half of no pixel of the resized image; take a larger size, or None"
        )
    return mean.astype(image.dtype), remaining


def crop_to_region(image, inside):
    """Crop an image and its region to the region's bounding box.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    inside : bool array of the same shape, or None
        True where a pixel belongs to the region.

    Returns
    -------
    image, inside : contiguous arrays of the shape of the bounding box
        As they are where there is no region.
    """
    if inside is None:
        return image, None
    top, bottom, left, right = find_bounding_box(inside)
    box = slice(top, bottom), slice(left, right)
    # Contiguous: kernels are compiled for each memory layout.
    return np.ascontiguousarray(image[box]), np.ascontiguousarray(inside[box])


def grey_fractions(image):
    """Convert grey values to fractions of the largest value that their type can hold.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Unsigned integers, or floating values, which stay as they are.

    Returns
    -------
    fractions : float32 array of the same shape
        0 to 1 for integers.
    """
    if image.dtype.kind == "f":
        return image.astype(np.float32)
    return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)


def take_fractions(image, low, high):
    """Convert grey values to fractions of the range between two of them.

    Parameters
    ----------
    image : array of shape (rows, columns)
        Grey values.
    low, high : float
        Those of black and white; values beyond become these.

    Returns
    -------
    fractions : float32 array of the same shape
        0 to 1; 0 everywhere if both are equal.
    """
    if not high > low:
        return np.zeros(image.shape, np.float32)
    return np.clip((image.astype(np.float64) - low) / (high - low), 0, 1).astype(np.float32)
