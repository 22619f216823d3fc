"""Votes are made of fits of their members, which the models beside them need as well."""

from dataclasses import dataclass

import numpy as np

from featurex.benchmark.fit_jobs import Failure
from featurex.benchmark.one_fit import FinalFit, FoldFit
from featurex.models import Vote


@dataclass(frozen=True)
class SplitVotes:
    """Models of one block, each of which is fitted once, and how votes are made of them.

    Parameters
    ----------
    models : dict of str to classifier or Search
        By key: those that were asked for, without votes, and members of votes that were not.
    votes : dict of str to (Vote, list of str)
        By key: the vote, not fitted, and the keys of its members.
    """

    models: dict
    votes: dict

    def join(self, name, by_model):
        """Take the fits of a model, or make them of its members'.

        Parameters
        ----------
        name : str
            The key of a model or a vote.
        by_model : dict of str to list of FinalFit, FoldFit or Failure
            Of every one of `models`, in the same order.

        Returns
        -------
        fits : list of FinalFit, FoldFit or Failure
        """
        if name not in self.votes:
            return by_model[name]
        vote, members = self.votes[name]
        return [
            _join(vote, fits)
            for fits in zip(*(by_model[member] for member in members), strict=True)
        ]


def split_votes(models):
    """Replace votes by their members: those of a vote and a model of the same parameters are one.

    Parameters
    ----------
    models : dict of str to classifier or Search
        By the key of its entry. Not fitted.

    Returns
    -------
    split : SplitVotes
    """
    single = {name: model for name, model in models.items() if type(model) is not Vote}
    votes = {}
    for name, vote in models.items():
        if name in single:
            continue
        votes[name] = vote, []
        for kind, member in vote.make_members().items():
            same = [key for key, model in single.items() if _is_same(model, member)]
            key = same[0] if same else f"{name} ({kind})"
            single[key] = member
            votes[name][1].append(key)
    return SplitVotes(single, votes)


def _is_same(model, other):
    return type(model) is type(other) and model.get_params() == other.get_params()


def _join(vote, fits):
    for fit in fits:
        if isinstance(fit, Failure):
            return fit
    scores = np.mean([fit.scores for fit in fits], axis=0)
    if isinstance(fits[0], FoldFit):
        swaps = fits[0].swapped
        return FoldFit(
            scores, {swap: np.mean([fit.swapped[swap] for fit in fits], axis=0) for swap in swaps}
        )
    return FinalFit(
        scores,
        sum(fit.fit_s for fit in fits),
        sum(fit.predict_s for fit in fits),
        vote.join([fit.model for fit in fits]),
    )
