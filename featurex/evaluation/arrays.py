"""Checks of class indices, scores and weights, in one place for every measure."""

import numpy as np

from featurex.errors import DataError


def check_labels(labels, n_classes=None):
    """Return class indices as an int64 array.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        Class indices 0, 1, ...; in a two-class task 1 is the positive class.
    n_classes : int or None
        Number of classes; None takes one more than the largest index, at least 2.

    Returns
    -------
    labels : int64 array, shape (n,)

    Raises
    ------
    DataError
        If they are not integers of that range, or a class does not occur.
    """
    given = np.asarray(labels)
    if given.ndim != 1 or given.size == 0 or given.dtype.kind not in "biu":
        raise DataError(
            "labels must be a list of class indices 0, 1, ... with at least one item, "
            f"but an array of shape {given.shape} and type {given.dtype} was given"
        )
    labels = given.astype(np.int64)
    if n_classes is None:
        n_classes = max(2, int(labels.max()) + 1)
    if labels.min() < 0 or labels.max() >= n_classes:
        raise DataError(
            f"labels must be class indices from 0 to {n_classes - 1}, "
            f"but they range from {labels.min()} to {labels.max()}"
        )
    missing = np.flatnonzero(np.bincount(labels, minlength=n_classes) == 0)
    if len(missing):
        raise DataError(
            f"labels hold no image of class {', '.join(map(str, missing))}: "
            "a score needs at least one image of every class"
        )
    return labels


def check_scores(labels, scores):
    """Return labels and the positive class's scores of a two-class task.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 is the positive class.
    scores : array-like of float, shape (n,)
        The larger, the more likely positive.

    Returns
    -------
    labels : bool array, shape (n,)
    scores : float64 array, shape (n,)

    Raises
    ------
    DataError
        If lengths differ, a score is not finite, or a class does not occur.
    """
    labels = check_labels(labels, n_classes=2)
    return labels.astype(bool), _finite("scores", scores, labels.shape)


def check_finite(scores):
    """Return scores whose labels are not known.

    Parameters
    ----------
    scores : array-like of float, shape (n,)
        At least one.

    Returns
    -------
    scores : float64 array, shape (n,)

    Raises
    ------
    DataError
        If they are no such list, or one is not finite.
    """
    if np.ndim(scores) != 1 or np.size(scores) == 0:
        raise DataError(
            f"scores must be a list with at least one number, but their shape is {np.shape(scores)}"
        )
    return _finite("scores", scores, np.shape(scores))


def check_probabilities(labels, probabilities):
    """Return labels and probabilities, of two classes or of more.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        Class indices.
    probabilities : array-like of float, shape (n,) or (n, n_classes)
        Probability of the positive class, or of each class, 0 to 1.

    Returns
    -------
    labels : int64 array, shape (n,)
    probabilities : float64 array, shape (n, n_classes)

    Raises
    ------
    DataError
        If shapes do not fit, a value is outside [0, 1], or a class does not occur.
    """
    given = np.asarray(probabilities, np.float64)
    n_classes = given.shape[1] if given.ndim == 2 else 2
    labels = check_labels(labels, n_classes)
    shape = (len(labels), n_classes) if given.ndim == 2 else labels.shape
    given = _finite("probabilities", given, shape)
    if given.min() < 0.0 or given.max() > 1.0:
        raise DataError(
            f"probabilities must be from 0 to 1, but they range from {given.min():g} to "
            f"{given.max():g}"
        )
    return labels, given if given.ndim == 2 else np.column_stack([1.0 - given, given])


def check_weights(weights, n_images):
    """Return weights as float64, ones where there are none.

    Parameters
    ----------
    weights : array-like of float, shape (..., n), or None
        How often each image counts; leading axes are independent resamples.
    n_images : int
        Number of images.

    Returns
    -------
    weights : float64 array, shape (..., n)

    Raises
    ------
    DataError
        If their number differs from that of the images.
    """
    if weights is None:
        return np.ones(n_images)
    weights = np.asarray(weights, np.float64)
    if weights.ndim == 0 or weights.shape[-1] != n_images:
        raise DataError(
            f"weights must have {n_images} columns, one an image, but their shape is "
            f"{weights.shape}"
        )
    return weights


def safe_ratio(numerator, denominator, undefined=np.nan):
    """Divide, with a value of choice where the denominator is 0.

    Parameters
    ----------
    numerator, denominator : array-like of float
        Of shapes that broadcast together; the denominator is at least 0.
    undefined : float
        What stands where the denominator is 0.

    Returns
    -------
    ratio : float or float64 array
    """
    numerator, denominator = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    out = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), undefined)
    return np.divide(numerator, denominator, out=out, where=denominator > 0)[()]


def _finite(name, values, shape):
    values = np.asarray(values, np.float64)
    if values.shape != shape:
        raise DataError(
            f"{name} must be of shape {shape}, as the labels are, but their shape is {values.shape}"
        )
    if not np.isfinite(values).all():
        raise DataError(
            f"{name} must be finite, but {np.sum(~np.isfinite(values))} of them are not"
        )
    return values
