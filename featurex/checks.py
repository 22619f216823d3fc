"""Small checks: each returns the clean value, or raises with the name, the rule and what was
given.
"""

import math
import numbers

import numpy as np

from featurex.errors import ParameterError


def fail(name, rule, given):
    """Raise a ParameterError in the one wording that all checks share."""
    raise ParameterError(f"{name} must be {rule}, but {given!r} was given")


def _limits(low, high):
    if high is None:
        return f"of at least {low}"
    return f"from {low} to {high}"


def check_integer(name, value, low, high=None):
    """Return `value` as an int within [low, high]; booleans and fractions are refused."""
    rule = f"an integer {_limits(low, high)}"
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        fail(name, rule, value)
    if value < low or (high is not None and value > high):
        fail(name, rule, value)
    return int(value)


def check_number(name, value, low, high=None):
    """Return `value` as a finite float within [low, high]."""
    rule = f"a number {_limits(low, high)}"
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        fail(name, rule, value)
    if value < low or (high is not None and value > high):
        fail(name, rule, value)
    return float(value)


def check_boolean(name, value):
    """Return `value` as a bool if it is True or False (YAML's true and false, or NumPy's)."""
    if not isinstance(value, bool | np.bool_):
        fail(name, "true or false", value)
    return bool(value)


def check_choice(name, value, allowed):
    """Return `value` if it is one of `allowed`; the message lists them all."""
    if value not in allowed:
        fail(name, "one of " + ", ".join(map(str, allowed)), value)
    return value


def check_sequence(name, value, check, **limits):
    """Return a non-empty tuple, each item cleaned by `check(name[i], item, **limits)`.

    Parameters
    ----------
    name : str
        What the message calls the value; its items are called ``name[0]``, ``name[1]`` and so on.
    value : sequence
        A list or tuple (YAML gives lists). A text is refused, though Python could iterate it.
    check : callable
        One of this module's checks.
    """
    if isinstance(value, str | bytes) or not hasattr(value, "__len__") or len(value) == 0:
        fail(name, "a list with at least one item", value)
    return tuple(check(f"{name}[{i}]", item, **limits) for i, item in enumerate(value))
