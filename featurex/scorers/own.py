"""Parts of a user's own class, as what they have learnt: numbers and arrays, and no code."""

import keyword
import math
import re
from dataclasses import dataclass

import numpy as np

from featurex.errors import DataError, ParameterError
from featurex.plugins import find_class, name_class
from featurex.scorers.base import Scorer, check_array

# What scikit-learn calls what an estimator has learnt: `means_`, but neither `_means_` nor `x__`.
_FITTED = re.compile(r"[A-Za-z]\w*(?<!_)_")
_PLAIN = (bool, int, float, str, type(None))
_TYPES = ("float32", "float64", "int32")
_METHODS = (
    "give the class, or a subclass of it, the methods get_fitted(), which returns what was learnt "
    "as a dict of numbers and arrays, and set_fitted(fitted), which takes it back"
)


@dataclass(frozen=True, eq=False)
class Own(Scorer):
    """An object of a class that is not featurex's, made anew from what it has learnt.

    Its class is found only where the user has allowed it: see `featurex.plugins`.

    Parameters
    ----------
    name : str
        Of its class, as "package.module.Name".
    parameters : dict
        Arguments of its constructor.
    numbers : dict
        What it has learnt, as far as these are numbers and texts, by name.
    arrays : dict of str to array
        The rest of it.
    """

    name: str
    parameters: dict
    numbers: dict
    arrays: dict[str, np.ndarray]

    def __post_init__(self):
        kind = find_class(self.name, "its class")
        part = kind(**self.parameters)
        fitted = {**self.numbers, **self.arrays}
        if hasattr(part, "set_fitted"):
            part.set_fitted(fitted)
        else:
            for name, value in fitted.items():
                if not _FITTED.fullmatch(name) or keyword.iskeyword(name):
                    raise DataError(f"{self.name}: {name} is no name of what was learnt")
                setattr(part, name, value)
        object.__setattr__(self, "part", part)


@dataclass(frozen=True, eq=False)
class OwnTransformer(Own):
    """A step of an input, or an extractor, that has learnt from images; see `Own`."""


@dataclass(frozen=True, eq=False)
class OwnClassifier(Own):
    """A classifier of columns; its first four arguments are those of `Own`.

    Parameters
    ----------
    n_columns : int
        Number of columns that it is given.
    n_classes : int
        Number of classes.
    """

    n_columns: int
    n_classes: int

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, n_columns) to (n, n_classes)."""
        probabilities = np.asarray(self.part.predict_proba(np.asarray(values)), np.float64)
        check_array(f"what {self.name} says", probabilities, "f", (len(values), self.n_classes))
        return probabilities


def take_learnt(part):
    """Take what an object of a user's own class has learnt.

    Parameters
    ----------
    part : estimator
        Fitted. Its method ``get_fitted`` tells what it has learnt, as a dict of numbers and arrays;
        without one, that is every attribute whose name ends in one underscore.

    Returns
    -------
    learnt : dict
        The first four arguments of `Own`, by name.

    Raises
    ------
    DataError
        If its class cannot be found by name, or holds what is neither number nor array; the message
        says what to do.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from featurex.scorers.own import take_learnt
    >>> bayes = GaussianNB().fit([[0.0], [1.0], [4.0], [5.0]], [0, 0, 1, 1])
    >>> learnt = take_learnt(bayes)
    >>> learnt["name"], learnt["numbers"]["n_features_in_"], learnt["arrays"]["theta_"].tolist()
    ('sklearn.naive_bayes.GaussianNB', 1, [[0.5], [4.5]])
    """
    try:
        name = name_class(type(part))
    except ParameterError as error:
        raise DataError(str(error)) from error
    parameters = {
        key: _check_parameter(value, f"{name}: its parameter {key}")
        for key, value in part.get_params(deep=False).items()
    }
    numbers, arrays = {}, {}
    for key, value in _find_fitted(part, name).items():
        value = _make_plain(value)
        if _is_plain(value):
            numbers[key] = value
        else:
            arrays[key] = _check_learnt(value, f"{name}: {key}")
    return {"name": name, "parameters": parameters, "numbers": numbers, "arrays": arrays}


def refuse(name, reason):
    """Make the DataError of a part that cannot be made anew from what it has learnt.

    Parameters
    ----------
    name : str
        Of the class.
    reason : str
        Why.
    """
    return DataError(f"{name} has no form as plain arrays: {reason}; {_METHODS}")


def _find_fitted(part, name):
    if not hasattr(part, "get_fitted"):
        return {key: value for key, value in vars(part).items() if _FITTED.fullmatch(key)}
    fitted = part.get_fitted()
    if not hasattr(part, "set_fitted") or not isinstance(fitted, dict):
        raise refuse(name, "get_fitted gives no dict, or set_fitted is missing")
    return fitted


def _make_plain(value):
    """A NumPy scalar, or an array without axes, as a number of Python."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    return value


def _check_parameter(value, where):
    value = _make_plain(value)
    if isinstance(value, list | tuple):
        return [_check_parameter(item, where) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _check_parameter(item, where) for key, item in value.items()}
    if _is_plain(value):
        return value
    raise DataError(
        f"{where} is {value!r:.60}, but a model file holds finite numbers, texts, lists and "
        "mappings of these"
    )


def _is_plain(value):
    return isinstance(value, _PLAIN) and not (isinstance(value, float) and not math.isfinite(value))


def _check_learnt(value, where):
    """An array of a type that a file can hold."""
    name, _, key = where.partition(": ")
    if not isinstance(value, np.ndarray):
        raise refuse(name, f"{key} is a {type(value).__name__}")
    bounds = np.iinfo(np.int32)
    if (
        value.dtype.kind in "iu"
        and value.size
        and bounds.min <= value.min() <= value.max() <= bounds.max
    ):
        value = value.astype(np.int32)
    if str(value.dtype) not in _TYPES or not 1 <= value.ndim <= 3 or value.size == 0:
        raise refuse(
            name,
            f"{key} is an array of {value.dtype} and shape {value.shape}, but a file holds "
            f"{', '.join(_TYPES)} with 1 to 3 axes and at least one value",
        )
    return value
