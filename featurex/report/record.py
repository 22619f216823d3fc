"""What a report is made of: the files of one finished run, read once and checked."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from featurex.errors import DataError

# The one that this reader understands; written by `featurex.benchmark`.
FORMAT = 1

_NEEDED_FACTS = ("task", "classes", "dataset", "protocol", "selection")
# What a run may lack, and what the report then goes by.
_OPTIONAL_FACTS = {
    "featurex": "of unknown version",
    "created": None,
    "command": ["featurex", "benchmark"],
    "versions": {},
    "machine": {},
    "configuration": {},
    "seed": None,
    "alignment": None,
    "timings": [],
    "comparison": None,
    "ranking": None,
    "decision_curves": None,
    "subgroups": None,
    "learning": [],
    "robustness": [],
    "controls": [],
    "findings": [],
    "importance": None,
    "mistakes": [],
    "cost": [],
    "examples": [],
}
_NEEDED_COLUMNS = {
    "rows.csv": (
        "input",
        "features",
        "model",
        "swap_auc",
        "cv_auc",
        "threshold",
        "test_auc",
        "n_train",
        "n_test",
    ),
    "predictions.csv": ("path", "label", "split", "model"),
    "errors.csv": ("path", "reason", "detail"),
}


@dataclass(frozen=True)
class Record:
    """One run.

    Parameters
    ----------
    folder : pathlib.Path
    facts : dict
        What run.json holds; parts that a run may lack are there, but empty.
    rows : pandas.DataFrame
        rows.csv, the best first (see `rank`), with the column key: "input/features/model".
    predictions : pandas.DataFrame
        predictions.csv.
    errors : pandas.DataFrame
        errors.csv: path, reason, detail of the files that were set aside.
    """

    folder: Path
    facts: dict
    rows: pd.DataFrame
    predictions: pd.DataFrame
    errors: pd.DataFrame

    @property
    def classes(self):
        """Names of the classes; of two the second is the positive one."""
        return self.facts["classes"]

    @property
    def chosen(self):
        """Keys of the best classical model and the best CNN, of those that took part."""
        selection = self.facts["selection"]
        return [key for key in (selection.get("classical"), selection.get("cnn")) if key]

    @property
    def headline(self):
        """Keys of the chosen models, each followed by the same on the next best input, if there is
        one.
        """
        keys = []
        for key in self.chosen:
            row = self.row(key)
            same = (self.rows[["features", "model"]] == row[["features", "model"]]).all(axis=1)
            keys += [key, *self.rows["key"][same & (self.rows["key"] != key)].head(1)]
        return keys

    def row(self, key):
        """The row of one model: pandas.Series."""
        return self.rows[self.rows["key"] == key].iloc[0]

    def scores(self, key, split="test"):
        """True classes and scores of one model.

        Parameters
        ----------
        key : str
        split : str
            "train" (out of fold), "swap" (out of fold, in another framing) or "test".

        Returns
        -------
        labels : int array, shape (n,)
        scores : float array, shape (n,) or (n, n_classes)
        """
        lines = self.predictions[
            (self.predictions["model"] == key) & (self.predictions["split"] == split)
        ]
        columns = (
            ["score"]
            if len(self.classes) == 2
            else [f"score_{index}" for index in range(len(self.classes))]
        )
        scores = lines[columns].to_numpy()
        return lines["label"].to_numpy(), scores[:, 0] if len(columns) == 1 else scores


def read_record(folder):
    """Read the folder that ``featurex benchmark`` has filled.

    Parameters
    ----------
    folder : str or path-like

    Returns
    -------
    record : Record

    Raises
    ------
    DataError
        If a file is missing, broken, or of a format that this version does not know.
    """
    folder = Path(folder)
    facts = _read_facts(folder / "run.json")
    rows, predictions, errors = (_read_csv(folder / name) for name in _NEEDED_COLUMNS)
    rows = rank(rows.assign(key=rows["input"] + "/" + rows["features"] + "/" + rows["model"]))
    if rows.empty:
        raise DataError(
            f"{folder / 'rows.csv'} has no rows: nothing was measured; run featurex benchmark again"
        )
    record = Record(folder, facts, rows, predictions, errors)
    unknown = set(record.chosen) - set(rows["key"])
    if unknown:
        raise DataError(
            f"{folder / 'run.json'} selects {', '.join(sorted(unknown))}, which rows.csv does not "
            f"hold"
        )
    return record


def rank(rows):
    """Sort rows: best AUC on swapped framings first, then on plain validation.

    Parameters
    ----------
    rows : pandas.DataFrame

    Returns
    -------
    rows : pandas.DataFrame
    """
    return rows.sort_values(
        ["swap_auc", "cv_auc"], ascending=False, ignore_index=True, kind="stable"
    )


def _read_facts(path):
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(
            f"{path.parent} is not the folder of a finished run: it holds no {path.name}; "
            "give the folder that featurex benchmark has named"
        ) from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); run featurex benchmark again") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        given = facts.get("format") if isinstance(facts, dict) else None
        raise DataError(
            f"{path} is of format {given!r}, but this featurex reads format {FORMAT}; "
            "use the version that wrote it, or run featurex benchmark again"
        )
    missing = [name for name in _NEEDED_FACTS if name not in facts]
    if missing:
        raise DataError(f"{path} lacks {', '.join(missing)}; run featurex benchmark again")
    return {**_OPTIONAL_FACTS, **facts}


def _read_csv(path):
    try:
        # A threshold is one of the scores: only a reader that rounds correctly, as Arrow's does,
        # keeps them equal.
        frame = pd.read_csv(path, engine="pyarrow")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); run featurex benchmark again") from error
    missing = [name for name in _NEEDED_COLUMNS[path.name] if name not in frame]
    if missing:
        raise DataError(
            f"{path} lacks the columns {', '.join(missing)}; run featurex benchmark again"
        )
    return frame
