"""The held-out images that the chosen model gets most wrong, with what misled it."""

import numpy as np

from featurex.benchmark.examples import encode_colours
from featurex.benchmark.explainer import Explainer
from featurex.benchmark.scored import Skipped
from featurex.evaluation.thresholds import decide
from featurex.explanation import draw_overlay, map_image
from featurex.runs.answers import Mistake

# Mistakes shown of each kind, and the side of a picture, pixels.
MAX_MISTAKES, SIDE = 6, 320


def show_mistakes(run):
    """Draw the worst mistakes of each kind of the chosen classical model.

    Parameters
    ----------
    run : ScoredRun
        Its folder holds the features, and receives the pictures.

    Returns
    -------
    mistakes : tuple of Mistake or Skipped
        In the order of the classes, the worst first; Skipped without a classical model.
    """
    if run.model is None:
        return Skipped("No classical model took part.")
    explainer, samples, scores = (
        Explainer.from_run(run),
        run.samples,
        run.scored[run.classical].scores,
    )
    testing = np.flatnonzero(samples.testing)
    labels = samples.labels[testing]
    decisions = decide(scores.test, explainer.fitted.threshold)
    sure = _sureness(scores.test, decisions)
    mistakes = []
    for label, decision in sorted(
        set(zip(labels[labels != decisions], decisions[labels != decisions], strict=True))
    ):
        alike = np.flatnonzero((labels == label) & (decisions == decision))
        for position in alike[np.argsort(-sure[alike], kind="stable")][:MAX_MISTAKES]:
            known = {
                "label": samples.classes[label],
                "decision": samples.classes[decision],
                "score": float(sure[position]),
            }
            shown = _show(
                explainer, samples, testing[position], decision, len(mistakes), run.folder
            )
            mistakes.append(Mistake(**known, **shown))
    return tuple(mistakes)


def _sureness(scores, decisions):
    """The score of the class that was decided for."""
    if scores.ndim == 1:
        return np.where(decisions == 1, scores, 1 - scores)
    return scores[np.arange(len(scores)), decisions]


def _show(explainer, samples, row, decision, number, folder):
    prepared = explainer.fitted.chain.transform([samples.images[row]])[0]
    contributions = explainer.contributions(np.array([row]), target=decision)[0]
    mapped = map_image(prepared, contributions, explainer.places)
    pictures = {
        "file": draw_overlay(mapped.grey, mapped.heat, mapped.labels, SIDE),
        "plain": draw_overlay(mapped.grey, np.zeros_like(mapped.heat), mapped.labels, SIDE),
    }
    return {
        "path": str(samples.names[row]),
        "region": mapped.strongest_region(),
        **{
            name: folder.write_picture(f"mistake-{number:02d}-{name}.png", encode_colours(picture))
            for name, picture in pictures.items()
        },
    }
