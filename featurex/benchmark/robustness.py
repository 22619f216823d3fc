"""Robustness: what fitted models score on test images that were changed after decoding."""

import functools

import numpy as np

from featurex.benchmark.fitting import score_images
from featurex.benchmark.inputs import CHUNK
from featurex.benchmark.view import join_parts, look
from featurex.challenges.disturbances import DISTURBANCES, disturb
from featurex.evaluation import metrics
from featurex.evaluation.intervals import auc_with_interval
from featurex.evaluation.thresholds import decide
from featurex.parallel import chunks, run_jobs
from featurex.runs.answers import RobustnessPoint
from featurex.table import read_images


def trace_robustness(views, fitted, samples, benchmark, n_jobs, progress):
    """Score the test images anew, read once more and changed; models and thresholds stay as they
    are.

    Parameters
    ----------
    views : list of View
    fitted : list of (classifier, float or None)
        The model of each view, and its frozen threshold.
    samples : Samples
    benchmark : Benchmark
        For preprocess, resamples and seed.
    n_jobs : int
    progress : Progress

    Returns
    -------
    points : tuple of RobustnessPoint
    """
    paths = samples.table["path"].to_numpy()[samples.testing]
    parts = chunks(len(paths), CHUNK)
    steps = [(name, *step) for name, kind in DISTURBANCES.items() for step in kind.steps.items()]
    # As they are, images are the same whatever would be done to them.
    changes = dict.fromkeys(
        (name if strength is not None else None, strength) for name, _, strength in steps
    )
    with progress.stage("Disturbed images", len(changes) * len(parts)) as advance:
        for change in changes:
            job = functools.partial(
                _see, views, benchmark.preprocess, benchmark.seed, paths, change
            )
            seen, _ = run_jobs(job, parts, n_jobs, advance, processes=True)
            kept = np.concatenate([positions for positions, _ in seen])
            values = join_parts([found for positions, found in seen if len(positions)])
            changes[change] = [
                _measure(score_images(model, own), threshold, kept, samples, benchmark)
                for (model, threshold), own in zip(fitted, values, strict=True)
            ]
    return tuple(
        RobustnessPoint(
            key=view.entry.key,
            disturbance=name,
            title=DISTURBANCES[name].title,
            label=label,
            strength=strength,
            **changes[name if strength is not None else None, strength][index],
        )
        for index, view in enumerate(views)
        for name, label, strength in steps
    )


def _see(views, preprocess, seed, paths, change, part):
    """Read some images, change them, and show them to the models: positions, and values for each
    view.
    """
    name, strength = change
    kept, images, _, _ = read_images(paths[part], preprocess.size, list, 1)
    kept = kept + part.start
    if strength is not None:
        images = [
            disturb(image, name, strength, (seed, place))
            for image, place in zip(images, kept, strict=True)
        ]
    return kept, look(views, preprocess.transform(images)) if len(images) else []


def _measure(scores, threshold, kept, samples, benchmark):
    labels, patients = (
        samples.labels[samples.testing][kept],
        samples.patients[samples.testing][kept],
    )
    area = auc_with_interval(
        labels, scores, patients, n_resamples=benchmark.resamples, seed=benchmark.seed
    )
    counts = metrics.confusion(labels, decide(scores, threshold), len(samples.classes))
    measures = {"auc": area.value, "auc_low": area.low, "auc_high": area.high}
    measures["balanced_accuracy"] = float(metrics.balanced_accuracy(counts))
    if scores.ndim == 1:
        measures["sensitivity"] = float(metrics.sensitivity(counts))
        measures["specificity"] = float(metrics.specificity(counts))
    return measures
