"""Scores of every model of a run on external sets: each image once, by models that are frozen."""

from dataclasses import dataclass, replace

import numpy as np

from featurex.benchmark.external_samples import ExternalSamples
from featurex.benchmark.inputs import CHUNK
from featurex.benchmark.one_fit import score_images
from featurex.parallel import chunks, run_jobs
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


def score_external(external, scored, recipes, align, work):
    """Score an external set by every model, if that was not done before.

    Parameters
    ----------
    external : ExternalSamples
        The set.
    scored : dict of Entry to ScoredEntry
        The models, fitted and frozen.
    recipes : dict of str to Recipe
        How each input is prepared, and what is computed on it.
    align : Align
        What registered the run's own images; see `find_align`.
    work : Work
        Keeps the scores.

    Returns
    -------
    scored : ScoredExternal
    """

    def score():
        made = _score(external, scored, recipes, align, work.n_jobs, work.progress)
        return replace(made, samples=None)

    return replace(work.store.get_or_make(f"external {external.name}", score), samples=external)


def _score(external, scored, recipes, align, n_jobs, progress):
    scores, distances, usual = {}, {}, {}
    parts = chunks(len(external.images), CHUNK)
    used = {name: recipes[name] for name in dict.fromkeys(entry.input for entry in scored)}
    with progress.stage(f"Scoring {external.name}", len(parts) * (1 + len(used))) as advance:

        def work_on_parts(function, **options):
            images = (external.images[part] for part in parts)
            return run_jobs(function, images, n_jobs, advance, **options)[0]

        for name, recipe in used.items():
            results = work_on_parts(recipe.compute, processes=True)
            blocks = {
                key: np.concatenate([values[key] for values, _ in results]) for key in results[0][0]
            }
            usual[name] = blocks[PIXELS].astype(np.float32).mean(axis=0)
            for entry, known in scored.items():
                if entry.input == name:
                    values = _join(blocks, entry)
                    if known.typical is not None:
                        distances[entry] = known.typical.distance(values)
                        if external.adapt:
                            values = known.typical.adapt(values)
                    scores[entry] = score_images(known.scores.model, values)
        registered = work_on_parts(align.register)
    failed = np.concatenate([registration.failed for registration in registered])
    ordered = {entry: scores[entry] for entry in scored}
    return ScoredExternal(external, ordered, distances, usual, failed)


def _join(blocks, entry):
    """What one model is given."""
    if entry.learns_features:
        return blocks[PIXELS]
    return np.concatenate([blocks[family] for family in entry.families], axis=1)
