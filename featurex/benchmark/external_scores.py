"""Scores of every model of a run on external sets: each image once, by models that are frozen."""

import functools
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import clone

from featurex.benchmark.external_samples import ExternalSamples
from featurex.benchmark.fitting import score_images
from featurex.benchmark.inputs import CHUNK
from featurex.lungs import Align
from featurex.parallel import chunks, run_jobs
from featurex.preprocess import Preprocess
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
        From the training images, for models of columns; see `Typical`.
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


def score_external(external, scored, extractors, work):
    """Score an external set by every model, if that was not done before.

    Parameters
    ----------
    external : ExternalSamples
        The set.
    scored : dict of Entry to ScoredEntry
        The models, fitted and frozen.
    extractors : dict of str to Extractor
        By family.
    work : Work
        Keeps the scores.

    Returns
    -------
    scored : ScoredExternal
    """

    def score():
        made = _score(external, scored, extractors, work.n_jobs, work.progress)
        return replace(made, samples=None)

    return replace(work.store.get_or_make(f"external {external.name}", score), samples=external)


def _score(external, scored, extractors, n_jobs, progress):
    scores, distances, usual, failed = {}, {}, {}, None
    parts = chunks(len(external.images), CHUNK)
    chains = {known.view.entry.input: known.view for known in scored.values()}
    with progress.stage(f"Scoring {external.name}", len(parts) * len(chains)) as advance:
        for name, view in chains.items():
            job = functools.partial(_prepare_part, view.chain, extractors, view.pixel_side)
            images = (external.images[part] for part in parts)
            results, _ = run_jobs(job, images, n_jobs, advance, processes=True)
            blocks = {
                family: np.concatenate([blocks[family] for blocks, _ in results])
                for family in results[0][0]
            }
            if failed is None and results[0][1] is not None:
                failed = np.concatenate([of_part for _, of_part in results])
            usual[name] = blocks[PIXELS].astype(np.float32).mean(axis=0)
            for entry, known in scored.items():
                if entry.input == name:
                    values = _join(blocks, entry)
                    scores[entry] = score_images(known.scores.model, values)
                    if known.typical is not None:
                        distances[entry] = known.typical.distance(values)
    if failed is None:
        # No input aligns: the run's own images were registered by the same defaults.
        registered, _ = run_jobs(
            Align().register, (external.images[part] for part in parts), n_jobs
        )
        failed = np.concatenate([registration.failed for registration in registered])
    ordered = {entry: scores[entry] for entry in scored}
    return ScoredExternal(external, ordered, distances, usual, failed)


def _join(blocks, entry):
    """What one model is given."""
    if entry.learns_features:
        return blocks[PIXELS]
    return np.concatenate([blocks[family] for family in entry.families], axis=1)


def _prepare_part(chain, extractors, side, images):
    """Columns of every family and the small images, by name; and which images could not be
    registered, None where the chain does not align.
    """
    failed, prepared = None, images
    for _, step in chain.steps:
        if isinstance(step, Align):
            registration = step.register(prepared)
            prepared, failed = step.warp(prepared, registration), registration.failed
        elif step != "passthrough":
            prepared = step.transform(prepared)
    blocks = {
        family: np.asarray(clone(extractor).fit(prepared[:1]).transform(prepared))
        for family, extractor in extractors.items()
    }
    blocks[PIXELS] = Preprocess(side).transform(
        np.ma.getdata(prepared) if isinstance(prepared, np.ma.MaskedArray) else prepared
    )
    return blocks, failed
