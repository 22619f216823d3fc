"""Models that are fitted with several seeds: which of them stands for all, and how they differ."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from featurex.evaluation import metrics
from featurex.runs import FRAMING


class Spread(NamedTuple):
    """How much the AUC of a model depends on its seed.

    Parameters
    ----------
    n_seeds : int
        How many there were.
    swap_auc_mean, swap_auc_sd : float or None
        Mean and standard deviation (of a sample) of `swap_auc`; None for a single seed.
    test_auc_mean, test_auc_sd : float or None
        The same of `test_auc`.
    """

    n_seeds: int
    swap_auc_mean: float | None = None
    swap_auc_sd: float | None = None
    test_auc_mean: float | None = None
    test_auc_sd: float | None = None


def split_seeds(model):
    """The models, one for each seed, that a model stands for: list of classifiers, not fitted."""
    return model.split_seeds() if hasattr(model, "split_seeds") else [model]


def take_median(repeats, labels):
    """Choose the seed whose scores count: the median one, as training images tell.

    Parameters
    ----------
    repeats : list of Scores
        One for each seed.
    labels : int array, shape (n_training,)
        Of the training images.

    Returns
    -------
    scores : Scores
        Those of the seed that is the median by the lower AUC of both swaps (of an even number the
        lower of the two in the middle), with the time to fit them all.
    """
    if len(repeats) == 1:
        return repeats[0]
    worst = [
        min(metrics.macro_auc(labels, swapped) for swapped in scores.swapped.values())
        for scores in repeats
    ]
    median = repeats[np.argsort(worst, kind="stable")[(len(repeats) - 1) // 2]]
    return replace(
        median,
        fit_s=sum(scores.fit_s for scores in repeats),
        repeats=tuple(replace(scores, model=None) for scores in repeats),
    )


def measure_spread(scores, labels, test_labels):
    """Measure how the seeds of a model differ.

    Parameters
    ----------
    scores : Scores
        Of one model.
    labels, test_labels : int arrays, shapes (n_training,) and (n_test,)
        Of the training and of the test images.

    Returns
    -------
    spread : Spread
    """
    if not scores.repeats:
        return Spread(1)
    swap = [metrics.macro_auc(labels, one.swapped[FRAMING]) for one in scores.repeats]
    test = [metrics.macro_auc(test_labels, one.test) for one in scores.repeats]
    return Spread(len(swap), *_mean_and_sd(swap), *_mean_and_sd(test))


def _mean_and_sd(values):
    return float(np.mean(values)), float(np.std(values, ddof=1))
