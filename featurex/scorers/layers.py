"""Layers of a network, each applied to one image of several channels."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from featurex.errors import DataError
from featurex.scorers.base import Scorer, check_array


class Size(NamedTuple):
    """What a layer is given or gives, and what the way there costs.

    Parameters
    ----------
    channels, rows : int
        Of the image, which is square.
    work : int
        Multiplications and the like so far.
    largest : int
        Numbers in the largest array so far.
    layers : int
        Layers so far.
    """

    channels: int
    rows: int
    work: int = 0
    largest: int = 0
    layers: int = 0

    def then(self, channels, rows, work, largest):
        """The size after one more layer."""
        return Size(
            channels,
            rows,
            self.work + work,
            max(self.largest, largest),
            self.layers + 1,
        )


@dataclass(frozen=True, eq=False)
class Convolution(Scorer):
    """Cross-correlation with square kernels, zeros around the image.

    Parameters
    ----------
    weights : float array, shape (n_outputs, n_inputs, side * side)
        The kernels, row by row; the side is odd.
    stride : int
        1, or 2 for every second row and column, from the first on.
    """

    weights: np.ndarray
    stride: int

    def __post_init__(self):
        check_array("Convolution: weights", self.weights, "f", (None, None, None))
        if self.side**2 != self.weights.shape[2] or self.side % 2 == 0:
            raise DataError("Convolution: kernels must be squares with an odd side")
        if self.stride not in (1, 2):
            raise DataError("Convolution: stride must be 1 or 2")

    @property
    def side(self):
        """Rows and columns of a kernel."""
        return math.isqrt(self.weights.shape[2])

    def measure(self, size):
        """The `Size` after it; a DataError if it is not made for so many channels."""
        n_outputs, n_inputs, area = self.weights.shape
        if size.channels != n_inputs:
            raise DataError(
                f"Convolution: it takes {n_inputs} channels, but {size.channels} are given"
            )
        rows = (size.rows - 1) // self.stride + 1
        unfolded = n_inputs * area * rows * rows
        padded = n_inputs * (size.rows + self.side) ** 2
        largest = max(unfolded, padded, n_outputs * rows * rows)
        return size.then(n_outputs, rows, n_outputs * unfolded, largest)

    def apply(self, image):
        """Apply it: float32 array of shape (n_inputs, rows, rows) to (n_outputs, ...).

        Every pixel's surroundings become a column, so that one product of matrices does the rest.
        """
        side, stride, reach = self.side, self.stride, self.side // 2
        padded = np.pad(image, ((0, 0), (reach, reach), (reach, reach)))
        rows = (image.shape[1] - 1) // stride + 1
        unfolded = np.empty((len(image), side * side, rows, rows), np.float32)
        for place in range(side * side):
            top, left = divmod(place, side)
            unfolded[:, place] = padded[
                :,
                top : top + stride * (rows - 1) + 1 : stride,
                left : left + stride * (rows - 1) + 1 : stride,
            ]
        kernels = self.weights.reshape(len(self.weights), -1).astype(np.float32, copy=False)
        return (kernels @ unfolded.reshape(-1, rows * rows)).reshape(-1, rows, rows)


@dataclass(frozen=True, eq=False)
class Pooling(Scorer):
    """The largest value of each square, channel by channel.

    Parameters
    ----------
    side : int
        2, or 3 with one more row and column on every side that never count.
    """

    side: int

    def __post_init__(self):
        if self.side not in (2, 3):
            raise DataError("Pooling: side must be 2 or 3")

    def _rows(self, rows):
        return rows // 2 if self.side == 2 else (rows - 1) // 2 + 1

    def measure(self, size):
        """The `Size` after it; squares are 2 rows apart."""
        rows = self._rows(size.rows)
        if rows == 0:
            raise DataError("Pooling: it is given images of one row")
        numbers = size.channels * (size.rows + 2) ** 2
        return size.then(size.channels, rows, self.side**2 * numbers, numbers)

    def apply(self, image):
        """Apply it: float32 array of shape (channels, rows, rows) to one of half the rows."""
        rows = self._rows(image.shape[1])
        if self.side == 3:
            image = np.pad(image, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
        squares = [
            image[:, top : top + 2 * rows - 1 : 2, left : left + 2 * rows - 1 : 2]
            for top in range(self.side)
            for left in range(self.side)
        ]
        largest = np.maximum(squares[0], squares[1])
        for square in squares[2:]:
            np.maximum(largest, square, out=largest)
        return largest


@dataclass(frozen=True, eq=False)
class Affine(Scorer):
    """x · scale + offset, channel by channel: what batch normalisation does after training.

    Parameters
    ----------
    scales, offsets : float array, shape (channels,)
        Of each channel.
    """

    scales: np.ndarray
    offsets: np.ndarray

    def __post_init__(self):
        check_array("Affine: scales", self.scales, "f", (None,))
        check_array("Affine: offsets", self.offsets, "f", self.scales.shape)

    def measure(self, size):
        """The `Size` after it, which stays."""
        if size.channels != len(self.scales):
            raise DataError(
                f"Affine: it takes {len(self.scales)} channels, but {size.channels} are given"
            )
        numbers = size.channels * size.rows**2
        return size.then(size.channels, size.rows, numbers, numbers)

    def apply(self, image):
        """Apply it: float32 array of shape (channels, rows, rows), and so is the result."""
        scales, offsets = (
            array.astype(np.float32, copy=False)[:, None, None]
            for array in (self.scales, self.offsets)
        )
        return image * scales + offsets


@dataclass(frozen=True, eq=False)
class Rectifier(Scorer):
    """max(x, 0)."""

    def measure(self, size):
        """The `Size` after it, which stays."""
        numbers = size.channels * size.rows**2
        return size.then(size.channels, size.rows, numbers, numbers)

    def apply(self, image):
        """Apply it: float32 array of shape (channels, rows, rows), and so is the result."""
        return np.maximum(image, 0.0)


@dataclass(frozen=True, eq=False)
class Residual(Scorer):
    """What layers make of an image, added to what a shortcut makes of it.

    Parameters
    ----------
    layers, shortcut : tuple of Scorer
        Layers one after the other; a shortcut without layers is the image itself.
    """

    layers: tuple[Scorer, ...]
    shortcut: tuple[Scorer, ...]

    def __post_init__(self):
        check_layers("Residual: layers", self.layers)
        if self.shortcut:
            check_layers("Residual: shortcut", self.shortcut)

    def measure(self, size):
        """The `Size` after it; both ways must lead to the same."""
        long = measure_all(self.layers, size)
        both = measure_all(self.shortcut, long._replace(channels=size.channels, rows=size.rows))
        if (both.channels, both.rows) != (long.channels, long.rows):
            raise DataError("Residual: layers and shortcut give images of different sizes")
        return both.then(both.channels, both.rows, both.channels * both.rows**2, 0)

    def apply(self, image):
        """Apply it: float32 array of shape (channels, rows, rows) to one of its own shape."""
        return apply_all(self.layers, image) + apply_all(self.shortcut, image)


def check_layers(where, layers):
    """Raise a DataError unless there is a layer, and all are."""
    if not layers or not all(hasattr(layer, "measure") for layer in layers):
        raise DataError(f"{where} must be a list of layers of a network")


def measure_all(layers, size):
    """The `Size` after several layers."""
    for layer in layers:
        size = layer.measure(size)
    return size


def apply_all(layers, image):
    """Apply layers one after the other: float32 array, shape (channels, rows, rows), to another."""
    for layer in layers:
        image = layer.apply(image)
    return image
