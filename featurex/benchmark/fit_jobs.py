"""Fits are done by workers, and kept when they are finished."""

import functools
from contextlib import closing
from typing import NamedTuple

from featurex.benchmark.one_fit import fit_all, fit_fold
from featurex.engine.store import MISSING
from featurex.engine.workers import CRASHED
from featurex.errors import FeaturexError
from featurex.parallel import replaced_workers


class Failure(NamedTuple):
    """A model that could not be fitted or asked.

    Parameters
    ----------
    reason : str
        What went wrong, and when, in words.
    """

    reason: str


class Fit(NamedTuple):
    """A fit that is asked for.

    Parameters
    ----------
    name : str
        The key of its entry.
    where : str
        On which images, in words.
    model : classifier
        Not fitted.
    fold : tuple of (train, valid) index arrays, or None
        Within the training images; None for all of them.
    """

    name: str
    where: str
    model: object
    fold: tuple | None

    @property
    def step(self):
        """What the store calls its result."""
        return f"fit {self.name}, {self.where}"


def run_fits(fits, source, work, advance=None):
    """Do every fit that was not done before.

    Parameters
    ----------
    fits : list of Fit
        In any order.
    source : Source
        What models are given.
    work : Work
        Its workers fit: threads of this process, or those of a `Cluster`, who read what they need
        from the folder of the run. Its store keeps what is fitted.
    advance : callable or None
        Called without arguments after each fit.

    Returns
    -------
    results : list of FoldFit, FinalFit or Failure
        In the order of `fits`.
    """
    results = {fit.step: work.store.load(fit.step) for fit in fits}
    left = [fit for fit in fits if results[fit.step] is MISSING]
    advance = advance or (lambda: None)
    for _ in range(len(fits) - len(left)):
        advance()
    done = work.workers.run(functools.partial(_do, source), left)
    with replaced_workers(), closing(done):
        for fit, result in done:
            if result is CRASHED:
                reason = "its worker died or ran out of memory, whenever it was tried"
                result = Failure(f"on {fit.where}: {reason}")
            # Here, and not in a worker: steps are signed with a key of this user on this machine.
            results[fit.step] = _keep(fit, result, work.store)
            advance()
    return [results[fit.step] for fit in fits]


def _do(source, fit):
    try:
        if fit.fold is None:
            return fit_all(fit.model, source)
        return fit_fold(fit.model, source, fit.fold)
    except FeaturexError:
        # A wrong parameter, a full disk: said to the user, who can mend it.
        raise
    # Whatever it is: one model must not take the others with it.
    except Exception as error:
        return Failure(f"on {fit.where}: {type(error).__name__}: {error}")


def _keep(fit, result, store):
    """Keep a result, but no failure: the next run tries again."""
    if not isinstance(result, Failure):
        store.save(fit.step, result)
    return result
