"""The CSV files of a run folder: their columns, and a reader that checks them."""

import types
from dataclasses import dataclass
from typing import Annotated, get_args, get_origin

import pyarrow
import pyarrow.csv

from featurex.errors import DataError
from featurex.runs.answers.fields import Count, Fraction, Seconds
from featurex.runs.encoding import Between, field_types

_ARROW = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}


@dataclass(frozen=True)
class Row:
    """One row of rows.csv: a model on features of an input.

    Parameters
    ----------
    dataset, task : str
        What was run.
    input, features, model : str
        See `featurex.runs.Entry`.
    n_columns : int
        Numbers that the model is given of one image.
    seed : int
        Of the run.
    cv_auc, swap_auc, appearance_auc : float or None
        Out of fold, of the images as they are, in the framing of another class, and with the
        appearance of another class, of many images a sample (`protocol.swapped` in run.json); None
        for a rival.
    site_auc : float or None
        Mean over the sites that the data name, each scored by a model that has seen the others.
    n_seeds : int or None
        With how many seeds the model was fitted to all training images; what is of test images is
        of the median one, what is out of fold of the first. None for a rival.
    test_auc_mean, test_auc_sd : float or None
        Mean and standard deviation of `test_auc` over the seeds; None where there is one.
    tuned : str
        The parameters that a search chose, as "max_depth=5, n_estimators=400"; empty where none was
        asked for.
    threshold : float or None
        Frozen on scores out of fold, or a rival's own; None for three classes, where the largest
        score decides.
    test_auc, test_auc_low, test_auc_high : float
        On the test images, with the 95 % interval over patients.
    test_accuracy, test_sensitivity, test_specificity, test_f1, test_mcc : float or None
        Of the decisions on the test images.
    test_coverage, test_undecided : float or None
        Fractions of the test images whose prediction set holds their class, and holds several; None
        for a rival. The stated coverage is in run.json.
    brier, ece : float
        Brier score and expected calibration error on the test images.
    extract_ms_per_image, fit_s, predict_ms_per_image : float or None
        Processor time, `fit_s` of all seeds and of a search; None for a rival, whose scores come
        from elsewhere.
    n_train, n_test : int
        Images that the model was fitted on, of many perhaps a sample, and images it was tested on.
    """

    dataset: str
    task: str
    input: str
    features: str
    model: str
    n_columns: Count
    seed: Count
    cv_auc: Fraction | None
    swap_auc: Fraction | None
    appearance_auc: Fraction | None
    site_auc: Fraction | None
    n_seeds: Count | None
    test_auc_mean: Fraction | None
    test_auc_sd: Fraction | None
    tuned: str
    threshold: float | None
    test_auc: Fraction
    test_auc_low: Fraction
    test_auc_high: Fraction
    test_accuracy: Fraction
    test_sensitivity: Fraction | None
    test_specificity: Fraction | None
    test_f1: Fraction | None
    test_mcc: Annotated[float, Between(-1, 1)] | None
    test_coverage: Fraction | None
    test_undecided: Fraction | None
    brier: Annotated[float, Between(0, 2)]
    ece: Fraction
    extract_ms_per_image: Seconds | None
    fit_s: Seconds | None
    predict_ms_per_image: Seconds | None
    n_train: Count
    n_test: Count


@dataclass(frozen=True)
class Prediction:
    """One line of predictions.csv, which also holds the column score, or score_0, score_1 ... of
    three classes or more: what one model says of one image.

    Parameters
    ----------
    path : str
        Of the image, below the folder that holds them all.
    patient : str
        As in the data set.
    label : int
        Index of the true class.
    split : str
        "train" (out of fold), "swap" (out of fold in the framing of another class), "appearance"
        (out of fold with the appearance of another class), "test" or "external:NAME".
    model : str
        Key of the model.
    """

    path: str
    patient: str
    label: Count
    split: str
    model: str


@dataclass(frozen=True)
class SetAside:
    """One line of errors.csv: a file that could not be used.

    Parameters
    ----------
    path : str
        Of the file.
    reason : str
        One word of a closed list; see `featurex.images.REASONS`.
    detail : str
        What is wrong, for people.
    """

    path: str
    reason: str
    detail: str


def read_csv(path, kind, extra=()):
    """Read a CSV file of a run folder.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : type
        `Row`, `Prediction` or `SetAside`: the columns that the file must have.
    extra : sequence of str
        Columns of fractions that it must have, too.

    Returns
    -------
    frame : pandas.DataFrame
        A number that is not there is NaN; a text never is.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or a value is not of its column's type.
    """
    expected = {**field_types(kind), **dict.fromkeys(extra, Fraction)}
    try:
        # Arrow rounds numbers correctly: a threshold is one of the scores, and must stay equal.
        table = pyarrow.csv.read_csv(
            path,
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                # A patient may be called NA.
                column_types={name: _ARROW[_plain(column)] for name, column in expected.items()},
                null_values=[""],
            ),
        )
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"{path} cannot be read ({error}); run featurex benchmark again") from error
    missing = [name for name in expected if name not in table.column_names]
    if missing:
        raise DataError(
            f"{path} lacks the columns {', '.join(missing)}; run featurex benchmark again"
        )
    # What the file holds beyond its columns is of no use to a reader.
    frame = table.select(list(expected)).to_pandas()
    for name, column in expected.items():
        _check_column(frame[name], column, f"{path}: {name}")
    return frame


def _plain(kind):
    """str, int or float, whatever limits it has and whether it may be missing."""
    if get_origin(kind) in (Annotated, types.UnionType):
        return _plain(get_args(kind)[0])
    kinds = [other for other in get_args(kind) if other is not types.NoneType]
    return _plain(kinds[0]) if kinds else kind


def _check_column(values, kind, where):
    optional = types.NoneType in get_args(kind)
    inner = get_args(kind)[0] if optional else kind
    if _plain(kind) is str:
        return
    absent = values.isna()
    if absent.any() and not optional:
        raise DataError(f"{where} must be a number in every line, but is missing in some")
    notes = get_args(inner)[1:] if get_origin(inner) is Annotated else ()
    low, high = notes[0] if notes else (-1e300, 1e300)
    wrong = values[~absent & ~values.between(low, high)]
    if len(wrong):
        raise DataError(
            f"{where} must be a number from {low:g} to {high:g}, but {wrong.iloc[0]:g} was given"
        )


def describe_samples(rows):
    """Say which models were fitted on a sample of the training images: list of one sentence, or
    empty.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `Row`.

    Returns
    -------
    sentences : list of str
    """
    most = rows["n_train"].max()
    # A rival was fitted elsewhere, on images that nobody counted.
    sampled = rows[(rows["n_train"] < most) & (rows["n_train"] > 0)]
    if not len(sampled):
        return []
    models, fewest = ", ".join(dict.fromkeys(sampled["model"])), sampled["n_train"].min()
    return [
        f"Fitted on a seeded sample of {fewest:,} of {most:,} training images, as their cost grows "
        f"with the square of the number (parameter max_rows): {models}."
    ]
