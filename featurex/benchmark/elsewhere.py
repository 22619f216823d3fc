"""What comes from elsewhere: sets of other hospitals, and scores of other models."""

from dataclasses import dataclass

import pandas as pd

from featurex.benchmark.external import list_external_predictions, measure_external
from featurex.benchmark.external_samples import load_external
from featurex.benchmark.external_scores import score_external
from featurex.benchmark.rivals import (
    list_rival_predictions,
    load_rivals,
    measure_rivals,
    measure_rivals_elsewhere,
)
from featurex.runs import schema


@dataclass(frozen=True)
class Elsewhere:
    """External sets and rivals of a run, read and checked.

    Parameters
    ----------
    external : tuple of ExternalSamples
        The sets.
    rivals : tuple of MatchedRival
        The other models.
    """

    external: tuple
    rivals: tuple

    @classmethod
    def load(cls, benchmark, task, samples, align, work):
        """Read all of it, before anything is fitted: what cannot be used must not cost a run.

        Parameters
        ----------
        benchmark : Benchmark
            Names what there is.
        task : Task
            The question.
        samples : Samples
            The run's own images.
        align : Align
            What registers the run's own images.
        work : Work
            Reads the images of the sets.
        """
        external = tuple(
            load_external(name, given, task, samples, benchmark.preprocess, align, work)
            for name, given in benchmark.external.items()
        )
        return cls(external, tuple(load_rivals(benchmark.rivals, samples, external, work.progress)))

    @property
    def errors(self):
        """Files of external sets that could not be used: list of ImageError."""
        return [error for one in self.external for error in one.errors]

    def score(self, scored, recipes, work):
        """Score every external set by every model: tuple of ScoredExternal.

        Parameters
        ----------
        scored, recipes, work
            As for `score_external`.
        """
        return tuple(score_external(one, scored, recipes, work) for one in self.external)

    def list_predictions(self, sets, samples):
        """List the scores of external sets and of rivals: list of pandas.DataFrame.

        Parameters
        ----------
        sets : tuple of ScoredExternal
            The sets with their scores.
        samples : Samples
            The run's own images.
        """
        return [
            *list_external_predictions(sets, len(samples.classes)),
            *list_rival_predictions(self.rivals, samples, self.external),
        ]

    def add_rivals(self, rows, samples, protocol):
        """Add the rows of rivals to those of the run's own models: pandas.DataFrame.

        Parameters
        ----------
        rows : pandas.DataFrame
            As in rows.csv.
        samples : Samples
            The run's own images.
        protocol : Protocol
            For resamples and seed.
        """
        known = rows.iloc[0]
        added = measure_rivals(self.rivals, known["dataset"], known["task"], samples, protocol)
        return _join([rows, *added])

    def measure(self, run):
        """Measure every model on every external set, and write external.csv: pandas.DataFrame, None
        where there is no set.

        Parameters
        ----------
        run : ScoredRun
            With the scores.
        """
        if not self.external:
            return None
        rows = _join([measure_external(run), *measure_rivals_elsewhere(run)])
        run.folder.write_csv(schema.EXTERNAL, rows)
        return rows


def _join(frames):
    """Join tables of one kind; integers that some rows lack stay integers in the file."""
    if len(frames) == 1:
        return frames[0]
    records = [record for frame in frames for record in frame.to_dict("records")]
    joined = pd.DataFrame(records, columns=list(frames[0].columns))
    counts = [name for name in frames[0] if frames[0][name].dtype.kind == "i"]
    return joined.astype(dict.fromkeys(counts, "Int64"))
