"""Section: the ranked table of all models; its columns serve the terminal, too."""

from collections.abc import Callable
from typing import NamedTuple

from featurex.report.names import (
    compact,
    decimal,
    full_name,
    hundredths,
    integer,
    interval,
    listing,
    name_features,
    name_model,
    write_spread,
)
from featurex.report.section import Section
from featurex.runs import Entry, worst_swap


class Column(NamedTuple):
    """One column of the ranked table.

    Parameters
    ----------
    title : str
        Heading.
    explanation : str
        Shown under the mouse.
    source : str
        Column of rows.csv; the value to sort by.
    write : callable
        From a row to the text in the cell.
    terminal : bool
        Whether terminals and phones show the column, too.
    """

    title: str
    explanation: str
    source: str
    write: Callable
    terminal: bool = False


def _column(title, explanation, source, write, terminal=False):
    return Column(title, explanation, source, lambda row: write(row[source]), terminal)


COLUMNS = (
    _column("Features", "families of extractors, or pixels", "features", name_features),
    _column("Model", "the classifier", "model", name_model),
    _column("Input", "how the images are prepared", "input", str),
    _column(
        "Swap AUC",
        "validation AUC in swapped framing; the lower of this and the next ranks the table",
        "swap_auc",
        decimal,
        True,
    ),
    _column(
        "Look AUC",
        "validation AUC with swapped appearance: contrast, brightness curve, sharpness, noise",
        "appearance_auc",
        decimal,
        True,
    ),
    _column("CV AUC", "AUC in cross-validation", "cv_auc", decimal, True),
    _column(
        "Site AUC",
        "mean AUC of the sites, each scored by a model that has seen the others",
        "site_auc",
        decimal,
    ),
    _column("Test AUC", "AUC on the test images", "test_auc", decimal, True),
    Column(
        "Seeds",
        "mean and standard deviation of the test AUC over the seeds; all else is of the median one",
        "test_auc_mean",
        lambda row: write_spread(row["test_auc_mean"], row["test_auc_sd"]),
    ),
    Column(
        "Interval",
        "95 % interval of the test AUC",
        "test_auc_low",
        lambda row: interval(row["test_auc_low"], row["test_auc_high"]),
        True,
    ),
    _column(
        "Acc. %",
        "accuracy on the test images, at the frozen threshold",
        "test_accuracy",
        hundredths,
        True,
    ),
    _column(
        "Sens. %",
        "sensitivity: fraction of the positive images that are recognised",
        "test_sensitivity",
        hundredths,
        True,
    ),
    _column(
        "Spec. %",
        "specificity: fraction of the negative images that are recognised",
        "test_specificity",
        hundredths,
        True,
    ),
    _column("F1", "harmonic mean of precision and sensitivity", "test_f1", decimal),
    _column("MCC", "Matthews correlation of label and decision", "test_mcc", decimal),
    _column(
        "Undec. %",
        "test images for which several classes stay possible at the stated coverage",
        "test_undecided",
        hundredths,
    ),
    _column("Brier", "mean squared error of the probabilities; lower is better", "brier", decimal),
    _column("ECE", "expected calibration error; lower is better", "ece", decimal),
    _column("Columns", "number of columns that the model gets for one image", "n_columns", integer),
    _column("ms", "CPU milliseconds to extract one image", "extract_ms_per_image", compact),
    _column("Fit s", "CPU seconds to fit on all training images", "fit_s", compact),
)
# Columns of text; all others are numbers.
TEXTS = ("features", "model", "input")
# Shown where any model has one: few data sets name sites, few models are fitted with several seeds.
_RARE = ("site_auc", "test_auc_mean")


def make_section(record):
    """Show the scores of every model, ranked.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    if worst_swap(record.rows).isna().all():
        ranked = "The table is ranked by cross-validation, as swapped images were not validated."
    else:
        ranked = (
            "The table is ranked by the lower of the validation AUCs in swapped framing and with "
            "swapped appearance, which use training images only. Test scores played no part in the "
            "choice of a model."
        )
    importance = record.info.importance
    return Section(
        "results",
        f"All {len(record.rows)} models, ranked" if len(record.rows) > 1 else "The one model",
        "Results",
        lead=f"{ranked} The chosen models are marked.{_tell_seeds(record)}{_tell_rivals(record)}",
        values={
            "columns": [
                column
                for column in COLUMNS
                if column.source not in _RARE or record.rows[column.source].notna().any()
            ],
            "texts": TEXTS,
            "rows": record.rows.to_dict("records"),
            "failed": [
                {**Entry.parse(key)._asdict(), "reason": reason}
                for key, reason in record.info.failed.items()
            ],
            "chosen": record.chosen,
            "explained": importance.key if importance else None,
            "tuned": {full_name(key): tuned for key, tuned in record.info.tuned.items()},
        },
        wide=True,
    )


def _tell_seeds(record):
    rows = record.rows[record.rows["n_seeds"] > 1]
    if rows.empty:
        return ""
    worst = rows.loc[rows["test_auc_sd"].idxmax()]
    return (
        f" Networks were trained with {listing(map(integer, sorted(set(rows['n_seeds']))))} seeds: "
        "of each, the one of the median validation loss counts here and everywhere else; "
        "validation in folds is of the first. By the seed alone the test AUC of "
        f"{full_name(worst['key'])} varies by {decimal(worst['test_auc_sd'])} (standard deviation)."
    )


def _tell_rivals(record):
    if not record.rivals:
        return ""
    names = listing(full_name(key) for key in record.rivals)
    stand = "stands" if len(record.rivals) == 1 else "stand"
    return f" {names} {stand} last, whatever its scores, as it was not validated here."
