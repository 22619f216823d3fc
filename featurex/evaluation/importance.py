"""How much worse a model scores without a group of columns."""

import numpy as np

from featurex.evaluation.intervals import Interval, resample_weights
from featurex.evaluation.metrics import macro_auc

_REPEATS = 3


def permutation_importance(model, values, labels, patients, groups, *, n_resamples=1000, seed=0):
    """Measure by how much the AUC falls when a group's columns are those of another image.

    Parameters
    ----------
    model : fitted classifier
        It has ``predict_proba``.
    values : array of shape (n, n_columns)
        Features of images that it was not fitted on.
    labels, patients : array, shape (n,)
        Class index and patient of every image.
    groups : dict of str to int array
        Columns of each group; they are exchanged together.
    n_resamples : int
        Resamples of the bootstrap over patients.
    seed : int
        Seed of exchanges and resamples.

    Returns
    -------
    falls : dict of str to Interval
        Falls of the AUC, -1 to 1, with 95 % intervals, which tell how sure the fall is with this
        model, not with models fitted again.

    Notes
    -----
    Breiman 2001, doi:10.1023/A:1010933404324, section 10; of groups: Gregorutti, Michel and
    Saint-Pierre 2015, doi:10.1016/j.csda.2015.04.002. The mean over three exchanges. A group that
    repeats what others tell can be missed without much loss: a small fall does not mean that it
    tells nothing. `sklearn.inspection.permutation_importance` exchanges one column at a time, and
    has no interval over patients.
    """
    generator = np.random.default_rng(seed)
    weights = resample_weights(labels, patients, n_resamples, seed)
    weights = np.concatenate([np.ones((1, len(labels)), weights.dtype), weights])
    whole = _areas(labels, model.predict_proba(values), weights)
    falls = {}
    for name, columns in groups.items():
        lost = np.zeros(len(weights))
        for _ in range(_REPEATS):
            changed = values.copy()
            changed[:, columns] = values[generator.permutation(len(values))][:, columns]
            lost += (whole - _areas(labels, model.predict_proba(changed), weights)) / _REPEATS
        low, high = np.nanquantile(lost[1:], (0.025, 0.975))
        falls[name] = Interval(float(lost[0]), float(low), float(high))
    return falls


def _areas(labels, scores, weights):
    scores = scores[:, 1] if scores.shape[1] == 2 else scores
    return np.concatenate([macro_auc(labels, scores, part) for part in np.array_split(weights, 16)])
