"""A convolutional network, which scores with NumPy alone."""

from dataclasses import dataclass

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer
from featurex.scorers.layers import Size, apply_all, check_layers, measure_all
from featurex.scorers.linear import Linear

# Of the side of an image, as for the networks that are trained.
_LARGEST_SIDE = 512
# What one image may cost: numbers in an array (256 MB), multiplications (a residual network of 18
# layers takes 9.5e9 at 512 pixels), layers.
_MAX_NUMBERS, _MAX_WORK, _MAX_LAYERS = 2**26, 2**34, 256


@dataclass(frozen=True, eq=False)
class Network(Scorer):
    """Layers on the standardised pixels, the mean of each channel, and a linear classifier.

    Parameters
    ----------
    side : int
        Rows and columns of the images that it is given, 8 to 512.
    mean, scale : float
        Grey levels become (grey - mean) / scale; the scale is above 0.
    layers : tuple of Scorer
        One after the other, from 1 channel on.
    last : Scorer
        A `Linear` of the means of the channels.

    Notes
    -----
    What a network costs in memory and time is worked out from the shapes before any image is
    scored: one of a file that would fill memory or take minutes is refused.

    Examples
    --------
    A network whose one channel is the image, and which tells bright from dark:

    >>> import numpy as np
    >>> from featurex.scorers import Convolution, Linear, Network
    >>> same = Convolution(np.ones((1, 1, 1)), 1)
    >>> network = Network(8, 100.0, 50.0, (same,), Linear(np.ones((1, 1)), np.zeros(1)))
    >>> network.predict_proba(np.array([[50.0] * 64, [150.0] * 64])).round(2)
    array([[0.73, 0.27],
           [0.27, 0.73]])
    """

    side: int
    mean: float
    scale: float
    layers: tuple[Scorer, ...]
    last: Scorer

    def __post_init__(self):
        if not 8 <= self.side <= _LARGEST_SIDE:
            raise DataError(f"Network: side must be from 8 to {_LARGEST_SIDE}")
        if not self.scale > 0:
            raise DataError("Network: scale must be above 0")
        check_layers("Network: layers", self.layers)
        size = measure_all(self.layers, Size(1, self.side))
        if size.largest > _MAX_NUMBERS or size.work > _MAX_WORK or size.layers > _MAX_LAYERS:
            raise DataError(
                f"Network: one image would take {size.layers:,} layers, {size.work:.2g} "
                f"multiplications and arrays of {size.largest:.2g} numbers; at most "
                f"{_MAX_LAYERS}, {_MAX_WORK:.2g} and {_MAX_NUMBERS:.2g} are allowed: take a "
                f"smaller size, or fewer channels"
            )
        if not isinstance(self.last, Linear) or self.last.n_columns != size.channels:
            raise DataError(f"Network: last must be a linear classifier of {size.channels} columns")

    @property
    def n_columns(self):
        """The number of pixels that it is given."""
        return self.side**2

    @property
    def n_classes(self):
        """The number of classes."""
        return self.last.n_classes

    def predict_proba(self, values):
        """Probabilities of the classes: array of shape (n, side * side) to (n, n_classes)."""
        values = np.asarray(values, np.float32)
        means = [self._find_means(image.reshape(1, self.side, self.side)) for image in values]
        return self.last.predict_proba(np.reshape(means, (len(values), self.last.n_columns)))

    def _find_means(self, image):
        standardized = (image - np.float32(self.mean)) / np.float32(self.scale)
        return apply_all(self.layers, standardized).mean(axis=(1, 2), dtype=np.float64)
