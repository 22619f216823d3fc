"""Whether an image shows a chest where lungs were found: a linear model of the whole picture."""

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from featurex.lungs.cascade import default_cascade
from featurex.lungs.inputs import compute_inputs, smooth_image

# What can be doubtful about lungs that were found.
INVERTED, NO_LUNGS = "inverted", "no lungs"


class ChestModel(NamedTuple):
    """Logistic regression that tells chests from other images, in the pose of the found lungs.

    Parameters
    ----------
    weights : float32 array, shape (2321,)
        Of what `compute_inputs` returns; the last one is the intercept.
    """

    weights: np.ndarray

    def measure(self, image, points):
        """Measure how much an image looks like a chest.

        Parameters
        ----------
        image : array of shape (rows, columns)
            uint8, uint16 or floating.
        points : float array, shape (164, 2)
            Landmarks that a cascade found in it.

        Returns
        -------
        likeness : float
            Log-odds; most chests have 1 to 5, other images -5 to -1.
        """
        pose = default_cascade().fit_pose(1, points)
        return float(compute_inputs(smooth_image(image), pose) @ self.weights)


@lru_cache(maxsize=1)
def default_chest_model():
    """Load the model that comes with featurex; scripts/train_doubt.py made it.

    Returns
    -------
    model : ChestModel
        The same object at every call.
    """
    file = resources.files("featurex.lungs").joinpath("chest.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        return ChestModel(stored["weights"].astype(np.float32))
