"""The top of the report: the question, the result in words, and the scores of the chosen models."""

from typing import NamedTuple

import numpy as np

from featurex.datasets.folders import UNKNOWN_PATIENTS
from featurex.report.names import (
    decimal,
    describe_interval,
    full_name,
    integer,
    listing,
    name_kind,
    name_task,
    percent,
    probability,
    signed,
)
from featurex.wording import agree, count

# Test AUC from which a shortcut is a serious rival of the models, and from which it is mentioned.
_SERIOUS, _NOTABLE = 0.8, 0.6
# Difference of cross-validation and test AUC from which a shortcut is of the training images only.
_LOST = 0.1
# Fall of the validation AUC in swapped framing from which it "falls somewhat", and "falls steeply".
_SMALL_FALL, _LARGE_FALL = 0.02, 0.1
# Level of the paired test.
_LEVEL = 0.05


class Tile(NamedTuple):
    """One number in large print.

    Parameters
    ----------
    kind : str
        CSS class that gives the colour: "classical", "learnt" or "control".
    what, number, detail : str
        What is measured, its value, and the interval or an explanation.
    name : str
        The model.
    """

    kind: str
    what: str
    number: str
    detail: str
    name: str


class Summary(NamedTuple):
    """The result before the details.

    Parameters
    ----------
    question, design : str
        What was asked, and how many models were compared.
    tiles : list of Tile
        Scores of the chosen models and of the strongest negative control.
    result, comparison, validity : str
        One paragraph each: the score of the chosen model, the CNN beside it (empty if none was
        asked for), and what speaks against the score.
    """

    question: str
    design: str
    tiles: list
    result: str
    comparison: str
    validity: str


def summarise_run(record):
    """Describe the result of a run.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    summary : Summary
    """
    n_trained = len(record.rows) - len(record.rivals)
    design = (
        f"{count(n_trained, 'combination')} of image preparation, features and model "
        f"{agree(n_trained, 'was/were')} trained "
        f"to distinguish {listing(record.classes)} on radiographs, and tested on "
        + _describe_tested(record.info.dataset)
    )
    return Summary(
        question=name_task(record.info.task, record.classes),
        design=design,
        tiles=_make_tiles(record),
        result=_describe_result(record),
        comparison=_describe_comparison(record),
        validity=_describe_validity(record),
    )


def _describe_tested(dataset):
    if any(UNKNOWN_PATIENTS in note for note in dataset.notes):
        return (
            "other images. Whether these show other patients is a guess: file names do not name "
            "the patient, so the scores are too good if patients have several images."
        )
    return "other patients."


def _make_tiles(record):
    tiles = []
    for key in record.chosen:
        row, kind = record.row(key), name_kind(key)
        interval = describe_interval(row["test_auc_low"], row["test_auc_high"])
        what = "Chosen CNN" if kind == "learnt" else "Chosen classical model"
        tiles.append(
            Tile(kind, what, decimal(row["test_auc"]), f"test AUC, {interval}", full_name(key))
        )
    strongest = _strongest_control(record)
    if strongest:
        tiles.append(
            Tile(
                "control",
                "Strongest negative control",
                decimal(strongest.test_auc),
                "test AUC without information from the lungs",
                f"{strongest.name}: {strongest.description}",
            )
        )
    return tiles


def _strongest_control(record):
    tested = [control for control in record.info.controls if control.test_auc is not None]
    return max(tested, key=lambda control: control.test_auc, default=None)


def _describe_result(record):
    if not record.chosen:
        return "No model was chosen in this run; the table below shows all of them."
    key = record.chosen[0]
    row = record.row(key)
    auc = percent(row["test_auc"])
    interval = describe_interval(row["test_auc_low"], row["test_auc_high"])
    scores = f"(AUC {decimal(row['test_auc'])}, {interval})"
    correct = (
        f"{percent(row['test_accuracy'])} of the decisions on {integer(row['n_test'])} test images "
        "are correct"
    )
    start = f"The model {full_name(key)} was chosen on training images alone."
    if len(record.classes) > 2:
        return (
            f"{start} It gives an image of a class a higher score than an image of the other "
            f"classes in {auc} of all pairs, on average over the classes {scores}. {correct}."
        )
    negative, positive = record.classes
    if negative == f"no {positive}":  # a finding
        shows, lacks = f"the images with {positive}", "those without"
    else:
        shows, lacks = f"the {positive} images", f"the {negative} images"
    return (
        f"{start} It scores {shows} above {lacks} in {auc} of all pairs {scores}. At the "
        f"threshold that was fixed before the test, {correct}: the model recognises "
        f"{percent(row['test_sensitivity'])} of {shows} and "
        f"{percent(row['test_specificity'])} of {lacks}."
    )


def _describe_comparison(record):
    selection, comparison = record.info.selection, record.info.comparison
    if not selection.cnn:
        missing = selection.cnn_missing
        return f"No CNN took part in this run. {missing}" if missing else ""
    reached = (
        f"The {full_name(selection.cnn)}, trained on the same patients, reaches an AUC of "
        f"{decimal(record.row(selection.cnn)['test_auc'])}"
    )
    if len(record.classes) > 2:
        return f"{reached}. The two models are compared by a test for two classes only."
    if not comparison or comparison.p is None:
        return f"{reached}. This run holds no paired test of the difference."
    favoured = "the classical model" if comparison.difference >= 0 else "the CNN"
    significant = "not significant" if comparison.p >= _LEVEL else "significant"
    return (
        f"{reached}. The difference of {decimal(abs(comparison.difference))} in favour of "
        f"{favoured} is {significant} ({describe_interval(comparison.low, comparison.high, signed)}"
        f", {probability(comparison.p)})."
    )


def _describe_validity(record):
    sentences = [_describe_framing(record)] if record.chosen else []
    strongest = _strongest_control(record)
    if strongest is None:
        sentences.append(
            "No negative controls were run, so it is unknown what models reach without "
            "information from the lungs."
        )
        return " ".join(sentences)
    words = (
        f"The strongest negative control, {strongest.name} ({strongest.description}), reaches a "
        f"test AUC of {decimal(strongest.test_auc)}"
    )
    cv_auc = strongest.cv_auc
    if cv_auc is not None and cv_auc >= max(_NOTABLE, strongest.test_auc + _LOST):
        words += (
            f", but {decimal(cv_auc)} in cross-validation: the training images share a shortcut "
            "that the test images do not have"
        )
    amount = (
        "A large part of any test score"
        if strongest.test_auc >= _SERIOUS
        else "A part of any test score"
        if strongest.test_auc >= _NOTABLE
        else "Hardly any part of a test score"
    )
    sentences.append(f"{words}. {amount} can be reached without information from the lungs.")
    return " ".join(sentences)


def _describe_framing(record):
    row = record.row(record.chosen[0])
    if np.isnan(row["swap_auc"]):
        return (
            "Validation in swapped framing was not done, so a shortcut through the framing of the "
            "images cannot be ruled out."
        )
    sentences = (
        "When every image is warped into the framing of another class, the validation AUC "
        f"{_describe_fall(row, 'swap_auc')}: from {decimal(row['cv_auc'])} to "
        f"{decimal(row['swap_auc'])}."
    )
    if np.isnan(row["appearance_auc"]):
        return sentences
    return (
        f"{sentences} With the contrast, brightness curve, sharpness and noise of another class, "
        f"it {_describe_fall(row, 'appearance_auc')}, to {decimal(row['appearance_auc'])}."
    )


def _describe_fall(row, column):
    fall = row["cv_auc"] - row[column]
    if fall < _SMALL_FALL:
        return "is stable"
    return "falls somewhat" if fall < _LARGE_FALL else "falls steeply"
