"""A saved model on images whose labels are known: what external.csv says, for one model."""

from typing import NamedTuple

import numpy as np

from featurex.datasets import TASKS, image_paths
from featurex.datasets.matching import match_classes
from featurex.datasets.tasks import Task
from featurex.errors import DataError
from featurex.evaluation.external import measure_frozen
from featurex.evaluation.thresholds import decide
from featurex.progress import Progress
from featurex.runs import Entry
from featurex.runs.external import ExternalRow
from featurex.wording import agree, count


class Labelled(NamedTuple):
    """What a saved model says of labelled images, and what that is worth.

    Parameters
    ----------
    rows : list of dict
        As `Model.predict_rows` gives them, with the column label: the class that is true.
    measures : ExternalRow
        Of the images that could be used.
    notes : tuple of str
        What was taken for granted, in sentences.
    """

    rows: list
    measures: ExternalRow
    notes: tuple[str, ...]


def score_labelled(
    model,
    dataset,
    *,
    adapt=None,
    strict=False,
    folder=None,
    n_jobs=None,
    cluster=None,
    restart=False,
    progress=None,
):
    """Score the images of a data set, and measure the frozen decisions.

    Parameters
    ----------
    model : Model
        Is not changed.
    dataset : Dataset
        Images with labels, which are matched to the model's classes as those of an external set.
    adapt, strict, folder, n_jobs, cluster, restart, progress
        As for `Model.predict_each`.

    Returns
    -------
    labelled : Labelled

    Raises
    ------
    DataError
        If the labels cannot be matched, or no image can be used.
    """
    manifest, progress = model.manifest, progress or Progress()
    known = Task(manifest.task, "label", {name: (name,) for name in model.classes})
    task = TASKS.get(manifest.task, known)
    match = match_classes(dataset, task, model.classes)
    table = dataset.table[dataset.table[match.column].isin(list(match.index))]
    notes = tuple(filter(None, (match.note, _tell_others(dataset, len(table)))))
    for note in notes:
        progress.say(note)
    options = {"n_jobs": n_jobs, "cluster": cluster, "restart": restart, "progress": progress}
    options |= {"adapt": adapt, "strict": strict, "folder": folder}
    with model.predict_each(list(image_paths(table)), **options) as rows:
        rows = list(rows)
    labels = table[match.column].map(match.index).to_numpy(np.intp)
    rows = [{**row, "label": model.classes[label]} for row, label in zip(rows, labels, strict=True)]
    usable = np.array([row["reason"] == "" for row in rows])
    if not usable.any():
        raise DataError(f"{dataset.name}: none of {len(rows):,} images could be used")
    used = [row for row in rows if row["reason"] == ""]
    flags = [row["flags"].split("; ") for row in used]
    scores, patients = _collect(used), table["patient"].to_numpy()[usable]
    measured = measure_frozen(labels[usable], scores, manifest.threshold, patients)
    coverage = undecided = None
    if manifest.sets is not None:
        decisions = decide(scores, manifest.threshold)
        coverage, undecided = manifest.sets.measure(labels[usable], scores, decisions)
    measures = ExternalRow(
        set=dataset.name,
        **Entry.parse(manifest.key)._asdict(),
        **measured._asdict(),
        threshold=manifest.threshold,
        alignment_failed=sum("not_aligned" in given for given in flags),
        unlike=float(np.mean(["unusual" in given for given in flags])),
        coverage=coverage,
        undecided=undecided,
        adapt=adapt or "",
    )
    return Labelled(rows, measures, notes)


def _collect(rows):
    """Scores as `measure_frozen` takes them."""
    if "score" in rows[0]:
        return np.array([row["score"] for row in rows])
    names = sorted(
        (name for name in rows[0] if name.startswith("score_")),
        key=lambda name: int(name.rpartition("_")[2]),
    )
    return np.array([[row[name] for name in names] for row in rows])


def _tell_others(dataset, kept):
    others = len(dataset) - kept
    verb = agree(others, "has another label/have other labels")
    return f"{count(others, 'image')} of {dataset.name} {verb}" if others else ""
