"""A benchmark on samples in memory: prepared once, then scored, one input after the other."""

from dataclasses import dataclass
from importlib.util import find_spec

import pandas as pd

from featurex.benchmark.fitting import fit_and_score
from featurex.benchmark.inputs import extract_input, fit_input, join_blocks, swap_images
from featurex.benchmark.scored import ScoredEntry
from featurex.benchmark.view import View
from featurex.errors import MissingExtraError
from featurex.evaluation.splits import grouped_folds
from featurex.parallel import release_memory
from featurex.runs import PIXELS, Entry

# Side of the images that are kept where no CNN wants more: enough to show what is usual.
SMALLEST_SIDE = 32


@dataclass(frozen=True)
class ScoredInput:
    """What came of one input.

    Parameters
    ----------
    entries : dict of Entry to ScoredEntry
        The entries of this input.
    features : pandas.DataFrame
        What is known of every image, and the columns of all families.
    """

    entries: dict[Entry, ScoredEntry]
    features: pd.DataFrame


class Session:
    """Registers the images and fits the inputs' chains; then scores the entries of any input.

    Parameters
    ----------
    benchmark : Benchmark
        What to score.
    samples : Samples
        On which images.
    n_jobs : int
        Threads or processes.
    progress : Progress
        Is told what is being done.
    """

    def __init__(self, benchmark, samples, n_jobs, progress):
        self.samples, self.models = samples, benchmark.models
        self.n_jobs, self.progress = n_jobs, progress
        self.entries, self.cnn_missing = _list_possible(benchmark.entries)
        if self.cnn_missing:
            progress.say(self.cnn_missing)
        training, protocol = samples.training, benchmark.protocol
        self.folds = grouped_folds(
            samples.fold_strata(protocol.folds),
            samples.patients[training],
            protocol.folds,
            protocol.seed,
        )
        used = {family for entry in self.entries for family in entry.families}
        # The same for every input, so that their tables have the same columns.
        self.extractors = {
            family: extractor for family, extractor in benchmark.features.items() if family in used
        }
        sizes = [self.models[entry.model].size for entry in self.entries if entry.learns_features]
        self.pixel_side = max(sizes, default=SMALLEST_SIDE)
        names = dict.fromkeys(entry.input for entry in self.entries)
        self.chains = {name: fit_input(benchmark.inputs[name], samples) for name in names}
        self.framing = swap_images(self.chains, samples, protocol.seed, n_jobs, progress)
        failed = self.framing.registration.failed
        progress.say(
            f"Not registered to the mean chest: {failed.sum():,} of {len(failed):,} images"
        )

    @property
    def inputs(self):
        """Names of the inputs: tuple of str."""
        return tuple(self.chains)

    def score(self, name):
        """Score the entries of one input.

        Parameters
        ----------
        name : str
            Of the input.

        Returns
        -------
        scored : ScoredInput
            Holds the features of all images: let go of it before the next input is scored.
        """
        entries = [entry for entry in self.entries if entry.input == name]
        pixels, families = extract_input(
            name,
            self.chains[name],
            self.extractors,
            self.pixel_side,
            self.samples,
            self.framing,
            self.n_jobs,
            self.progress,
        )
        usual, scored = pixels.usual(self.samples.training), {}
        n_fits = len(entries) * (len(self.folds) + 1 + len(self.samples.site_folds))
        with self.progress.stage(f"Fitting models ({name})", n_fits) as advance:
            for features in dict.fromkeys(entry.features for entry in entries):
                alike = [entry for entry in entries if entry.features == features]
                block = join_blocks([families[family] for family in alike[0].families], pixels)
                scored.update(self._score_block(alike, block, usual, advance))
                release_memory()
        return ScoredInput(scored, self._tabulate(name, families))

    def _score_block(self, entries, block, usual, advance):
        """Score the entries that are given the same features."""
        training = self.samples.training
        models = {entry: self.models[entry.model] for entry in entries}
        scores = fit_and_score(models, block, self.samples, self.folds, self.n_jobs, advance)
        typical = block.typical(training) if entries[0].families else None
        return {
            entry: ScoredEntry(
                self._view(entry),
                scores[entry],
                block.columns,
                block.n_columns,
                block.ms_per_image,
                typical,
                usual,
            )
            for entry in entries
        }

    def _view(self, entry):
        extractors = tuple(map(self.extractors.get, entry.families))
        return View(entry, self.chains[entry.input], extractors, self.pixel_side)

    def _tabulate(self, name, families):
        known = self.samples.table.assign(path=self.samples.names, split=self.samples.splits)
        columns = [
            pd.DataFrame(block.values, columns=list(block.columns)) for block in families.values()
        ]
        return pd.concat([known.assign(input=name), *columns], axis=1)


def _list_possible(entries):
    """The entries that this installation can run; where some cannot, also a sentence that names the
    extra.
    """
    if find_spec("torch") is not None or not any(entry.features == PIXELS for entry in entries):
        return entries, None
    classical = [entry for entry in entries if not entry.learns_features]
    error = MissingExtraError("cnn", "the CNN")
    if not classical:
        raise error
    return classical, f"The CNN was left out: {error}"
