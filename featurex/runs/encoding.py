"""Frozen dataclasses to JSON and back; what is read is checked against the declared types.

Types of fields may be str, bool, int, float, another dataclass, ``X | None``, ``tuple[X, ...]``,
``dict[str, X]``, ``Literal[...]``, ``Any`` (whatever JSON can hold), and ``Annotated`` with a
`Between`.
"""

import dataclasses
import functools
import math
import numbers
import types
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from featurex.errors import DataError

# Of what may be anything: a configuration is five deep.
_DEEPEST = 50


class Between(NamedTuple):
    """Limits of a number, to be written ``Annotated[float, Between(0, 1)]``.

    Parameters
    ----------
    low, high : float
        Both are allowed themselves.
    """

    low: float
    high: float


class Marker(NamedTuple):
    """Says what a text names, to be written ``Annotated[str, Marker("model")]``.

    Parameters
    ----------
    noun : str
        What the text must be one of; who knows the names that exist checks it, see `find_marked`.
    """

    noun: str


def to_json(value):
    """Convert dataclasses, and what they hold, to what `json.dumps` writes.

    Parameters
    ----------
    value : dataclass, dict, sequence, number, str, bool or None
        Numbers may be those of NumPy.

    Returns
    -------
    tree : dict, list, str, int, float, bool or None
        Numbers that JSON lacks (NaN and the infinities) become None.
    """
    if dataclasses.is_dataclass(value):
        return {name: to_json(getattr(value, name)) for name in field_types(type(value))}
    if isinstance(value, dict):
        return {str(name): to_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, str | bool | types.NoneType):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else None
    # Arrays of one number, as NumPy's own bool, have `item`; everything else is a mistake.
    return to_json(value.item())


def from_json(kind, tree, where):
    """Construct a dataclass, and what it holds, from what `json.loads` gives.

    Parameters
    ----------
    kind : type
        See the types that this module knows.
    tree : dict, list, str, int, float, bool or None
        What `json.loads` gave.
    where : str
        Where the tree stands, as "run.json", for messages.

    Returns
    -------
    value : kind

    Raises
    ------
    DataError
        If a value is not of its declared type; the message says where it stands, as
        "run.json: importance.families[2].auc_drop".

    Examples
    --------
    >>> from_json(tuple[int, ...], [1, "x"], "run.json: counts")
    Traceback (most recent call last):
    featurex.errors.DataError: run.json: counts[1] must be an integer, but 'x' was given
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        value = from_json(arguments[0], tree, where)
        for note in arguments[1:]:
            if isinstance(note, Between) and not note.low <= value <= note.high:
                _refuse(where, f"a number from {note.low:g} to {note.high:g}", tree)
        return value
    if origin in (Union, types.UnionType):
        if tree is None:
            return None
        (inner,) = (other for other in arguments if other is not types.NoneType)
        return from_json(inner, tree, where)
    if origin is Literal:
        if tree not in arguments:
            _refuse(where, f"one of {', '.join(map(str, arguments))}", tree)
        return tree
    if origin is tuple:
        _check_type(tree, list, "a list", where)
        return tuple(from_json(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(tree))
    if origin is dict:
        _check_type(tree, dict, "a mapping", where)
        return {
            _text(name, where): from_json(arguments[1], item, _join(where, name))
            for name, item in tree.items()
        }
    if dataclasses.is_dataclass(kind):
        return _construct(kind, tree, where)
    return _SIMPLE[kind](tree, where)


def find_marked(value, noun, where):
    """Find every text in a dataclass that names something of one kind.

    Parameters
    ----------
    value : dataclass
        Any whose fields have the types that this module knows.
    noun : str
        Of the `Marker`.
    where : str
        Where the dataclass stands, for messages.

    Yields
    ------
    where, text : str
        In the order of the fields.
    """
    for name, kind in field_types(type(value)).items():
        yield from _find(kind, getattr(value, name), noun, _join(where, name))


@functools.cache
def field_types(kind):
    """The types of a dataclass's fields: dict of name to type."""
    return get_type_hints(kind, include_extras=True)


def _find(kind, value, noun, where):
    origin, arguments = get_origin(kind), get_args(kind)
    if value is None:
        return
    if origin is Annotated:
        if Marker(noun) in arguments[1:]:
            yield where, value
    elif origin in (Union, types.UnionType):
        yield from _find(arguments[0], value, noun, where)
    elif origin is tuple:
        for i, item in enumerate(value):
            yield from _find(arguments[0], item, noun, f"{where}[{i}]")
    elif dataclasses.is_dataclass(kind):
        yield from find_marked(value, noun, where)


def _construct(kind, tree, where):
    _check_type(tree, dict, "a mapping", where)
    expected = field_types(kind)
    unknown = [name for name in tree if name not in expected]
    if unknown:
        raise DataError(f"{_join(where, unknown[0])} does not exist in this format")
    lacking = [
        field.name
        for field in dataclasses.fields(kind)
        if field.name not in tree
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if lacking:
        raise DataError(f"{where} lacks {', '.join(lacking)}")
    return kind(
        **{name: from_json(expected[name], item, _join(where, name)) for name, item in tree.items()}
    )


def _integer(tree, where):
    if isinstance(tree, bool) or not isinstance(tree, int):
        _refuse(where, "an integer", tree)
    return tree


def _number(tree, where):
    # An integer of 400 digits is one for JSON, and no float.
    if isinstance(tree, bool) or not isinstance(tree, int | float) or not abs(tree) < 1e300:
        _refuse(where, "a number", tree)
    return float(tree)


def _boolean(tree, where):
    return _check_type(tree, bool, "true or false", where)


def _text(tree, where):
    _check_type(tree, str, "a text", where)
    try:
        # JSON can hold half of a pair of surrogates, which no file can.
        tree.encode("utf-8")
    except UnicodeEncodeError:
        _refuse(where, "a text of whole characters", tree)
    return tree


def _anything(tree, where, depth=0):
    if depth > _DEEPEST:
        raise DataError(f"{where} is nested more than {_DEEPEST} deep")
    if isinstance(tree, dict):
        return {
            _text(name, where): _anything(item, _join(where, name), depth + 1)
            for name, item in tree.items()
        }
    if isinstance(tree, list):
        return [_anything(item, f"{where}[{i}]", depth + 1) for i, item in enumerate(tree)]
    if isinstance(tree, str):
        return _text(tree, where)
    if isinstance(tree, float):
        return _number(tree, where)
    return tree


_SIMPLE = {str: _text, bool: _boolean, int: _integer, float: _number, Any: _anything}


def _check_type(tree, kind, rule, where):
    if not isinstance(tree, kind):
        _refuse(where, rule, tree)
    return tree


def _refuse(where, rule, given):
    shown = repr(given)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    raise DataError(f"{where} must be {rule}, but {shown} was given")


def _join(where, name):
    """Append a name to a path: "run.json", then "run.json: seed", then "run.json: seed.x"."""
    return f"{where}.{name}" if ": " in where else f"{where}: {name}"
