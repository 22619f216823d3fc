"""Figures of how well models tell classes apart: ROC, precision-recall, calibration, confusion."""

from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from featurex.evaluation.calibration import reliability_points
from featurex.evaluation.metrics import confusion
from featurex.evaluation.roc import precision_recall_points, roc_points
from featurex.evaluation.thresholds import decide
from featurex.report.axes import Axes, Scale
from featurex.report.names import decimal, full_name, integer, listing, percent
from featurex.report.svg import Figure, drawing, element, shorten, text

# The drawing of a figure with axes: about as wide as a small screen, so that its text stays
# readable there.
WIDTH, HEIGHT = 360, 330
PLOT = (44.0, 348.0, 282.0, 26.0)


class Curve(NamedTuple):
    """What one curve of every figure stands for.

    Parameters
    ----------
    name : str
    style : str
        CSS classes: colour and dashes.
    labels : bool array, shape (n,)
        Whether an image is positive.
    scores : float array, shape (n,)
    operating_point : tuple of (sensitivity, specificity), or None
        At the frozen threshold.
    detail : str
        What the legend adds to the name.
    chosen : bool
        Whether it is a chosen model, and not its counterpart on another input.
    """

    name: str
    style: str
    labels: np.ndarray
    scores: np.ndarray
    operating_point: tuple[float, float] | None
    detail: str
    chosen: bool = True


def list_groups(record):
    """Which curves to draw together.

    Of two classes one group: the chosen models, and their counterparts on another input. Of more
    classes a group for each chosen model: each class against the rest.

    Parameters
    ----------
    record : Record

    Returns
    -------
    groups : list of (title, list of Curve)
        The title is empty where there is one group alone.
    """
    if len(record.classes) > 2:
        return [
            (full_name(record.row(key)), _curves_of_classes(record, key)) for key in record.chosen
        ]
    return [("", [_curve(record, key) for key in record.headline])] if record.chosen else []


def _curves_of_classes(record, key):
    labels, scores = record.scores(key)
    return [
        Curve(
            f"{name} against the rest",
            f"class-{index}",
            labels == index,
            scores[:, index],
            None,
            "",
        )
        for index, name in enumerate(record.classes)
    ]


def _curve(record, key):
    """Colour by kind of model, dashes for the input that was not chosen."""
    row, chosen = record.row(key), key in record.chosen
    labels, scores = record.scores(key)
    style = (
        f"{'learnt' if row['features'] == 'pixels' else 'classical'}{'' if chosen else ' other'}"
    )
    point = (row["test_sensitivity"], row["test_specificity"])
    return Curve(
        full_name(row),
        style,
        labels == 1,
        scores,
        point,
        f"test AUC {decimal(row['test_auc'])}",
        chosen,
    )


def draw_group(curves, number):
    """The figures of one group.

    Parameters
    ----------
    curves : list of Curve
    number : int
        Of the group, for names that are unique on the page.

    Returns
    -------
    figures : list of Figure
    """
    return [draw(curves, number) for draw in (draw_roc, draw_precision_recall, draw_calibration)]


def swatch(style):
    """The sample of a line that a legend shows: markupsafe.Markup."""
    line = element("line", x1=1, x2=27, y1=6, y2=6, class_=f"curve {style}")
    return element("svg", line, viewBox="0 0 28 12", class_="swatch", aria_hidden="true")


def draw_roc(curves, number=0):
    """Sensitivity over false positives, with the frozen threshold as a dot: Figure."""
    axes = _unit_axes()
    parts = [_frame(axes, "false positive rate (1 − specificity)", "sensitivity")]
    parts.append(axes.line(np.array([0, 1]), np.array([0, 1]), "chance"))
    for curve in reversed(curves):
        points = roc_points(curve.labels, curve.scores)
        parts.append(axes.line(points.false_positive_rate, points.true_positive_rate, curve.style))
        if curve.operating_point:
            sensitivity, specificity = curve.operating_point
            where = (
                f"{curve.name}: sensitivity {percent(sensitivity)}, specificity "
                f"{percent(specificity)}"
            )
            parts.append(axes.marker(1 - specificity, sensitivity, "circle", curve.style, where))
    said = "; ".join(f"{curve.name} {curve.detail}".strip() for curve in curves)
    svg = drawing(
        f"roc-{number}", "ROC curves on the test images", f"{said}.", WIDTH, HEIGHT, *parts
    )
    caption = "The nearer to the upper left corner, the better; the dotted diagonal is a coin toss."
    if any(curve.operating_point for curve in curves):
        caption += " Dots: the decisions at the frozen threshold."
    return Figure("ROC", svg, caption)


def draw_precision_recall(curves, number=0):
    """Precision over recall, and the share of positives as what guessing gets: Figure."""
    axes = _unit_axes()
    parts = [_frame(axes, "recall (sensitivity)", "precision")]
    share = float(np.mean(curves[0].labels))
    if len({float(np.mean(curve.labels)) for curve in curves}) == 1:
        parts.append(axes.line(np.array([0, 1]), np.array([share, share]), "chance"))
    for curve in reversed(curves):
        points = precision_recall_points(curve.labels, curve.scores)
        # Each precision holds from the recall before it: average precision is the area under these
        # steps.
        recall = np.concatenate([[0.0], points.recall])
        parts.append(
            axes.line(
                recall, np.append(points.precision, points.precision[-1]), curve.style, steps=True
            )
        )
    said = f"{listing(curve.name for curve in curves)}."
    svg = drawing(
        f"precision-recall-{number}",
        "Precision-recall curves on the test images",
        said,
        WIDTH,
        HEIGHT,
        *parts,
    )
    caption = (
        "Of the images called positive, how many are; over how many of the positive ones are found."
    )
    return Figure("Precision and recall", svg, caption)


def draw_calibration(curves, number=0):
    """How often what a chosen model calls probable is true, in ten bands: Figure."""
    axes = _unit_axes()
    parts = [_frame(axes, "predicted probability", "observed share")]
    parts.append(axes.line(np.array([0, 1]), np.array([0, 1]), "chance"))
    said = []
    for curve in reversed([curve for curve in curves if curve.chosen]):
        points = reliability_points(curve.labels, curve.scores)
        parts.append(axes.line(points.predicted, points.observed, curve.style))
        for predicted, observed, count in zip(
            points.predicted, points.observed, points.count, strict=True
        ):
            where = (
                f"{curve.name}: predicted {decimal(predicted, 2)}, observed "
                f"{decimal(observed, 2)} ({count} images)"
            )
            parts.append(axes.marker(predicted, observed, "circle", curve.style, where))
        said.insert(0, f"{curve.name}: {len(points.count)} bands hold images")
    svg = drawing(
        f"calibration-{number}",
        "Calibration on the test images",
        f"{'; '.join(said)}.",
        WIDTH,
        HEIGHT,
        *parts,
    )
    caption = (
        "On the dotted diagonal a probability means what it says. Below it the model claims too "
        "much, above it "
        "too little. Models weigh classes alike: where one class is rarer, a shift is expected. "
        "Bands with few images "
        "scatter."
    )
    return Figure("Calibration", svg, caption)


def draw_confusion(record, key):
    """Counts of true against decided class on the test images, at the frozen threshold: Figure."""
    row = record.row(key)
    labels, scores = record.scores(key)
    threshold = None if scores.ndim == 2 else row["threshold"]
    counts = confusion(labels, decide(scores, threshold), len(record.classes)).astype(int)
    classes = [shorten(name, 12) for name in record.classes]
    side = 230.0 / len(classes)
    parts = [
        text(215.0, 14.0, "decided", anchor="middle", style="axis"),
        text(8.0, 44.0, "true", style="axis"),
    ]
    for i, name in enumerate(classes):
        parts.append(text(100.0 + side * (i + 0.5), 34.0, name, anchor="middle", style="tick"))
        parts.append(text(92.0, 46.0 + 0.62 * side * (i + 0.5), name, anchor="end", style="tick"))
        for j in range(len(classes)):
            share = counts[i, j] / counts[i].sum()
            parts.append(
                _cell(100.0 + side * j, 42.0 + 0.62 * side * i, side, counts[i, j], share, i == j)
            )
    said = "; ".join(
        f"of {counts[i].sum()} {true} images, {counts[i, j]} decided {decided}"
        for i, true in enumerate(record.classes)
        for j, decided in enumerate(record.classes)
    )
    title = f"{full_name(row)}: decisions on the test images"
    svg = drawing(f"confusion-{key}", title, f"{said}.", 340, 190, *parts)
    how = (
        "the largest score decides"
        if threshold is None
        else f"threshold {decimal(threshold)}, frozen before the test"
    )
    caption = f"Accuracy {percent(row['test_accuracy'])}; {how}."
    return Figure(full_name(row), svg, caption)


def _cell(x, y, side, count, share, right):
    height = 0.62 * side
    return Markup("").join(
        (
            element(
                "rect",
                x=x + 1.5,
                y=y + 1.5,
                width=side - 3,
                height=height - 3,
                rx=5,
                class_="right" if right else "wrong",
                fill_opacity=0.10 + 0.62 * float(share),
            ),
            text(
                x + side / 2, y + height / 2 + 1.0, integer(count), anchor="middle", style="count"
            ),
            text(
                x + side / 2,
                y + height / 2 + 15.0,
                percent(share, 0),
                anchor="middle",
                style="share",
            ),
        )
    )


def _unit_axes():
    left, right, bottom, top = PLOT
    return Axes(Scale(0.0, 1.0, left, right), Scale(0.0, 1.0, bottom, top))


def _frame(axes, x_label, y_label):
    return axes.frame(x_label, y_label, "{:.1f}".format, "{:.1f}".format)
