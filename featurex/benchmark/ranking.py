"""All models on the features of the chosen one, ranked fold by fold."""

import numpy as np

from featurex.evaluation import metrics
from featurex.evaluation.ranking import compare_ranks
from featurex.runs import PIXELS
from featurex.runs.answers import RankedModel, Ranking

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
    ranking : Ranking or None
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
    ranks = compare_ranks(areas, LEVEL)
    order = np.argsort(ranks.mean_ranks, kind="stable")
    return Ranking(
        measure="swap_auc",
        level=LEVEL,
        statistic=ranks.statistic,
        p=ranks.p,
        critical_difference=ranks.critical_difference,
        models=tuple(
            RankedModel(
                key=entries[index].key,
                mean_rank=ranks.mean_ranks[index],
                auc=tuple(areas[index].tolist()),
                p=ranks.pairs[order[0], index],
            )
            for index in order
        ),
    )
