"""What the chosen classical model is given of all images, with what explaining it needs."""

from dataclasses import dataclass

import numpy as np
import pyarrow.parquet

from featurex.benchmark.fitted import Fitted
from featurex.explanation import can_take_apart, explain, group_columns, place_columns
from featurex.runs.schema import FEATURES

# Images that are explained: of a model that must be sampled only few, since each takes seconds.
_MOST, _MOST_SAMPLED = 300, 12


@dataclass(frozen=True)
class Held:
    """What the chosen model is given of all images, and what is needed to explain it.

    Parameters
    ----------
    fitted : Fitted
    values : float32 array, shape (n, n_columns)
    places : float array, shape (n_columns, 4)
        See `place_columns`.
    groups : int array, shape (n_columns,)
        See `group_columns`.
    target : int
        Index of the class that is explained.
    """

    fitted: Fitted
    values: np.ndarray
    places: np.ndarray
    groups: np.ndarray
    target: int

    @classmethod
    def read(cls, run):
        """Read the features of the chosen classical model, whose rows are in the order of the
        images.

        Parameters
        ----------
        run : ScoredRun
            Whose folder holds the features.
        """
        fitted, path = run.model, run.folder.path / FEATURES
        table = pyarrow.parquet.read_table(
            path, columns=list(fitted.columns), filters=[("input", "=", fitted.entry.input)]
        )
        values = np.column_stack([column.to_numpy() for column in table.columns])
        places = place_columns(fitted.columns)
        return cls(
            fitted, values, places, group_columns(fitted.columns, places), len(fitted.classes) - 1
        )

    def contributions(self, rows, model=None, target=None):
        """Of every column to the score of some images: float array, shape (n_rows, n_columns)."""
        model, target = model or self.fitted.estimator, self.target if target is None else target
        return explain(
            model, self.values[rows], self.fitted.typical.mean, self.groups, target
        ).columns

    def choose(self, rows):
        """As many of some images as can be explained in reasonable time, spread evenly."""
        most = _MOST if can_take_apart(self.fitted.estimator) else _MOST_SAMPLED
        return rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int))]
