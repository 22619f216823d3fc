"""Explains the chosen classical model on images of the run."""

from dataclasses import dataclass

import numpy as np

from featurex.benchmark.blocks import Block
from featurex.benchmark.fitted import Fitted
from featurex.explanation import can_take_apart, explain, group_columns, locate_columns

# A model that can be explained by sampling alone takes seconds an image.
_MAX_IMAGES, _MAX_SAMPLED = 300, 12


@dataclass(frozen=True)
class Explainer:
    """The chosen classical model with the columns of all images.

    Parameters
    ----------
    fitted : Fitted
        The chosen model.
    block : Block
        Its columns for every image of the run, on disk.
    places : float array, shape (n_columns, 4)
        See `locate_columns`.
    groups : int array, shape (n_columns,)
        See `group_columns`.
    target : int
        Index of the class that is explained.
    """

    fitted: Fitted
    block: Block
    places: np.ndarray
    groups: np.ndarray
    target: int

    @classmethod
    def from_run(cls, run):
        """Take the chosen classical model of a run.

        Parameters
        ----------
        run : ScoredRun
            Its inputs are read as they are asked for.
        """
        fitted, entry = run.model, run.model.entry
        block = run.inputs.block(entry.input, entry.families)
        places = locate_columns(fitted.columns)
        return cls(
            fitted, block, places, group_columns(fitted.columns, places), len(fitted.classes) - 1
        )

    def contributions(self, rows, model=None, target=None):
        """Compute what every column contributes to the scores of some images.

        Parameters
        ----------
        rows : int array, shape (n_rows,)
            Which images.
        model : classifier or None
            The model to explain, fitted on these columns; None for the chosen one.
        target : int or None
            Index of the class to explain; None for `self.target`.

        Returns
        -------
        contributions : float array, shape (n_rows, n_columns)
            In log-odds.
        """
        model, target = model or self.fitted.estimator, self.target if target is None else target
        return explain(
            model, self.block.values(rows), self.fitted.typical.mean, self.groups, target
        ).columns

    def choose_rows(self, rows):
        """Choose as many of some images as can be explained in reasonable time, spread evenly."""
        limit = _MAX_IMAGES if can_take_apart(self.fitted.estimator) else _MAX_SAMPLED
        return rows[np.unique(np.linspace(0, len(rows) - 1, min(limit, len(rows))).astype(int))]
