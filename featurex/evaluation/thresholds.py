"""Where to cut a score: chosen on out-of-fold scores, frozen, and then applied."""

import numpy as np

from featurex.checks import check_number
from featurex.evaluation.arrays import check_scores


def count_above(labels, scores):
    """Count positive and negative images that score at least as high as each distinct score.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        The larger, the more likely positive.

    Returns
    -------
    true_positives, false_positives : int arrays, shape (n_distinct,)
        Counts, ascending.
    thresholds : float array, shape (n_distinct,)
        The distinct scores, descending.

    Raises
    ------
    DataError
        If lengths differ, a score is not finite, or a class does not occur.
    """
    labels, scores = check_scores(labels, scores)
    thresholds, index = np.unique(-scores, return_inverse=True)
    positives = np.cumsum(np.bincount(index[labels], minlength=len(thresholds)))
    negatives = np.cumsum(np.bincount(index[~labels], minlength=len(thresholds)))
    return positives, negatives, -thresholds


def youden_threshold(labels, scores):
    """Find the threshold that maximises Youden's J = sensitivity + specificity - 1.

    An image is called positive where its score >= threshold. Thresholds are scores that occur; of
    several with the same J (compared in integers, without rounding) the lowest is taken, which
    has the highest sensitivity: a missed pneumonia weighs more than a second look.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        Scores of images that the model was not fitted on.

    Returns
    -------
    threshold : float
        One of the scores.

    References
    ----------
    Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3

    Examples
    --------
    >>> youden_threshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.35
    """
    positives, negatives, thresholds = count_above(labels, scores)
    scaled = positives * negatives[-1] - negatives * positives[-1]
    return float(thresholds[np.flatnonzero(scaled == scaled.max())[-1]])


def sensitivity_threshold(labels, scores, sensitivity=0.95):
    """Find the highest threshold whose sensitivity is at least the one asked for.

    Parameters
    ----------
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        Scores of images that the model was not fitted on.
    sensitivity : float
        Fraction of the positive images to be called positive, 0 to 1.

    Returns
    -------
    threshold : float
        One of the scores.

    Examples
    --------
    >>> sensitivity_threshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], sensitivity=0.5)
    0.8
    """
    sensitivity = check_number("sensitivity", sensitivity, 0.0, 1.0)
    positives, _, thresholds = count_above(labels, scores)
    # The product is rounded: .95 of 20 must not become 19.000000000000004.
    needed = max(1, int(np.ceil(round(sensitivity * positives[-1], 9))))
    return float(thresholds[np.argmax(positives >= needed)])


def decide(scores, threshold=None):
    """Decide for a class: by threshold, or by the largest of several scores.

    Parameters
    ----------
    scores : array-like of float, shape (n,) or (n, n_classes)
        The positive class's score, or one score a class.
    threshold : float or None
        An image is called positive where its score is at least so high. Needed with one score an
        image; with one a class the largest decides, the first of equals.

    Returns
    -------
    decisions : int array, shape (n,)
        Class indices.

    Examples
    --------
    >>> decide([0.2, 0.5, 0.7], threshold=0.5)
    array([0, 1, 1])
    >>> decide([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])
    array([1, 0])
    """
    scores = np.asarray(scores)
    if scores.ndim == 2:
        return scores.argmax(axis=1)
    return (scores >= threshold).astype(np.int64)
