"""The one contract for stacks of images: every step, extractor and network reads through it."""

from collections.abc import Mapping, Set
from os import PathLike

import numpy as np

from featurex.errors import ParameterError
from featurex.images.grey import TWELVE_BITS

# What the kernels are compiled for and OpenCV takes, in native byte order.
DTYPES = tuple(np.dtype(kind) for kind in (np.uint8, np.uint16, np.float32, np.float64))
_MAXIMUM = np.iinfo(np.uint16).max
# What rounding may add to a fraction.
_ROUNDING = 1e-6


def iter_images(X, region="keep", grey="unsigned"):
    """Check a stack of images, and iterate over its images by position.

    Parameters
    ----------
    X : array of shape (n, rows, columns), or sequence of n 2-D arrays
        Integers of any type from 0 to 65,535, or finite floating values. A sequence is a list, a
        tuple, a pandas Series or a one-dimensional array of objects; its labels do not matter. An
        image with a region is a `numpy.ma.MaskedArray`, whose mask is True outside the region.
    region : {"keep", "ignore", "refuse"}
        What becomes of a region: it is yielded; every pixel of the image counts, and must be
        finite; or a ParameterError, for a step that would lose it.
    grey : {"unsigned", "typed", "any"}
        Which grey values are taken: integers from 0 to 65,535, and floating values; only those
        whose type tells which values are black and white; or all real numbers. See `check_image`.

    Returns
    -------
    pairs : iterator of (image, inside)
        As `check_image` returns them.

    Raises
    ------
    ParameterError
        At once if `X` is no such stack or is empty; during the iteration if an image breaks a rule.

    Examples
    --------
    >>> import numpy as np
    >>> stack = np.ma.masked_less([[[0, 1], [2, 3]], [[4, 5], [6, 7]]], 2)
    >>> for image, inside in iter_images(stack):
    ...     print(image.dtype, image[inside])
    uint16 [2 3]
    uint16 [4 5 6 7]
    """
    check_stack(X)
    return (
        check_image(image, f"image {index}", region, grey)
        # zip stops a sequence that has a length but never ends.
        for index, image in zip(range(len(X)), X, strict=False)
    )


def check_stack(X):
    """Raise an error unless `X` is a stack of at least one image; the images are not looked at.

    Parameters
    ----------
    X : array of shape (n, rows, columns), or sequence of n 2-D arrays
        See `iter_images`.

    Raises
    ------
    ParameterError
        With a hint at what may have been meant.
    """
    if isinstance(X, str | bytes | PathLike):
        raise ParameterError(
            f"images must be a stack or list of 2-D arrays, but {X!r} was given; read files with "
            f"featurex.read_image first"
        )
    if not hasattr(X, "__len__") or isinstance(X, Mapping | Set):
        raise ParameterError(
            f"images must be a stack or list of 2-D arrays, but a {type(X).__name__} was given; "
            f"make a list of its images"
        )
    # A pandas Series and an array of objects have one dimension, and are sequences of images.
    is_sequence = not hasattr(X, "ndim") or (X.ndim == 1 and X.dtype == object)
    if not is_sequence and X.ndim != 3:
        kind = "an array" if isinstance(X, np.ndarray) else f"a {type(X).__name__}"
        raise ParameterError(
            f"images must be of shape (n, rows, columns), but {kind} of shape {tuple(X.shape)} was "
            f"given{_suggest(X)}"
        )
    if len(X) == 0:
        raise ParameterError("images must be a stack or list with at least one image")


def check_image(image, name="image", region="keep", grey="unsigned"):
    """Check one image, and separate its grey levels from its region.

    Parameters
    ----------
    image : array or masked array of shape (rows, columns)
        See `iter_images`.
    name : str
        What error messages call the image.
    region : {"keep", "ignore", "refuse"}
        See `iter_images`.
    grey : {"unsigned", "typed", "any"}
        See `iter_images`. Types that tell their range are uint8, uint16 and bool (False is black
        and True is white), and floating types of fractions from 0 to 1.

    Returns
    -------
    image : contiguous array of shape (rows, columns): uint8, uint16, float32 or float64
        Rarer types become the nearest of these that holds all their values, bool becomes 0 and 255.
        It is `image` itself where nothing has to change.
    inside : contiguous bool array of the same shape, or None
        True where a pixel belongs to the region; None where every pixel counts.

    Raises
    ------
    ParameterError
        If the image is not 2-D, has no pixels, does not hold such numbers (where its region
        counts, inside it), or its region is empty. Of typed grey values also if it is uint16 but
        holds at most 12 bits.

    Examples
    --------
    >>> import numpy as np
    >>> image, inside = check_image(np.array([[False, True]]))
    >>> image
    array([[  0, 255]], dtype=uint8)
    """
    inside = None
    if isinstance(image, np.ma.MaskedArray):
        if region == "refuse":
            raise ParameterError(
                f"{name} has a region already, which this step cannot bring along; leave the step "
                f"out, or the mask"
            )
        if region == "keep" and image.mask is not np.ma.nomask:
            inside = np.ascontiguousarray(~image.mask)
        image = image.data
    image = _as_array(image, name)
    if inside is not None and not inside.any():
        raise ParameterError(f"{name} has an empty region: no pixel is inside its mask")
    if grey == "typed" and image.dtype.kind in "iu" and image.dtype.newbyteorder("=") not in DTYPES:
        raise ParameterError(
            f"{name} is of {image.dtype}, which does not tell the grey values of black and white; "
            f"make it uint8 or uint16, or set limits=[low, high]"
        )
    if image.dtype not in DTYPES:
        image = _as_kernels_take_it(image, inside, name, grey)
    if image.dtype.kind == "f":
        finite = np.isfinite(image)
        if not finite.all() and (inside is None or not finite[inside].all()):
            where = "" if inside is None else " inside its region"
            raise ParameterError(
                f"{name} must be finite{where}, but it holds NaN or infinite pixels"
            )
    if grey == "typed" and image.dtype != np.uint8:
        _check_range(image if inside is None else image[inside], name)
    return image, inside


def join_images(images):
    """Join images of one shape and type into one stack.

    Parameters
    ----------
    images : list of n arrays or masked arrays of shape (rows, columns)
        At least one; all masked, or none.

    Returns
    -------
    stack : array or masked array of shape (n, rows, columns), or list
        The list itself where shapes or types differ: 8-bit and 16-bit levels are not comparable.
    """
    if len({(image.shape, image.dtype) for image in images}) > 1:
        return images
    if isinstance(images[0], np.ma.MaskedArray):
        return np.ma.masked_array(
            np.stack([image.data for image in images]), np.stack([image.mask for image in images])
        )
    return np.stack(images)


def _suggest(X):
    if hasattr(X, "columns"):
        return "; give the one column that holds the images"
    if X.ndim == 2:
        return "; wrap a single image as image[None]"
    if X.ndim == 4 and 1 in (X.shape[1], X.shape[3]):
        return "; take the only channel, images[:, 0] or images[..., 0]"
    if X.ndim == 4:
        return "; convert colour images to grey first"
    return ""


def _as_array(image, name):
    """Return an image as a contiguous 2-D array of real numbers."""
    try:
        image = np.ascontiguousarray(image)
    except ValueError as error:
        raise ParameterError(f"{name} must be a 2-D array with pixels, but {error}") from error
    if image.ndim != 2 or 0 in image.shape:
        raise ParameterError(
            f"{name} must be a 2-D array with pixels, but its shape is {image.shape}"
        )
    if image.dtype.kind not in "buif":
        raise ParameterError(f"{name} must hold real numbers, but its dtype is {image.dtype}")
    return image


def _check_range(values, name):
    """Raise an error if grey values cannot be what their type says: fractions, or all 16 bits."""
    low, high = values.min(), values.max()
    if values.dtype.kind == "f" and (low < -_ROUNDING or high > 1 + _ROUNDING):
        raise ParameterError(
            f"{name} is of {values.dtype}, of which 0 is black and 1 is white, but its grey values "
            f"are from {low:g} to {high:g}; divide them by the value of white, or set "
            f"limits=[low, high]"
        )
    if values.dtype == np.uint16 and 0 < high <= TWELVE_BITS:
        raise ParameterError(
            f"{name} is of uint16, of which 65535 is white, but its maximum is {high}, as of 12 "
            f"bits; set limits=[0, {TWELVE_BITS}], or equalise the image first"
        )


def _as_kernels_take_it(image, inside, name, grey):
    """Convert an image of a rarer type to one of `DTYPES`."""
    if image.dtype.kind == "f":
        return image.astype(np.float32 if image.dtype.itemsize <= 4 else np.float64)
    if image.dtype.kind == "b":
        return np.where(image, np.uint8(255), np.uint8(0))
    counted = image if inside is None else image[inside]
    if grey == "any" and (counted.min() < 0 or counted.max() > _MAXIMUM):
        # float32 holds integers of 24 bits.
        is_short = max(-int(counted.min()), int(counted.max())) <= 2**24
        return image.astype(np.float32 if is_short else np.float64)
    if counted.min() < 0:
        raise ParameterError(
            f"{name} must have no negative grey levels, but its minimum is {counted.min()}; add a "
            f"constant, or make it float32"
        )
    if counted.max() > _MAXIMUM:
        raise ParameterError(
            f"{name} must have grey levels of at most 16 bits, {_MAXIMUM}, but its maximum is "
            f"{counted.max()}; divide it, or make it float32"
        )
    # Only pixels outside the region can be beyond the limits, and they do not matter.
    if inside is not None:
        image = np.clip(image, 0, min(_MAXIMUM, np.iinfo(image.dtype).max))
    return image.astype(np.uint8 if image.dtype.itemsize == 1 else np.uint16)
