"""Robustness: what fitted models score on test images that were changed after decoding."""

import functools

import numpy as np

from featurex.benchmark.inputs import CHUNK
from featurex.benchmark.one_fit import score_images
from featurex.benchmark.scored import Skipped
from featurex.benchmark.view import compute_inputs, join_parts
from featurex.challenges.disturbances import DISTURBANCES, disturb
from featurex.datasets import image_paths
from featurex.engine import read_images
from featurex.evaluation import metrics
from featurex.evaluation.thresholds import decide
from featurex.parallel import chunks, run_jobs
from featurex.runs.answers import RobustnessPoint


def trace_robustness(run):
    """Score the test images anew, read once more and disturbed; the chosen models and their
    thresholds stay as they are.

    Parameters
    ----------
    run : ScoredRun
        With scores and rows.

    Returns
    -------
    points : tuple of RobustnessPoint or Skipped
        Of one model after the other.
    """
    if not run.curves:
        return Skipped("Disturbed images were not asked for: run featurex benchmark with --curves.")
    steps = [(name, *step) for name, kind in DISTURBANCES.items() for step in kind.steps.items()]
    measures = _measure_changes(dict.fromkeys(_change(name, step) for name, _, step in steps), run)
    return tuple(
        RobustnessPoint(
            key=model.entry.key,
            disturbance=name,
            title=DISTURBANCES[name].title,
            label=label,
            strength=strength,
            **measures[_change(name, strength)][index],
        )
        for index, model in enumerate(run.chosen)
        for name, label, strength in steps
    )


def _change(name, strength):
    """What is done to images: undisturbed, they are the same whatever would be done to them."""
    return None if strength is None else (name, strength)


def _measure_changes(changes, run):
    """For each change, for each chosen model: dict of change to list of dict."""
    samples, measures = run.samples, {}
    paths = image_paths(samples.table[samples.testing])
    parts = chunks(len(paths), CHUNK)
    views = [model.view for model in run.chosen]
    thresholds = [run.threshold(model.entry) for model in run.chosen]
    with run.progress.stage("Disturbed images", len(changes) * len(parts)) as advance:
        for change in changes:
            job = functools.partial(
                _compute_part, views, run.preprocess, run.protocol.seed, paths, change
            )
            results, _ = run_jobs(job, parts, run.n_jobs, advance, processes=True)
            kept = np.concatenate([positions for positions, _ in results])
            inputs = join_parts([values for positions, values in results if len(positions)])
            measures[change] = [
                _measure(score_images(model.scores.model, values), threshold, kept, run)
                for model, threshold, values in zip(run.chosen, thresholds, inputs, strict=True)
            ]
    return measures


def _compute_part(views, preprocess, seed, paths, change, part):
    """Read some images and disturb them: positions of those that could be read, and the inputs of
    each view.
    """
    kept, images, _, _ = read_images(paths[part], preprocess.size, list, 1)
    kept = kept + part.start
    if change is not None:
        images = [
            disturb(image, *change, (seed, position))
            for image, position in zip(images, kept, strict=True)
        ]
    return kept, compute_inputs(views, preprocess.transform(images)) if len(images) else []


def _measure(scores, threshold, kept, run):
    samples = run.samples
    labels = samples.labels[samples.testing][kept]
    auc = run.protocol.measure_auc(labels, scores, samples.patients[samples.testing][kept])
    counts = metrics.confusion(labels, decide(scores, threshold), len(samples.classes))
    measures = {"auc": auc.value, "auc_low": auc.low, "auc_high": auc.high}
    measures["balanced_accuracy"] = float(metrics.balanced_accuracy(counts))
    if scores.ndim == 1:
        measures["sensitivity"] = float(metrics.sensitivity(counts))
        measures["specificity"] = float(metrics.specificity(counts))
    return measures
