"""Leave-one-site-out validation: each hospital is scored by a model that has seen the others."""

import numpy as np

from featurex.evaluation import metrics


def site_folds(labels, sites, patients):
    """Split images into folds, each of which leaves out one site.

    Parameters
    ----------
    labels : int array, shape (n,)
        Class indices.
    sites : array of str, shape (n,)
        The site of every image; "" where nobody knows, which is in no fold.
    patients : array, shape (n,)
        The patient of every image: none is on both sides, whatever sites they went to.

    Returns
    -------
    folds : list of (train, valid) pairs of int arrays
        For every site whose absence leaves images of every class; none for a single site.

    Examples
    --------
    >>> import numpy as np
    >>> labels, sites = np.array([0, 1, 0, 1, 0]), np.array(["a", "a", "b", "b", ""])
    >>> for train, valid in site_folds(labels, sites, np.arange(5)):
    ...     print(train, valid)
    [2 3] [0 1]
    [0 1] [2 3]
    """
    folds = []
    for site in np.unique(sites[sites != ""]):
        valid = sites == site
        train = (sites != "") & ~valid & ~np.isin(patients, patients[valid])
        if set(labels[train]) == set(labels):
            folds.append((np.flatnonzero(train), np.flatnonzero(valid)))
    return folds


def mean_site_auc(labels, scores, sites):
    """Average the AUC of each site, as scores of models that saw other sites share no scale.

    Parameters
    ----------
    labels : int array, shape (n,)
        Class indices.
    scores : float array, shape (n,) or (n, n_classes)
        Of each image by a model that has not seen its site; NaN where there is none.
    sites : array of str, shape (n,)
        The site of every image.

    Returns
    -------
    auc : float or None
        Over the sites that have scores of images of every class; None where no site has.

    Examples
    --------
    >>> import numpy as np
    >>> sites = np.array(["a", "a", "b", "b"])
    >>> mean_site_auc(np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.8, 0.7]), sites)
    0.5
    """
    scored = np.isfinite(scores.reshape(len(scores), -1)).all(axis=1)
    areas = []
    for site in np.unique(sites[scored]):
        rows = scored & (sites == site)
        if set(labels[rows]) == set(labels):
            areas.append(float(metrics.macro_auc(labels[rows], scores[rows])))
    return float(np.mean(areas)) if areas else None
