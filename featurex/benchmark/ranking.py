"""All models on the features of the chosen one, ranked fold by fold."""

import numpy as np

from featurex.benchmark.scored import Skipped
from featurex.evaluation import metrics
from featurex.evaluation.ranking import compare_ranks
from featurex.runs import PIXELS, SWAPS
from featurex.runs.answers import RankedModel, Ranking

LEVEL = 0.95


def rank_models(run):
    """Rank models in every fold by the worse AUC of both swaps.

    Models on the input and the features of the chosen one, and networks on that input, take part:
    no model is favoured by features that were chosen for it.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    ranking : Ranking or Skipped
        Skipped where there are fewer than three such models.
    """
    chosen = run.classical
    if chosen is None:
        return Skipped("No classical model took part.")
    entries = [
        entry
        for entry in run.scored
        if entry.input == chosen.input and entry.features in (chosen.features, PIXELS)
    ]
    if len(entries) < 3:
        return Skipped("Fewer than three models saw the features of the chosen one.")
    labels = run.samples.labels[run.samples.training]
    fold_aucs = np.array(
        [_measure_folds(run.scored[entry].scores, labels, run.folds) for entry in entries]
    )
    ranks = compare_ranks(fold_aucs, LEVEL)
    order = np.argsort(ranks.mean_ranks, kind="stable")
    return Ranking(
        measure=" + ".join(SWAPS.values()),
        level=LEVEL,
        statistic=ranks.statistic,
        p=ranks.p,
        critical_difference=ranks.critical_difference,
        models=tuple(
            RankedModel(
                key=entries[index].key,
                mean_rank=ranks.mean_ranks[index],
                auc=tuple(fold_aucs[index].tolist()),
                p=ranks.pairs[order[0], index],
            )
            for index in order
        ),
    )


def _measure_folds(scores, labels, folds):
    """The lower AUC of both swaps in each fold."""
    rows = scores.swapped_rows
    inside = [np.isin(rows, valid) for _, valid in folds]
    return [
        min(
            metrics.macro_auc(labels[rows][some], values[some])
            for values in scores.swapped.values()
        )
        for some in inside
    ]
