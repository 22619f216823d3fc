"""Splits that keep every patient on one side, and every stratum on both."""

import numpy as np

from featurex.checks import check_integer, check_number
from featurex.errors import DataError


def grouped_folds(strata, patients, n_folds=5, seed=0):
    """Split images into folds of about equal composition, each patient within one fold.

    Parameters
    ----------
    strata : array-like, shape (n,)
        What each fold shall hold the same fraction of: classes, or the finer subtypes.
    patients : array-like, shape (n,)
        The patient of every image.
    n_folds : int
        Number of folds, at least 2.
    seed : int
        Decides which patients of equally many images go where.

    Returns
    -------
    folds : list of (train, valid) pairs of int arrays
        Ascending indices; every image is in `valid` exactly once.

    Raises
    ------
    DataError
        If a stratum has fewer patients than there are folds.

    Notes
    -----
    Stratum by stratum, the rarest first, patients are taken in descending order of their images and
    put where the stratum has the fewest images so far (then the fewest images at all): the longest
    processing time rule (Graham 1969, doi:10.1137/0117039). Every fold thus holds every stratum. A
    patient with images of several strata counts as of the rarest. Departure from
    `sklearn.model_selection.StratifiedGroupKFold`, which minimises a variance greedily: a stratum
    with fewer patients than folds is refused instead of being missing from a fold.

    Examples
    --------
    >>> classes = ["ill", "ill", "ill", "ill", "well", "well", "well"]
    >>> patients = ["a", "a", "b", "c", "d", "e", "e"]
    >>> for train, valid in grouped_folds(classes, patients, n_folds=2):
    ...     print(train, valid)
    [0 1 4] [2 3 5 6]
    [2 3 5 6] [0 1 4]
    """
    n_folds = check_integer("n_folds", n_folds, 2)
    census = _Census(strata, patients)
    for name, members in census.members():
        if len(members) < n_folds:
            way_out = (
                f"use at most {len(members)} folds (--set folds={len(members)})"
                if len(members) > 1
                else f"leave '{name}' out, or count its patient among another class or subtype"
            )
            raise DataError(
                f"'{name}' has too few patients for {n_folds} folds, {len(members)}: {way_out}; "
                "or add images of other patients"
            )
    fold_of = np.empty(len(census.sizes), np.int64)
    totals = np.zeros(n_folds, np.int64)
    rng = np.random.default_rng(seed)
    for _, members in census.members():
        counts = np.zeros(n_folds, np.int64)
        members = rng.permutation(members)
        for patient in members[np.argsort(-census.sizes[members], kind="stable")]:
            fold = np.lexsort((totals, counts))[0]
            fold_of[patient] = fold
            counts[fold] += census.sizes[patient]
            totals[fold] += census.sizes[patient]
    folds = fold_of[census.patient]
    return [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(n_folds)]


def grouped_holdout(strata, patients, fraction=0.2, seed=0):
    """Hold out a fraction of the patients of every stratum.

    Parameters
    ----------
    strata, patients : array-like, shape (n,)
        As for `grouped_folds`.
    fraction : float
        Fraction of each stratum's images to hold out, 0.01 to 0.99; met as closely as undivided
        patients allow.
    seed : int
        Decides which patients are held out.

    Returns
    -------
    held_out : bool array, shape (n,)
        True for held-out images.

    Raises
    ------
    DataError
        If a stratum has a single patient, who cannot be on both sides.

    Examples
    --------
    >>> grouped_holdout(["ill"] * 4 + ["well"] * 3, ["a", "a", "b", "b", "c", "d", "e"], 0.5)
    array([False, False,  True,  True, False, False,  True])
    """
    fraction = check_number("fraction", fraction, 0.01, 0.99)
    census = _Census(strata, patients)
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(census.sizes), bool)
    for name, members in census.members():
        if len(members) < 2:
            raise DataError(
                f"'{name}' has a single patient, who cannot be both trained and tested on: "
                "add images of other patients, or a test folder"
            )
        members = rng.permutation(members)
        reached = np.cumsum(census.sizes[members])
        closest = np.argmin(np.abs(reached[:-1] - fraction * reached[-1]))
        chosen[members[: closest + 1]] = True
    return chosen[census.patient]


def grouped_share(strata, patients, fraction, seed=0):
    """Keep a fraction of the patients of every stratum, for a learning curve or a sample.

    Parameters
    ----------
    strata, patients : array-like, shape (n,)
        As for `grouped_folds`.
    fraction : float
        Fraction of each stratum's patients to keep, 1e-6 to 1: rounded, but at least two patients,
        so that any model can hold one out.
    seed : int
        With the same seed a larger fraction holds every smaller one.

    Returns
    -------
    kept : bool array, shape (n,)
        True for the images of the patients who are kept.

    Examples
    --------
    >>> grouped_share(["ill"] * 4 + ["well"] * 3, list("abcdefg"), 0.5)
    array([False, False,  True,  True,  True, False,  True])
    """
    fraction = check_number("fraction", fraction, 1e-6, 1.0)
    census = _Census(strata, patients)
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(census.sizes), bool)
    for _, members in census.members():
        chosen[rng.permutation(members)[: max(2, round(fraction * len(members)))]] = True
    return chosen[census.patient]


class _Census:
    """The patients: their images, and the stratum that each counts for."""

    def __init__(self, strata, patients):
        strata, patients = np.asarray(strata), np.asarray(patients)
        if strata.ndim != 1 or strata.shape != patients.shape or len(strata) == 0:
            raise DataError(
                "strata and patients must be lists of one length, with one item an image, "
                f"but their shapes are {strata.shape} and {patients.shape}"
            )
        self.names, stratum, counts = np.unique(strata, return_inverse=True, return_counts=True)
        _, self.patient, self.sizes = np.unique(patients, return_inverse=True, return_counts=True)
        # Rank 0 is the rarest stratum; ties in alphabetical order.
        self.order = np.argsort(counts, kind="stable")
        rank = np.argsort(self.order)[stratum]
        self.rank = np.full(len(self.sizes), len(self.names))
        np.minimum.at(self.rank, self.patient, rank)

    def members(self):
        """Yield (name of the stratum, its patients), the rarest first."""
        for rank, index in enumerate(self.order):
            yield self.names[index], np.flatnonzero(self.rank == rank)
