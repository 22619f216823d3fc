"""The contract of every extractor: images in, named columns out."""

import numbers
import sys
from typing import Any, ClassVar, NamedTuple

import numpy as np

from featurex.checks import check_integer, fail
from featurex.errors import ParameterError
from featurex.features.discretise import check_limits, find_limits
from featurex.features.region import resize_region, take_fractions
from featurex.images.stack import iter_images
from featurex.transformer import Transformer, parameter_names

# Shapes of images for which an extractor remembers its columns.
_REMEMBERED_SHAPES = 8


class Statistic(NamedTuple):
    """One statistic of a family.

    Parameters
    ----------
    name : str
        What columns call it.
    formula : str
        How it is computed, in plain text.
    source : str
        Where it comes from: an IBSI code, a paper with its DOI, or both.

    Examples
    --------
    >>> Statistic("mean", "sum x / n", "IBSI Q4LE").name
    'mean'
    """

    name: str
    formula: str
    source: str


class _Prepared(NamedTuple):
    """What follows from an extractor's parameters alone.

    Parameters
    ----------
    parameters : tuple
        The parameters' types and values when they were checked.
    plan : object
        What `_check` returned.
    columns : dict of shape to tuple of str
        The columns for images of the shapes that came last.
    """

    parameters: tuple
    plan: Any
    columns: dict


def name_number(number):
    """Name a number in a column: at least three digits, then "p" and its decimals if it has any.

    Parameters
    ----------
    number : float
        Not negative; rounded to nine decimals.

    Returns
    -------
    name : str
        Different for different numbers.

    Examples
    --------
    >>> name_number(10), name_number(10 * 1.04)
    ('010', '010p4')
    """
    whole, _, decimals = f"{number:.9f}".rstrip("0").partition(".")
    return f"{int(whole):03d}" + (f"p{decimals}" if decimals else "")


class Extractor(Transformer):
    """Base of all extractors: a stateless scikit-learn transformer from images to features.

    A subclass assigns its parameters in ``__init__`` and does nothing else there. It sets `family`
    and `statistics`, and implements three methods:

    - ``_check()`` checks the parameters and returns what the kernels need (the plan);
    - ``_columns(shape)`` returns the ordered column names for an image of that shape;
    - ``_fill(plan, image, inside, out)`` writes one image's values into ``out``, in that order.

    The base class unpacks stacks and regions. Where a subclass has them, it also checks the
    parameter `grid` (zones along each side, 1 to 32), checks and applies the parameter `size` (side
    to which images are resized, or None), and checks the parameter `limits` (which grey values are
    black and white): ``_columns`` and ``_fill`` get the resized image. A subclass that sets
    `takes_fractions` gets integers whose type tells the range, or fractions from 0 to 1.

    One rule holds for regions in every family: what lies outside never matters.

    Notes
    -----
    Images are an array of shape (n, rows, columns), or a list of 2-D arrays, of real
    numbers. Where `limits` is "dtype", types are refused that do not tell which values are black
    and white: integers other than uint8 and uint16, floating values that are no fractions from 0 to
    1, and uint16 of at most 12 bits. A stack with a region is a `numpy.ma.MaskedArray` (or a list
    of them), whose mask is True *outside* the region, as everywhere in numpy. ``inside`` is then a
    boolean array, or None where every pixel counts.

    Parameters are checked at the first use and not in ``__init__``, as scikit-learn's clone and
    set_params require.

    Examples
    --------
    >>> import numpy as np
    >>> class Maximum(Extractor):
    ...     family = "maximum"
    ...     statistics = (Statistic("grey", "max x", "this example"),)
    ...
    ...     def _columns(self, shape):
    ...         return ("maximum_grey",)
    ...
    ...     def _fill(self, plan, image, inside, out):
    ...         out[0] = image.max() if inside is None else image[inside].max()
    >>> images = np.array([[[1, 2], [3, 4]], [[9, 8], [7, 6]]], np.uint8)
    >>> Maximum().fit_transform(images)
    array([[4.],
           [9.]], dtype=float32)
    """

    family: ClassVar[str]
    statistics: ClassVar[tuple[Statistic, ...]]
    dtype: ClassVar[type] = np.float32
    # What `draw` shows, as the caption of a figure; None where there is nothing to show.
    drawing: ClassVar[str | None] = None
    # Whether images may have a region; otherwise such images are refused.
    takes_region: ClassVar[bool] = True
    # Whether grey values are fractions of the range between the parameter `limits`.
    takes_fractions: ClassVar[bool] = False
    maximum_size: ClassVar[int] = 4096

    # Of the images `fit` looks at the shape alone.
    learns: ClassVar[bool] = False

    # An instance replaces it at the first use; it is neither pickled nor cloned.
    _prepared = None

    def fit(self, X, y=None):
        """Check the parameters, and remember the images' shape, on which some columns depend.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images; only the first is looked at.
        y : object
            Ignored.

        Returns
        -------
        self : Extractor
            The same object.

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, or the first image is not usable.
        """
        self._prepare()
        image, _ = next(iter_images(X, grey=self._name_grey()))
        self.image_shape_ = image.shape
        return self

    def transform(self, X) -> np.ndarray:
        """Extract the features of every image.

        Parameters
        ----------
        X : array of shape (n, rows, columns), or list of 2-D arrays
            The images; see the class's notes for types and regions.

        Returns
        -------
        features : array of float32, shape (n, n_columns)
            One row for each image; a frame where `set_output` or scikit-learn's configuration
            asks for one.

        Raises
        ------
        ParameterError
            If a parameter breaks its rule, an image is not a finite 2-D array of numbers or does
            not tell its range where that is needed, a region is empty, or the images' shapes lead
            to different columns.
        """
        prepared = self._prepare()
        features, columns = None, ()
        for index, (image, inside) in enumerate(iter_images(X, grey=self._name_grey())):
            shape = image.shape
            if not self.takes_region and inside is not None and not inside.all():
                raise ParameterError(
                    f"{type(self).__name__} needs the whole image, but image {index} has a region; "
                    f"take it of an input without one"
                )
            image, inside = self._prepare_image(image, inside)
            named = self._name_columns(prepared, image.shape)
            # The number of columns may depend on the shape, which the first image tells.
            if features is None:
                columns = named
                features = np.empty((len(X), len(columns)), self.dtype)
            elif len(named) != len(columns):
                raise ParameterError(
                    f"{type(self).__name__}: image {index} of shape {shape} gives {len(named)} "
                    f"columns, but the first gave {len(columns)}; bring the images to one size "
                    "first, with Preprocess(size=...) or the extractor's own size"
                )
            self._fill(prepared.plan, image, inside, features[index])
        return self._put_in_container(features, columns)

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Name the columns, in the order of the values.

        Parameters
        ----------
        input_features : object
            Ignored: images have no feature names.

        Returns
        -------
        names : array of str objects, shape (n_columns,)
            The names for images of the shape that `fit` saw.
        """
        if not self.__sklearn_is_fitted__():
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(
                f"{type(self).__name__} has not seen an image, on whose shape its columns may "
                "depend: call fit first"
            )
        shape = self.image_shape_
        size = getattr(self, "size", None)
        names = self._name_columns(self._prepare(), shape if size is None else (size, size))
        return np.asarray(names, dtype=object)

    def draw(self, image):
        """Draw what the family sees in an image, for people to look at.

        Parameters
        ----------
        image : array of shape (rows, columns)
            One image; its region is ignored.

        Returns
        -------
        figure : array of any shape (rows, columns), or None
            None where there is nothing to show. `drawing` says what it is.
        """
        if self.drawing is None:
            return None
        plan = self._prepare().plan
        ((image, _),) = iter_images([image], region="ignore", grey=self._name_grey())
        return self._draw(plan, self._prepare_image(image, None)[0])

    def set_output(self, *, transform=None):
        """Choose the container of the features.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"} or None
            "default" is an array; None changes nothing.

        Returns
        -------
        self
        """
        if transform is not None:
            self._sklearn_output_config = {"transform": transform}
        return self

    def __getstate__(self):
        return {name: value for name, value in vars(self).items() if name != "_prepared"}

    def __sklearn_is_fitted__(self):
        return hasattr(self, "image_shape_")

    def _prepare(self):
        """Check the parameters, unless they are those that were checked last.

        A check takes as long as the work on a small image, and an extraction calls transform for
        every image.
        """
        values = [getattr(self, name) for name in parameter_names(type(self))]
        # Lists are compared by what they hold now; and types count, since True equals 1.
        parameters = tuple(
            (type(value), tuple(value) if isinstance(value, list) else value) for value in values
        )
        prepared = self._prepared
        if prepared is not None and prepared.parameters == parameters:
            return prepared
        prepared = _Prepared(parameters, self._check_all(), {})
        try:
            hash(parameters)
        except TypeError:
            # Something in it may change unseen.
            return prepared
        self._prepared = prepared
        return prepared

    def _check_all(self):
        """Check the parameters, those that many families have included; return the plan."""
        if "grid" in parameter_names(type(self)):
            check_integer("grid", self.grid, 1, 32)
        if "limits" in parameter_names(type(self)):
            check_limits(self.limits)
        plan = self._check()
        size = getattr(self, "size", None)
        if size is not None:
            low, reason = self._minimum_size()
            is_integer = isinstance(size, numbers.Integral) and not isinstance(size, bool)
            if not (is_integer and low <= size <= self.maximum_size):
                fail("size", f"None or an integer from {low} to {self.maximum_size}{reason}", size)
        return plan

    def _name_grey(self):
        """Name the grey values that the family takes, as `iter_images` calls them."""
        limits = getattr(self, "limits", None)
        if getattr(self, "levels", 0) is None and getattr(self, "width", 0) is None:
            # The image holds levels, which have no black and white.
            return "any"
        return "typed" if isinstance(limits, str) and limits == "dtype" else "any"

    def _prepare_image(self, image, inside):
        """Resize an image and its region, and make fractions of its grey values where need be."""
        image, inside = resize_region(image, inside, getattr(self, "size", None))
        if self.takes_fractions and (limits := check_limits(self.limits)) != "dtype":
            image = take_fractions(image, *find_limits(limits, image, inside))
        return image, inside

    def _put_in_container(self, features, columns):
        """Return the features as `set_output` or scikit-learn's configuration asks for them."""
        container = getattr(self, "_sklearn_output_config", {}).get("transform")
        if container is None and "sklearn" in sys.modules:
            container = sys.modules["sklearn"].get_config()["transform_output"]
        if container in (None, "default"):
            return features
        from sklearn.preprocessing import FunctionTransformer

        # It knows the containers that scikit-learn does.
        naming = FunctionTransformer(feature_names_out=lambda _, given: list(columns))
        return naming.set_output(transform=container).fit_transform(features)

    def _name_columns(self, prepared, shape):
        """Return the columns for images of a shape; they are made once."""
        columns = prepared.columns.get(shape)
        if columns is None:
            columns = tuple(self._columns(shape))
            if len(set(columns)) < len(columns):
                twice = next(name for name in columns if columns.count(name) > 1)
                raise ParameterError(
                    f"{type(self).__name__}: the parameters give the column {twice} twice; name "
                    f"every scale, grid or property once"
                )
            if len(prepared.columns) == _REMEMBERED_SHAPES:
                prepared.columns.clear()
            prepared.columns[shape] = columns
        return columns

    def _minimum_size(self):
        """Return the smallest `size` that the parameters permit, and why, for the message."""
        return getattr(self, "grid", 4), ""

    def _check(self):
        """Check the family's own parameters; return the plan."""

    def _columns(self, shape):
        """Return the column names for an image of a shape, in the order of the values."""
        raise NotImplementedError

    def _fill(self, plan, image, inside, out):
        """Write the values of one image into `out`."""
        raise NotImplementedError

    def _draw(self, plan, image):
        """Return the figure of an image, for a family that sets `drawing`."""
        raise NotImplementedError
