"""Masks on disk: which pixels of an image count."""

import cv2
import numpy as np

from featurex.errors import ImageError
from featurex.images.location import StrictPath

# Any label of a mask counts as inside.
ANY_LABEL = "any"
# The right and the left lung, as `featurex lungs` writes them: the one mask of two values that
# needs no label.
_BOTH_LUNGS = (128, 255)
# Values that a message lists.
_LISTED = 8


class MaskedPath(str):
    """The path of an image that carries its mask, wherever paths go.

    Parameters
    ----------
    path : str
        The image; see `featurex.read_image`, which gives a masked array for such a path.
    mask : str
        The image file of the mask.
    label : int, "any" or None
        Which value of the mask is inside: one of several, all but 0, or, for None, the only one
        that there is beside 0.

    Examples
    --------
    >>> path = MaskedPath("a.png", "masks/a.png")
    >>> path, path.mask
    ('a.png', 'masks/a.png')
    """

    # Whether the image is read strictly; see `read_strictly`.
    strict = False

    def __new__(cls, path, mask="", label=None):
        """Make a path; the defaults are for objects that are unpickled, which get both later."""
        self = super().__new__(cls, path)
        self.mask, self.label = mask, label
        return self


def read_strictly(path):
    """Return a path whose image is read with ``strict=True``, with its mask if it has one.

    Parameters
    ----------
    path : str or MaskedPath
        As `featurex.read_image` takes it.

    Returns
    -------
    path : StrictPath or MaskedPath

    Examples
    --------
    >>> read_strictly("a.png").strict, read_strictly(MaskedPath("a.png", "b.png")).strict
    (True, True)
    """
    if not isinstance(path, MaskedPath):
        return StrictPath(path)
    path = MaskedPath(path, path.mask, path.label)
    path.strict = True
    return path


def read_masked(path, image, read):
    """Read the mask of an image, and join both.

    Parameters
    ----------
    path : MaskedPath
        Names the mask.
    image : array of shape (rows, columns)
        The image, perhaps decoded smaller.
    read : callable
        `featurex.read_image`.

    Returns
    -------
    image : masked array of shape (rows, columns)
        Its mask is True outside.

    Raises
    ------
    ImageError
        BAD_MASK, if the mask cannot be read, is empty, has several values and no label is named,
        or its sides are not in the proportion of the image's.
    """
    try:
        values = read(path.mask)
    except ImageError as error:
        raise _refuse(path, f"{error.detail} [{error.reason}]") from error
    inside = _select(path, values)
    if not inside.any():
        what = "it is empty" if path.label is None else f"no pixel has the label {path.label}"
        raise _refuse(path, what)
    if inside.shape != image.shape:
        if not fits(inside.shape, image.shape):
            raise _refuse(
                path,
                f"it has {_size(inside.shape)} pixels, but the image {_size(image.shape)}, of "
                f"another aspect ratio; only masks of the image's proportions are resized",
            )
        inside = resize_mask(inside, image.shape)
        if not inside.any():
            raise _refuse(path, f"no pixel is left of it at {_size(image.shape)} pixels")
    return np.ma.masked_array(image, ~inside)


def fits(shape, other):
    """Return whether two images have the same proportions, but for a pixel that was rounded.

    Parameters
    ----------
    shape, other : tuple of int
        Rows and columns.

    Returns
    -------
    fits : bool

    Examples
    --------
    >>> fits((512, 407), (1858, 1477)), fits((512, 512), (1858, 1477))
    (True, False)
    """
    (rows, columns), (other_rows, other_columns) = shape, other
    return (
        min(
            abs(columns - rows * other_columns / other_rows),
            abs(rows - columns * other_rows / other_columns),
            abs(other_columns - other_rows * columns / rows),
            abs(other_rows - other_columns * rows / columns),
        )
        <= 1
    )


def resize_mask(inside, shape):
    """Resize a mask: a pixel of the result is inside if at least half of what it covers is.

    Parameters
    ----------
    inside : bool array of shape (old rows, old columns)
        True inside.
    shape : tuple of int
        Rows and columns of the result.

    Returns
    -------
    inside : bool array of that shape
    """
    shrinks = shape[0] < inside.shape[0]
    fractions = cv2.resize(
        inside.astype(np.float32),
        shape[::-1],
        interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR,
    )
    return fractions >= 0.5


def _select(path, values):
    """Return where a mask has the label that is asked for."""
    if path.label == ANY_LABEL:
        return values != 0
    if path.label is not None:
        return values == path.label
    labels = np.unique(values[values != 0])
    if len(labels) > 1 and tuple(labels) != _BOTH_LUNGS:
        listed = ", ".join(map(str, labels[:_LISTED])) + ", ..." * (len(labels) > _LISTED)
        raise _refuse(
            path,
            f"it has several values beside 0: {listed}; say which is inside with --mask-label, as "
            f"--mask-label {labels[0]}, or --mask-label any for all (a map of probabilities, and "
            f"a JPEG, which blurs masks, must be made one of 0 and 255 before)",
        )
    return values != 0


def _refuse(path, detail):
    return ImageError("BAD_MASK", str(path), f"its mask {path.mask} cannot be used: {detail}")


def _size(shape):
    return f"{shape[0]} x {shape[1]}"
