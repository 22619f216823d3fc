"""A benchmark on samples: prepared once, then scored, one input after the other."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
from sklearn.base import clone

from featurex.benchmark.fit_jobs import Failure
from featurex.benchmark.fitting import count_fits, fit_and_score
from featurex.benchmark.inputs import choose_swapped, fill_inputs
from featurex.benchmark.memory import free_memory, warn_of_memory
from featurex.benchmark.recipes import fit_recipes
from featurex.benchmark.scored import ScoredEntry
from featurex.benchmark.search import Search, list_combinations
from featurex.benchmark.view import View
from featurex.engine.workers import Cluster
from featurex.errors import MissingExtraError
from featurex.evaluation.splits import grouped_folds
from featurex.parallel import chunks, release_memory
from featurex.runs import PIXELS

# Side of the images that are kept where no CNN wants more: enough to show what is usual.
SMALLEST_SIDE = 32


class Session:
    """Computes what models are given, of every input; then scores the entries of any input.

    Parameters
    ----------
    benchmark : Benchmark
        What to score.
    samples : Samples
        On which images.
    work : Work
        Gets it done, and keeps what is finished.
    """

    def __init__(self, benchmark, samples, work):
        self.samples, self.work, self.augment = samples, work, benchmark.protocol.augment
        self.models = {
            name: _shorten(model, 1 + len(self.augment)) for name, model in benchmark.models.items()
        }
        self.searches = {
            name: Search(self.models[name], tuple(list_combinations(values)), benchmark.seed)
            for name, values in benchmark.tune.items()
        }
        self.entries, self.cnn_missing = _list_possible(benchmark.entries)
        if self.cnn_missing:
            work.progress.say(self.cnn_missing)
        for name in dict.fromkeys(entry.model for entry in self.entries):
            # Before anything is computed: a file that cannot be used must not cost a run.
            if note := getattr(self.models[name], "describe_weights", lambda: None)():
                work.progress.say(f"{name}: {note}")
        training, protocol = samples.training, benchmark.protocol
        self.folds = grouped_folds(
            samples.fold_strata(protocol.folds),
            samples.patients[training],
            protocol.folds,
            protocol.seed,
        )
        used = {family for entry in self.entries for family in entry.families}
        self.extractors = {
            family: extractor for family, extractor in benchmark.features.items() if family in used
        }
        sizes = [self.models[entry.model].size for entry in self.entries if entry.learns_features]
        names = dict.fromkeys(entry.input for entry in self.entries)
        recipes = fit_recipes(
            {name: benchmark.inputs[name] for name in names},
            self.extractors,
            max(sizes, default=SMALLEST_SIDE),
            samples,
            protocol.seed,
        )
        failed = samples.films.registration.failed
        if failed.any():
            work.progress.say(
                f"Not registered to the mean chest: {failed.sum():,} of {len(failed):,} images"
            )
        self._say_memory(recipes)
        swapped_rows = self._choose_swapped(protocol)
        self.inputs = fill_inputs(recipes, samples, swapped_rows, protocol.seed, work)

    def _choose_swapped(self, protocol):
        """The training images that are swapped; where not all are, it is said."""
        rows = choose_swapped(self.samples, self.folds, protocol)
        n_training = self.samples.training.sum()
        if len(rows) < n_training:
            self.work.progress.say(
                f"Swaps: {len(rows):,} of {n_training:,} training images, a seeded sample, are "
                "also scored in the framing and with the appearance of another class (parameter "
                "max_swapped)"
            )
        return rows

    def _say_memory(self, recipes):
        """Say where memory will not do; on a cluster, workers fit."""
        if isinstance(self.work.workers, Cluster):
            return
        needs = {}
        for entry in self.entries:
            known = recipes[entry.input].columns
            columns = sum(len(known[family]) for family in entry.families)
            needs[entry.key] = columns, self.models[entry.model]
        n_training = int(self.samples.training.sum()) * (1 + len(self.augment))
        sentence = warn_of_memory(needs, n_training, self.work.n_jobs, free_memory())
        if sentence is not None:
            self.work.progress.say(sentence)

    def score(self, name):
        """Score the entries of one input.

        Parameters
        ----------
        name : str
            Of the input.

        Returns
        -------
        scored : dict of Entry to ScoredEntry or Failure
        """
        entries = [entry for entry in self.entries if entry.input == name]
        usual = self.work.store.get_or_make(
            f"usual {name}",
            lambda: self.inputs.block(name, ()).usual(np.flatnonzero(self.samples.training)),
        )
        scored, blocks = {}, {}
        for entry in entries:
            blocks.setdefault(entry.features, []).append(entry)
        n_folds = len(self.folds) + len(self.samples.site_folds)
        n_fits = sum(count_fits(self._models(alike), n_folds) for alike in blocks.values())
        with self.work.progress.stage(f"Fitting models ({name})", n_fits) as advance:
            for alike in blocks.values():
                scored.update(self._score_alike(alike, usual, advance))
                release_memory()
        return scored

    def _score_alike(self, entries, usual, advance):
        """Score the entries that are given the same features."""
        name, families = entries[0].input, entries[0].families
        block = self.inputs.block(name, families)
        scores = fit_and_score(
            self._models(entries),
            block,
            self.samples,
            self.folds,
            self.work,
            advance,
            self.augment,
        )
        typical = None
        if families:
            typical = self.work.store.get_or_make(
                f"typical {name}/{entries[0].features}",
                lambda: block.typical(np.flatnonzero(self.samples.training)),
            )
        return {
            entry: scores[entry.key]
            if isinstance(scores[entry.key], Failure)
            else ScoredEntry(
                self._view(entry),
                scores[entry.key],
                block.columns,
                block.n_columns,
                block.ms_per_image,
                typical,
                usual,
            )
            for entry in entries
        }

    def _models(self, entries):
        """The model or search of each of some entries, by its key."""
        return {
            entry.key: self.searches.get(entry.model, self.models[entry.model]) for entry in entries
        }

    def _view(self, entry):
        recipe = self.inputs.recipes[entry.input]
        extractors = tuple(map(recipe.extractors.get, entry.families))
        return View(entry, recipe.chain, extractors, recipe.pixel_side)

    def tables(self, rows=4096):
        """Yield what is known of images and the columns of all families, some rows at a time.

        Parameters
        ----------
        rows : int
            Of a table, at most.
        """
        samples = self.samples
        known = samples.table.assign(path=samples.names, split=samples.splits)
        for name in self.inputs.recipes:
            for some in chunks(len(known), rows):
                frames = [known[some].reset_index(drop=True).assign(input=name)]
                for family in self.extractors:
                    block = self.inputs.block(name, (family,))
                    frames.append(pd.DataFrame(block.values(some), columns=list(block.columns)))
                yield pd.concat(frames, axis=1)


def _shorten(model, times):
    """A CNN that sees its images once for each of several variants in as much time as before."""
    # Late: who needs no CNN need not wait for it.
    from featurex.models.cnn import CNN

    if times == 1 or not isinstance(model, CNN):
        return model
    return clone(model).set_params(max_iter=max(1, round(model.max_iter / times)))


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
