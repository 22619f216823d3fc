"""What the chosen model goes by, on the held-out images: families, places, and how sure that is."""

from dataclasses import dataclass

import cv2
import numpy as np
import pyarrow.parquet
from sklearn.base import clone

from featurex.benchmark.pictures import encode_colours
from featurex.evaluation.importance import permutation_importance
from featurex.explanation import (
    can_take_apart,
    draw_map,
    draw_overlay,
    explain,
    family_of,
    group_columns,
    place_columns,
    share_inside,
)
from featurex.images.grey import to_eight_bits
from featurex.lungs import find_lungs
from featurex.parallel import run_jobs
from featurex.runs.answers import Importance, ImportanceRow

# Held-out images that are explained: of a model that must be sampled only few, since each takes
# seconds.
_MOST, _MOST_SAMPLED = 300, 12
# Images whose lungs make the mean lungs, and the side of maps and of the picture, pixels.
_LUNGS, MAP_SIDE, SIDE = 64, 96, 360
# What columns are called by where they look.
_PLACES = ("in the lungs", "outside the lungs", "the whole image")


@dataclass(frozen=True)
class Held:
    """What the chosen model is given of all images, and what is needed to explain it.

    Parameters
    ----------
    fitted : Fitted
    values : float32 array, shape (n, n_columns)
    places : float array, shape (n_columns, 4)
        See `place_columns`.
    groups : int array, shape (n_columns,)
        See `group_columns`.
    target : int
        Index of the class that is explained.
    """

    fitted: object
    values: np.ndarray
    places: np.ndarray
    groups: np.ndarray
    target: int

    @classmethod
    def read(cls, fitted, path):
        """From the run's features.parquet, whose rows are in the order of the images."""
        table = pyarrow.parquet.read_table(
            path, columns=list(fitted.columns), filters=[("input", "=", fitted.entry.input)]
        )
        values = np.column_stack([column.to_numpy() for column in table.columns])
        places = place_columns(fitted.columns)
        return cls(
            fitted, values, places, group_columns(fitted.columns, places), len(fitted.classes) - 1
        )

    def contributions(self, rows, model=None, target=None):
        """Of every column to the score of some images: float array, shape (n_rows, n_columns)."""
        model, target = model or self.fitted.estimator, self.target if target is None else target
        return explain(
            model, self.values[rows], self.fitted.typical.mean, self.groups, target
        ).columns

    def choose(self, rows):
        """As many of some images as can be explained in reasonable time, spread evenly."""
        most = _MOST if can_take_apart(self.fitted.estimator) else _MOST_SAMPLED
        return rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int))]


def measure_importance(held, session, folder):
    """What moves the chosen model's scores, and what it would lose without.

    Parameters
    ----------
    held : Held
    session : Session
    folder : RunFolder
        Receives a map: where, on the mean of the prepared training images.

    Returns
    -------
    importance : Importance
    """
    fitted, samples = held.fitted, session.samples
    testing = np.flatnonzero(samples.testing)
    rows = held.choose(testing)
    with session.progress.stage("Explaining the chosen model", len(session.folds) + 2) as advance:
        contributions = held.contributions(rows)
        advance()
        lungs = _mean_lungs(fitted.chain, [samples.images[row] for row in testing[:_LUNGS]])
        by_place = _group_places(held.places, lungs)
        families = np.array([family_of(column) for column in fitted.columns])
        by_family = {
            name: np.flatnonzero(families == name) for name in dict.fromkeys(families.tolist())
        }
        drops = permutation_importance(
            fitted.estimator,
            held.values[testing],
            samples.labels[testing],
            samples.patients[testing],
            {**by_family, **by_place},
            n_resamples=session.benchmark.resamples,
            seed=session.benchmark.seed,
        )
        advance()
        heat = np.abs(draw_map(contributions, held.places, MAP_SIDE)).mean(axis=0)
        stability = _stability(held, session, rows, advance)
    usual = to_eight_bits(fitted.usual[0])
    picture = draw_overlay(usual, heat, (lungs > 0.5).astype(np.uint8), SIDE)
    return Importance(
        key=fitted.entry.key,
        target=fitted.classes[held.target],
        n_images=len(rows),
        families=_measure_groups(by_family, contributions, drops),
        places=_measure_groups(by_place, contributions, drops),
        fraction_in_lungs=share_inside(heat, lungs),
        lung_area=lungs.mean(),
        stability=stability,
        file=folder.write_picture("importance.png", encode_colours(picture)),
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
    """Share of prepared images whose lungs cover each place: float array, shape (MAP_SIDE,
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
        name: np.flatnonzero(own) for name, own in zip(_PLACES, members, strict=True) if own.any()
    }


def _stability(held, session, rows, advance):
    """Mean correlation of the maps of models that were fitted to the folds' training images; None
    if not defined.
    """
    training = session.samples.training
    values, labels = held.values[training], session.samples.labels[training]

    def job(fold):
        model = clone(held.fitted.estimator).fit(values[fold[0]], labels[fold[0]])
        found = held.contributions(rows, model)
        return np.abs(draw_map(found, held.places, MAP_SIDE)).mean(axis=0).ravel()

    maps, _ = run_jobs(job, session.folds, session.n_jobs, advance)
    if any(heat.std() == 0 for heat in maps):
        return None
    return float(np.corrcoef(maps)[np.triu_indices(len(maps), 1)].mean())
