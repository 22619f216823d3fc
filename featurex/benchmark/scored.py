"""A benchmark after its scores: what every question is put to."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from featurex.benchmark.blocks import Inputs
from featurex.benchmark.external_scores import ScoredExternal
from featurex.benchmark.fitted import Fitted
from featurex.benchmark.protocol import Protocol
from featurex.benchmark.rows import freeze_sets, freeze_threshold, select
from featurex.benchmark.samples import Samples
from featurex.benchmark.scores import Scores
from featurex.benchmark.view import View
from featurex.benchmark.work import Work
from featurex.evaluation.calibration import fit_platt
from featurex.features.pixels import Pixels
from featurex.runs import Entry, RunFolder
from featurex.scorers.typical import Typical

# Of whose pixels mean and deviation are taken: all of 5,000 would not fit into memory.
_TYPICAL_IMAGES = 1000


class Skipped(NamedTuple):
    """The answer to a question that cannot be asked of a run.

    Parameters
    ----------
    reason : str
        Why, in a sentence.
    """

    reason: str


@dataclass(frozen=True)
class ScoredEntry:
    """One entry with its scores, without the values of any image.

    Parameters
    ----------
    view : View
        What the model was given.
    scores : Scores
        What the model says of every image.
    columns : tuple of str
        Names of what the model was given; none for pixels.
    n_columns : int
        How many numbers that is, of one image.
    ms_per_image : float
        Processor time from the file to these numbers, milliseconds.
    typical : Typical or None
        What the columns are like in the training images; None for pixels.
    usual : float32 array, shape (2, side, side)
        Mean and standard deviation of the training images as they are prepared.
    """

    view: View
    scores: Scores
    columns: tuple[str, ...]
    n_columns: int
    ms_per_image: float
    typical: Typical | None
    usual: np.ndarray

    @property
    def entry(self):
        """The entry that was scored."""
        return self.view.entry


@dataclass(frozen=True)
class ScoredRun:
    """Everything that is known of a run once all entries are scored.

    Parameters
    ----------
    samples : Samples
        Images and labels.
    protocol : Protocol
        How scores were obtained.
    folds : list of (train, valid) index arrays
        Within the training images.
    inputs : Inputs
        What models are given of every image, on disk.
    extractors : dict of str to Extractor
        By family.
    preprocess : Preprocess
        From a file's image to one of the working size.
    scored : dict of Entry to ScoredEntry
        In the order of the rows.
    rows : pandas.DataFrame
        As in rows.csv.
    curves : bool
        Whether learning curves and robustness are wanted.
    folder : RunFolder
        Holds the features; receives pictures.
    work : Work
        Gets answers made, and keeps them.
    external : tuple of ScoredExternal
        External sets with the scores of every model.
    rivals : tuple of MatchedRival
        Models from elsewhere, of which only the scores are known.
    subgroups : tuple of str
        Further columns of the data set that make groups.
    """

    samples: Samples
    protocol: Protocol
    folds: list
    inputs: Inputs
    extractors: dict
    preprocess: object
    scored: dict[Entry, ScoredEntry]
    rows: pd.DataFrame
    curves: bool
    folder: RunFolder
    work: Work
    external: tuple[ScoredExternal, ...] = ()
    rivals: tuple = ()
    subgroups: tuple[str, ...] = ()

    @property
    def progress(self):
        """What is told what is being done: Progress."""
        return self.work.progress

    @cached_property
    def classical(self):
        """The classical model chosen by both swaps: Entry, or None where there is none."""
        return select(self.rows, list(self.scored), learns_features=False)

    @cached_property
    def cnn(self):
        """The CNN chosen by both swaps: Entry, or None where there is none."""
        return select(self.rows, list(self.scored), learns_features=True)

    @property
    def chosen(self):
        """The chosen models, the classical one first: list of ScoredEntry."""
        return [self.scored[entry] for entry in (self.classical, self.cnn) if entry]

    @cached_property
    def model(self):
        """The chosen classical model with all that explaining and saving it needs: Fitted or
        None.
        """
        return self.make_fitted(self.classical) if self.classical else None

    def threshold(self, entry):
        """The frozen threshold of one model: float, or None for three classes."""
        training = self.samples.labels[self.samples.training]
        return freeze_threshold(training, self.scored[entry].scores, self.protocol)

    def prediction_sets(self, entry):
        """The frozen prediction sets of one model: PredictionSets."""
        training = self.samples.labels[self.samples.training]
        return freeze_sets(training, self.scored[entry].scores, self.protocol)

    def make_fitted(self, entry):
        """Collect what explaining and saving a model needs.

        Parameters
        ----------
        entry : Entry
            Of a model of this run.

        Returns
        -------
        fitted : Fitted
        """
        known = self.scored[entry]
        columns, typical = known.columns, known.typical
        if entry.learns_features:
            columns, typical = self._describe_pixels(known)
        scores, labels = known.scores, self.samples.labels[self.samples.training]
        return Fitted(
            view=known.view,
            columns=columns,
            estimator=scores.model,
            classes=self.samples.classes,
            threshold=self.threshold(entry),
            sets=self.prediction_sets(entry),
            calibration=fit_platt(labels, scores.out_of_fold) if scores.test.ndim == 1 else None,
            typical=typical,
            usual=known.usual,
            row=self.rows.iloc[list(self.scored).index(entry)].to_dict(),
            mask_labels=tuple(map(str, self.samples.mask_labels)) if self.samples.masked else None,
        )

    def _describe_pixels(self, known):
        """Names of the pixels that a network is given, and what they are like in training."""
        view, training = known.view, np.flatnonzero(self.samples.training)
        if len(training) > _TYPICAL_IMAGES:
            training = training[np.linspace(0, len(training) - 1, _TYPICAL_IMAGES).astype(int)]
        images = self.inputs.block(view.entry.input, ()).values(training)
        pixels = Pixels([view.pixel_side, known.scores.model.size]).fit(images)
        return tuple(pixels.get_feature_names_out()), Typical.from_columns(pixels.transform(images))
