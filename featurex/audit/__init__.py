"""What is wrong with a data set, before a model finds out."""

import json
from dataclasses import dataclass

import pandas as pd

import featurex
from featurex.audit.duplicates import find_duplicates, find_shared_patients
from featurex.audit.files import survey_files
from featurex.audit.findings import SEVERITIES, Finding, judge
from featurex.audit.quality import register_films, score_quality
from featurex.audit.shortcuts import COLUMNS, score_shortcuts
from featurex.audit.similarity import find_near_duplicates
from featurex.checks import check_choice
from featurex.datasets import TASKS, select_task
from featurex.errors import DataError
from featurex.files import check_writable, replacing
from featurex.parallel import count_jobs
from featurex.progress import Progress

__all__ = ["SEVERITIES", "Audit", "Finding", "audit_dataset"]

_BINARY = tuple(name for name, task in TASKS.items() if len(task.classes) == 2)


@dataclass(frozen=True)
class Audit:
    """What was found out about a data set.

    Parameters
    ----------
    name, digest : str
        Of the data set.
    counts : pandas.DataFrame
        split, label, subtype, images, patients.
    files : pandas.DataFrame
        One row a file; see `featurex.audit.files.FileSurvey`.
    duplicates : pandas.DataFrame
        See `featurex.audit.duplicates.find_duplicates`.
    near_duplicates : pandas.DataFrame
        See `featurex.audit.similarity.find_near_duplicates`.
    shared_patients : pandas.DataFrame
        See `featurex.audit.duplicates.find_shared_patients`.
    quality : pandas.DataFrame
        See `featurex.audit.quality.score_quality`.
    shortcuts : pandas.DataFrame
        See `featurex.audit.shortcuts.score_shortcuts`; empty where they cannot be scored.
    notes : tuple of str
        The data set's, and why shortcuts were not scored.
    """

    name: str
    digest: str
    counts: pd.DataFrame
    files: pd.DataFrame
    duplicates: pd.DataFrame
    near_duplicates: pd.DataFrame
    shared_patients: pd.DataFrame
    quality: pd.DataFrame
    shortcuts: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def findings(self):
        """List of `Finding`, the most serious first."""
        return judge(self)

    def write(self, folder):
        """Write one CSV file a table, and the findings as audit.json.

        Parameters
        ----------
        folder : str or path-like
            Made if need be.

        Raises
        ------
        DataError
            If it cannot be written.
        """
        folder = check_writable(folder)
        for name in ("counts", "files", "duplicates", "near_duplicates", "shared_patients", "quality", "shortcuts"):
            with replacing(folder / f"{name}.csv") as temporary:
                getattr(self, name).to_csv(temporary, index=False)
        findings = [finding._asdict() for finding in self.findings]
        facts = {"featurex": featurex.__version__, "name": self.name, "digest": self.digest, "findings": findings}
        with replacing(folder / "audit.json") as temporary:
            temporary.write_text(json.dumps(facts, indent=2, ensure_ascii=False), encoding="utf-8")


def audit_dataset(dataset, *, task="pneumonia", seed=0, n_jobs=None, progress=None):
    """Look for what would fool a model: bad files, duplicates, leaks between splits, shortcuts.

    Parameters
    ----------
    dataset : Dataset
    task : str
        What the shortcuts are scored on: "pneumonia" or "etiology".
    seed : int
        Of folds, trees and resamples.
    n_jobs : int or None
        Threads; None means every core.
    progress : Progress or None

    Returns
    -------
    audit : Audit

    Raises
    ------
    DataError
        If no image at all can be read.
    ParameterError
        If the task is not binary or does not exist.
    """
    check_choice("task", task, _BINARY)
    progress = progress or Progress()
    n_jobs = count_jobs(n_jobs)
    survey = survey_files(dataset, n_jobs, progress)
    if not survey.readable.any():
        raise DataError(f"{dataset.name}: none of the {len(dataset)} images can be read; the first: {_first(survey)}")
    training = (dataset.table["split"] != "test").to_numpy()
    align, registration = register_films(survey, training, n_jobs, progress)
    notes = list(dataset.notes)
    try:
        select_task(dataset, task)
        shortcuts = score_shortcuts(dataset, survey, registration, task, seed, n_jobs, progress)
    except DataError as error:
        shortcuts = pd.DataFrame(columns=list(COLUMNS))
        notes.append(f"shortcuts were not scored: {error}")
    return Audit(
        dataset.name,
        dataset.digest(),
        dataset.counts(),
        survey.facts,
        find_duplicates(dataset, survey),
        find_near_duplicates(dataset, survey),
        find_shared_patients(dataset),
        score_quality(survey, align, registration),
        shortcuts,
        tuple(notes),
    )


def _first(survey):
    row = survey.facts.iloc[0]
    return f"{row['path']}: {row['detail']} [{row['reason']}]"
