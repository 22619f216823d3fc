"""The contract of every extractor: images in, named columns out."""

import functools
from typing import ClassVar, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from featurex.errors import ParameterError
from featurex.kernels.region import find_bounding_box
from featurex.preprocess import resize


class Statistic(NamedTuple):
    """One statistic of a family: its name in the columns, its formula, and where it comes from."""

    name: str
    formula: str
    source: str


# What kernels are compiled for, in the machine's own order of bytes.
_DTYPES = tuple(np.dtype(kind) for kind in (np.uint8, np.uint16, np.float32, np.float64))


# Of each extractor, its parameters as they were last checked, and the plan: no attribute, which
# would be pickled.
_PLANS = WeakKeyDictionary()


@functools.cache
def _parameter_names(extractor):
    return tuple(extractor._get_param_names())


class Extractor(TransformerMixin, BaseEstimator):
    """Base of all extractors: a stateless scikit-learn transformer from images to features.

    A subclass assigns its parameters in ``__init__`` and nothing else, sets `family` and
    `statistics`, and implements three methods:

    - ``_check()`` validates the parameters and returns what the kernels need (a plan);
    - ``_columns(shape)`` gives the ordered column names for an image of that shape;
    - ``_fill(plan, image, inside, out)`` writes one image's values into ``out``, in that order.

    Parameters are checked at the first use and not in ``__init__``, as scikit-learn's clone and
    set_params require.

    Notes
    -----
    Images are an array of shape (n, rows, columns), or a list of 2-D arrays; uint8, uint16 or a
    floating type. Other integers are taken as uint16, or refused beyond it. A stack with a lung
    region is a `numpy.ma.MaskedArray` (or a list of them), whose mask is True *outside* the
    region, as everywhere in numpy. It is unpacked here and nowhere else; ``inside`` is then a
    boolean array, or None where every pixel counts.
    """

    family: ClassVar[str]
    statistics: ClassVar[tuple[Statistic, ...]]
    dtype: ClassVar[type] = np.float32

    def fit(self, X, y=None):
        """Check the parameters and note the images' shape, on which some column names depend.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
        y : ignored

        Returns
        -------
        self
        """
        self._plan()
        image, _ = next(iter_images(X))
        self.image_shape_ = image.shape
        return self

    def transform(self, X):
        """Extract the features of every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays

        Returns
        -------
        features : array of float32, shape (n, n_columns)

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, an image is not a finite 2-D array of numbers, a
            region is empty, or the images' shapes lead to different columns.
        """
        plan = self._plan()
        width = None
        shape = None
        features = None
        for index, (image, inside) in enumerate(iter_images(X)):
            if image.shape != shape:
                shape = image.shape
                columns = self._width(shape)
                if features is None:
                    width = columns
                    features = np.empty((len(X), width), self.dtype)
                elif columns != width:
                    raise ParameterError(
                        f"{type(self).__name__}: image {index} of shape {shape} gives {columns} "
                        f"columns, "
                        f"but the first gave {width}; bring the images to one size first, with "
                        "Preprocess(size=...) or the extractor's own size"
                    )
            self._fill(plan, image, inside, features[index])
        return features

    def get_feature_names_out(self, input_features=None):
        """The column names, in the order of the values.

        Parameters
        ----------
        input_features : ignored
            Images have no feature names; the argument is scikit-learn's.

        Returns
        -------
        names : array of str objects, shape (n_columns,)
        """
        check_is_fitted(self, "image_shape_")
        return np.asarray(self._columns(self.image_shape_), dtype=object)

    def picture(self, image):
        """What the family sees of an image, for people to look at; None where there is nothing to
        show.

        Parameters
        ----------
        image : array of shape (rows, columns)

        Returns
        -------
        picture : array of any shape (rows, columns), or None
        """
        return None

    def __sklearn_is_fitted__(self):
        return hasattr(self, "image_shape_")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags

    def _plan(self):
        """What `_check` returns; of parameters that were checked by the last call, what it returned
        then.

        A check takes as long as the work on a small image, and an extraction calls transform for
        every image.
        """
        values = [getattr(self, name) for name in _parameter_names(type(self))]
        # Lists by what they hold now; and with types, since True equals 1.
        given = tuple(
            (type(value), tuple(value) if isinstance(value, list) else value) for value in values
        )
        try:
            hash(given)
        except TypeError:
            return self._check()
        if self not in _PLANS or _PLANS[self][0] != given:
            _PLANS[self] = given, self._check()
        return _PLANS[self][1]

    def _check(self):
        raise NotImplementedError

    def _columns(self, shape):
        raise NotImplementedError

    def _width(self, shape):
        """How many columns there are; a family overrides it where making their names takes long."""
        return len(self._columns(shape))

    def _fill(self, plan, image, inside, out):
        raise NotImplementedError


def iter_images(X):
    """Yield (image, inside) for every image of a stack or list, checked.

    Parameters
    ----------
    X : array or masked array of shape (n, rows, columns), or list of 2-D arrays

    Yields
    ------
    image : contiguous array of shape (rows, columns): uint8, uint16, float32 or float64
    inside : contiguous bool array of the same shape, or None
        True where a pixel belongs to the region.

    Raises
    ------
    ParameterError
        If `X` is not such a stack, or an image is not usable.
    """
    if isinstance(X, np.ndarray) and X.ndim != 3:
        hint = "; wrap a single image as image[None]" if X.ndim == 2 else ""
        raise ParameterError(
            f"images must be of shape (n, rows, columns), but an array of shape {X.shape} was "
            f"given{hint}"
        )
    if not hasattr(X, "__len__") or len(X) == 0:
        raise ParameterError("images must be a stack or list with at least one image")
    for index in range(len(X)):
        yield _unpack(index, X[index])


def _unpack(index, image):
    inside = None
    if isinstance(image, np.ma.MaskedArray):
        if image.mask is not np.ma.nomask:
            inside = np.ascontiguousarray(~image.mask)
        image = image.data
    image = np.ascontiguousarray(image)
    if image.ndim != 2 or 0 in image.shape:
        raise ParameterError(
            f"image {index} must be a 2-D array with pixels, but its shape is {image.shape}"
        )
    if image.dtype.kind == "b":
        image = image.view(np.uint8)
    if image.dtype.kind not in "uif":
        raise ParameterError(
            f"image {index} must hold real numbers, but its dtype is {image.dtype}"
        )
    if image.dtype.kind == "i" and image.min() < 0:
        raise ParameterError(
            f"image {index} must have no negative grey levels, but its minimum is {image.min()}"
        )
    if image.dtype not in _DTYPES:
        image = _as_kernels_take_it(index, image)
    if inside is not None and not inside.any():
        raise ParameterError(f"image {index} has an empty region: no pixel is inside its mask")
    if image.dtype.kind == "f":
        counted = image if inside is None else image[inside]
        if not np.isfinite(counted).all():
            raise ParameterError(
                f"image {index} must be finite, but it holds NaN or infinite pixels"
            )
    return image, inside


def _as_kernels_take_it(index, image):
    """An image of a rarer type in one that OpenCV and the kernels have."""
    if image.dtype.kind == "f":
        return image.astype(np.float32 if image.dtype.itemsize <= 4 else np.float64)
    if image.max() > np.iinfo(np.uint16).max:
        raise ParameterError(
            f"image {index} must have grey levels of at most 16 bits, 65535, but its maximum is "
            f"{image.max()}; "
            "divide it, or make it float32"
        )
    return image.astype(np.uint8 if image.dtype.itemsize == 1 else np.uint16)


def resized(image, inside, size):
    """The image and its region by area averaging at size x size pixels, or as they are for None.

    Only pixels inside the region enter an average, so that those outside never matter; a pixel of
    the result is inside if at least half of what it covers is.

    Parameters
    ----------
    image : array of shape (rows, columns)
    inside : bool array of the same shape, or None
    size : int or None

    Returns
    -------
    image : array of shape (size, size), of the same type
    inside : bool array of shape (size, size), or None

    Raises
    ------
    ParameterError
        If nothing is left of the region.
    """
    if size is None or image.shape == (size, size):
        return image, inside
    if inside is None:
        return resize(image, size), None
    if inside.all():
        return resize(image, size), np.ones((size, size), bool)
    share = resize(inside.astype(np.float32), size)
    counted = resize(np.where(inside, image, 0).astype(np.float32), size)
    mean = np.divide(counted, share, out=np.zeros_like(counted), where=share > 0)
    if image.dtype.kind == "u":
        mean = np.rint(mean)
    left = share >= 0.5
    if not left.any():
        raise ParameterError(
            f"a region of {np.count_nonzero(inside)} pixels is too small for size={size}: it "
            f"fills no half pixel of "
            "the resized image; take a larger size, or None"
        )
    return mean.astype(image.dtype), left


def cropped(image, inside):
    """The image and its region in the least box around the region: the rest is no business of
    texture within it.

    Parameters
    ----------
    image : array of shape (rows, columns)
    inside : bool array of the same shape, or None

    Returns
    -------
    image, inside : contiguous arrays of the shape of the box; as they are where there is no region
    """
    if inside is None:
        return image, None
    top, bottom, left, right = find_bounding_box(inside)
    box = slice(top, bottom), slice(left, right)
    return np.ascontiguousarray(image[box]), np.ascontiguousarray(inside[box])


def share(image):
    """Grey values as a share of the range that the type can hold.

    Parameters
    ----------
    image : array of shape (rows, columns)

    Returns
    -------
    share : float32 array of the same shape
        Floating images are taken as they are.
    """
    if image.dtype.kind == "f":
        return image.astype(np.float32)
    return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)


def zone_starts(side, grid):
    """First pixel of each of `grid` zones along a side of `side` pixels, and the side's end.

    Returns
    -------
    starts : intp array, shape (grid + 1,)
    """
    return np.arange(grid + 1) * side // grid
