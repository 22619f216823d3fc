"""A saved model: from image files to scores, classes and flags."""

import functools
import os
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from featurex.bundle.manifest import Manifest
from featurex.bundle.scoring import FLAGS
from featurex.checks import fail
from featurex.engine import read_rows
from featurex.evaluation.thresholds import decide
from featurex.images import format_location, read_image
from featurex.parallel import chunks, count_jobs, run_jobs
from featurex.progress import Progress

# Fewer files than this are not worth the start of processes.
_FEW = 64
_CHUNK = 32


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
    chain : fitted sklearn.pipeline.Pipeline
        From images to scores and flags.
    usual : float array, shape (2, side, side)
        Mean and standard deviation of the training images as they are prepared, small.
    """

    manifest: Manifest
    card: str
    chain: Pipeline
    usual: np.ndarray

    @property
    def classes(self):
        """Names of the classes; of two the second is the positive one."""
        return self.manifest.classes

    def __repr__(self):
        manifest = self.manifest
        threshold = "" if manifest.threshold is None else f", threshold {manifest.threshold:.3f}"
        return (
            f"<Model {manifest.key}: {' or '.join(manifest.classes)}, {len(manifest.columns):,} "
            f"columns{threshold}; made {manifest.created[:10]} with featurex "
            f"{manifest.versions.get('featurex', 'of unknown version')}; print(model.card) tells "
            f"more>"
        )

    def predict(self, paths, *, n_jobs=None, progress=None):
        """Score image files.

        Parameters
        ----------
        paths : sequence of str or path-like
            Each as for `featurex.images.read_image`.
        n_jobs : int or None
            Processes; None means every core.
        progress : Progress or None
            Is told how far scoring is.

        Returns
        -------
        table : pandas.DataFrame
            One row a path, in their order: path; score, the model's for the positive class
            (score_0, score_1, score_2 of three); probability, the score calibrated on out-of-fold
            scores; decision, a class, by the frozen threshold; flags, keys of `FLAGS` joined by ";
            "; reason and detail, "" unless the file could not be used.

        Raises
        ------
        ParameterError
            If `paths` is a single path, or empty.
        """
        if isinstance(paths, str | os.PathLike) or len(paths) == 0:
            fail("paths", "a list with at least one path of an image", paths)
        paths, n_jobs = [format_location(path) for path in paths], count_jobs(n_jobs)
        parts = [paths[part] for part in chunks(len(paths), _CHUNK)]
        job = functools.partial(_score_files, self.chain)
        with (progress or Progress()).stage("Scoring", len(parts)) as advance:
            rows, _ = run_jobs(
                job,
                parts,
                n_jobs if len(paths) >= _FEW else 1,
                advance,
                processes=len(paths) >= _FEW,
            )
        return pd.concat(
            [self._table(part, read) for part, read in zip(parts, rows, strict=True)],
            ignore_index=True,
        )

    def explain(self, path):
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

        return explain_image(self, str(path), read_image(path, size=self.chain[0].size))

    def score_images(self, images):
        """Score images in memory.

        Parameters
        ----------
        images : array of shape (n, rows, columns), or list of 2-D arrays
            Images as they are read.

        Returns
        -------
        columns : float64 array, shape (n, n_classes + 4)
            A score for each class, and a column for each of `FLAGS`.
        """
        return self.chain.transform(images)

    def _table(self, paths, rows):
        n_classes = len(self.classes)
        values = np.full((len(paths), n_classes + len(FLAGS)), np.nan)
        if len(rows.kept):
            values[rows.kept] = rows.values
        table = pd.DataFrame({"path": paths})
        scores = values[:, 1] if n_classes == 2 else values[:, :n_classes]
        if n_classes == 2:
            table["score"] = scores
            table["probability"] = self._calibrate(scores)
        else:
            table[[f"score_{index}" for index in range(n_classes)]] = scores
        usable = np.isfinite(values[:, 0])
        decisions = np.full(len(paths), "", object)
        decisions[usable] = np.array(self.classes, object)[
            decide(scores[usable], self.manifest.threshold)
        ]
        table["decision"] = decisions
        marks = values[:, n_classes:] == 1
        table["flags"] = ["; ".join(np.array(list(FLAGS))[row]) for row in marks]
        errors = {error.path: error for error in rows.errors}
        table["reason"] = [errors[path].reason if path in errors else "" for path in paths]
        table["detail"] = [errors[path].detail if path in errors else "" for path in paths]
        return table

    def _calibrate(self, scores):
        calibration = self.manifest.calibration
        return scores if calibration is None else calibration(scores)


def _score_files(chain, paths):
    return read_rows(paths, chain)
