"""Robustness: what fitted models score on test images that were changed after decoding."""

from dataclasses import dataclass

from featurex.benchmark.one_fit import score_images
from featurex.benchmark.scored import Skipped
from featurex.benchmark.view import compute_inputs
from featurex.challenges.disturbances import DISTURBANCES, disturb
from featurex.datasets import image_paths
from featurex.engine.arrays import ArrayParts
from featurex.engine.films import work_on_films
from featurex.engine.parts import plan_parts
from featurex.evaluation import metrics
from featurex.evaluation.thresholds import decide
from featurex.preprocess import Preprocess
from featurex.runs.answers import RobustnessPoint

# Below the folder of the work.
DISTURBED = "disturbed"


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
    work = run.work
    paths = image_paths(run.samples.table[run.samples.testing])
    views = [model.view for model in run.chosen]
    positions = {path: position for position, path in enumerate(paths)}
    disturbed = _Disturbed(views, run.preprocess, run.protocol.seed, list(changes), positions)
    plan = plan_parts(len(paths), [work.identity, [view.entry.key for view in views], [*changes]])
    parts = ArrayParts(work.folder / DISTURBED)
    with (
        work.progress.stage("Disturbed images", len(paths)) as advance,
        work.open_workers(len(paths)) as workers,
    ):
        films = work_on_films(
            paths, plan, disturbed, parts, workers, advance, size=run.preprocess.size
        )
    thresholds = [run.threshold(model.entry) for model in run.chosen]
    measures = {
        change: [
            _measure(
                score_images(model.scores.model, films.column(_name(change, index))[:]),
                thresholds[index],
                films.kept,
                run,
            )
            for index, model in enumerate(run.chosen)
        ]
        for change in changes
    }
    parts.remove()
    return measures


@dataclass(frozen=True)
class _Disturbed:
    """What chosen models are given of films that are disturbed in every way, each read once."""

    views: list
    preprocess: Preprocess
    seed: int
    changes: list
    # Of each path among the test images: what is random of a film does not depend on its part.
    positions: dict

    def __call__(self, paths, images):
        values = {}
        for change in self.changes:
            changed = [
                image if change is None else disturb(image, *change, (self.seed, position))
                for image, position in zip(images, map(self.positions.get, paths), strict=True)
            ]
            inputs = compute_inputs(self.views, self.preprocess.transform(changed))
            values.update({_name(change, index): array for index, array in enumerate(inputs)})
        return values


def _name(change, index):
    """Name an array: of a change, for one of the chosen models."""
    return " ".join(map(str, (*(change or ("undisturbed",)), index)))


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
