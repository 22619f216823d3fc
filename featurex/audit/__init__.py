"""What is wrong with a data set, before a model finds out."""

import json
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
import pandas as pd

import featurex
from featurex.audit.duplicates import find_duplicates, find_shared_patients, list_crossing
from featurex.audit.files import survey_read, surveying
from featurex.audit.findings import SEVERITIES, Finding, list_file_findings, list_findings
from featurex.audit.labels import COLUMNS as LABEL_COLUMNS
from featurex.audit.labels import list_doubtful_labels
from featurex.audit.quality import score_quality
from featurex.audit.shortcuts import COLUMNS as SHORTCUT_COLUMNS
from featurex.audit.shortcuts import list_shortcuts
from featurex.audit.similarity import find_near_duplicates
from featurex.datasets import Dataset, check_task, find_task
from featurex.engine import Engine
from featurex.errors import DataError
from featurex.files import check_writable, replacing
from featurex.images.shrink import read_picture
from featurex.lungs import Align
from featurex.parallel import count_jobs
from featurex.progress import Progress

__all__ = ["MOST_PICTURES", "SEVERITIES", "Audit", "Finding", "audit_dataset", "quick_audit"]

# Every table, and the file it is written to.
TABLES = (
    "counts",
    "files",
    "duplicates",
    "near_duplicates",
    "shared_patients",
    "quality",
    "shortcuts",
    "labels",
)
# Images of each table whose pictures are kept, and the longer side of these, pixels.
MOST_PICTURES, PICTURE_SIDE = 24, 320


@dataclass(frozen=True)
class Audit:
    """The tables of an audit, one kind of problem each.

    Parameters
    ----------
    name, digest : str
        Name of the data set, and the checksum of its table.
    counts : pandas.DataFrame
        Images and patients of every split, label and subtype.
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
        See `featurex.audit.shortcuts.list_shortcuts`; empty where they cannot be scored.
    labels : pandas.DataFrame
        See `featurex.audit.labels.list_doubtful_labels`; empty where no model can be fitted.
    pictures : dict of path to uint8 array, shape (rows, columns)
        Pictures of the images most worth looking at, in their own shape, the longer side
        `PICTURE_SIDE` pixels: the first `MOST_PICTURES` of every table.
    notes : tuple of str
        The data set's notes, and why shortcuts were not scored.
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
    labels: pd.DataFrame
    pictures: dict[str, np.ndarray]
    notes: tuple[str, ...]

    @property
    def findings(self):
        """List of `Finding`, the most serious first."""
        return list_findings(self)

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
        for name in TABLES:
            with replacing(folder / f"{name}.csv") as temporary:
                getattr(self, name).to_csv(temporary, index=False)
        findings = [finding._asdict() for finding in self.findings]
        facts = {
            "featurex": featurex.__version__,
            "name": self.name,
            "digest": self.digest,
            "findings": findings,
        }
        with replacing(folder / "audit.json") as temporary:
            temporary.write_text(json.dumps(facts, indent=2, ensure_ascii=False), encoding="utf-8")


def audit_dataset(
    dataset: Dataset,
    *,
    task: str | dict | None = None,
    seed: int = 0,
    folder: str | PathLike[str] | None = None,
    n_jobs: int | None = None,
    cluster: str | None = None,
    restart: bool = False,
    progress: Progress | None = None,
) -> Audit:
    """Look for what would fool a model: bad files, duplicates, leaks between splits, shortcuts,
    doubtful labels.

    Parameters
    ----------
    dataset : Dataset
        The images, their labels, patients and splits.
    task : str, dict or None
        The question of which shortcuts are scored and labels doubted; None for the one that the
        labels pose. See `featurex.datasets.check_task`.
    seed : int
        Seed of folds, trees and resamples.
    folder : str, path-like or None
        Keeps what was read of the images until the audit is complete: one that was stopped or
        killed goes on with the same folder.
    n_jobs : int or None
        Images to work on at once; None means every core.
    cluster : str or None
        Address of a Dask scheduler, or "local", to read the images there; needs a folder.
    restart : bool
        Whether to delete what the folder holds of other work.
    progress : Progress or None
        Receives the stages; None reports nothing.

    Returns
    -------
    audit : Audit
        The tables, the findings that follow from them, and notes on what could not be asked.

    Raises
    ------
    DataError
        If no image at all can be read, or the data set does not fit the task that is asked for.
    ParameterError
        If the task does not exist.

    Examples
    --------
    Six images are too few to score shortcuts; a finding says so.

    >>> from featurex import audit_dataset, load_dataset
    >>> audit = audit_dataset(load_dataset("chest_xray"), n_jobs=1)
    >>> audit.counts[["split", "label", "images"]].head(2)
      split      label  images
    0  test     NORMAL       1
    1  test  PNEUMONIA       1
    >>> audit.findings[0].title.split(":")[0]
    'shortcuts and labels were not looked at'
    """
    check_task(task)
    # A question that is asked for must be answered; that of the labels may have no answer.
    question = find_task(dataset, task) if task is not None else None
    progress = progress or Progress()
    engine, align = Engine(folder, n_jobs, cluster, restart, progress), Align()
    with surveying(dataset, align, engine) as survey:
        if not survey.readable.any():
            raise DataError(
                f"{dataset.name}: none of the {len(dataset)} images can be read; the first: "
                f"{_first(survey)}"
            )
        audit = _ask(dataset, question, survey, align, seed, count_jobs(n_jobs), progress)
        return replace(audit, pictures=_pictures(audit, survey))


def _ask(dataset, question, survey, align, seed, n_jobs, progress):
    """Ask everything of what was read."""
    notes = list(dataset.notes)
    try:
        question = question or find_task(dataset)
        shortcuts = list_shortcuts(dataset, survey, question, seed, n_jobs, progress)
        labels = list_doubtful_labels(dataset, survey, align, question, seed, n_jobs, progress)
        notes += question.notes
    except DataError as error:
        shortcuts, labels = (
            pd.DataFrame(columns=list(SHORTCUT_COLUMNS)),
            pd.DataFrame(columns=list(LABEL_COLUMNS)),
        )
        notes.append(f"shortcuts and labels were not looked at: {error}")
    return Audit(
        name=dataset.name,
        digest=dataset.digest(),
        counts=dataset.counts(),
        files=survey.facts,
        duplicates=find_duplicates(dataset, survey),
        near_duplicates=find_near_duplicates(dataset, survey),
        shared_patients=find_shared_patients(dataset),
        quality=score_quality(survey, align),
        shortcuts=shortcuts,
        labels=labels,
        pictures={},
        notes=tuple(notes),
    )


def quick_audit(dataset, names, checksums, thumbnails, errors):
    """Do the cheap part of an audit, for images that were read already.

    Parameters
    ----------
    dataset : Dataset
        The n images that could be read.
    names : sequence of n str
        The names by which findings call them.
    checksums : sequence of n str
        Of their files; see `featurex.audit.files.checksum_of`.
    thumbnails : Column, or uint8 array, of shape (n, 96, 96)
        See `featurex.audit.files.make_thumbnail`.
    errors : pandas.DataFrame
        path and reason of the files that could not be read.

    Returns
    -------
    findings : list of Finding
        Findings about files, copies, patients and counts, the most serious first.
    """
    survey = survey_read(dataset.table["path"].to_numpy(), checksums, thumbnails)
    dataset = replace(dataset, table=dataset.table.assign(path=names))
    return list_file_findings(
        pd.concat([survey.facts, errors]),
        find_duplicates(dataset, survey),
        find_near_duplicates(dataset, survey),
        find_shared_patients(dataset),
        dataset.counts(),
    )


def _pictures(audit, survey):
    """Read the images that lead the tables again, as pictures for people."""
    crossed = {
        group
        for column in ("label", "split", "patient")
        for group in list_crossing(audit.duplicates, column)
    }
    lists = (
        audit.quality.loc[audit.quality["flags"] != "", "path"],
        audit.labels["path"],
        audit.near_duplicates["path_a"],
        audit.near_duplicates["path_b"],
        audit.duplicates.loc[audit.duplicates["group"].isin(crossed), "path"],
    )
    wanted = {path for paths in lists for path in paths.head(MOST_PICTURES)}
    known = survey.facts["path"]
    return {path: read_picture(path, PICTURE_SIDE) for path in known[known.isin(wanted)]}


def _first(survey):
    row = survey.facts.iloc[0]
    return f"{row['path']}: {row['detail']} [{row['reason']}]"
