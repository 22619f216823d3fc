"""How far the columns of an image are from those of the training images."""

from typing import NamedTuple

import numpy as np


class Typical(NamedTuple):
    """What features are like in training images: how far another image is from them.

    Parameters
    ----------
    mean, deviation : float32 array, shape (n_columns,)
        A deviation of 0 stands for a column that never changes, and does not count.
    limit : float
        99.5 % of the training images are nearer.
    """

    mean: np.ndarray
    deviation: np.ndarray
    limit: float

    @classmethod
    def from_columns(cls, values):
        """Measure training images by their columns, shape (n, n_columns)."""
        mean, deviation = values.mean(axis=0), values.std(axis=0)
        distances = cls(mean, deviation, 0.0).distance(values)
        return cls(mean, deviation, float(np.quantile(distances, 0.995)))

    def distance(self, values):
        """Root mean square of standard scores: float array, shape (n,)."""
        counted = self.deviation > 0
        scores = (values[:, counted] - self.mean[counted]) / self.deviation[counted]
        return np.sqrt((scores * scores).mean(axis=1))
