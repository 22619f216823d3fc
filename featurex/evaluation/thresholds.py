"""Where to cut a score: chosen on out-of-fold scores, frozen, and then applied."""

import numpy as np

from featurex.checks import check_choice, check_number
from featurex.errors import ParameterError
from featurex.evaluation.arrays import check_finite, check_scores

# What each policy does, in words that follow "the threshold is"; see `choose_threshold`.
POLICIES = {
    "youden": "Youden's J on out-of-fold scores",
    "swapped": "Youden's J on out-of-fold scores of images in swapped framing and appearance",
    "sensitivity": "a sensitivity of {sensitivity:.0%} on out-of-fold scores",
    "sensitivity_swapped": (
        "a sensitivity of {sensitivity:.0%} on out-of-fold scores of images in swapped framing and "
        "appearance"
    ),
}
# Steps of the expectation maximisation, and the change of the prior at which it ends.
_MAX_STEPS, _TOLERANCE = 1000, 1e-6


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


def choose_threshold(policy, labels, scores, swapped=(), sensitivity=0.95):
    """Choose a threshold by a policy that has a name.

    Parameters
    ----------
    policy : str
        A key of `POLICIES`: "youden" and "sensitivity" look at the images as they are, "swapped"
        and "sensitivity_swapped" at the same images in swapped framing and appearance.
    labels : array-like of int or bool, shape (n,)
        1 for a positive image, 0 for a negative one.
    scores : array-like of float, shape (n,)
        Scores of images that the model was not fitted on.
    swapped : sequence of array-like of float, shape (n,)
        Scores of the same images after each swap.
    sensitivity : float
        What the policies of that name ask for, 0 to 1.

    Returns
    -------
    threshold : float
        One of the scores.

    Raises
    ------
    ParameterError
        If there is no such policy, or it needs swapped scores and there are none.

    Examples
    --------
    >>> labels, scores = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    >>> choose_threshold("youden", labels, scores)
    0.35
    >>> choose_threshold("swapped", labels, scores, [[0.2, 0.3, 0.6, 0.7]])
    0.6
    """
    check_choice("threshold", policy, tuple(POLICIES))
    if policy.endswith("swapped"):
        if len(swapped) == 0:
            raise ParameterError(
                f"threshold {policy!r} needs scores of swapped images, but none were given; use "
                "'youden' or 'sensitivity'"
            )
        labels, scores = np.tile(labels, len(swapped)), np.concatenate(swapped)
    if policy.startswith("sensitivity"):
        return sensitivity_threshold(labels, scores, sensitivity)
    return youden_threshold(labels, scores)


def quantile_threshold(scores, fraction):
    """Find the threshold at which a fraction of new images is called positive; no label is needed.

    It holds where the fraction of ill patients is known, and the same for all images of the set.

    Parameters
    ----------
    scores : array-like of float, shape (n,)
        Scores of the new images.
    fraction : float
        Of the images, to be called positive, 0 to 1: at least one is.

    Returns
    -------
    threshold : float
        One of the scores; of equal scores all are called positive.

    Raises
    ------
    DataError
        If there is no score, or one is not finite.

    Examples
    --------
    >>> quantile_threshold([0.1, 0.2, 0.3, 0.9], 0.5)
    0.3
    """
    fraction = check_number("fraction", fraction, 0.0, 1.0)
    scores = np.sort(check_finite(scores))[::-1]
    return float(scores[max(1, round(fraction * len(scores))) - 1])


def adjust_to_prior(probabilities, prior=0.5):
    """Adjust probabilities to the fraction of ill patients in a new set, found without labels.

    Parameters
    ----------
    probabilities : array-like of float, shape (n,)
        Calibrated probabilities of the positive class, above 0 and below 1, for the new images.
    prior : float
        The fraction of positive images that these probabilities assume; .5 for models that weigh
        classes alike.

    Returns
    -------
    adjusted : float array, shape (n,)
        Probabilities at the new prior.
    fraction : float
        The new prior.

    Notes
    -----
    Expectation maximisation: p'(x) is p(x) with its odds multiplied by those of the new prior over
    the old, and the new prior is the mean of p'. It assumes that ill and healthy images look as in
    training and only their fractions differ. At another hospital they look otherwise, too: there it
    took from accuracy more often than it gave; see docs/elsewhere.md.

    References
    ----------
    M. Saerens, P. Latinne, C. Decaestecker (2002). Adjusting the outputs of a classifier to new a
    priori probabilities: a simple procedure. Neural Computation 14(1), 21-41.
    doi:10.1162/089976602753284446

    Examples
    --------
    >>> adjusted, fraction = adjust_to_prior([0.1, 0.1, 0.1, 0.9])
    >>> adjusted.round(2), round(fraction, 2)
    (array([0.03, 0.03, 0.03, 0.68]), 0.19)
    """
    # Late: who applies a threshold need not wait for SciPy.
    from scipy.special import expit, logit

    odds = logit(np.clip(check_finite(probabilities), 1e-9, 1 - 1e-9)) - logit(prior)
    fraction = float(prior)
    for _ in range(_MAX_STEPS):
        adjusted = expit(odds + logit(fraction))
        # A set of one class drives the prior to 0 or 1, where the odds end.
        latest = float(np.clip(adjusted.mean(), 1e-6, 1 - 1e-6))
        if abs(latest - fraction) < _TOLERANCE:
            break
        fraction = latest
    return adjusted, latest


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
