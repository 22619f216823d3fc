"""Reads the folder of a finished run; what it cannot trust it refuses, and says where."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from featurex.errors import DataError, ParameterError
from featurex.runs import schema
from featurex.runs.encoding import field_types, find_marked, from_json
from featurex.runs.entry import Entry
from featurex.runs.external import ExternalRow
from featurex.runs.tables import Prediction, Row, SetAside, read_csv

_AGAIN = "run featurex benchmark again"


@dataclass(frozen=True)
class Record:
    """One finished run.

    Parameters
    ----------
    folder : pathlib.Path
        Where it stands.
    info : RunInfo
        What run.json holds.
    rows : pandas.DataFrame
        rows.csv (see `featurex.runs.tables.Row`), the best first (see `rank`), with the column key.
    predictions : pandas.DataFrame
        predictions.csv (see `featurex.runs.tables.Prediction`).
    errors : pandas.DataFrame
        errors.csv: path, reason, detail of the files that were set aside.
    external : pandas.DataFrame
        external.csv (see `featurex.runs.external.ExternalRow`), with the column key; no rows where
        there is no external set.
    """

    folder: Path
    info: schema.RunInfo
    rows: pd.DataFrame
    predictions: pd.DataFrame
    errors: pd.DataFrame
    external: pd.DataFrame

    @property
    def classes(self):
        """Names of the classes, list of str; of two the second is the positive one."""
        return list(self.info.classes)

    @property
    def chosen(self):
        """Keys of the chosen classical model and the chosen CNN, of those that took part: list."""
        return self.info.selection.keys

    @property
    def rivals(self):
        """Keys of the models whose scores come from elsewhere: list of str."""
        return [rival.key for rival in self.info.rivals]

    @property
    def headline(self):
        """Keys of the chosen models, each followed by the same on the next best input, if there is
        one, and then those of rivals: list of str.
        """
        keys = []
        for key in self.chosen:
            row = self.row(key)
            same = (self.rows[["features", "model"]] == row[["features", "model"]]).all(axis=1)
            keys += [key, *self.rows["key"][same & (self.rows["key"] != key)].head(1)]
        return [*keys, *self.rivals]

    def row(self, key):
        """The row of one model.

        Parameters
        ----------
        key : str
            As in the column key.

        Returns
        -------
        row : pandas.Series
        """
        return self.rows[self.rows["key"] == key].iloc[0]

    def scores(self, key, split=schema.TEST):
        """True classes and scores of one model.

        Parameters
        ----------
        key : str
            Of the model.
        split : str
            "train" (out of fold), "swap" (out of fold, in another framing), "appearance" (out of
            fold, with another appearance), "test" or "external:NAME".

        Returns
        -------
        labels : int array, shape (n,)
        scores : float array, shape (n,) or (n, n_classes)
        """
        lines = self.predictions[
            (self.predictions["model"] == key) & (self.predictions["split"] == split)
        ]
        columns = score_columns(len(self.classes))
        scores = lines[columns].to_numpy()
        return lines["label"].to_numpy(), scores[:, 0] if len(columns) == 1 else scores


def read_record(folder):
    """Read the folder that ``featurex benchmark`` has filled.

    Parameters
    ----------
    folder : str or path-like
        Of a finished run.

    Returns
    -------
    record : Record

    Raises
    ------
    DataError
        If a file is missing, broken, of a format that this version does not know, or holds what
        does not fit the rest; the message says where.
    """
    folder = Path(folder)
    info = _read_info(folder / schema.RUN)
    rows = read_csv(folder / schema.ROWS, Row)
    columns = score_columns(len(info.classes))
    predictions = read_csv(folder / schema.PREDICTIONS, Prediction, columns)
    errors = read_csv(folder / schema.ERRORS, SetAside)
    rows = rank(rows.assign(key=rows["input"] + "/" + rows["features"] + "/" + rows["model"]))
    record = Record(folder, info, rows, predictions, errors, _read_external(folder, info))
    _check_rows(record)
    _check_names(record)
    _check_predictions(record)
    return record


def _read_external(folder, info):
    path = folder / schema.EXTERNAL
    if not info.external:
        return pd.DataFrame(columns=[*field_types(ExternalRow), "key"])
    rows = read_csv(path, ExternalRow)
    names = {one.name for one in info.external}
    if set(rows["set"]) != names:
        raise DataError(f"{path}: set must be each of {', '.join(names)}; {_AGAIN}")
    return rows.assign(key=rows["input"] + "/" + rows["features"] + "/" + rows["model"])


def score_columns(n_classes):
    """Columns of predictions.csv that hold the scores of one image: list of str."""
    return ["score"] if n_classes == 2 else [f"score_{index}" for index in range(n_classes)]


def rank(rows):
    """Sort rows: best AUC on the worse of both swaps first, then on plain validation.

    Parameters
    ----------
    rows : pandas.DataFrame
        As in rows.csv.

    Returns
    -------
    rows : pandas.DataFrame
    """
    order = pd.DataFrame({"swap": worst_swap(rows), "cv": rows["cv_auc"]})
    order = order.sort_values(["swap", "cv"], ascending=False, kind="stable")
    return rows.loc[order.index].reset_index(drop=True)


def worst_swap(rows):
    """Find the lower AUC of both swaps, by which models are ranked and chosen.

    Parameters
    ----------
    rows : pandas.DataFrame
        As in rows.csv.

    Returns
    -------
    auc : pandas.Series of float
        NaN where neither swap was done.
    """
    return rows[list(schema.SWAPS.values())].min(axis=1)


def _read_info(path):
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(
            f"{path.parent} is not the folder of a finished run: it holds no {path.name}; "
            "give the folder that featurex benchmark has named"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} cannot be read ({error}); run featurex benchmark again") from error
    given = tree.get("format") if isinstance(tree, dict) else None
    if given != schema.FORMAT:
        raise DataError(
            f"{path} is of format {given!r:.40}, but this featurex reads format {schema.FORMAT}; "
            "use the version that wrote it, or run featurex benchmark again"
        )
    try:
        info = from_json(schema.RunInfo, tree, schema.RUN)
    except DataError as error:
        raise DataError(f"{path.parent}/{error}; run featurex benchmark again") from error
    if len(info.classes) < 2 or len(set(info.classes)) < len(info.classes):
        raise DataError(f"{path}: classes must be two names or more, each once")
    return info


def _check_rows(record):
    path = record.folder / schema.ROWS
    if record.rows.empty:
        raise DataError(f"{path} has no rows: nothing was measured; run featurex benchmark again")
    double = record.rows["key"][record.rows["key"].duplicated()]
    if len(double):
        raise DataError(f"{path} holds {double.iloc[0]} twice; run featurex benchmark again")
    for key in record.rows["key"]:
        try:
            Entry.parse(key)
        except ParameterError as error:
            raise DataError(f"{path}: {error}") from error


def _check_names(record):
    """Refuse a run.json that names a model without a row, or a class that does not exist."""
    keys = set(record.rows["key"])
    for where, key in find_marked(record.info, "model", schema.RUN):
        if key not in keys:
            raise DataError(
                f"{record.folder}/{where} is {key}, which {schema.ROWS} does not hold; "
                "run featurex benchmark again"
            )
    for where, name in find_marked(record.info, "class", schema.RUN):
        if name not in record.info.classes:
            raise DataError(
                f"{record.folder}/{where} must be one of {', '.join(record.info.classes)}, but "
                f"{name!r} was given; run featurex benchmark again"
            )


def _check_predictions(record):
    path, n_classes = record.folder / schema.PREDICTIONS, len(record.info.classes)
    if not record.predictions["label"].between(0, n_classes - 1).all():
        raise DataError(f"{path}: label must be an integer from 0 to {n_classes - 1}")
    for key in record.chosen:
        labels, _ = record.scores(key)
        if len(set(labels)) < n_classes:
            raise DataError(
                f"{path} lacks test images of some class for {key}; run featurex benchmark again"
            )
