"""Scorers to a tree of plain values beside named arrays, and back."""

import dataclasses
import functools
import math
from typing import get_type_hints

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer
from featurex.scorers.combined import Chain, EqualPriors, Vote
from featurex.scorers.kernel_machine import KernelMachine
from featurex.scorers.layers import Affine, Convolution, Pooling, Rectifier, Residual
from featurex.scorers.linear import Components, Linear, Standardization
from featurex.scorers.network import Network
from featurex.scorers.own import OwnClassifier, OwnTransformer
from featurex.scorers.trees import Trees

# By what a tree calls them.
SCORERS = {
    "affine": Affine,
    "chain": Chain,
    "components": Components,
    "convolution": Convolution,
    "equal_priors": EqualPriors,
    "kernel_machine": KernelMachine,
    "linear": Linear,
    "network": Network,
    "own_classifier": OwnClassifier,
    "own_transformer": OwnTransformer,
    "pooling": Pooling,
    "rectifier": Rectifier,
    "residual": Residual,
    "standardization": Standardization,
    "trees": Trees,
    "vote": Vote,
}
_KIND = "scorer"
_NAMES = {kind: name for name, kind in SCORERS.items()}
_hints = functools.cache(get_type_hints)
# The type of arrays whose names the scorer does not fix.
_ARRAYS = dict[str, np.ndarray]
# Of scorers within scorers: a vote of models that correct for priors after steps has four.
_DEEPEST = 8


def to_arrays(scorer, where):
    """Take a scorer apart.

    Parameters
    ----------
    scorer : Scorer
        Any of `SCORERS`.
    where : str
        What the names of its arrays begin with.

    Returns
    -------
    tree : dict
        Its kind and plain values, in types that JSON has.
    arrays : dict of str to array
        Its arrays, by the place of each in the tree.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex.scorers import Linear, from_arrays, to_arrays
    >>> tree, arrays = to_arrays(Linear(np.ones((1, 2)), np.zeros(1)), "model")
    >>> tree, list(arrays)
    ({'scorer': 'linear'}, ['model.weights', 'model.constants'])
    >>> from_arrays(tree, arrays, "model").predict_proba([[1.0, -1.0]]).tolist()
    [[0.5, 0.5]]
    """
    tree, arrays = {_KIND: _NAMES[type(scorer)]}, {}
    for field in dataclasses.fields(scorer):
        value, place = getattr(scorer, field.name), f"{where}.{field.name}"
        if isinstance(value, np.ndarray):
            arrays[place] = value
        elif _hints(type(scorer))[field.name] == _ARRAYS:
            tree[field.name] = list(value)
            arrays |= {f"{place}.{key}": array for key, array in value.items()}
        elif isinstance(value, Scorer):
            tree[field.name], inner = to_arrays(value, place)
            arrays |= inner
        elif isinstance(value, tuple):
            parts = [to_arrays(item, f"{place}[{i}]") for i, item in enumerate(value)]
            tree[field.name] = [part for part, _ in parts]
            for _, inner in parts:
                arrays |= inner
        else:
            tree[field.name] = value
    return tree, arrays


def from_arrays(tree, arrays, where, depth=0):
    """Put a scorer together; every part of it is checked.

    Parameters
    ----------
    tree : dict
        As `to_arrays` makes it; whatever JSON can hold is refused in a sentence.
    arrays : dict of str to array
        As well; those of other places are left alone.
    where : str
        What the names of its arrays begin with.
    depth : int
        How many scorers it lies within.

    Returns
    -------
    scorer : Scorer

    Raises
    ------
    DataError
        If it is none; the message says where.
    """
    kind = tree.get(_KIND) if isinstance(tree, dict) else None
    if not isinstance(kind, str) or kind not in SCORERS or depth > _DEEPEST:
        raise DataError(f"{where} must be one of {', '.join(SCORERS)}, at most {_DEEPEST} deep")
    types = _hints(SCORERS[kind])
    wanted = {name for name, expected in types.items() if expected is not np.ndarray}
    if set(tree) != wanted | {_KIND}:
        raise DataError(f"{where} must hold {', '.join(sorted(wanted)) or 'nothing'}")
    values = {}
    for name, expected in types.items():
        place = f"{where}.{name}"
        if expected is np.ndarray:
            if place not in arrays:
                raise DataError(f"the array {place} is missing")
            values[name] = arrays[place]
        elif expected in (str, int, float, dict):
            values[name] = _check_plain(tree[name], expected, place)
        elif expected == _ARRAYS:
            values[name] = _take_arrays(tree[name], arrays, place)
        elif expected is Scorer:
            values[name] = from_arrays(tree[name], arrays, place, depth + 1)
        else:
            if not isinstance(tree[name], list):
                raise DataError(f"{place} must be a list")
            values[name] = tuple(
                from_arrays(item, arrays, f"{place}[{i}]", depth + 1)
                for i, item in enumerate(tree[name])
            )
    return SCORERS[kind](**values)


def _take_arrays(names, arrays, where):
    """The arrays of a list of names: dict of str to array."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise DataError(f"{where} must be a list of names")
    for name in names:
        if f"{where}.{name}" not in arrays:
            raise DataError(f"the array {where}.{name} is missing")
    return {name: arrays[f"{where}.{name}"] for name in names}


def _check_plain(value, expected, where):
    if expected is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not expected or (expected is float and not math.isfinite(value)):
        raise DataError(f"{where} must be of type {expected.__name__}")
    return value
