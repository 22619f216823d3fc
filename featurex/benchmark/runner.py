"""The benchmark: prepare the images, score every entry, ask the questions, fill a run folder."""

import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import pandas as pd

from featurex.audit import quick_audit
from featurex.benchmark.elsewhere import Elsewhere
from featurex.benchmark.environment import (
    TimedProgress,
    describe_machine,
    describe_start,
)
from featurex.benchmark.external_samples import EXTERNAL, check_external
from featurex.benchmark.films import FILMS
from featurex.benchmark.fit_jobs import Failure
from featurex.benchmark.fitted import Fitted
from featurex.benchmark.inputs import INPUTS
from featurex.benchmark.plan import list_entries
from featurex.benchmark.protocol import Protocol
from featurex.benchmark.questions import ask_all
from featurex.benchmark.recipes import find_align
from featurex.benchmark.rival_files import check_rivals
from featurex.benchmark.rows import list_predictions, measure_rows
from featurex.benchmark.samples import load_samples
from featurex.benchmark.scored import ScoredRun
from featurex.benchmark.search import check_tune
from featurex.benchmark.session import Session
from featurex.benchmark.subgroups import check_columns, check_subgroups
from featurex.benchmark.summary import describe_run
from featurex.benchmark.work import Work, can_go_on, identify
from featurex.checks import check_boolean, check_choice, check_integer, check_number, check_sequence
from featurex.datasets import Dataset, check_task, find_task
from featurex.engine import error_table
from featurex.engine.filling import make_workers
from featurex.engine.parts import make_stamp
from featurex.engine.store import MISSING, Store
from featurex.engine.workers import Cluster, Threads
from featurex.errors import DataError, FeaturexError
from featurex.evaluation.thresholds import POLICIES
from featurex.parallel import count_jobs
from featurex.progress import Progress
from featurex.runs import APPEARANCE, FRAMING, Entry, RunFolder, RunInfo, schema
from featurex.runs.tables import describe_samples

# What `augment` calls each swap.
AUGMENTATIONS = {"framing": FRAMING, "appearance": APPEARANCE}
# The step that outlives a run: what it gives back.
_RESULT = "result"
# Names the chosen network among the models that are to be saved, as nobody knows it before.
_CNN = "cnn"


@dataclass(frozen=True)
class Run:
    """What a finished benchmark gives back.

    Parameters
    ----------
    folder : pathlib.Path
        Where all of it stands, but for the models.
    info : RunInfo
        What run.json holds.
    rows : pandas.DataFrame
        One row for each input, features and model.
    errors : pandas.DataFrame
        path, reason, detail of the files that were set aside.
    chosen : Fitted or None
        The classical model that was chosen, ready to be saved.
    others : tuple of Fitted
        The models that were asked for by `Benchmark.save`, ready to be saved.
    external : pandas.DataFrame or None
        One row for each model and external set; None where there is none.
    """

    folder: Path
    info: RunInfo
    rows: pd.DataFrame
    errors: pd.DataFrame
    chosen: Fitted | None
    others: tuple[Fitted, ...] = ()
    external: pd.DataFrame | None = None


class Benchmark:
    """Compares models on features of differently prepared images, on one data set.

    Everything is chosen on training images, by patient-grouped folds: the threshold (Youden's J on
    out-of-fold scores, unless another policy is named) and the recommended model (the worse AUC of
    the framing swap and the appearance swap). The test images
    are scored once, at the end.

    Parameters
    ----------
    inputs : dict of str to list of transformers
        How images are prepared, after `preprocess`; an empty list leaves them as they are.
    features : dict of str to Extractor
        By the names that the grid joins; usually those of families.
    models : dict of str to classifier
        With predict_proba. A `CNN` gets images, every other model columns.
    grid : list of dict
        Which of them to combine: each item has the keys inputs, features, models, with lists of
        names; "+" joins families, and "pixels" stands for the images themselves.
    preprocess : Preprocess
        Brings every image to one size.
    task : str, dict or None
        None for the question that the labels pose; "pneumonia", "etiology" or "three-class"; or a
        mapping, see `featurex.datasets.check_task`.
    seed : int
        Of folds, holdout, swap partners, resamples.
    folds : int
        Of patient-grouped cross-validation, at least 2.
    holdout : float
        Fraction of the patients that are held out where the data have no test split.
    resamples : int
        Of the patient-clustered bootstrap.
    threshold : str
        How the threshold is chosen, a key of `featurex.evaluation.thresholds.POLICIES`.
    sensitivity : float
        What the policy "sensitivity" asks for, 0 to 1.
    coverage : float
        How often the set of classes that an image may have is to hold the true one, 0.5 to 0.999,
        on images like those of training; see `featurex.evaluation.conformal`. Where a set holds
        several classes, a saved model says "undecided".
    augment : sequence of str
        "framing", "appearance", or both: models are fitted to each training image once more in the
        framing, or with the appearance, of an image of another class; a CNN for as many fewer
        epochs. The validation by that swap then says less: it is what models were fitted to.
    max_swapped : int
        Of more training images than this, from 200 on, only a seeded sample of about so many is
        also scored in the framing and with the appearance of another class: whole patients of
        every fold and part of a class. With `augment` all are.
    curves : bool
        Whether to trace learning curves and robustness of the chosen models, too.
    save : sequence of str
        Keys "input/features/model" of models that are to be saved besides the chosen classical one;
        "cnn" for the chosen network.
    external : dict of str to (str, path-like, Dataset or dict), or None
        Sets of other hospitals, by name: every model, frozen, scores each of them once. A mapping
        has the key data, and may have classes (class of the run -> labels of the set),
        same_patients (whether an id of a patient means one person in both sets), and adapt
        ("site": columns are standardised within the set, without its labels).
    rivals : dict of str to (str, path-like or dict), or None
        Files of scores of other models, by name, which enter the tables, curves and tests. A
        mapping has the key scores, and may have threshold, 0.5 without it.
    subgroups : sequence of str
        Further columns of the data set, as sex, age or view, in whose groups the chosen model is
        scored once more; a column site always is.
    tune : dict of str to dict, or None
        By the name of a model, and of its parameter, the values to try: every combination is, in
        three patient-grouped folds within the images of each fit, by the lower AUC of both swaps;
        four combinations or more are halved after each of them. What is held out of a fit plays no
        part.

    Examples
    --------
    >>> from featurex import Benchmark, Preprocess, ZoneHistogram, load_dataset
    >>> from featurex.models import LDA, Logistic
    >>> benchmark = Benchmark(
    ...     inputs={"original": []},
    ...     features={"zones": ZoneHistogram(grids=(2,), bins=(8,))},
    ...     models={"lda": LDA(n_components=8), "logistic": Logistic()},
    ...     grid=[{"inputs": ["original"], "features": ["zones"], "models": ["lda", "logistic"]}],
    ...     preprocess=Preprocess(size=64),
    ... )
    >>> [entry.key for entry in benchmark.entries]
    ['original/zones/lda', 'original/zones/logistic']

    A run takes seconds at least, and more patients than fit into an example:

    >>> run = benchmark.run(load_dataset("chest_xray"), "runs/first")  # doctest: +SKIP
    >>> run.rows[["model", "swap_auc", "test_auc"]]  # doctest: +SKIP
    """

    def __init__(
        self,
        inputs,
        features,
        models,
        grid,
        preprocess,
        task=None,
        seed=0,
        folds=5,
        holdout=0.2,
        resamples=1000,
        threshold="youden",
        sensitivity=0.95,
        coverage=0.9,
        augment=(),
        curves=False,
        save=(),
        external=None,
        rivals=None,
        subgroups=(),
        tune=None,
        max_swapped=2000,
    ):
        self.inputs = inputs
        self.features = features
        self.models = models
        self.grid = grid
        self.preprocess = preprocess
        self.task = check_task(task)
        self.seed = check_integer("seed", seed, 0)
        self.folds = check_integer("folds", folds, 2)
        self.holdout = check_number("holdout", holdout, 0.05, 0.5)
        self.resamples = check_integer("resamples", resamples, 100)
        self.threshold = check_choice("threshold", threshold, tuple(POLICIES))
        self.sensitivity = check_number("sensitivity", sensitivity, 0.0, 1.0)
        self.coverage = check_number("coverage", coverage, 0.5, 0.999)
        names = tuple(AUGMENTATIONS)
        self.augment = (
            check_sequence("augment", augment, check_choice, allowed=names) if augment else ()
        )
        self.max_swapped = check_integer("max_swapped", max_swapped, 200)
        self.curves = check_boolean("curves", curves)
        self.external = check_external(external)
        self.rivals = check_rivals(rivals)
        self.subgroups = check_subgroups(subgroups)
        self.tune = check_tune(tune, models)
        self.entries = list_entries(grid, inputs, features, models)
        keys = [entry.key for entry in self.entries]
        keys += [_CNN] * any(entry.learns_features for entry in self.entries)
        self.save = check_sequence("save", save, check_choice, allowed=tuple(keys)) if save else ()

    @property
    def protocol(self):
        """How scores are obtained: Protocol."""
        return Protocol(
            self.folds,
            self.holdout,
            self.resamples,
            self.seed,
            self.threshold,
            self.sensitivity,
            self.coverage,
            tuple(AUGMENTATIONS[name] for name in self.augment),
            self.max_swapped,
        )

    def run(
        self,
        dataset: Dataset,
        folder: str | PathLike[str],
        *,
        n_jobs: int | None = None,
        cluster: str | None = None,
        progress: Progress | None = None,
        shared=None,
    ) -> Run:
        """Run everything and fill a new folder.

        Parameters
        ----------
        dataset : Dataset
            The images, as from `load_dataset`.
        folder : str or path-like
            A new one, or that of a run of the same configuration and images that was stopped,
            which goes on: what is finished is not done again.
        n_jobs : int or None
            Threads or processes; None means every core.
        cluster : str or None
            Address of a Dask scheduler, or "local": films are worked on there, and models fitted.
            Its workers must see the images and `folder` under the same paths.
        progress : Progress or None
            Is told what is being done.
        shared : Shared or None
            Where that lies which runs of several tasks need of the same films, as
            `featurex.benchmark.findings.run_findings` makes it.

        Returns
        -------
        run : Run

        Raises
        ------
        DataError
            If the folder or the data set cannot be used.
        """
        n_jobs, progress = count_jobs(n_jobs), progress or Progress()
        with RunFolder(folder).locked() as folder:
            identity = identify(self, dataset)
            folder.claim(identity)
            store = Store(folder.work / "steps", make_stamp(identity))
            finished = store.load(_RESULT)
            if folder.is_finished and finished is not MISSING:
                progress.say(f"{folder.path} is finished already: nothing to do")
                return replace(finished, folder=folder.path)
            try:
                work = Work(folder.work, identity, store, None, n_jobs, progress, cluster, shared)
                run = self._fill(folder, dataset, work, cluster)
            except FeaturexError as error:
                # The user mends what is wrong, and takes the same folder for another run.
                if not _may_go_on(error, folder):
                    folder.forget()
                raise
            store.save(_RESULT, run)
            store.clear(keep=[_RESULT])
            for name in (FILMS, INPUTS, EXTERNAL):
                shutil.rmtree(folder.work / name, ignore_errors=True)
            return run

    def _fill(self, folder, dataset, work, cluster):
        facts = {
            **work.store.get_or_make("start", describe_start),
            "machine": describe_machine(work.n_jobs),
        }
        work = replace(work, progress=TimedProgress(work.progress, work.store))
        dataset, task = self._ask(dataset, work.progress)
        with closing(make_workers(work.n_jobs, len(dataset), cluster)) as workers:
            session, elsewhere = self._prepare(dataset, task, replace(work, workers=workers))
        errors, facts["findings"] = _set_aside(folder, dataset, session, elsewhere)
        # Processes have ended by now, as fits need their memory; a cluster is called once more.
        fitters = Threads(work.n_jobs) if cluster is None else Cluster(cluster, work.n_jobs)
        with closing(fitters):
            session.work = replace(session.work, workers=fitters)
            scored, facts["failed"] = self._score(session, folder)
            run, rows = self._measure(session, elsewhere, scored, folder, dataset.name)
            external_rows = elsewhere.measure(run)
            answers, facts["skipped"] = ask_all(run, run.work.store)
        info = RunInfo(**facts, **answers, **describe_run(self, run, session, dataset))
        info = folder.write_info(info)
        return Run(folder.path, info, rows, errors, run.model, self._list_saved(run), external_rows)

    def _ask(self, dataset, progress):
        """Find the question in the labels, and say what was taken for granted."""
        progress.say(dataset.describe())
        task = find_task(dataset, self.task)
        for sentence in (task.ask(), *task.notes):
            progress.say(sentence)
        return replace(dataset, notes=(*dataset.notes, *task.notes)), task

    def _measure(self, session, elsewhere, scored, folder, name):
        """Measure all that was scored, and write rows and predictions: ScoredRun, and its rows
        with those of rivals.
        """
        samples, work = session.samples, session.work
        sets = elsewhere.score(scored, session.inputs.recipes, work)
        rows = measure_rows(scored, name, samples.task.name, samples, self.protocol, work)
        all_rows = elsewhere.add_rivals(rows, samples, self.protocol)
        folder.write_csv(schema.ROWS, all_rows)
        for sentence in describe_samples(rows):
            work.progress.say(sentence)
        lines = [list_predictions(scored, samples), *elsewhere.list_predictions(sets, samples)]
        folder.write_csv(schema.PREDICTIONS, pd.concat(lines, ignore_index=True))
        run = replace(
            self._collect(session, scored, rows, folder),
            external=sets,
            rivals=elsewhere.rivals,
            subgroups=self.subgroups,
        )
        return run, all_rows

    def _list_saved(self, run):
        """The models that are to be saved besides the chosen one, as far as they were scored."""
        wanted = [run.cnn if key == _CNN else Entry.parse(key) for key in self.save]
        scored = [entry for entry in dict.fromkeys(wanted) if entry in run.scored]
        return tuple(map(run.make_fitted, scored))

    def _prepare(self, dataset, task, work):
        """Read the images, and compute what models are given."""
        align = find_align(self.inputs)
        samples = load_samples(dataset, task, self.preprocess, align, self.protocol, work)
        check_columns(samples.table, self.subgroups, dataset.name)
        # Before anything is fitted: what cannot be used must not cost a run.
        elsewhere = Elsewhere.load(self, task, samples, align, work)
        # Should a film be lost between two runs, all that is computed of films is so anew.
        identity = [work.identity, samples.films.kept.tolist()]
        store = Store(work.store.folder, make_stamp(identity))
        work = replace(work, identity=identity, store=store)
        return Session(self, samples, work), elsewhere

    def _score(self, session, folder):
        """Score one input after the other: the models that could be scored, and why the others
        could not.
        """
        scores = {}
        for name in session.inputs.recipes:
            scores.update(session.score(name))
        failed = {
            entry.key: scores[entry].reason
            for entry in session.entries
            if isinstance(scores[entry], Failure)
        }
        if len(failed) == len(scores):
            raise DataError(
                f"no model could be fitted; {next(iter(failed))}: {failed.popitem()[1]}"
            )
        for key, reason in failed.items():
            session.work.progress.say(f"{key} failed {reason}; the others go on")
        if not (folder.path / schema.FEATURES).exists():
            with folder.features_writer() as write:
                for table in session.tables():
                    write(table)
        return {
            entry: scores[entry] for entry in session.entries if entry.key not in failed
        }, failed

    def _collect(self, session, scored, rows, folder):
        return ScoredRun(
            samples=session.samples,
            protocol=self.protocol,
            folds=session.folds,
            inputs=session.inputs,
            extractors=session.extractors,
            preprocess=self.preprocess,
            scored=scored,
            rows=rows,
            curves=self.curves,
            folder=folder,
            work=session.work,
        )


def _set_aside(folder, dataset, session, elsewhere):
    """Write what could not be used, and what a quick audit finds: data frame, and findings."""
    samples = session.samples
    errors = error_table(samples.errors)
    findings = session.work.store.get_or_make("findings", lambda: _audit(dataset, samples, errors))
    errors = error_table([*samples.errors, *elsewhere.errors])
    folder.write_csv(schema.ERRORS, errors)
    return errors, tuple(schema.Finding(**finding._asdict()) for finding in findings)


def _audit(dataset, samples, errors):
    """Do the cheap part of an audit on the images that were read."""
    films, usable = samples.films, replace(dataset, table=samples.table)
    return quick_audit(usable, samples.names, films.checksums, films.thumbnails, errors)


def _may_go_on(error, folder):
    """Whether a run that ended by an error can be resumed: not if nothing is fitted, and neither
    the disk nor the workers are to blame.
    """
    return can_go_on(error) or any(folder.work.glob("steps/fit*"))
