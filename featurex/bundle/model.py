"""A saved model: from image files to scores, classes and flags."""

import functools
import math
import os
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from featurex.bundle.manifest import Manifest
from featurex.bundle.scoring import FLAGS, NO_DECISION, UNDECIDED, WITHHOLDING, Scoring
from featurex.checks import fail
from featurex.display import facts_html
from featurex.errors import ImageError, ParameterError
from featurex.evaluation.thresholds import decide
from featurex.images import MaskedPath, format_location, read_image, read_strictly
from featurex.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from featurex.bundle.explained import ExplainedImage

# Fewer files than this are scored here, without the engine, which takes longer to import.
_FEW = 64
# The array of scores and flags in the engine's parts.
_COLUMNS = "columns"


@dataclass(frozen=True, repr=False)
class Model:
    """What `featurex benchmark` chose, ready for new images. Research use only: not a medical
    device.

    Parameters
    ----------
    manifest : Manifest
        What it is, how it was made, and how well it did.
    card : str
        The same for people: the model card, in Markdown.
    scoring : Scoring
        From images to scores and flags.
    usual : float array, shape (2, side, side)
        Mean and standard deviation of the training images as they are prepared, small.
    """

    manifest: Manifest
    card: str
    scoring: Scoring
    usual: np.ndarray

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; of two the second is the positive one."""
        return self.manifest.classes

    @property
    def masked(self) -> bool:
        """Whether it takes images with masks alone."""
        return self.manifest.mask_labels is not None

    def __repr__(self):
        manifest = self.manifest
        threshold = "" if manifest.threshold is None else f", threshold {manifest.threshold:.3f}"
        return (
            f"<Model {manifest.key}: {' or '.join(manifest.classes)}, {len(manifest.columns):,} "
            f"columns{threshold}; made {manifest.created[:10]} with featurex "
            f"{manifest.versions.get('featurex', 'of unknown version')}; print(model.card) tells "
            f"more>"
        )

    def _repr_html_(self):
        manifest, scores = self.manifest, self.manifest.scores
        facts = {
            "classes": " or ".join(manifest.classes),
            "columns": f"{len(manifest.columns):,}",
            "threshold": "largest score"
            if manifest.threshold is None
            else f"{manifest.threshold:.3f}",
            "trained on": manifest.dataset["name"],
            "test AUC": _write_number(scores.get("test_auc")),
            "test accuracy": _write_number(scores.get("test_accuracy")),
            "made": f"{manifest.created[:10]}, featurex {manifest.versions.get('featurex', '?')}",
        }
        note = "Research use only, not a medical device. print(model.card) tells more."
        return facts_html(f"Model {manifest.key}", facts, note)

    def predict(
        self,
        paths: Sequence[str | PathLike[str]],
        *,
        adapt: str | None = None,
        strict: bool = False,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> "pd.DataFrame":
        """Score image files.

        Parameters
        ----------
        paths : sequence of str or path-like
            Each as for `featurex.images.read_image`; of `MaskedPath`, as
            `featurex.datasets.image_paths` gives them, for a model that was fitted to what lies
            inside of masks.
        adapt : {None, "site"}
            "site" takes all images for those of one hospital, at least 20, and standardises the
            columns within them, without labels. Scores of an image then depend on the others.
        strict : bool
            Whether to take what `read_image(strict=True)` refuses for files that cannot be used.
        n_jobs : int or None
            Processes; None means every core.
        progress : Progress or None
            Is told how far scoring is.

        Returns
        -------
        table : pandas.DataFrame
            One row a path, in their order: path; score, the model's for the positive class
            (score_0, score_1, score_2 of three); probability, the score calibrated on out-of-fold
            scores; decision, a class, by the frozen threshold, "undecided" where the prediction
            set holds several classes, or "no decision" where a flag says that the model should not
            speak of the image; flags, keys of `FLAGS` joined by "; ";
            reason and detail, "" unless the file could not be used.

        Raises
        ------
        ParameterError
            If `paths` is a single path, or empty, `adapt` is none of these, or if masks are missing
            or not wanted.
        DataError
            If there are too few images to adapt to.
        """
        import pandas as pd

        options = {"strict": strict, "n_jobs": n_jobs, "progress": progress}
        rows = self.predict_rows(paths, adapt=adapt, **options)
        return pd.DataFrame(rows, columns=list(rows[0]))

    def predict_rows(
        self,
        paths: Sequence[str | PathLike[str]],
        *,
        adapt: str | None = None,
        strict: bool = False,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> list[dict]:
        """Score image files, without pandas, which takes longer to import than to score an image.

        Parameters
        ----------
        paths, adapt, strict, n_jobs, progress
            As for `predict`.

        Returns
        -------
        rows : list of dict
            The rows of the table that `predict` returns, by column; a score that does not exist is
            NaN.

        Raises
        ------
        ParameterError
            As `predict`.
        DataError
            As `predict`.
        """
        options = {"strict": strict, "n_jobs": n_jobs, "progress": progress}
        with self.predict_each(paths, adapt=adapt, **options) as rows:
            return list(rows)

    @contextmanager
    def predict_each(
        self,
        paths,
        *,
        adapt=None,
        strict=False,
        folder=None,
        n_jobs=None,
        cluster=None,
        restart=False,
        progress=None,
    ):
        """Score image files of which not even the rows need fit into memory.

        Parameters
        ----------
        paths, adapt, strict
            As for `predict`.
        folder : str, path-like or None
            Keeps finished parts until the context is left: a run that was stopped or killed goes on
            with the same folder.
        n_jobs, progress
            As for `predict`.
        cluster : str or None
            Address of a Dask scheduler, or "local", to work there; needs a folder.
        restart : bool
            Whether to delete what the folder holds of other work.

        Yields
        ------
        rows : iterator of dict
            As of `predict_rows`.

        Raises
        ------
        ParameterError
            As `predict`.
        DataError
            If the folder cannot be written, or holds other work.
        """
        paths = _check_paths(paths)
        for path in paths:
            self._check_mask(path, isinstance(path, MaskedPath))
        if strict:
            paths = [read_strictly(path) for path in paths]
        progress = progress or Progress()
        if adapt is None and cluster is None and len(paths) < (2 if folder else _FEW):
            yield self._predict_here(paths, progress)
            return
        # Late: a few images need no engine.
        import joblib

        from featurex.engine import Engine

        engine = Engine(folder, n_jobs, cluster, restart, progress)
        if adapt is not None:
            from featurex.bundle.adapted import predict_adapted

            yield iter(predict_adapted(self, paths, adapt, engine))
            return
        identity = {"model": joblib.hash((self.manifest, self.scoring))}
        compute = functools.partial(_compute_columns, self.scoring)
        size = self.scoring.first.size
        with engine.work(paths, compute, identity, "Scoring", size) as films:
            yield (
                self._make_row(paths[row], values[0])
                if isinstance(values, tuple)
                else self._make_empty_row(values)
                for row, values in films.each(_COLUMNS)
            )

    def explain(self, path: str | PathLike[str]) -> "ExplainedImage":
        """Explain what in an image raised and lowered its score.

        Parameters
        ----------
        path : str
            The image file.

        Returns
        -------
        explained : ExplainedImage

        Raises
        ------
        ImageError
            If the file cannot be used.
        """
        from featurex.bundle.explained import explain_image

        self._check_mask(path, isinstance(path, MaskedPath))
        return explain_image(self, str(path), read_image(path, size=self.scoring.first.size))

    def score_images(self, images) -> np.ndarray:
        """Score images in memory.

        Parameters
        ----------
        images : array of shape (n, rows, columns), or list of 2-D arrays
            Images as they are read; masked arrays, True outside, for a model that takes masks.

        Returns
        -------
        columns : float64 array, shape (n, n_classes + 4)
            A score for each class, and a column for each of `FLAGS`.

        Raises
        ------
        ParameterError
            If masks are missing or not wanted.
        """
        for number, image in enumerate(images):
            self._check_mask(f"image {number}", isinstance(image, np.ma.MaskedArray))
        return self.scoring.score(images)

    def _check_mask(self, name, has_mask):
        """Refuse an image without its mask, or with one that the model does not know."""
        if self.masked and not has_mask:
            raise ParameterError(
                f"{name} has no mask, but this model was fitted to what lies inside of masks: name "
                "their folder with --masks (in Python, give featurex.datasets.image_paths of a "
                "data set with masks)"
            )
        if has_mask and not self.masked:
            raise ParameterError(
                f"{name} has a mask, but this model was fitted to images without masks: leave "
                "--masks out"
            )

    def _predict_here(self, paths, progress):
        with progress.stage("Scoring", len(paths)) as advance:
            for path in paths:
                yield self._predict_one(path)
                advance()

    def _predict_one(self, path):
        """The row of one file: one that cannot be used costs only itself."""
        try:
            image = read_image(path, size=self.scoring.first.size)
            return self._make_row(path, self.score_images([image])[0])
        except ImageError as error:
            return self._make_empty_row(error)
        except ParameterError as error:
            return self._make_empty_row(ImageError("UNUSABLE", path, str(error)))

    def _make_row(self, path, columns):
        """The row of an image, with its columns as from `score_images`."""
        n_classes = len(self.classes)
        scores, marks = columns[:n_classes], columns[n_classes:]
        numbers = (scores[1], self._calibrate(scores[1])) if n_classes == 2 else scores
        flags = [name for name, mark in zip(FLAGS, marks, strict=True) if mark == 1]
        return {
            "path": path,
            **dict(zip(self._score_names(), map(float, numbers), strict=True)),
            "decision": self._decide(scores, flags),
            "flags": "; ".join(flags),
            "reason": "",
            "detail": "",
        }

    def _decide(self, scores, flags):
        """A class, or why there is none."""
        if any(name in WITHHOLDING for name in flags):
            return NO_DECISION
        scores = scores[1:] if len(self.classes) == 2 else scores[None]
        decisions, sets = decide(scores, self.manifest.threshold), self.manifest.sets
        if sets is not None and sets.is_undecided(scores, decisions)[0]:
            return UNDECIDED
        return self.classes[decisions[0]]

    def _make_empty_row(self, error):
        """The row of a file that could not be used."""
        return {
            "path": error.path,
            **dict.fromkeys(self._score_names(), math.nan),
            "decision": "",
            "flags": "",
            "reason": error.reason,
            "detail": error.detail,
        }

    def _score_names(self):
        n_classes = len(self.classes)
        if n_classes == 2:
            return ("score", "probability")
        return tuple(f"score_{index}" for index in range(n_classes))

    def _calibrate(self, score):
        calibration = self.manifest.calibration
        return score if calibration is None else calibration(score)


def _check_paths(paths):
    """Return paths as texts; refuse what is no list of paths."""
    one = isinstance(paths, str | bytes | os.PathLike) or not np.iterable(paths)
    listed = [] if one else list(paths)
    if not listed:
        fail("paths", "a list with at least one path of an image", paths)
    for number, path in enumerate(listed):
        if not isinstance(path, str | bytes | os.PathLike):
            raise ParameterError(
                f"paths must hold paths of images, but item {number} is of type "
                f"{type(path).__name__}; Model.score_images scores arrays"
            )
    return [format_location(path) for path in listed]


def _compute_columns(scoring, paths, images):
    """Score images one by one: a score must not depend, in its last digit, on those beside it."""
    return {_COLUMNS: np.concatenate([scoring.score([image]) for image in images])}


def _write_number(value):
    return "unknown" if value is None or value != value else f"{value:.3f}"
