"""Searches for parameters of a model, within the training images of one fit."""

import itertools
import time
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from featurex.benchmark.seeds import split_seeds
from featurex.checks import check_choice, check_sequence, fail
from featurex.construct import check_mapping
from featurex.errors import DataError, ParameterError
from featurex.evaluation import metrics
from featurex.evaluation.splits import grouped_folds

# Of the search, within the images of each fit.
FOLDS = 3
# From so many combinations on, only the better half of them is tried in each further fold.
HALVE_FROM = 4
_MAX_COMBINATIONS = 200
# Chosen by their score, seeds would be no chance any more.
_NOT_TUNED = ("n_seeds", "random_state")


class Tried(NamedTuple):
    """One combination of parameters that a search has tried.

    Parameters
    ----------
    parameters : dict
        Values by name.
    swap_aucs : tuple of float
        In each fold in which it was tried, the lower AUC of both swaps.
    """

    parameters: dict
    swap_aucs: tuple

    @property
    def swap_auc(self):
        """Their mean: float."""
        return float(np.mean(self.swap_aucs))

    @property
    def words(self):
        """The parameters in words: "max_depth=5, n_estimators=400"; str."""
        return ", ".join(f"{name}={value}" for name, value in self.parameters.items())


class Found(NamedTuple):
    """What a search has found.

    Parameters
    ----------
    best : Tried
        The combination with the highest AUC of those that were tried in every fold.
    tried : tuple of Tried
        All of them, in their order.
    seconds : float
        Processor time of the search.
    """

    best: Tried
    tried: tuple
    seconds: float


@dataclass(frozen=True)
class Search:
    """A model whose parameters are chosen anew in every fit, on the images of that fit alone.

    Parameters
    ----------
    model : classifier
        Not fitted.
    combinations : tuple of dict
        What to try.
    seed : int
        Of the folds.
    """

    model: object
    combinations: tuple
    seed: int

    def split_seeds(self):
        """The searches of one seed each that stand for this one; see `featurex.benchmark.seeds`."""
        return [replace(self, model=model) for model in split_seeds(self.model)]

    def run(self, source, rows, fit_clone, score):
        """Try the combinations in patient-grouped folds.

        Parameters
        ----------
        source : Source
            What models are given.
        rows : int array or slice
            Among the training images: the only ones that the search may see.
        fit_clone, score : callable
            `featurex.benchmark.one_fit.fit_clone` and `score_images`.

        Returns
        -------
        found : Found

        Raises
        ------
        DataError
            If there are too few patients or images to search.
        """
        rows = np.arange(len(source.labels))[rows]
        aucs, left = [[] for _ in self.combinations], list(range(len(self.combinations)))
        start = time.thread_time()
        for number, (train, valid) in enumerate(self._list_folds(source, rows)):
            if number and len(self.combinations) >= HALVE_FROM:
                left.sort(key=lambda which: -np.mean(aucs[which]))
                left = sorted(left[: (len(left) + 1) // 2])
            for which in left:
                model = clone(self.model).set_params(**self.combinations[which])
                model, _ = fit_clone(model, source, train)
                aucs[which].append(_measure(model, source, valid, score))
        tried = tuple(map(Tried, self.combinations, map(tuple, aucs)))
        best = max((tried[which] for which in left), key=lambda one: one.swap_auc)
        return Found(best, tried, time.thread_time() - start)

    def _list_folds(self, source, rows):
        """Pairs of rows to fit and to score."""
        labels, patients = source.labels[rows], source.patients[rows]
        fewest = min(len(set(patients[labels == label])) for label in np.unique(labels))
        try:
            folds = grouped_folds(labels, patients, max(2, min(FOLDS, fewest)), self.seed)
        except DataError as error:
            raise DataError(
                "tune: there are too few patients of a class to search within a fold: leave tune "
                "out, or add images of other patients"
            ) from error
        for train, valid in folds:
            # A swapped image has the framing or the look of another one, which may be in the part
            # that must not be seen.
            known = np.isin(source.partners[rows[valid]], rows)
            known &= np.isin(rows[valid], source.swapped_rows)
            if len(np.unique(labels[valid[known]])) < len(np.unique(labels)):
                raise DataError(
                    "tune: there are too few images to search within a fold: leave tune out, or "
                    "add images"
                )
            yield rows[train], rows[valid[known]]


def _measure(model, source, rows, score):
    """The lower AUC of both swaps."""
    labels = source.labels[rows]
    return min(
        float(metrics.macro_auc(labels, score(model, source.swapped(swap, rows))))
        for swap in source.block.others
    )


def check_tune(tune, models):
    """Check which parameters are to be searched for.

    Parameters
    ----------
    tune : dict of str to dict, or None
        By the name of a model: by the name of a parameter, the values to try.
    models : dict of str to classifier
        What there is.

    Returns
    -------
    tune : dict of str to dict of str to list

    Raises
    ------
    ParameterError
        If a name does not exist (the message lists those that do), or a value breaks its rule.
    """
    checked = {}
    for name, given in check_mapping(tune, "tune").items():
        check_choice("a model in tune", name, tuple(models))
        known = [each for each in models[name].get_params(deep=False) if each not in _NOT_TUNED]
        where, checked[name] = f"tune.{name}", {}
        for parameter, values in check_mapping(given, where).items():
            check_choice(f"a parameter in {where}", parameter, known)
            check_sequence(f"{where}.{parameter}", values, lambda _, value: value)
            checked[name][parameter] = list(values)
        combinations = list_combinations(checked[name])
        if not 2 <= len(combinations) <= _MAX_COMBINATIONS:
            fail(where, f"2 to {_MAX_COMBINATIONS} combinations of values", given)
        for combination in combinations:
            _check_combination(models[name], combination, where)
    return checked


def _check_combination(model, combination, where):
    model = clone(model).set_params(**combination)
    if hasattr(model, "check_parameters"):
        try:
            model.check_parameters()
        except ParameterError as error:
            raise ParameterError(f"{where}: {error}") from error


def list_combinations(values):
    """List all combinations of values of parameters.

    Parameters
    ----------
    values : dict of str to list
        By the name of the parameter.

    Returns
    -------
    combinations : list of dict

    Examples
    --------
    >>> list_combinations({"max_depth": [3, 5], "n_estimators": [200]})
    [{'max_depth': 3, 'n_estimators': 200}, {'max_depth': 5, 'n_estimators': 200}]
    """
    return [
        dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())
    ]
