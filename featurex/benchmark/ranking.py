"""All models on the features of the chosen one, ranked fold by fold."""

import numpy as np

from featurex.benchmark.plan import PIXELS
from featurex.evaluation import metrics
from featurex.evaluation.ranking import compare_ranks

LEVEL = 0.95


def rank_models(samples, scored, folds, chosen):
    """Rank models by their AUC on swapped framings in every fold; None where there are fewer than
    three.

    Models on the input and the features of the chosen one, and networks on that input, take part:
    no model is favoured by the features that were found for it.

    Parameters
    ----------
    samples : Samples
    scored : dict of Entry to (Block, Scores)
    folds : list of (train, valid) index arrays
        Within the training images.
    chosen : Entry or None

    Returns
    -------
    ranking : dict or None
        measure, level, statistic and p (Friedman), critical_difference (Nemenyi), and of each of
        the models key, mean_rank, auc (of every fold) and p (Nemenyi's, against the first), the
        best first.
    """
    if chosen is None:
        return None
    entries = [
        entry
        for entry in scored
        if entry.input == chosen.input and entry.features in (chosen.features, PIXELS)
    ]
    if len(entries) < 3:
        return None
    labels = samples.labels[samples.training]
    areas = np.array(
        [
            [metrics.macro_auc(labels[rows], scored[entry][1].swapped[rows]) for _, rows in folds]
            for entry in entries
        ]
    )
    found = compare_ranks(areas, LEVEL)
    order = np.argsort(found.mean_ranks, kind="stable")
    return {
        "measure": "swap_auc",
        "level": LEVEL,
        "statistic": found.statistic,
        "p": found.p,
        "critical_difference": found.critical_difference,
        "models": [
            {
                "key": entries[place].key,
                "mean_rank": float(found.mean_ranks[place]),
                "auc": areas[place].tolist(),
                "p": float(found.pairs[order[0], place]),
            }
            for place in order
        ],
    }
