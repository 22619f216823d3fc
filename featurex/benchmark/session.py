"""One run of a benchmark on samples in memory: blocks of features, scores, rows, facts."""

from importlib.util import find_spec

import pandas as pd

from featurex.benchmark.controls import score_controls
from featurex.benchmark.fitted import Fitted
from featurex.benchmark.fitting import fit_and_score
from featurex.benchmark.inputs import extract_input, fit_input, join_blocks, swap_framings
from featurex.benchmark.learning import trace_learning
from featurex.benchmark.pictures import draw_examples
from featurex.benchmark.ranking import rank_models
from featurex.benchmark.robustness import trace_robustness
from featurex.benchmark.rows import (
    compare,
    freeze_threshold,
    make_row,
    predictions,
    select,
    trace_net_benefit,
)
from featurex.benchmark.samples import OFFICIAL
from featurex.benchmark.subgroups import score_subgroups
from featurex.benchmark.view import View
from featurex.errors import MissingExtraError
from featurex.evaluation.calibration import fit_platt
from featurex.evaluation.splits import grouped_folds
from featurex.parallel import release_memory
from featurex.runs import PIXELS
from featurex.runs.answers import CostPoint
from featurex.runs.schema import Alignment, ProtocolSummary, Selection

# Side of the images that are kept where no CNN wants more: enough to show what is usual.
SMALLEST_SIDE = 32


class Session:
    """Registers the images, and scores every entry of a benchmark.

    Parameters
    ----------
    benchmark : Benchmark
    samples : Samples
    n_jobs : int
    progress : Progress
    """

    def __init__(self, benchmark, samples, n_jobs, progress):
        self.benchmark, self.samples = benchmark, samples
        self.n_jobs, self.progress = n_jobs, progress
        self.entries, self.cnn_missing = _possible(benchmark.entries)
        if self.cnn_missing:
            progress.say(self.cnn_missing)
        training = samples.training
        self.folds = grouped_folds(
            samples.strata[training], samples.patients[training], benchmark.folds, benchmark.seed
        )
        used = {family for entry in self.entries for family in entry.families}
        # The same for every input, so that their tables have the same columns.
        self.extractors = {
            family: made for family, made in benchmark.features.items() if family in used
        }
        sizes = [
            benchmark.models[entry.model].size for entry in self.entries if entry.features == PIXELS
        ]
        self.pixel_side = max(sizes, default=SMALLEST_SIDE)
        names = dict.fromkeys(entry.input for entry in self.entries)
        self.chains, self.typical, self.usual = {}, {}, {}
        for name in names:
            self.chains[name] = fit_input(benchmark.inputs[name], samples)
        self.framing = swap_framings(self.chains, samples, benchmark.seed, n_jobs, progress)
        failed = self.framing.registration.failed
        progress.say(
            f"Not registered to the mean chest: {failed.sum():,} of {len(failed):,} images"
        )

    def score(self, folder):
        """Score every entry, one input after the other, and write their features.

        Parameters
        ----------
        folder : RunFolder

        Returns
        -------
        scored : dict of Entry to (Block without its values, Scores)
        """
        scored = {}
        folder.write_features(self._score_input(name, scored) for name in self.chains)
        return {entry: scored[entry] for entry in self.entries}

    def _score_input(self, name, scored):
        """Score the entries of one input into `scored`; return its features as a table."""
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
        self.usual[name] = pixels.usual(self.samples.training)
        n_fits = len(entries) * (len(self.folds) + 1)
        with self.progress.stage(f"Fitting models ({name})", n_fits) as advance:
            for features in dict.fromkeys(entry.features for entry in entries):
                own = [entry for entry in entries if entry.features == features]
                block = join_blocks([families[family] for family in own[0].families], pixels)
                if own[0].families:
                    self.typical[name, features] = block.typical(self.samples.training)
                models = {entry: self.benchmark.models[entry.model] for entry in own}
                scores = fit_and_score(
                    models, block, self.samples, self.folds, self.n_jobs, advance
                )
                scored.update({entry: (block.summary(), scores[entry]) for entry in own})
                release_memory()
        return self._table(name, families)

    def _table(self, name, families):
        known = self.samples.table.assign(
            path=self.samples.names,
            split=["test" if testing else "train" for testing in self.samples.testing],
        )
        columns = [
            pd.DataFrame(block.values, columns=list(block.columns)) for block in families.values()
        ]
        return pd.concat([known.assign(input=name), *columns], axis=1)

    def make_rows(self, name, scored):
        """Measure every entry.

        Parameters
        ----------
        name : str
            Of the data set.
        scored : dict of Entry to (Block, Scores)

        Returns
        -------
        rows : pandas.DataFrame
            In the order of the entries.
        """
        with self.progress.stage("Measuring, with intervals", len(scored)) as advance:
            rows = []
            for entry, (block, scores) in scored.items():
                row = make_row(entry, block, scores, self.samples, self.benchmark)
                rows.append({"dataset": name, **row})
                advance()
        return pd.DataFrame(rows)

    def predictions(self, scored):
        """The scores of every entry, image by image; see `rows.predictions`."""
        return pd.concat(
            [predictions(entry, scores, self.samples) for entry, (_, scores) in scored.items()],
            ignore_index=True,
        )

    def fitted(self, rows, scored):
        """The classical model chosen by swapped framings, and those that are to be saved, with all
        that they need.

        Parameters
        ----------
        rows : pandas.DataFrame
        scored : dict of Entry to (Block, Scores)

        Returns
        -------
        chosen : Fitted or None
            None where there is none.
        others : tuple of Fitted
        """
        keys = [entry.key for entry in scored]
        made = {
            key: self._fitted(entry, *scored[entry], rows.iloc[keys.index(key)])
            for key, entry in zip(keys, scored, strict=True)
            if key in {select(rows, keys, learns_features=False), *self.benchmark.save}
        }
        chosen = made.get(select(rows, keys, learns_features=False))
        return chosen, tuple(made[key] for key in self.benchmark.save)

    def _fitted(self, entry, block, scores, row):
        labels = self.samples.labels[self.samples.training]
        return Fitted(
            entry=entry,
            chain=self.chains[entry.input],
            columns=block.columns,
            estimator=scores.model,
            classes=self.samples.classes,
            threshold=freeze_threshold(labels, scores),
            calibration=fit_platt(labels, scores.out_of_fold) if scores.test.ndim == 1 else None,
            typical=self.typical[entry.input, entry.features],
            usual=self.usual[entry.input],
            row=row.to_dict(),
        )

    def answers(self, rows, scored, folder):
        """What is known of the run beyond its rows.

        Parameters
        ----------
        rows : pandas.DataFrame
        scored : dict of Entry to (Block, Scores)
        folder : RunFolder
            Receives the example pictures.

        Returns
        -------
        answers : dict
            See `RunInfo`.
        """
        keys = [entry.key for entry in scored]
        scores = {entry.key: values for entry, (_, values) in scored.items()}
        classical, learnt = (
            select(rows, keys, learns_features=False),
            select(rows, keys, learns_features=True),
        )
        chosen = [key for key in (classical, learnt) if key]
        shown = self.chains[chosen[0].split("/")[0]]
        return {
            "task": self.benchmark.task,
            "seed": self.benchmark.seed,
            "protocol": ProtocolSummary(
                folds=self.benchmark.folds,
                test=self.samples.held_out,
                official_test=self.samples.held_out == OFFICIAL,
                threshold="Youden's J on out-of-fold scores",
                interval=(
                    f"95 %, patient-clustered bootstrap, {self.benchmark.resamples:,} resamples"
                ),
            ),
            "alignment": self._alignment(),
            "selection": Selection("swap_auc", classical, learnt, self.cnn_missing),
            "comparison": compare(self.samples, scores, classical, learnt),
            "ranking": rank_models(
                self.samples,
                scored,
                self.folds,
                dict(zip(keys, scored, strict=True)).get(classical),
            ),
            "decision": trace_net_benefit(self.samples, scores, chosen),
            "subgroups": score_subgroups(
                classical, scores, self.samples, self.framing.registration.failed, self.benchmark
            ),
            **self._curves([entry for entry in scored if entry.key in chosen], scores),
            "controls": score_controls(
                self.samples,
                self.framing.registration,
                self.folds,
                self.benchmark.seed,
                self.n_jobs,
                self.progress,
            ),
            "cost": tuple(
                self._cost(key, row) for key, row in zip(keys, rows.to_dict("records"), strict=True)
            ),
            "examples": draw_examples(
                self.samples, shown, self.extractors, folder, self.benchmark.seed
            ),
        }

    def _alignment(self):
        failed = self.framing.registration.failed
        by_class = {
            name: int(failed[self.samples.labels == index].sum())
            for index, name in enumerate(self.samples.classes)
        }
        return Alignment(len(failed), int(failed.sum()), by_class)

    def _curves(self, entries, scores):
        """Learning curves and robustness of the chosen models, where they are asked for."""
        if not self.benchmark.curves:
            return {}
        given = self.samples, self.benchmark, self.n_jobs, self.progress
        labels = self.samples.labels[self.samples.training]
        views = [
            View(
                entry,
                self.chains[entry.input],
                tuple(map(self.extractors.get, entry.families)),
                self.pixel_side,
            )
            for entry in entries
        ]
        own = [scores[entry.key] for entry in entries]
        fitted = [(found.model, freeze_threshold(labels, found)) for found in own]
        return {
            "learning": trace_learning(views, own, *given),
            "robustness": trace_robustness(views, fitted, *given),
        }

    def _cost(self, key, row):
        """Processor seconds to extract the training images and fit, as if there were nothing
        else.
        """
        seconds = 1e-3 * row["extract_ms_per_image"] * row["n_train"] + row["fit_s"]
        return CostPoint(key, seconds, row["test_accuracy"], row["test_auc"])


def _possible(entries):
    """The entries that this installation can run; where some cannot, also a sentence that names the
    extra.
    """
    if find_spec("torch") is not None or not any(entry.features == PIXELS for entry in entries):
        return entries, None
    left = [entry for entry in entries if entry.features != PIXELS]
    error = MissingExtraError("cnn", "the CNN")
    if not left:
        raise error
    return left, f"The CNN was left out: {error}"
