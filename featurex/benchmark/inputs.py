"""What models are given: small images and features of each input, in their own framing and
swapped.

All of it is made in one pass over the working images, in parts that lie on disk; where tasks share
films, in one for all tasks, and one for each after swaps.
"""

import functools
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from featurex.benchmark.blocks import Inputs, Stored
from featurex.benchmark.films import read_images_of
from featurex.benchmark.recipes import learn, prepare
from featurex.challenges.appearance import change_appearance, keep_region
from featurex.challenges.framing import choose_partners, swap_framing
from featurex.engine.arrays import ArrayParts
from featurex.engine.filling import fill_parts
from featurex.engine.parts import make_stamp
from featurex.errors import DataError
from featurex.evaluation.splits import grouped_share
from featurex.lungs import Registration
from featurex.parallel import chunks
from featurex.runs import APPEARANCE, FRAMING, PIXELS

# Below the folder of the work.
INPUTS = "inputs"
# Images that are prepared at a time: enough that overhead vanishes, few enough to stay small.
CHUNK = 32


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
        takes; None for an image that takes none.
    """

    position: int
    name: str
    matrix: np.ndarray
    partner: tuple | None


def choose_swapped(samples, folds, protocol):
    """Choose the training images that are also scored after swaps: all, or of many a sample.

    Parameters
    ----------
    samples : Samples
        Patients, and the parts of their classes.
    folds : list of (train, valid) index arrays
        Within the training images: of each fold about the same share is taken.
    protocol : Protocol
        For the number and the seed; models that are fitted to swapped images need all of them.

    Returns
    -------
    rows : int array, shape (n_swapped,)
        Counted among the training images, rising; no patient is divided.
    """
    n_training = int(samples.training.sum())
    if n_training <= protocol.max_swapped or protocol.augment:
        return np.arange(n_training)
    fold = np.empty(n_training, int)
    for number, (_, valid) in enumerate(folds):
        fold[valid] = number
    kinds = samples.strata[samples.training]
    strata = np.array([f"{number} {kind}" for number, kind in zip(fold, kinds, strict=True)])
    patients, fraction = samples.patients[samples.training], protocol.max_swapped / n_training
    return np.flatnonzero(grouped_share(strata, patients, fraction, protocol.seed))


def fill_inputs(recipes, samples, swapped_rows, seed, work):
    """Compute everything of every input, as far as that was not done before.

    Training images are also given the framing of a random one of another class, and the appearance
    of that one.

    Parameters
    ----------
    recipes : dict of str to Recipe
        By name of the input.
    samples : Samples
        All images, and which of them are for training.
    swapped_rows : int array, shape (n_swapped,)
        As `choose_swapped` returns them.
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
    chosen = choose_partners(samples.labels[training], films.registration[training], seed)
    partners[training[swapped_rows]] = training[chosen[swapped_rows]]
    items = _list_items(films, samples.names, partners)
    known = films.read_ms, films.register_ms, chosen, swapped_rows
    if work.shared is None or _learn(recipes):
        both = _fill("Extracting features", recipes, films, items, work, True)
        return Inputs(recipes, both, both, *known)
    own = _fill_shared(recipes, films, work)
    others = _fill("Extracting features after swaps", recipes, films, items, work, False)
    return Inputs(recipes, own, others, *known)


def _learn(recipes):
    """Whether what is computed of images depends on which are for training."""
    steps = [step for recipe in recipes.values() for _, step in recipe.chain.steps]
    known = [step for step in steps if not isinstance(step, str)]
    return any(learn(known, recipe.extractors) for recipe in recipes.values())


def _fill_shared(recipes, films, work):
    """Compute everything of all films that several tasks share as they are: Stored."""
    everything, shared = films.everything, work.shared
    identity = [shared.identity, everything.kept.tolist()]
    names = [str(row) for row in everything.kept]
    items = _list_items(everything, names, np.full(len(names), -1))
    together = replace(work, folder=shared.folder, identity=identity)
    own = _fill("Extracting features", recipes, everything, items, together, True)
    return own._replace(chosen=films.chosen)


def _list_items(films, names, partners):
    """Make the function that lists what workers must know of the films of a part."""
    matrices, appearances = films.registration.matrices, films.appearances

    def items(part):
        return [
            Item(
                int(position),
                names[row],
                matrices[row],
                None if partner < 0 else (matrices[partner], appearances[partner]),
            )
            for row, position, partner in (
                (row, position, partners[row])
                for row, position in zip(*films.find_part(part), strict=True)
            )
        ]

    return items


def _fill(title, recipes, films, items, work, as_they_are):
    """Compute everything of films: as they are and after swaps, or after swaps alone: Stored."""
    stamp = make_stamp(work.identity)
    plan = [part._replace(stamp=stamp) for part in films.plan]
    parts = ArrayParts(work.folder / INPUTS)
    make = functools.partial(_compute_part, films.parts, recipes, as_they_are)
    with work.progress.stage(title, len(films.kept)) as advance:
        return Stored(parts, fill_parts(parts, plan, make, items, work.workers, advance))


def _compute_part(films, recipes, as_they_are, part, items, left_out):
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
        for name, values, seconds in _compute_few(recipes, as_they_are, images, items[some]):
            for key, rows in values.items():
                pieces.setdefault(f"{name}/{key}", []).append(rows)
            for key, more in seconds.items():
                spent[f"{name}/{key}"] = spent.get(f"{name}/{key}", 0.0) + more
    arrays = {name: np.concatenate(values) for name, values in pieces.items()}
    return arrays | {f"{name}/seconds": np.array([seconds]) for name, seconds in spent.items()}


def _compute_few(recipes, as_they_are, images, items):
    """Yield of each input its name, its arrays with those of the swaps, and the seconds."""
    chains = {name: recipe.chain for name, recipe in recipes.items()}
    own = [images[item.position] for item in items]
    swapped = _swap(images, [item for item in items if item.partner is not None])
    # Lungs are found anew after a swap: where they are thought to be then is part of the test.
    others = {swap: prepare(chains, some) for swap, some in swapped.items()}
    plain = prepare(chains, own, _join_registration(items)) if as_they_are else None
    for name, recipe in recipes.items():
        values, seconds = {}, {}
        if plain is not None:
            _, prepared, spent = next(plain)
            values, seconds = recipe.extract(prepared)
            seconds[PIXELS] = spent
        for swap, some in others.items():
            other, _ = recipe.extract(next(some)[1])
            values |= {f"{key}/{swap}": rows for key, rows in other.items()}
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
