"""The folder of several findings: a run folder for each, and one table of all."""

import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from featurex.errors import DataError
from featurex.files import check_writable, locked, replacing
from featurex.runs import schema
from featurex.runs.answers.fields import Count, Fraction
from featurex.runs.record import Record, read_record, worst_swap
from featurex.runs.tables import read_csv

FINDINGS = "findings.csv"
# Stands for a finding in the rows that hold means over all of them.
MEAN = "macro mean"


@dataclass(frozen=True)
class FindingRow:
    """One row of findings.csv: a model on one finding, or its mean over all of them.

    Parameters
    ----------
    finding : str
        As the data set names it; "macro mean" for the mean over all findings, of models that all of
        them have.
    folder : str
        Of its run, below that of the table; empty for a mean.
    input, features, model : str
        See `featurex.runs.Entry`.
    n, n_positive : int
        Images that took part, and those that show the finding.
    cv_auc, swap_auc, appearance_auc : float or None
        Out of fold, of the images as they are, and in the framing and with the appearance of
        another class.
    test_auc, test_auc_low, test_auc_high : float or None
        On the test images, with the 95 % interval over patients; a mean has none.
    chosen : int
        1 for the models that were chosen on training images, else 0.
    """

    finding: str
    folder: str
    input: str
    features: str
    model: str
    n: Count
    n_positive: Count
    cv_auc: Fraction | None
    swap_auc: Fraction | None
    appearance_auc: Fraction | None
    test_auc: Fraction | None
    test_auc_low: Fraction | None
    test_auc_high: Fraction | None
    chosen: Count


class FindingsRecord(NamedTuple):
    """The runs of several findings.

    Parameters
    ----------
    folder : pathlib.Path
        Where they stand.
    table : pandas.DataFrame
        findings.csv; see `FindingRow`.
    records : dict of str to Record
        The run of each finding.
    """

    folder: Path
    table: pd.DataFrame
    records: dict[str, Record]


class FindingsFolder:
    """A folder that receives a run for each finding.

    Parameters
    ----------
    path : str or path-like
        Is created where needed.

    Raises
    ------
    DataError
        If it cannot be written, or is the folder of a run itself.
    """

    def __init__(self, path):
        self.path = Path(path)
        if (self.path / schema.RUN).exists():
            raise DataError(
                f"{self.path} holds another run already; choose another folder with --out, or "
                "remove it"
            )
        check_writable(self.path)

    @property
    def work(self):
        """Where unfinished work is kept that all findings need: pathlib.Path."""
        return self.path / schema.WORK

    @contextmanager
    def locked(self, findings):
        """Keep other runs out of the folder until this one has ended; what they share is removed at
        the end.

        Parameters
        ----------
        findings : list of str
            That are asked for.

        Yields
        ------
        folder : FindingsFolder
            Itself.

        Raises
        ------
        DataError
            If another run is filling the folder, or its table is that of other findings.
        """
        with locked(self.work):
            if (self.path / FINDINGS).exists():
                table = read_csv(self.path / FINDINGS, FindingRow)
                known = list(dict.fromkeys(table["finding"][table["folder"] != ""]))
                if known != findings:
                    raise DataError(
                        f"{self.path} holds the findings {', '.join(known)} already; choose "
                        "another folder with --out, or remove it"
                    )
            yield self
        shutil.rmtree(self.work, ignore_errors=True)

    def write(self, table):
        """Write findings.csv, once all runs are there.

        Parameters
        ----------
        table : pandas.DataFrame
            As from `tabulate_findings`.

        Returns
        -------
        table : pandas.DataFrame
            The same.
        """
        with replacing(self.path / FINDINGS) as temporary:
            table.to_csv(temporary, index=False)
        return table


def tabulate_findings(parts):
    """Put the rows of all findings into one table, with the mean of each model.

    Parameters
    ----------
    parts : list of (str, str, RunInfo, pandas.DataFrame)
        Finding, folder, what run.json holds and the rows of each run.

    Returns
    -------
    table : pandas.DataFrame
        See `FindingRow`; the means come last, the best by the lower AUC of both swaps first.
    """
    rows = []
    for finding, folder, info, scored in parts:
        n = sum(count.images for count in info.dataset.counts)
        positive = [count for count in info.dataset.counts if count.label == info.classes[1]]
        for row in scored.to_dict("records"):
            key = "/".join(row[name] for name in ("input", "features", "model"))
            rows.append(
                FindingRow(
                    finding=finding,
                    folder=folder,
                    n=n,
                    n_positive=sum(count.images for count in positive),
                    chosen=int(key in info.selection.keys),
                    **{name: row[name] for name in _FROM_ROWS},
                )
            )
    table = pd.DataFrame([asdict(row) for row in rows])
    return pd.concat([table, _average(table, len(parts))], ignore_index=True)


_KEY = ["input", "features", "model"]
_AREAS = ["cv_auc", *schema.SWAPS.values(), "test_auc"]
_FROM_ROWS = (*_KEY, *_AREAS, "test_auc_low", "test_auc_high")


def _average(table, n_findings):
    """The mean of each model that all findings have."""
    groups = table.groupby(_KEY, sort=False)
    means = groups[_AREAS].mean()[groups.size() == n_findings].reset_index()
    means = means.iloc[(-worst_swap(means)).argsort(kind="stable")]
    nothing = {"test_auc_low": np.nan, "test_auc_high": np.nan, "chosen": 0}
    means = means.assign(finding=MEAN, folder="", n=0, n_positive=0, **nothing)
    return means[list(table.columns)]


def is_findings_folder(folder):
    """Return whether a folder holds the runs of several findings."""
    return (Path(folder) / FINDINGS).is_file()


def read_findings(folder):
    """Read the runs of several findings.

    Parameters
    ----------
    folder : str or path-like
        As ``featurex benchmark --findings`` has filled it.

    Returns
    -------
    record : FindingsRecord

    Raises
    ------
    DataError
        If the table or a run cannot be read; the message says where.
    """
    folder = Path(folder)
    table = read_csv(folder / FINDINGS, FindingRow)
    runs = table[table["folder"] != ""].drop_duplicates("finding")
    records = {
        row.finding: read_record(folder / Path(row.folder).name) for row in runs.itertuples()
    }
    if not records:
        raise DataError(f"{folder / FINDINGS} names no run; run featurex benchmark again")
    return FindingsRecord(folder, table, records)
