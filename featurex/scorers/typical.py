"""How far the columns of an image are from those of the training images."""

from typing import NamedTuple

import numpy as np

from featurex.errors import DataError

# Ways to adapt columns to a set of new images, and how many images that takes: from fewer, means
# and deviations say more of these images than of their site.
SITE = "site"
ADAPTATIONS = (SITE,)
LEAST_TO_ADAPT = 20
# Numbers that are looked at at a time.
_VALUES = 1 << 22


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
        # Some columns, and then some rows, at a time: NumPy's temporary arrays are else as large as
        # the values.
        mean, deviation = np.hstack(
            [(values[:, some].mean(axis=0), values[:, some].std(axis=0)) for some in _cut(values.T)]
        )
        known = cls(mean, deviation, 0.0)
        distances = np.concatenate([known.distance(values[some]) for some in _cut(values)])
        return cls(mean, deviation, float(np.quantile(distances, 0.995)))

    def adapt(self, values):
        """Standardise columns within the images of one site, and bring them to mean and deviation
        of the training images; no label is needed.

        It takes out what all images of the site have in common, as its device; and with it what
        their patients have in common, as a larger fraction of ill ones.

        Parameters
        ----------
        values : float array, shape (n, n_columns)
            Of at least 20 images of one site.

        Returns
        -------
        adapted : float array of that shape and type
            A column that never changes within the site becomes the training mean.

        Raises
        ------
        DataError
            If there are fewer images.
        """
        if len(values) < LEAST_TO_ADAPT:
            raise DataError(
                f"adapt: {SITE} needs at least {LEAST_TO_ADAPT} images of one site, but there are "
                f"{len(values)}: score them as they are"
            )
        mean, deviation = values.mean(axis=0), values.std(axis=0)
        # The deviation of equal values is not always 0, but rounding.
        changes = deviation > 1e-6 * np.abs(mean)
        scale = np.where(changes, self.deviation / np.where(changes, deviation, 1), 0)
        return ((values - mean) * scale + self.mean).astype(values.dtype)

    def distance(self, values):
        """Root mean square of standard scores: float array, shape (n,)."""
        counted = self.deviation > 0
        scores = (values[:, counted] - self.mean[counted]) / self.deviation[counted]
        return np.sqrt((scores * scores).mean(axis=1))


def _cut(values):
    """Slices of the first axis, of some millions of values each."""
    # Late: who only scores images need not wait for what runs jobs.
    from featurex.parallel import chunks

    return chunks(len(values), max(2, _VALUES // max(1, values[0].size)))
