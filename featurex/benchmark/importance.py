"""What the chosen model goes by, on the held-out images: families, places, and how sure that is."""

import functools

import cv2
import numpy as np

from featurex.benchmark.examples import encode_colours
from featurex.benchmark.explainer import Explainer
from featurex.benchmark.one_fit import Source, fit_clone
from featurex.benchmark.scored import Skipped
from featurex.engine.workers import run_all
from featurex.evaluation.importance import permutation_importance
from featurex.explanation import (
    MAP_SIDE,
    draw_map,
    draw_overlay,
    family_of,
    fraction_inside,
)
from featurex.images.grey import to_eight_bits
from featurex.lungs import find_lungs
from featurex.parallel import chunks
from featurex.runs.answers import Importance, ImportanceRow

# Images whose lungs make the mean lungs, and the side of the picture, pixels.
_LUNGS, SIDE = 64, 360
# Maps that are in memory at a time.
_MAPS = 16
# What columns are called by where they look.
_PLACES = ("in the lungs", "outside the lungs", "the whole image")


def measure_importance(run):
    """Measure what moves the chosen model's scores, and what it would lose without.

    Parameters
    ----------
    run : ScoredRun
        Its folder holds the features, and receives a map: where, on the mean of the prepared
        training images.

    Returns
    -------
    importance : Importance or Skipped
        Skipped without a classical model.
    """
    if run.model is None:
        return Skipped("No classical model took part.")
    explainer, fitted, samples = Explainer.from_run(run), run.model, run.samples
    testing = np.flatnonzero(samples.testing)
    rows = explainer.choose_rows(testing)
    with run.progress.stage("Explaining the chosen model", len(run.folds) + 2) as advance:
        contributions = explainer.contributions(rows)
        advance()
        lungs = _mean_lungs(fitted.chain, [samples.images[row] for row in testing[:_LUNGS]])
        by_place = _group_places(explainer.places, lungs)
        families = np.array([family_of(column) for column in fitted.columns])
        by_family = {
            name: np.flatnonzero(families == name) for name in dict.fromkeys(families.tolist())
        }
        drops = permutation_importance(
            fitted.estimator,
            explainer.block.values(testing),
            samples.labels[testing],
            samples.patients[testing],
            {**by_family, **by_place},
            n_resamples=run.protocol.resamples,
            seed=run.protocol.seed,
        )
        advance()
        heat = _mean_map(contributions, explainer.places)
        stability = _measure_stability(explainer, run, rows, advance)
    usual = to_eight_bits(fitted.usual[0])
    picture = draw_overlay(usual, heat, (lungs > 0.5).astype(np.uint8), SIDE)
    return Importance(
        key=fitted.entry.key,
        target=fitted.classes[explainer.target],
        n_images=len(rows),
        families=_measure_groups(by_family, contributions, drops),
        places=_measure_groups(by_place, contributions, drops),
        fraction_in_lungs=fraction_inside(heat, lungs),
        lung_area=lungs.mean(),
        stability=stability,
        file=run.folder.write_picture("importance.png", encode_colours(picture)),
    )


def _measure_groups(groups, contributions, drops):
    return tuple(
        ImportanceRow(
            name=name,
            n_columns=len(columns),
            # All of them together: what one column adds, another may take away.
            contribution=np.abs(contributions[:, columns].sum(axis=1)).mean(),
            auc_drop=drops[name].value,
            auc_drop_low=drops[name].low,
            auc_drop_high=drops[name].high,
        )
        for name, columns in groups.items()
    )


def _mean_lungs(chain, images):
    """Fraction of prepared images whose lungs cover each pixel: float array, shape (MAP_SIDE,
    MAP_SIDE).
    """
    masks = [find_lungs(np.ma.getdata(image)).mask for image in chain.transform(images)]
    return cv2.resize(
        np.mean(masks, axis=0, dtype=np.float32), (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_AREA
    )


def _group_places(places, lungs):
    """Columns by where they look, as far as there are any: dict of str to int array."""
    coverage = np.full(len(places), np.nan)
    zones, which = np.unique(places, axis=0, return_inverse=True)
    for number, zone in enumerate(zones):
        if not np.isnan(zone[0]) and zone[2] - zone[0] < 1:
            top, left, bottom, right = np.round(zone * MAP_SIDE).astype(int)
            coverage[which.ravel() == number] = lungs[
                top : max(bottom, top + 1), left : max(right, left + 1)
            ].mean()
    # Comparisons with NaN, which stands for the whole image, are false.
    members = (coverage >= 0.5, coverage < 0.5, np.isnan(coverage))
    return {
        name: np.flatnonzero(member)
        for name, member in zip(_PLACES, members, strict=True)
        if member.any()
    }


def _measure_stability(explainer, run, rows, advance):
    """Mean correlation of the maps of models that were fitted to the folds' training images; None
    if not defined.
    """
    source = Source(explainer.block, run.samples, run.protocol.augment)
    draw = functools.partial(_draw_fold, explainer, source, rows)
    maps = run_all(run.work.workers, draw, [train for train, _ in run.folds], advance)
    if any(heat.std() == 0 for heat in maps):
        return None
    return float(np.corrcoef(maps)[np.triu_indices(len(maps), 1)].mean())


def _draw_fold(explainer, source, rows, train):
    """Draw where a model looks that was fitted to the training images of a fold: float array."""
    model, _ = fit_clone(explainer.fitted.estimator, source, train)
    contributions = explainer.contributions(rows, model)
    return _mean_map(contributions, explainer.places).ravel()


def _mean_map(contributions, places):
    """Mean of the maps of some images, without signs: float array, shape (MAP_SIDE, MAP_SIDE)."""
    total = 0.0
    for some in chunks(len(contributions), _MAPS):
        total = total + np.abs(draw_map(contributions[some], places, MAP_SIDE)).sum(axis=0)
    return total / len(contributions)
