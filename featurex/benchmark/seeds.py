"""Models that are fitted with several seeds: which of them stands for all, and how they differ.

All seeds are fitted to all training images, the first one in the folds as well.
"""

from typing import NamedTuple

import numpy as np

from featurex.evaluation import metrics


class Spread(NamedTuple):
    """How much the AUC of a model depends on its seed.

    Parameters
    ----------
    n_seeds : int
        How many there were.
    test_auc_mean, test_auc_sd : float or None
        Mean and standard deviation (of a sample) of `test_auc`; None for a single seed.
    """

    n_seeds: int
    test_auc_mean: float | None = None
    test_auc_sd: float | None = None


def split_seeds(model):
    """The models, one for each seed, that a model stands for: list of classifiers, not fitted."""
    return model.split_seeds() if hasattr(model, "split_seeds") else [model]


def take_median(fits):
    """Choose the seed that counts: the median one by what networks hold out of training themselves.

    Parameters
    ----------
    fits : list of FinalFit
        One for each seed; of several the models have a `validation_loss_`.

    Returns
    -------
    fit : FinalFit
        The one of the median validation loss (of an even number the lower of the two in the
        middle), with the time to fit them all.
    """
    if len(fits) == 1:
        return fits[0]
    losses = [fit.model.validation_loss_ for fit in fits]
    median = fits[np.argsort(losses, kind="stable")[(len(losses) - 1) // 2]]
    return median._replace(fit_s=sum(fit.fit_s for fit in fits))


def measure_spread(scores, test_labels):
    """Measure how the seeds of a model differ.

    Parameters
    ----------
    scores : Scores
        Of one model.
    test_labels : int array, shape (n_test,)
        Of the test images.

    Returns
    -------
    spread : Spread
    """
    if not scores.repeats:
        return Spread(1)
    aucs = [metrics.macro_auc(test_labels, one) for one in scores.repeats]
    return Spread(len(aucs), float(np.mean(aucs)), float(np.std(aucs, ddof=1)))
