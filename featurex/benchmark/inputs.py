"""What models are given: small images and features of each input, in their own framing and
swapped.

All of it is made in one pass over the working images, in parts that lie on disk.
"""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from featurex.benchmark.films import read_images_of
from featurex.benchmark.recipes import Recipe, prepare
from featurex.challenges.appearance import change_appearance, keep_region
from featurex.challenges.framing import choose_partners, swap_framing
from featurex.engine.arrays import ArrayParts, Column
from featurex.engine.filling import fill_parts
from featurex.engine.parts import make_stamp
from featurex.errors import DataError
from featurex.lungs import Registration
from featurex.parallel import chunks
from featurex.runs import APPEARANCE, FRAMING, PIXELS, SWAPS
from featurex.scorers.typical import Typical

# Below the folder of the work.
INPUTS = "inputs"
# Images that are prepared at a time: enough that overhead vanishes, few enough to stay small.
CHUNK = 32
# Small images that are added up at a time.
_USUAL = 1024


class Item(NamedTuple):
    """What a worker must know of one film.

    Parameters
    ----------
    position : int
        Within its part.
    name : str
        For messages.
    matrix : float array, shape (2, 3)
        From the mean chest to the image.
    partner : tuple of (float array, Appearance), or None
        The same map, and the look, of the image of another class whose framing and appearance it
        takes; None for a test image.
    """

    position: int
    name: str
    matrix: np.ndarray
    partner: tuple | None


@dataclass(frozen=True)
class Block:
    """What models of one input and some families are given, read as it is asked for.

    Parameters
    ----------
    own : list of Column
        Of all images: columns of each family, (n, n_columns), or small images (n, side, side).
    others : dict of str to list of Column
        By the name of the swap, as in `featurex.runs.SWAPS`: the same of the training images alone,
        each in the framing, or with the appearance, of a patient of another class.
    columns : tuple of str
        Their names; none for images.
    ms_per_image : float
        Processor time from the file to these values, milliseconds.
    """

    own: list
    others: dict[str, list]
    columns: tuple[str, ...]
    ms_per_image: float

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

    def swapped(self, swap, rows):
        """Read the same of training images after a swap; `rows` counts training images."""
        return _side_by_side(self.others[swap], rows)

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


@dataclass(frozen=True)
class Inputs:
    """Small images and columns of all inputs, on disk.

    Parameters
    ----------
    recipes : dict of str to Recipe
        By name of the input.
    parts : ArrayParts
        Holds them.
    shapes : dict of int to dict of str to Shape
        What the parts hold.
    read_ms, register_ms : float
        Processor time to read one film, and to register it to the mean chest, milliseconds.
    """

    recipes: dict[str, Recipe]
    parts: ArrayParts
    shapes: dict
    read_ms: float
    register_ms: float

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
            [self._column(f"{name}/{part}") for part in parts],
            {swap: [self._column(f"{name}/{part}/{swap}") for part in parts] for swap in SWAPS},
            tuple(column for family in families for column in known[family]),
            self.read_ms + sum(spent),
        )

    def _column(self, name):
        return Column(self.parts, name, self.shapes)

    def _ms(self, name, part):
        n_images = len(self._column(f"{name}/{PIXELS}"))
        return 1e3 * float(self._column(f"{name}/{part}/seconds")[:].sum()) / n_images


def fill_inputs(recipes, samples, seed, work):
    """Compute everything of every input, as far as that was not done before.

    Each training image is also given the framing of a random one of another class, and the
    appearance of that one.

    Parameters
    ----------
    recipes : dict of str to Recipe
        By name of the input.
    samples : Samples
        All images, and which of them are for training.
    seed : int
        Of the choice of partners.
    work : Work
        Who computes, and where parts are kept.

    Returns
    -------
    inputs : Inputs
    """
    films, training = samples.films, np.flatnonzero(samples.training)
    partners = np.full(len(samples.labels), -1)
    partners[training] = training[
        choose_partners(samples.labels[training], films.registration[training], seed)
    ]
    matrices, appearances, names = films.registration.matrices, films.appearances, samples.names

    def items(part):
        rows = films.part_rows(part)
        return [
            Item(
                position,
                names[row],
                matrices[row],
                None if partner < 0 else (matrices[partner], appearances[partner]),
            )
            for position, (row, partner) in enumerate(
                zip(range(rows.start, rows.stop), partners[rows], strict=True)
            )
        ]

    stamp = make_stamp(work.identity)
    plan = [part._replace(stamp=stamp) for part in films.plan]
    parts = ArrayParts(work.folder / INPUTS)
    make = functools.partial(_compute_part, films.parts, recipes)
    with work.progress.stage("Extracting features", len(samples.labels)) as advance:
        shapes = fill_parts(parts, plan, make, items, work.workers, advance)
    return Inputs(recipes, parts, shapes, films.read_ms, films.register_ms)


def _compute_part(films, recipes, part, items, left_out):
    """Compute everything of the films of one part, a few at a time: arrays by name."""
    if left_out:
        raise DataError(
            "a worker dies whenever it computes the features of "
            f"{', '.join(item.name for item in left_out)}: take these files away, or leave out "
            "the family that cannot cope with them"
        )
    pieces, spent = {}, {}
    images = read_images_of(films, part)
    for some in chunks(len(items), CHUNK):
        for name, values, seconds in _compute_few(recipes, images, items[some]):
            for key, rows in values.items():
                pieces.setdefault(f"{name}/{key}", []).append(rows)
            for key, more in seconds.items():
                spent[f"{name}/{key}"] = spent.get(f"{name}/{key}", 0.0) + more
    arrays = {name: np.concatenate(values) for name, values in pieces.items()}
    return arrays | {f"{name}/seconds": np.array([seconds]) for name, seconds in spent.items()}


def _compute_few(recipes, images, items):
    """Yield of each input its name, its arrays with those of the swaps, and the seconds."""
    chains = {name: recipe.chain for name, recipe in recipes.items()}
    own = [images[item.position] for item in items]
    swapped = _swap(images, [item for item in items if item.partner is not None])
    # Lungs are found anew after a swap: where they are thought to be then is part of the test.
    others = {swap: prepare(chains, some) for swap, some in swapped.items()}
    for name, prepared, spent in prepare(chains, own, _join_registration(items)):
        values, seconds = recipes[name].extract(prepared)
        seconds[PIXELS] = spent
        for swap in SWAPS:
            other = recipes[name].extract(next(others[swap])[1])[0] if others else values
            n_rows = len(swapped[swap]) if others else 0
            values |= {f"{key}/{swap}": other[key][:n_rows] for key in (PIXELS, *seconds)}
        yield name, values, seconds


def _join_registration(items):
    """Where the mean chest lies in the images of some items."""
    matrices = np.array([item.matrix for item in items]).reshape(-1, 2, 3)
    return Registration(matrices, np.zeros(len(items), bool))


def _swap(images, items):
    """Give training images the framings and the appearances of their partners: dict of lists."""
    if not items:
        return {}
    chosen = [images[item.position] for item in items]
    maps = np.array([item.matrix for item in items] + [item.partner[0] for item in items])
    both = Registration(maps, np.zeros(len(maps), bool))
    return {
        FRAMING: swap_framing(chosen, both, np.arange(len(chosen)) + len(chosen)),
        APPEARANCE: [
            keep_region(image, change_appearance(np.asarray(image), item.matrix, item.partner[1]))
            for image, item in zip(chosen, items, strict=True)
        ],
    }


def _side_by_side(columns, rows):
    arrays = [column[rows] for column in columns]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=1)
