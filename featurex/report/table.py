"""The ranked table: its columns in one place, for the page and for the terminal."""

from typing import NamedTuple

from featurex.report.names import compact, decimal, hundredths, integer, name_features, name_model


class Column(NamedTuple):
    """One column of the ranked table.

    Parameters
    ----------
    title : str
    explanation : str
        For the mouse and the glossary.
    source : str
        Column of rows.csv; the value to sort by.
    write : callable
        From a row to the text in the cell.
    terminal : bool
        Whether terminals and phones show it, too.
    """

    title: str
    explanation: str
    source: str
    write: callable
    terminal: bool = False


def _writer(source, form, *arguments):
    return lambda row: form(row[source], *arguments)


def _column(title, explanation, source, form, *arguments, terminal=False):
    return Column(title, explanation, source, _writer(source, form, *arguments), terminal)


def _interval(row):
    return f"{decimal(row['test_auc_low'])}–{decimal(row['test_auc_high'])}"


COLUMNS = (
    _column("Features", "families of extractors, or pixels", "features", name_features),
    _column("Model", "what is fitted on them", "model", name_model),
    _column("Input", "images as they are, or aligned", "input", str),
    _column(
        "Swap AUC",
        "validation in a swapped framing; ranks the table",
        "swap_auc",
        decimal,
        terminal=True,
    ),
    _column("CV AUC", "plain cross-validation", "cv_auc", decimal, terminal=True),
    _column("Test AUC", "on the test images", "test_auc", decimal, terminal=True),
    Column("Interval", "95 % interval of the test AUC", "test_auc_low", _interval, True),
    _column(
        "Acc. %",
        "accuracy at the frozen threshold, on the test images",
        "test_accuracy",
        hundredths,
        terminal=True,
    ),
    _column(
        "Sens. %",
        "sensitivity: share of positives recognised",
        "test_sensitivity",
        hundredths,
        terminal=True,
    ),
    _column(
        "Spec. %",
        "specificity: share of negatives recognised",
        "test_specificity",
        hundredths,
        terminal=True,
    ),
    _column("F1", "harmonic mean of precision and sensitivity", "test_f1", decimal),
    _column("MCC", "Matthews correlation of truth and decision", "test_mcc", decimal),
    _column("Brier", "squared error of the probabilities; less is better", "brier", decimal),
    _column("ECE", "calibration error; less is better", "ece", decimal),
    _column("Columns", "numbers that the model gets of one image", "n_columns", integer),
    _column("ms", "to extract one image, CPU milliseconds", "extract_ms_per_image", compact),
    _column("Fit s", "to fit on all training images, CPU seconds", "fit_s", compact),
)
TEXTS = ("features", "model", "input")
