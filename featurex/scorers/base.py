"""What all scorers share: checked arrays, classes, and the way from margins to probabilities."""

import numpy as np

from featurex.errors import DataError


class Scorer:
    """Base of the scorers. Each is a frozen dataclass that checks its arrays when it is made.

    A subclass has `n_columns`, and either `transform`, if it is a step, or `predict_proba` and
    `n_classes`, if it is a classifier.
    """

    @property
    def classes_(self):
        """Indices of the classes: int array, shape (n_classes,)."""
        return np.arange(self.n_classes)


def check_array(where, array, kind, shape):
    """Raise a DataError unless an array has its type and shape, and all of it is finite.

    Parameters
    ----------
    where : str
        What the message calls it, as "Linear: weights".
    array : array
        Whatever was read.
    kind : str
        The letter of its dtype's kind: "f" or "i".
    shape : tuple of int or None
        Of each axis; None for any length but 0.
    """
    if not isinstance(array, np.ndarray) or array.dtype.kind != kind:
        raise DataError(f"{where} must be an array of {'floats' if kind == 'f' else 'integers'}")
    wanted = ", ".join("n" if length is None else str(length) for length in shape)
    if array.ndim != len(shape) or any(
        given != length if length is not None else given == 0
        for given, length in zip(array.shape, shape, strict=True)
    ):
        raise DataError(f"{where} must be of shape ({wanted}), but it is of {array.shape}")
    if kind == "f" and not np.isfinite(array).all():
        raise DataError(f"{where} must be finite")


def logistic(margins):
    """Compute 1 / (1 + exp(-margins)) without overflow: float array of the same shape."""
    return np.exp(-np.logaddexp(0.0, -margins))


def margins_to_probabilities(margins):
    """Compute probabilities from margins.

    Parameters
    ----------
    margins : float array, shape (n, n_outputs)
        One output is the log-odds of the second of two classes; several are one a class, of which
        the softmax is taken.

    Returns
    -------
    probabilities : float array, shape (n, n_classes)
    """
    if margins.shape[1] == 1:
        return np.column_stack([logistic(-margins[:, 0]), logistic(margins[:, 0])])
    odds = np.exp(margins - margins.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def count_classes(n_outputs):
    """The number of classes that so many margins decide among."""
    return 2 if n_outputs == 1 else n_outputs
