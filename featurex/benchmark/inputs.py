"""What models are given: small images and features of each input, in their own framing and
swapped.

All of it is made in one pass over the working images, in parts that lie on disk.
"""

import functools
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from featurex.benchmark.films import read_images_of
from featurex.challenges.appearance import change_appearance, keep_region
from featurex.challenges.framing import choose_partners, swap_framing
from featurex.engine.arrays import ArrayParts, Column
from featurex.engine.filling import fill_parts
from featurex.engine.parts import make_stamp
from featurex.errors import DataError, ParameterError
from featurex.features import Extractor
from featurex.lungs import Align, Registration
from featurex.parallel import chunks
from featurex.preprocess import Preprocess
from featurex.runs import APPEARANCE, FRAMING, PIXELS, SWAPS
from featurex.scorers.typical import Typical

# Below the folder of the work.
INPUTS = "inputs"
# Images that are prepared at a time: enough that overhead vanishes, few enough to stay small.
CHUNK = 32
# A step that learns from images hardly moves after so many.
_FIT_IMAGES = 1000


@dataclass(frozen=True)
class Recipe:
    """How one input is prepared, and what is computed on it.

    Parameters
    ----------
    chain : fitted Pipeline
        From images of the working size to those of the input.
    extractors : dict of family to fitted Extractor
        What computes the columns of each family.
    pixel_side : int
        To which images are resized for a CNN, which would do the same.
    """

    chain: Pipeline
    extractors: dict
    pixel_side: int

    @property
    def columns(self):
        """Names of the columns of each family: dict of str to tuple of str."""
        return {
            family: tuple(map(str, extractor.get_feature_names_out()))
            for family, extractor in self.extractors.items()
        }

    def compute(self, images):
        """Compute everything of some images.

        Parameters
        ----------
        images : list of arrays of shape (size, size)
            Of the working size.

        Returns
        -------
        values : dict of str to array of shape (n, ...)
            Small images under `PIXELS`, and columns under the families.
        seconds : dict of str to float
            Processor time of each; that of preparing the images under `PIXELS`, where the
            hundredths of a millisecond to resize them are left out.
        """
        start = time.thread_time()
        prepared = self.chain.transform(images)
        seconds = {PIXELS: time.thread_time() - start}
        plain = np.ma.getdata(prepared) if isinstance(prepared, np.ma.MaskedArray) else prepared
        values = {PIXELS: Preprocess(self.pixel_side).transform(plain)}
        for family, extractor in self.extractors.items():
            start = time.thread_time()
            values[family] = np.asarray(extractor.transform(prepared))
            seconds[family] = time.thread_time() - start
        return {name: np.asarray(array) for name, array in values.items()}, seconds


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
        images = self.values(rows).astype(np.float32)
        return np.stack([images.mean(axis=0), images.std(axis=0)])


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
    read_ms : float
        Processor time to read one film, milliseconds.
    """

    recipes: dict[str, Recipe]
    parts: ArrayParts
    shapes: dict
    read_ms: float

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
        known, parts = self.recipes[name].columns, families or (PIXELS,)
        spent = [self._ms(name, part) for part in dict.fromkeys((PIXELS, *parts))]
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


def find_align(inputs):
    """Find what registers all images: the first input that aligns, else default parameters.

    Models whose input does not align are tested by the same swap of framings.

    Parameters
    ----------
    inputs : dict of str to list of transformers
        The steps of every input.

    Returns
    -------
    align : Align
    """
    aligning = [step for steps in inputs.values() for step in steps if isinstance(step, Align)]
    return clone(aligning[0]) if aligning else Align()


def fit_recipes(inputs, extractors, pixel_side, samples, seed):
    """Fit the steps of every input on a seeded sample of the training images.

    Parameters
    ----------
    inputs : dict of str to list of transformers
        The steps of every input; an empty list leaves the images as they are.
    extractors : dict of family to Extractor
        The same for every input, so that their tables have the same columns.
    pixel_side : int
        See `Recipe`.
    samples : Samples
        All images, and which of them are for training.
    seed : int
        Of the sample.

    Returns
    -------
    recipes : dict of str to Recipe
    """
    training = np.flatnonzero(samples.training)
    if len(training) > _FIT_IMAGES:
        training = np.sort(np.random.default_rng(seed).permutation(training)[:_FIT_IMAGES])
    images, recipes = samples.images[training], {}
    for name, steps in inputs.items():
        named = [(type(step).__name__.lower(), clone(step)) for step in steps]
        chain = Pipeline(named or [("as_is", "passthrough")]).fit(images)
        prepared = chain.transform(images[:1])
        # A user's own may learn from images; featurex's only look at the shape of one.
        fitted = {
            family: clone(extractor).fit(
                prepared if isinstance(extractor, Extractor) else chain.transform(images)
            )
            for family, extractor in extractors.items()
        }
        recipes[name] = Recipe(chain, fitted, pixel_side)
        # Compiles in this process what the workers then find on disk.
        values, _ = recipes[name].compute(images[:1])
        for family, columns in recipes[name].columns.items():
            if values[family].shape != (1, len(columns)):
                raise ParameterError(
                    f"features.{family} names {len(columns)} columns, but gave values of shape "
                    f"{values[family].shape} for one image"
                )
    return recipes


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
    return Inputs(recipes, parts, shapes, films.read_ms)


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
        swapped = _swap(images, [item for item in items[some] if item.partner is not None])
        chosen = [images[item.position] for item in items[some]]
        for name, recipe in recipes.items():
            values, seconds = recipe.compute(chosen)
            others = {swap: recipe.compute(some)[0] for swap, some in swapped.items()}
            for key in values:
                full = f"{name}/{key}"
                pieces.setdefault(full, []).append(values[key])
                spent[full] = spent.get(full, 0.0) + seconds[key]
                for swap in SWAPS:
                    other = others[swap][key] if others else values[key][:0]
                    pieces.setdefault(f"{full}/{swap}", []).append(other)
    arrays = {name: np.concatenate(values) for name, values in pieces.items()}
    return arrays | {f"{name}/seconds": np.array([seconds]) for name, seconds in spent.items()}


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
