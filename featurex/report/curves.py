"""Section: ROC, precision-recall and calibration curves on the test images."""

from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from featurex.evaluation.calibration import reliability_points
from featurex.evaluation.intervals import wilson_interval
from featurex.evaluation.roc import precision_recall_points, roc_points
from featurex.report.axes import HEIGHT, WIDTH, frame_unit_square, marker, unit_axes
from featurex.report.names import (
    decimal,
    describe_interval,
    full_name,
    integer,
    listing,
    name_kind,
    percent,
)
from featurex.report.section import Section
from featurex.report.svg import Figure, drawing, number_style, text
from featurex.wording import count

# Height of a line of counts below a figure.
_COUNTS_ROW = 14.0
# Bands and counts of more curves than this would hide each other.
_MOST_BANDS = 4
_DIAGONAL = np.array([0.0, 1.0])


class Curve(NamedTuple):
    """One model, or one class of it, in every figure of a group.

    Parameters
    ----------
    name : str
        Name in the legend.
    style : str
        CSS classes: colour and dashes.
    labels : bool array, shape (n,)
        Whether an image is positive.
    scores : float array, shape (n,)
        Score of each image.
    operating_point : tuple of (float, float), or None
        Sensitivity and specificity at the frozen threshold.
    detail : str
        What the legend adds to the name.
    chosen : bool
        Whether it is a chosen model, and not the same model on another input.
    """

    name: str
    style: str
    labels: np.ndarray
    scores: np.ndarray
    operating_point: tuple[float, float] | None
    detail: str
    chosen: bool = True


def make_section(record):
    """Draw the curves of the chosen models.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title = "Curves on the test images"
    groups = list_groups(record)
    if not groups:
        missing = "No model was chosen in this run, so no curves are drawn."
        return Section("curves", title, "Curves", missing=missing)
    drawn = [
        {"title": name, "curves": curves, "figures": draw_group(curves, number)}
        for number, (name, curves) in enumerate(groups)
    ]
    return Section("curves", title, "Curves", values={"groups": drawn}, wide=True)


def list_groups(record):
    """List the curves that share their figures.

    With two classes there is one group: the chosen models, the same models on another input, and
    rivals.
    With more classes there is a group for each chosen model: each class against the rest.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    groups : list of (str, list of Curve)
        Title, which is empty for a single group, and curves.
    """
    if len(record.classes) > 2:
        keys = [*record.chosen, *record.rivals]
        return [(full_name(key), _curves_of_classes(record, key)) for key in keys]
    return [("", [_curve(record, key) for key in record.headline])] if record.chosen else []


def _curves_of_classes(record, key):
    labels, scores = record.scores(key)
    return [
        Curve(
            f"{name} against the rest",
            number_style(index),
            labels == index,
            scores[:, index],
            None,
            "",
        )
        for index, name in enumerate(record.classes)
    ]


def _curve(record, key):
    """Make the curve of a model: colour by its kind, dashes for the input that was not chosen."""
    row, chosen = record.row(key), key in (*record.chosen, *record.rivals)
    labels, scores = record.scores(key)
    return Curve(
        full_name(key),
        f"{name_kind(key)}{'' if chosen else ' other'}",
        labels == 1,
        scores,
        (row["test_sensitivity"], row["test_specificity"]),
        f"test AUC {decimal(row['test_auc'])}",
        chosen,
    )


def draw_group(curves, number):
    """Draw the figures of one group.

    Parameters
    ----------
    curves : list of Curve
        Curves of the group.
    number : int
        Number of the group, for names that are unique on the page.

    Returns
    -------
    figures : list of Figure
        ROC, precision-recall and calibration.
    """
    return [draw(curves, number) for draw in (draw_roc, draw_precision_recall, draw_calibration)]


def draw_roc(curves, number=0, title="ROC curves on the test images"):
    """Draw sensitivity over the false positive rate, with a dot at the frozen threshold: Figure."""
    axes = unit_axes()
    parts = [
        frame_unit_square(axes, "false positive rate (1 − specificity)", "sensitivity"),
        axes.line(_DIAGONAL, _DIAGONAL, "chance"),
    ]
    for curve in reversed(curves):
        points = roc_points(curve.labels, curve.scores)
        parts.append(axes.line(points.false_positive_rate, points.true_positive_rate, curve.style))
        if curve.operating_point:
            sensitivity, specificity = curve.operating_point
            words = (
                f"{curve.name}: sensitivity {percent(sensitivity)}, specificity "
                f"{percent(specificity)}"
            )
            parts.append(axes.marker(1 - specificity, sensitivity, "circle", curve.style, words))
    description = "; ".join(f"{curve.name} {curve.detail}".strip() for curve in curves)
    caption = (
        "A curve is better the nearer it comes to the upper left corner. The dotted diagonal is a "
        "coin toss."
    )
    if any(curve.operating_point for curve in curves):
        caption += " Dots mark the decisions at the frozen threshold."
    svg = drawing(f"roc-{number}", title, f"{description}.", WIDTH, HEIGHT, *parts)
    return Figure("ROC", svg, caption)


def draw_precision_recall(curves, number=0):
    """Draw precision over recall, and the prevalence as what guessing reaches: Figure."""
    axes = unit_axes()
    parts = [frame_unit_square(axes, "recall (sensitivity)", "precision")]
    prevalences = {float(np.mean(curve.labels)) for curve in curves}
    if len(prevalences) == 1:
        parts.append(axes.line(_DIAGONAL, np.full(2, prevalences.pop()), "chance"))
    for curve in reversed(curves):
        points = precision_recall_points(curve.labels, curve.scores)
        # Each precision holds from the recall before it: average precision is the area under
        # these steps.
        recall = np.concatenate([[0.0], points.recall])
        precision = np.append(points.precision, points.precision[-1])
        parts.append(axes.line(recall, precision, curve.style, steps=True))
    description = f"{listing(curve.name for curve in curves)}."
    title = "Precision-recall curves on the test images"
    svg = drawing(f"precision-recall-{number}", title, description, WIDTH, HEIGHT, *parts)
    caption = (
        "Precision is the fraction of images called positive that are positive; recall is the "
        "fraction of positive images that are called positive."
    )
    return Figure("Precision and recall", svg, caption)


def draw_calibration(curves, number=0):
    """Draw the observed over the predicted probability of the chosen models, in ten bins:
    Figure.
    """
    axes = unit_axes()
    parts = [
        frame_unit_square(axes, "predicted probability", "observed fraction"),
        axes.line(_DIAGONAL, _DIAGONAL, "chance"),
    ]
    description, chosen = [], [curve for curve in curves if curve.chosen]
    few = len(chosen) <= _MOST_BANDS
    for line, curve in reversed(list(enumerate(chosen))):
        points = reliability_points(curve.labels, curve.scores)
        parts += _draw_bins(axes, curve, points, few)
        if few:
            parts.append(_write_counts(axes, curve, points, line))
        description.insert(0, f"{curve.name}: {len(points.count)} bins with images")
    title = "Calibration on the test images"
    words = f"{'; '.join(description)}."
    height = HEIGHT + _COUNTS_ROW * len(chosen) * few
    svg = drawing(f"calibration-{number}", title, words, WIDTH, height, *parts)
    caption = (
        "On the dotted diagonal the predicted probability equals the observed fraction. Below it "
        "the model predicts too much, above it too little. Models weight classes equally, so a "
        "shift is expected where one class is rarer."
    )
    if few:
        caption += (
            " Bands are 95 % intervals (Wilson, each image counted by itself), and the numbers "
            "below are the images of each bin."
        )
    return Figure("Calibration", svg, caption)


def _draw_bins(axes, curve, points, banded):
    """Yield the interval of every bin if wanted, then the line and the markers above them."""
    bands = [
        wilson_interval(observed, int(images))
        for observed, images in zip(points.observed, points.count, strict=True)
    ]
    low, high = [band.low for band in bands], [band.high for band in bands]
    if banded:
        yield axes.band(points.predicted, low, high, curve.style)
    yield axes.line(points.predicted, points.observed, curve.style)
    for predicted, band, images in zip(points.predicted, bands, points.count, strict=True):
        words = (
            f"{curve.name}: predicted {decimal(predicted, 2)}, observed {decimal(band.value, 2)} "
            f"({describe_interval(band.low, band.high)}; {count(images, 'image')})"
        )
        yield axes.marker(predicted, band.value, "circle", curve.style, words)


def _write_counts(axes, curve, points, line):
    """Write the images of every bin below the axis, and a marker that says whose they are."""
    y = HEIGHT + _COUNTS_ROW * line
    return Markup("").join(
        [
            marker(10.0, y - 3.5, "circle", curve.style),
            *(
                text(
                    float(axes.x((low + high) / 2)),
                    y,
                    integer(images),
                    anchor="middle",
                    style="tick",
                )
                for low, high, images in zip(points.low, points.high, points.count, strict=True)
            ),
        ]
    )
