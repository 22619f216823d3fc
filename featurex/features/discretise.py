"""Explicit grey-level discretisation: the same parameters, with the same meaning, in every texture
family.
"""

import math
from typing import NamedTuple

import numpy as np

from featurex.checks import check_integer, check_number, check_sequence
from featurex.errors import ParameterError
from featurex.kernels.discretise import (
    assign_levels,
    find_integer_range,
    find_range,
    look_up_levels,
)

# Texture matrices grow with the square of the levels; no standard asks for more.
MAX_LEVELS = 256
# The values of 8 bits: their levels are computed once, and looked up for every pixel.
_BYTES = np.arange(256, dtype=np.uint8)[None]


class Discretisation(NamedTuple):
    """How grey values become levels 1, 2, ... n.

    Parameters
    ----------
    levels : int or None
        Fixed bin number (IBSI K15C): so many levels of equal width between the limits. None without
        a width: the image holds levels from 1 on already.
    width : float or None
        Fixed bin width (IBSI Q3RU): bins of that width from the lower limit on; it takes the place
        of `levels`.
    limits : "region", "dtype" or (low, high)
        Between which grey values the levels lie: the smallest and largest of the region, those that
        the type can hold (0 to 1 for floating images), or stated ones. Values beyond stated limits
        get the outermost level.
    """

    levels: int | None
    width: float | None
    limits: str | tuple[float, float]


def check_discretisation(levels, width, limits):
    """Check the three parameters that all texture families have.

    Parameters
    ----------
    levels, width, limits : object
        See `Discretisation`; `levels` from 2 to 256, `width` above 0.

    Returns
    -------
    discretisation : Discretisation
        The clean values.

    Raises
    ------
    ParameterError
        If one of them breaks its rule.
    """
    if levels is not None:
        levels = check_integer("levels", levels, 2, MAX_LEVELS)
    if width is not None:
        width = check_number("width", width, 1e-12)
    return Discretisation(levels, width, check_limits(limits))


def check_limits(limits):
    """Check between which grey values the range of an image lies.

    Parameters
    ----------
    limits : object
        See `Discretisation`.

    Returns
    -------
    limits : "region", "dtype" or (float, float)
        The clean value.

    Raises
    ------
    ParameterError
        If it is none of these, or the lower limit is not below the upper one.
    """
    if isinstance(limits, str):
        if limits not in ("region", "dtype"):
            raise ParameterError(
                f"limits must be region, dtype or [low, high], but {limits!r} was given"
            )
        return limits
    limits = check_sequence("limits", limits, check_number, low=-np.inf)
    if len(limits) != 2 or not limits[0] < limits[1]:
        raise ParameterError(
            f"limits must be region, dtype or [low, high] with low < high, but {limits!r} was given"
        )
    return limits


def find_limits(limits, image, inside):
    """Find the grey values of black and white.

    Parameters
    ----------
    limits : "region", "dtype" or (float, float)
        See `Discretisation`.
    image : array of shape (rows, columns)
        Grey values: uint8, uint16 or floating.
    inside : bool array of the same shape, or None
        True where a pixel belongs to the region; None where every pixel does.

    Returns
    -------
    low, high : float
        Equal where the limits are those of a constant region.
    """
    if limits == "region":
        return _find_range(image, inside)
    if limits == "dtype":
        return 0.0, 1.0 if image.dtype.kind == "f" else float(np.iinfo(image.dtype).max)
    return limits


def discretise(plan, image, inside, padding=0):
    """Turn grey values into levels.

    Parameters
    ----------
    plan : Discretisation
        How.
    image : array of shape (rows, columns)
        Grey values: uint8, uint16 or floating.
    inside : bool array of the same shape, or None
        True where a pixel belongs to the region; None where every pixel does.
    padding : int
        Rows and columns of zeros around the levels, so that every pixel has neighbours.

    Returns
    -------
    levels : uint8 array, or uint16 for 256 levels, shape (rows + 2 padding, columns + 2 padding)
        1 to n inside the region, 0 outside.
    n_levels : int
        The number n of levels, empty ones included.

    Raises
    ------
    ParameterError
        If a width, or levels that the image holds already, lead to more than 256 levels.

    Notes
    -----
    With x a grey value and [a, b] the limits, level = floor(N (x - a) / (b - a)) + 1, and N at x =
    b, for a fixed number N; floor((x - a) / w) + 1 for a fixed width w. A constant region has level
    1.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[0, 10], [60, 100]], np.uint8)
    >>> levels, n_levels = discretise(check_discretisation(4, None, "region"), image, None)
    >>> levels
    array([[1, 1],
           [3, 4]], dtype=uint8)
    """
    if plan.levels is None and plan.width is None:
        return _take_levels(image, inside, padding)
    low, high = find_limits(plan.limits, image, inside)
    if plan.width is None:
        n_levels = plan.levels
        # A constant region has no range that could be divided; 0 puts it at level 1.
        multiplier, divisor = (float(n_levels), high - low) if high > low else (0.0, 1.0)
    else:
        # Not `//`, which may differ from the floor of the quotient that decides about pixels.
        n_levels = math.floor((high - low) / plan.width) + 1
        check_count(n_levels, f"a width of {plan.width}")
        multiplier, divisor = 1.0, plan.width
    levels = make_levels(image.shape, padding, n_levels)
    if image.dtype == np.uint8:
        table = np.empty(_BYTES.shape, levels.dtype)
        assign_levels(_BYTES, None, low, multiplier, divisor, n_levels, table)
        look_up_levels(image, inside, table[0], levels)
    else:
        assign_levels(image, inside, low, multiplier, divisor, n_levels, levels)
    return levels, n_levels


def make_levels(shape, padding, maximum):
    """Make an array for levels and zeros around them.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the levels.
    padding : int
        Rows and columns of zeros on every side.
    maximum : int
        The largest level.

    Returns
    -------
    levels : array of zeros, shape (rows + 2 padding, columns + 2 padding)
        uint8 if that holds the largest level, else uint16.
    """
    rows, columns = shape
    return np.zeros(
        (rows + 2 * padding, columns + 2 * padding), np.uint8 if maximum < 256 else np.uint16
    )


def remove_padding(levels, padding):
    """Return the levels without so many rows and columns on every side: a view."""
    rows, columns = levels.shape
    return levels[padding : rows - padding, padding : columns - padding]


def _find_range(image, inside):
    """Find the smallest and the largest grey value of the region: two floats."""
    if inside is None:
        return float(image.min()), float(image.max())
    find = find_range if image.dtype.kind == "f" else find_integer_range
    # Any value of the region, to start from: what lies outside may be the extreme, or NaN.
    low, high = find(image, inside, image.ravel()[inside.argmax()])
    return float(low), float(high)


def _take_levels(image, inside, padding):
    """Take the grey values of the region as levels."""
    low, high = _find_range(image, inside)
    are_integers = (
        image.dtype.kind != "f"
        or not ((image != np.floor(image)) & (True if inside is None else inside)).any()
    )
    if low < 1 or not are_integers:
        raise ParameterError(
            "levels=None needs integers from 1 on in the region; set levels or width instead"
        )
    n_levels = int(high)
    check_count(n_levels, "the image")
    levels = make_levels(image.shape, padding, n_levels)
    np.copyto(
        remove_padding(levels, padding),
        image,
        where=True if inside is None else inside,
        casting="unsafe",
    )
    return levels, n_levels


def check_count(n_levels, cause, maximum=MAX_LEVELS):
    """Raise an error if `cause`, as "the image", gives more grey levels than `maximum`."""
    if n_levels > maximum:
        raise ParameterError(
            f"{cause} gives {n_levels} grey levels, but at most {maximum} are allowed"
        )
