"""Scores of every model of a run on external sets: each image once, by models that are frozen."""

import functools
from dataclasses import dataclass, replace

import numpy as np

from featurex.benchmark.external_samples import ExternalSamples, name_folder
from featurex.benchmark.films import read_images_of
from featurex.benchmark.inputs import CHUNK
from featurex.benchmark.one_fit import score_images
from featurex.benchmark.recipes import prepare
from featurex.engine.arrays import ArrayParts, Column
from featurex.engine.filling import fill_parts
from featurex.engine.parts import make_stamp
from featurex.errors import DataError
from featurex.lungs import Registration
from featurex.parallel import chunks
from featurex.runs import PIXELS, Entry


@dataclass(frozen=True)
class ScoredExternal:
    """One external set with the scores of every model.

    Parameters
    ----------
    samples : ExternalSamples
        Its images and labels.
    scores : dict of Entry to array of shape (n,) or (n, n_classes)
        As in `Scores`.
    distances : dict of Entry to float array, shape (n,)
        From the training images, for models of columns, before columns are adapted to the set; see
        `Typical`.
    usual : dict of str to float32 array, shape (side, side)
        For each input, the mean of the images as they are prepared.
    failed : bool array, shape (n,)
        Images that could not be registered to the mean chest.
    """

    samples: ExternalSamples
    scores: dict[Entry, np.ndarray]
    distances: dict[Entry, np.ndarray]
    usual: dict[str, np.ndarray]
    failed: np.ndarray


def score_external(external, scored, recipes, work):
    """Score an external set by every model, if that was not done before.

    Parameters
    ----------
    external : ExternalSamples
        The set.
    scored : dict of Entry to ScoredEntry
        The models, fitted and frozen.
    recipes : dict of str to Recipe
        How each input is prepared, and what is computed on it.
    work : Work
        Computes what the models are given, and keeps the scores.

    Returns
    -------
    scored : ScoredExternal
    """

    def score():
        return replace(_score(external, scored, recipes, work), samples=None)

    return replace(work.store.get_or_make(f"external {external.name}", score), samples=external)


def _score(external, scored, recipes, work):
    scores, distances, usual = {}, {}, {}
    used = {name: recipes[name] for name in dict.fromkeys(entry.input for entry in scored)}
    parts, shapes = _compute_all(external, used, work)

    def read(entry, names):
        columns = (Column(parts, f"{entry.input}/{name}", shapes) for name in names)
        return np.concatenate([column[external.rows] for column in columns], axis=1)

    for entry, known in scored.items():
        if entry.input not in usual:
            usual[entry.input] = read(entry, [PIXELS]).astype(np.float32).mean(axis=0)
        values = read(entry, [PIXELS] if entry.learns_features else entry.families)
        if known.typical is not None:
            distances[entry] = known.typical.distance(values)
            if external.adapt:
                values = known.typical.adapt(values)
        scores[entry] = score_images(known.scores.model, values)
    failed = external.films.registration.failed[external.rows]
    return ScoredExternal(external, scores, distances, usual, failed)


def _compute_all(external, recipes, work):
    """Compute everything of every input, in the parts in which the films were read."""
    films = external.films
    stamp = make_stamp([work.identity, list(recipes)])
    plan = [part._replace(stamp=stamp) for part in films.plan]
    parts = ArrayParts(work.folder / name_folder(external.name, "inputs"))

    def items(part):
        start, stop = np.searchsorted(films.kept, (part.start, part.stop))
        return list(films.registration.matrices[start:stop])

    make = functools.partial(_compute_part, films.parts, recipes)
    with (
        work.progress.stage(f"Scoring {external.name}", len(films.kept)) as advance,
        work.open_workers(len(films.kept)) as workers,
    ):
        shapes = fill_parts(parts, plan, make, items, workers, advance)
    return parts, shapes


def _compute_part(films, recipes, part, matrices, left_out):
    """Compute everything of the films of one part, a few at a time: arrays by name."""
    if len(left_out):
        raise DataError(
            "a worker dies whenever it computes the features of some images of an external set: "
            "take them away, or leave out the family that cannot cope with them"
        )
    images, pieces = read_images_of(films, part), {}
    chains = {name: recipe.chain for name, recipe in recipes.items()}
    for some in chunks(len(images), CHUNK):
        maps = np.array(matrices[some]).reshape(-1, 2, 3)
        registration = Registration(maps, np.zeros(len(maps), bool))
        for name, prepared, _ in prepare(chains, images[some], registration):
            values, _ = recipes[name].extract(prepared)
            for key, array in values.items():
                pieces.setdefault(f"{name}/{key}", []).append(array)
    return {name: np.concatenate(arrays) for name, arrays in pieces.items()}
