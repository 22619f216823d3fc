"""At another hospital: what frozen models score on external sets, and how unlike these are."""

from dataclasses import asdict, replace

import cv2
import numpy as np
import pandas as pd

from featurex.benchmark.rows import list_lines
from featurex.benchmark.scored import Skipped
from featurex.evaluation.external import measure_frozen
from featurex.evaluation.thresholds import decide, youden_threshold
from featurex.parallel import chunks
from featurex.runs import schema
from featurex.runs.answers import Panel
from featurex.runs.external import (
    ExternalClass,
    ExternalRow,
    ExternalSet,
    MovedThreshold,
    Unlikeness,
)

# Side of a picture, pixels, and the fractions at which distances are listed.
SIDE, _FRACTIONS = 220, np.linspace(0, 1, 41)
# Images whose columns are read at a time.
_ROWS = 1024


def measure_external(run):
    """Measure every model on every external set.

    Parameters
    ----------
    run : ScoredRun
        With the scores of external sets.

    Returns
    -------
    rows : pandas.DataFrame or None
        See `featurex.runs.external.ExternalRow`; None where there is no external set.
    """
    if not run.external:
        return None
    rows = []
    total = sum(len(scored.scores) for scored in run.external)
    with run.progress.stage("Measuring external sets", total) as advance:
        for scored in run.external:
            for entry in scored.scores:
                rows.append(asdict(_measure_own(scored, entry, run)))
                advance()
    return pd.DataFrame(rows)


def describe_external(run):
    """Describe every external set: what took part, what the thresholds do, how unlike it is.

    Parameters
    ----------
    run : ScoredRun
        With the scores of external sets.

    Returns
    -------
    sets : tuple of ExternalSet or Skipped
        In the order in which the user named them.
    """
    if not run.external:
        return Skipped(
            "No images of another hospital were given: featurex benchmark DATA --external "
            "NAME=DATA2 scores every model on them."
        )
    return tuple(_describe_set(scored, run) for scored in run.external)


def list_external_predictions(sets, n_classes):
    """List every score of external images, one line for each image and model.

    Parameters
    ----------
    sets : sequence of ScoredExternal
        The sets.
    n_classes : int
        Number of the run's classes.

    Returns
    -------
    lines : list of pandas.DataFrame
        See `featurex.runs.tables.Prediction`; the split is "external:NAME".
    """
    return [
        list_lines(
            scored.samples.names,
            scored.samples.patients,
            scored.samples.labels,
            schema.external_split(scored.samples.name),
            entry.key,
            scores,
            n_classes,
        )
        for scored in sets
        for entry, scores in scored.scores.items()
    ]


def measure_row(scored, entry, threshold, scores, protocol, sets=None):
    """Measure one model on one set.

    Parameters
    ----------
    scored : ScoredExternal
        The set.
    entry : Entry
        The model.
    threshold : float or None
        Its frozen threshold.
    scores : array of shape (n,) or (n, n_classes)
        What it says of the images.
    protocol : Protocol
        For resamples and seed.
    sets : PredictionSets or None
        Of the model; None for a rival.

    Returns
    -------
    row : ExternalRow
        Without what only models of columns tell.
    """
    samples = scored.samples
    measured = measure_frozen(
        samples.labels,
        scores,
        threshold,
        samples.patients,
        n_resamples=protocol.resamples,
        seed=protocol.seed,
    )
    coverage, undecided = (
        sets.measure(samples.labels, scores, decide(scores, threshold)) if sets else (None, None)
    )
    return ExternalRow(
        set=samples.name,
        **entry._asdict(),
        **measured._asdict(),
        threshold=threshold,
        alignment_failed=None,
        unlike=None,
        coverage=coverage,
        undecided=undecided,
        adapt="",
    )


def _measure_own(scored, entry, run):
    """Measure one of the run's own models on one set: ExternalRow."""
    distances, typical = scored.distances.get(entry), run.scored[entry].typical
    threshold, sets = run.threshold(entry), run.prediction_sets(entry)
    row = measure_row(scored, entry, threshold, scored.scores[entry], run.protocol, sets)
    return replace(
        row,
        alignment_failed=int(scored.failed.sum()),
        unlike=None if distances is None else float((distances > typical.limit).mean()),
        adapt=scored.samples.adapt if typical is not None else "",
    )


def _describe_set(scored, run):
    samples, classes = scored.samples, run.samples.classes
    lacking = tuple(
        name for index, name in enumerate(classes) if not (samples.labels == index).any()
    )
    thresholds = ()
    if len(classes) == 2 and not lacking:
        thresholds = tuple(_move_threshold(scored, known.entry, run) for known in run.chosen)
    return ExternalSet(
        name=samples.name,
        dataset=samples.dataset.name,
        digest=samples.dataset.digest(),
        synthetic=samples.dataset.synthetic,
        images=len(samples.labels),
        patients=samples.table["patient"].nunique(),
        classes=_count_classes(samples, classes),
        lacking=lacking,
        n_errors=len(samples.errors),
        n_identical=samples.n_identical,
        n_shared=samples.n_shared,
        n_other=samples.n_other,
        notes=samples.notes,
        thresholds=thresholds,
        unlikeness=_describe_unlikeness(scored, run) if run.classical else None,
    )


def _count_classes(samples, classes):
    groups = samples.table.groupby(samples.match.column)["patient"].agg(["size", "nunique"])
    return tuple(
        ExternalClass(label, classes[samples.match.index[label]], int(images), int(patients))
        for label, (images, patients) in groups.iterrows()
    )


def _move_threshold(scored, entry, run):
    labels, scores, frozen = scored.samples.labels, scored.scores[entry], run.threshold(entry)
    moved = youden_threshold(labels, scores)

    def recalls(threshold):
        decisions = decide(scores, threshold)
        return float(decisions[labels == 1].mean()), float(1 - decisions[labels == 0].mean())

    return MovedThreshold(entry.key, frozen, moved, *recalls(frozen), *recalls(moved))


def _describe_unlikeness(scored, run):
    entry, fitted, samples = run.classical, run.model, run.samples
    block = run.inputs.block(entry.input, entry.families)
    parts = chunks(len(samples.labels), _ROWS)
    internal = np.concatenate([fitted.typical.distance(block.values(some)) for some in parts])
    external = scored.distances[entry]
    return Unlikeness(
        key=entry.key,
        limit=float(fitted.typical.limit),
        fraction=tuple(_FRACTIONS.tolist()),
        internal=tuple(np.quantile(internal[samples.testing], _FRACTIONS).tolist()),
        external=tuple(np.quantile(external, _FRACTIONS).tolist()),
        panels=_draw_panels(scored, run, internal, external),
    )


def _draw_panels(scored, run, internal, external):
    """Images side by side: means as prepared, then single images as read."""
    name, own, other = scored.samples.name, run.samples.pixels, scored.samples.images
    training = np.flatnonzero(run.samples.training)
    usual = training[_find_median(internal[training])]
    pictures = (
        ("training, mean", "all training images, as prepared", run.model.usual[0]),
        (
            f"{name}, mean",
            "all external images, as prepared",
            scored.usual[run.classical.input],
        ),
        ("training, usual", "half of the training images are less usual", own[usual]),
        (
            f"{name}, usual",
            "half of the external images are less usual",
            other[_find_median(external)],
        ),
        (
            f"{name}, unlike",
            "the image that is most unlike the training images",
            other[int(np.argmax(external))],
        ),
    )
    return tuple(
        Panel(
            title,
            caption,
            run.folder.write_picture(f"external-{name}-{number}.png", _encode(picture)),
        )
        for number, (title, caption, picture) in enumerate(pictures)
    )


def _find_median(distances):
    return int(np.argsort(distances, kind="stable")[len(distances) // 2])


def _encode(picture):
    """A picture on the full grey scale, as a PNG."""
    picture = np.asarray(np.ma.getdata(picture), np.float32)
    low, high = picture.min(), picture.max()
    grey = (255 * (picture - low) / max(high - low, 1e-6)).astype(np.uint8)
    shrinks = min(grey.shape) > SIDE
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    grey = cv2.resize(grey, (SIDE, SIDE), interpolation=how)
    return cv2.imencode(".png", grey)[1].tobytes()
