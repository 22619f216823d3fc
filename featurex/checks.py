"""Small checks: each returns the clean value, or raises with the name, the rule and what was
given.
"""

import math
import numbers
import re

import numpy as np

from featurex.errors import ParameterError
from featurex.wording import suggest

# Of a name that becomes part of names of files and columns.
_NAME = re.compile(r"\w[\w.+-]*")


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
    """Return `value` if it is one of `allowed`; the message lists them all, and the nearest."""
    if value not in allowed:
        meant = suggest(value, allowed)
        raise ParameterError(
            f"{name} must be one of {', '.join(map(str, allowed))}, but {value!r} was given"
            f"{meant and f'; {meant}'}"
        )
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


def check_named(section, given, keys, what, values):
    """Check a mapping of names to values, or to mappings of keys to values.

    Parameters
    ----------
    section : str
        Name of the parameter.
    given : object
        What the user gave; None is an empty mapping.
    keys : sequence of str
        The keys that a mapping may have; a value that is none stands for the first.
    what : str
        What a name names, for messages, as "a rival".
    values : str
        What the values are, for messages, as "data sets".

    Returns
    -------
    given : dict of str to dict
        Of each name what was given by key.

    Raises
    ------
    ParameterError
        If it is no mapping, a name has other characters, or a key does not exist.
    """
    if not isinstance(given or {}, dict):
        fail(section, f"a mapping of names to {values}", given)
    checked = {}
    for name, value in (given or {}).items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            fail(f"the name of {what}", "made of letters, digits, _ . + and -", name)
        checked[name] = dict(value) if isinstance(value, dict) else {keys[0]: value}
        for key in checked[name]:
            if key not in keys:
                raise ParameterError(
                    f"{section}.{name}.{key} does not exist; there are {', '.join(keys)}"
                )
    return checked
