"""Prediction sets: which classes an image may have, with a coverage that is stated beforehand."""

from dataclasses import dataclass

import numpy as np

from featurex.checks import check_number
from featurex.errors import ParameterError
from featurex.evaluation.arrays import check_probabilities


@dataclass(frozen=True)
class PredictionSets:
    """From scores to sets of classes that hold the true one as often as stated.

    Parameters
    ----------
    coverage : float
        Fraction of the images of each class whose set holds it, 0 to 1.
    lowest : tuple of float
        The lowest score with which each class is in the set.

    Notes
    -----
    The statement holds for images like those of training. At another hospital it does not, and
    there it is measured.
    """

    coverage: float
    lowest: tuple[float, ...]

    def find(self, scores, decisions):
        """Find the set of every image.

        Parameters
        ----------
        scores : float array, shape (n,) or (n, n_classes)
            Probability of the positive class, or of each class.
        decisions : int array, shape (n,)
            The class that was decided for, which is in the set always: no set is empty, and a set
            of one class agrees with the decision.

        Returns
        -------
        sets : bool array, shape (n, n_classes)

        Examples
        --------
        >>> PredictionSets(0.9, (0.3, 0.4)).find([0.1, 0.5, 0.9], [0, 1, 1]).astype(int)
        array([[1, 0],
               [1, 1],
               [0, 1]])
        """
        sets = _by_class(scores) >= np.array(self.lowest)
        sets[np.arange(len(sets)), decisions] = True
        return sets

    def is_undecided(self, scores, decisions):
        """Tell whose set holds several classes: bool array, shape (n,).

        Parameters
        ----------
        scores, decisions
            As for `find`.
        """
        return self.find(scores, decisions).sum(axis=1) > 1

    def measure(self, labels, scores, decisions):
        """Measure the sets on images whose class is known.

        Parameters
        ----------
        labels : int array, shape (n,)
            Class indices.
        scores, decisions
            As for `find`.

        Returns
        -------
        coverage : float
            Fraction of the images whose set holds their class.
        undecided : float
            Fraction of the images whose set holds several classes.
        """
        sets = self.find(scores, decisions)
        covered = sets[np.arange(len(sets)), np.asarray(labels, np.intp)]
        return float(covered.mean()), float((sets.sum(axis=1) > 1).mean())


def fit_sets(labels, scores, coverage=0.9):
    """Choose, for each class, from which score on it is in the set of an image.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
        Class indices.
    scores : array-like of float, shape (n,) or (n, n_classes)
        Probability of the positive class, or of each class, for images that the model was not
        fitted on: out of fold.
    coverage : float
        Fraction of the images of each class whose set is to hold it, above 0 and below 1.

    Returns
    -------
    sets : PredictionSets

    Raises
    ------
    DataError
        If lengths differ, a score is outside 0 to 1, or a class does not occur.

    Notes
    -----
    Conformal prediction within each class (Vovk 2012): of the n scores that its images give their
    own class, the one with the rank floor((n + 1) (1 - coverage)) from below is the lowest that
    counts; where that rank is 0, every score does. Scores out of fold are of several models
    (cross-conformal prediction, Vovk 2015), so that the coverage is nearly the stated one, and is
    measured on test images.

    References
    ----------
    V. Vovk (2012). Conditional validity of inductive conformal predictors. ACML.
    arXiv:1209.2673
    V. Vovk (2015). Cross-conformal predictors. Annals of Mathematics and Artificial Intelligence
    74, 9-28. doi:10.1007/s10472-013-9368-4

    Examples
    --------
    >>> labels, scores = [0] * 10 + [1] * 10, [k / 20 for k in range(20)]
    >>> fit_sets(labels, scores, coverage=0.8).lowest
    (0.6, 0.55)
    """
    coverage = check_number("coverage", coverage, 0.0, 1.0)
    if not 0 < coverage < 1:
        raise ParameterError(f"coverage must be above 0 and below 1, but {coverage} was given")
    labels, probabilities = check_probabilities(labels, scores)
    lowest = []
    for label in range(probabilities.shape[1]):
        own = np.sort(probabilities[labels == label, label])
        # The product is rounded: .1 of 10 must not become less than 1.
        rank = int(np.floor(round((len(own) + 1) * (1 - coverage), 9)))
        lowest.append(float(own[rank - 1]) if rank else 0.0)
    return PredictionSets(float(coverage), tuple(lowest))


def _by_class(scores):
    scores = np.asarray(scores, float)
    return np.column_stack([1 - scores, scores]) if scores.ndim == 1 else scores
