"""Explicit grey-level discretisation: the same parameters, with the same meaning, in every texture family."""

from typing import NamedTuple

import numpy as np

from featurex.checks import check_integer, check_number, check_sequence
from featurex.errors import ParameterError

# Texture matrices grow with the square of the levels; no standard asks for more.
MAX_LEVELS = 256


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
        Between which grey values the levels lie: those found in the region, those the type can hold
        (0 to 1 for floating images), or stated ones. Values beyond stated limits get the outermost level.
    """

    levels: int | None
    width: float | None
    limits: str | tuple[float, float]


def check_discretisation(levels, width, limits):
    """Check the three parameters that texture families share; see `Discretisation`."""
    if levels is not None:
        levels = check_integer("levels", levels, 2, MAX_LEVELS)
    if width is not None:
        width = check_number("width", width, 1e-12)
    if isinstance(limits, str):
        if limits not in ("region", "dtype"):
            raise ParameterError(f"limits must be region, dtype or [low, high], but {limits!r} was given")
    else:
        limits = check_sequence("limits", limits, check_number, low=-np.inf)
        if len(limits) != 2 or not limits[0] < limits[1]:
            raise ParameterError(
                f"limits must be region, dtype or [low, high] with low < high, but {limits!r} was given"
            )
    return Discretisation(levels, width, limits)


def discretise(plan, image, inside):
    """Turn grey values into levels.

    Parameters
    ----------
    plan : Discretisation
    image : array of shape (rows, columns)
        uint8, uint16 or floating.
    inside : bool array of the same shape, or None

    Returns
    -------
    levels : uint16 array, shape (rows, columns)
        1 to n inside the region, 0 outside.
    n_levels : int

    Raises
    ------
    ParameterError
        If a width or levels found in the image lead to more than 256 levels.

    Notes
    -----
    With x a grey value and [a, b] the limits, level = floor(N (x - a) / (b - a)) + 1, and N at x = b, for
    a fixed number N; floor((x - a) / w) + 1 for a fixed width w. A constant region has level 1.
    """
    if plan.levels is None and plan.width is None:
        return _as_they_are(image, inside)
    low, high = _limits(plan.limits, image, inside)
    if image.dtype == np.uint8:
        levels, n_levels = _bin(plan, np.arange(256, dtype=np.float64), low, high)
        levels = levels[image]
    else:
        levels, n_levels = _bin(plan, image.astype(np.float64), low, high)
    if inside is not None:
        levels[~inside] = 0
    return levels, n_levels


def _limits(limits, image, inside):
    if limits == "region":
        counted = image if inside is None else image[inside]
        return float(counted.min()), float(counted.max())
    if limits == "dtype":
        return (0.0, 1.0) if image.dtype.kind == "f" else (0.0, float(np.iinfo(image.dtype).max))
    return limits


def _bin(plan, values, low, high):
    if plan.width is None:
        n_levels = plan.levels
        scaled = (values - low) * (n_levels / (high - low)) if high > low else np.zeros_like(values)
    else:
        scaled = (values - low) / plan.width
        n_levels = int((high - low) // plan.width) + 1
        _check_count(n_levels, f"a width of {plan.width}")
    # NaN outside the region would warn in the cast; it is set to 0 by the caller anyway.
    scaled = np.nan_to_num(np.floor(scaled), nan=0.0, posinf=n_levels, neginf=0.0)
    return (np.clip(scaled, 0, n_levels - 1) + 1).astype(np.uint16), n_levels


def _as_they_are(image, inside):
    counted = image if inside is None else image[inside]
    if counted.min() < 1 or (image.dtype.kind == "f" and (counted != np.floor(counted)).any()):
        raise ParameterError("levels=None needs whole levels from 1 on in the region; set levels or width instead")
    n_levels = int(counted.max())
    _check_count(n_levels, "the image")
    levels = np.zeros(image.shape, np.uint16)
    np.copyto(levels, image, where=True if inside is None else inside, casting="unsafe")
    return levels, n_levels


def _check_count(n_levels, what):
    if n_levels > MAX_LEVELS:
        raise ParameterError(f"{what} gives {n_levels} grey levels, but at most {MAX_LEVELS} are allowed")
