"""The benchmark: data x features x model, to flat rows and the facts of the run."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

import featurex
from featurex.audit import quick_audit
from featurex.benchmark.facts import (
    TimedProgress,
    describe_data,
    describe_machine,
    describe_software,
    describe_start,
)
from featurex.benchmark.fitted import Fitted
from featurex.benchmark.plan import list_entries
from featurex.benchmark.reasons import explain_chosen
from featurex.benchmark.samples import load_samples
from featurex.benchmark.session import Session
from featurex.checks import check_boolean, check_choice, check_integer, check_number, check_sequence
from featurex.construct import describe
from featurex.datasets import TASKS
from featurex.parallel import count_jobs
from featurex.progress import Progress
from featurex.runs import PIXELS, RunFolder, RunInfo, schema, to_json
from featurex.table import error_table


@dataclass(frozen=True)
class Run:
    """What a finished benchmark gives back; all of it is in the folder, too.

    Parameters
    ----------
    folder : pathlib.Path
    rows : pandas.DataFrame
        One row for each features x input x model.
    errors : pandas.DataFrame
        path, reason, detail of the files that were set aside.
    info : RunInfo
        What run.json holds.
    facts : dict
        The same as JSON holds it.
    chosen : Fitted or None
        The classical model chosen, ready to be saved; this and the next alone are not in the folder
        yet.
    others : tuple of Fitted
        The models that were asked for by `Benchmark.save`.
    """

    folder: Path
    rows: pd.DataFrame
    errors: pd.DataFrame
    info: RunInfo
    facts: dict
    chosen: Fitted | None
    others: tuple[Fitted, ...] = ()


class Benchmark:
    """Compares models on features of differently prepared images, on one data set.

    Everything is chosen on training images, by patient-grouped folds: the threshold (Youden's J on
    out-of-fold scores) and the recommended model (AUC on framing-swapped images). The test images
    are scored once, at the end.

    Parameters
    ----------
    inputs : dict of str to list of transformers
        How images are prepared, after `preprocess`; an empty list leaves them as they are.
    features : dict of str to Extractor
    models : dict of str to classifier
        With predict_proba. A `CNN` gets images, every other model columns.
    grid : list of dict
        Which of them to combine: each item has the keys inputs, features, models, with lists of
        names; "+" joins families, and "pixels" stands for the images themselves.
    preprocess : Preprocess
        Brings every image to one size.
    task : str
        "pneumonia", "etiology" or "three-class".
    seed : int
        Of folds, holdout, swap partners, resamples.
    folds : int
        Of patient-grouped cross-validation, at least 2.
    holdout : float
        Share of the patients that are held out where the data have no test split.
    resamples : int
        Of the patient-clustered bootstrap.
    curves : bool
        Whether to trace learning curves and robustness of the chosen models, too.
    save : sequence of str
        Keys "input/features/model" of classical models that are to be saved besides the chosen one.
    """

    def __init__(
        self,
        inputs,
        features,
        models,
        grid,
        preprocess,
        task="pneumonia",
        seed=0,
        folds=5,
        holdout=0.2,
        resamples=1000,
        curves=False,
        save=(),
    ):
        self.inputs = inputs
        self.features = features
        self.models = models
        self.preprocess = preprocess
        self.grid = grid
        self.task = check_choice("task", task, tuple(TASKS))
        self.seed = check_integer("seed", seed, 0)
        self.folds = check_integer("folds", folds, 2)
        self.holdout = check_number("holdout", holdout, 0.05, 0.5)
        self.resamples = check_integer("resamples", resamples, 100)
        self.curves = check_boolean("curves", curves)
        self.entries = list_entries(grid, inputs, features, models)
        keys = [entry.key for entry in self.entries if entry.features != PIXELS]
        self.save = check_sequence("save", save, check_choice, allowed=tuple(keys)) if save else ()

    def run(self, dataset, folder, *, n_jobs=None, progress=None):
        """Run everything and fill a new folder.

        Parameters
        ----------
        dataset : Dataset
        folder : str or path-like
            Must be empty or not exist.
        n_jobs : int or None
            Threads or processes; None means every core.
        progress : Progress or None

        Returns
        -------
        run : Run

        Raises
        ------
        DataError
            If the folder or the data set cannot be used.
        """
        n_jobs = count_jobs(n_jobs)
        progress = TimedProgress(progress or Progress())
        started = describe_start()
        folder = RunFolder(folder)
        progress.say(dataset.describe())
        samples = load_samples(dataset, self, n_jobs, progress)
        session = Session(self, samples, n_jobs, progress)
        errors = error_table(samples.errors)
        folder.write_csv(schema.ERRORS, errors)
        own = replace(dataset, table=samples.table)
        findings = quick_audit(own, samples.names, samples.images, errors, n_jobs, progress)
        scored = session.score(folder)
        rows = session.make_rows(dataset.name, scored)
        folder.write_csv(schema.ROWS, rows)
        folder.write_csv(schema.PREDICTIONS, session.predictions(scored))
        chosen, others = session.fitted(rows, scored)
        answers = {
            **session.answers(rows, scored, folder),
            **explain_chosen(chosen, scored, session, folder),
        }
        info = RunInfo(
            format=schema.FORMAT,
            featurex=featurex.__version__,
            **started,
            versions=describe_software(),
            machine=describe_machine(n_jobs),
            configuration=describe(self),
            classes=tuple(samples.classes),
            dataset=describe_data(dataset, samples),
            **answers,
            findings=tuple(schema.Finding(**finding._asdict()) for finding in findings),
            timings=tuple(progress.timings),
            skipped={},
        )
        folder.write_info(info)
        return Run(folder.path, rows, errors, info, to_json(info), chosen, others)
