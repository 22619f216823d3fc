"""What models are given, as it lies on disk: small images and columns of each input, as they are
and after swaps.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from featurex.benchmark.recipes import Recipe
from featurex.engine.arrays import ArrayParts, Column
from featurex.parallel import chunks
from featurex.runs import PIXELS, SWAPS
from featurex.scorers.typical import Typical

# Small images that are added up at a time.
_USUAL = 1024


@dataclass(frozen=True)
class Block:
    """What models of one input and some families are given, read as it is asked for.

    Parameters
    ----------
    own : list of Column
        Of all images: columns of each family, (n, n_columns), or small images (n, side, side).
    others : dict of str to list of Column
        By the name of the swap, as in `featurex.runs.SWAPS`: the same of some training images, each
        in the framing, or with the appearance, of a patient of another class.
    columns : tuple of str
        Their names; none for images.
    ms_per_image : float
        Processor time from the file to these values, milliseconds.
    partners : int array, shape (n_training,)
        For each training image the one, counted among them, whose framing and appearance it takes.
    swapped_rows : int array, shape (n_swapped,)
        The training images, counted among them, that take them: rising.
    """

    own: list
    others: dict[str, list]
    columns: tuple[str, ...]
    ms_per_image: float
    partners: np.ndarray
    swapped_rows: np.ndarray

    def values(self, rows):
        """Read what models are given of some images.

        Parameters
        ----------
        rows : slice, bool array or int array
            Among all images.

        Returns
        -------
        values : array of shape (n, ...)
        """
        return _side_by_side(self.own, rows)

    def swapped(self, swap):
        """Read the same of all images of `swapped_rows`, after a swap: array, (n_swapped, ...)."""
        return _side_by_side(self.others[swap], slice(None))

    @property
    def n_columns(self):
        """Numbers that a model is given of one image."""
        return sum(int(np.prod(column.shape[1:])) for column in self.own)

    def typical(self, rows):
        """What the columns of some images are like; see `Typical`."""
        return Typical.from_columns(self.values(rows))

    def usual(self, rows):
        """Mean and standard deviation of every pixel over some images: float32 array, shape (2,
        side, side).
        """
        total = squares = 0.0
        for some in chunks(len(rows), _USUAL):
            images = self.values(rows[some]).astype(np.float64)
            total, squares = total + images.sum(axis=0), squares + (images**2).sum(axis=0)
        mean, square = total / len(rows), squares / len(rows)
        deviation = np.sqrt(np.maximum(square - mean**2, 0.0))
        return np.stack([mean, deviation]).astype(np.float32)


class Stored(NamedTuple):
    """Arrays of images in parts on disk.

    Parameters
    ----------
    parts : ArrayParts
        Holds them.
    shapes : dict of int to dict of str to Shape
        What the parts hold.
    chosen : int array or None
        Which of all images are of the task; None for all.
    """

    parts: ArrayParts
    shapes: dict
    chosen: np.ndarray | None = None

    def column(self, name):
        """One array, of the images of the task: Column."""
        # Seconds are those of a part, and swaps are made for a task alone.
        return Column(self.parts, name, self.shapes, self.chosen)


@dataclass(frozen=True)
class Inputs:
    """Small images and columns of all inputs, on disk.

    Parameters
    ----------
    recipes : dict of str to Recipe
        By name of the input.
    own : Stored
        Those of the images as they are.
    others : Stored
        Those of the images after swaps; may be the same.
    read_ms, register_ms : float
        Processor time to read one film, and to register it to the mean chest, milliseconds.
    partners : int array, shape (n_training,)
        As in `Block`.
    swapped_rows : int array, shape (n_swapped,)
        As in `Block`.
    """

    recipes: dict[str, Recipe]
    own: Stored
    others: Stored
    read_ms: float
    register_ms: float
    partners: np.ndarray
    swapped_rows: np.ndarray

    def block(self, name, families):
        """What models of an input and some families are given; what the image costs counts once.

        Parameters
        ----------
        name : str
            Of the input.
        families : tuple of str
            In the order of their columns; none for the images themselves.

        Returns
        -------
        block : Block
        """
        recipe, parts = self.recipes[name], families or (PIXELS,)
        known = recipe.columns
        spent = [self._ms(name, part) for part in dict.fromkeys((PIXELS, *parts))]
        if recipe.aligns:
            spent.append(self.register_ms)
        return Block(
            [self.own.column(f"{name}/{part}") for part in parts],
            {
                swap: [self.others.column(f"{name}/{part}/{swap}") for part in parts]
                for swap in SWAPS
            },
            tuple(column for family in families for column in known[family]),
            self.read_ms + sum(spent),
            self.partners,
            self.swapped_rows,
        )

    def _ms(self, name, part):
        whole = self.own._replace(chosen=None)
        seconds = whole.column(f"{name}/{part}/seconds")[:].sum()
        return 1e3 * float(seconds) / len(whole.column(f"{name}/{PIXELS}"))


def _side_by_side(columns, rows):
    arrays = [column[rows] for column in columns]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=1)
