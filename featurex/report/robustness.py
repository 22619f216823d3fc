"""Section: how the chosen models score on disturbed test images."""

from itertools import groupby

import numpy as np

from featurex.report.axes import Axes, Scale
from featurex.report.learning import NOT_MEASURED, round_down
from featurex.report.names import decimal, full_name, name_kind, percent
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure, drawing, element

# Size of a small panel, and its rectangle: two stand side by side on a small screen.
_PANEL = (190, 142)
_PANEL_PLOT = (32.0, 184.0, 118.0, 26.0)
# Fall of the AUC that is mentioned.
_NOTABLE = 0.05


def make_section(record):
    """Draw the scores of the chosen models on disturbed test images.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "On disturbed images", "Robustness"
    if not record.info.robustness:
        missing = explain_missing(record, "robustness", NOT_MEASURED)
        return Section("robustness", title, menu, missing=missing)
    lead, figures = describe_robustness(record), (draw_robustness(record),)
    return Section("robustness", title, menu, lead=lead, figures=figures)


def draw_robustness(record):
    """Draw a small panel for each disturbance, with AUC and decisions of the chosen models.

    Parameters
    ----------
    record : Record
        Run with disturbed images.

    Returns
    -------
    figure : Figure
    """
    points = record.info.robustness
    low = min(
        round_down(point.auc for point in points),
        round_down(point.balanced_accuracy for point in points),
    )
    panels = [
        _draw_panel(record, name, list(panel), low)
        for name, panel in groupby(_group(points), lambda point: point.disturbance)
    ]
    decisions = (
        "mean of sensitivity and specificity at the frozen threshold"
        if len(record.classes) == 2
        else "mean recall of the classes"
    )
    caption = (
        "Test images were changed after decoding, before any preparation; models and thresholds "
        f"stayed the same. Solid: AUC, which depends on ranks alone. Dashed: {decisions}, which "
        "also falls if all scores shift. A model whose dashed line alone falls needs another "
        "threshold for such images."
    )
    svg = element("div", *panels, class_="small-panels")
    return Figure("AUC over the strength of the disturbance", svg, caption)


def describe_robustness(record):
    """Describe the effect of the disturbances on the first chosen model.

    Parameters
    ----------
    record : Record
        Run with disturbed images.

    Returns
    -------
    sentences : str
    """
    key = record.chosen[0]
    points = [point for point in record.info.robustness if point.key == key]
    before = next(point.auc for point in points if point.strength is None)
    disturbed = [point for point in points if point.strength is not None]
    worst = min(disturbed, key=lambda point: point.auc)
    fallen = sum(point.auc < before - _NOTABLE for point in disturbed)
    return (
        f"The AUC of {full_name(key)} on unchanged images is {decimal(before)}. "
        f"{fallen} of {len(disturbed)} disturbances {'reduces' if fallen == 1 else 'reduce'} it by "
        f"more than {_NOTABLE}. The worst is {worst.title.lower()}, {worst.label}, with an AUC of "
        f"{decimal(worst.auc)}."
    )


def _draw_panel(record, name, points, low):
    left, right, bottom, top = _PANEL_PLOT
    labels = list(dict.fromkeys(point.label for point in points))
    axes = Axes(Scale(0.0, len(labels) - 1.0, left, right), Scale(low, 1.0, bottom, top))
    title = points[0].title
    parts = [axes.frame("", title, lambda index: labels[int(index)] if index.is_integer() else "")]
    indices, description = np.arange(len(labels)), []
    for key in reversed(record.chosen):
        of_model, style = [point for point in points if point.key == key], name_kind(key)
        decisions = np.array([point.balanced_accuracy for point in of_model])
        parts.append(axes.line(indices, decisions, f"{style} other"))
        parts.append(axes.line(indices, np.array([point.auc for point in of_model]), style))
        parts += [
            axes.marker(index, point.auc, "circle", style, _describe_point(point))
            for index, point in enumerate(of_model)
        ]
        words = ", ".join(f"{decimal(point.auc)} at {point.label}" for point in of_model)
        description.insert(0, f"{full_name(key)}: {words}")
    return drawing(
        f"robustness-{name}", title, f"AUC of {'; '.join(description)}.", *_PANEL, *parts
    )


def _describe_point(point):
    interval = f"{decimal(point.auc_low)} to {decimal(point.auc_high)}"
    words = f"{full_name(point.key)}, {point.label}: AUC {decimal(point.auc)} ({interval})"
    if point.sensitivity is not None:
        words += (
            f", sensitivity {percent(point.sensitivity)}, specificity {percent(point.specificity)}"
        )
    return words


def _group(points):
    """Sort points by disturbance, in the order in which the disturbances first occur."""
    order = {
        name: index
        for index, name in enumerate(dict.fromkeys(point.disturbance for point in points))
    }
    return sorted(points, key=lambda point: order[point.disturbance])
