"""Section: how the AUC grows with the number of training patients."""

import math

import numpy as np

from featurex.report.axes import HEIGHT, PLOT, WIDTH, Axes, Scale
from featurex.report.names import decimal, full_name, integer, name_kind
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure, drawing
from featurex.wording import count

NOT_MEASURED = "It was not measured in this run; featurex benchmark --curves measures it."


def make_section(record):
    """Draw the learning curves of the chosen models.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "With fewer training patients", "Learning"
    if not record.info.learning:
        missing = explain_missing(record, "learning", NOT_MEASURED)
        return Section("learning", title, menu, missing=missing)
    lead, figures = describe_learning(record), (draw_learning(record),)
    return Section("learning", title, menu, lead=lead, figures=figures)


def draw_learning(record):
    """Draw the AUC over the number of patients, with a marker for each draw of patients.

    Parameters
    ----------
    record : Record
        Run with learning curves.

    Returns
    -------
    figure : Figure
    """
    points = record.info.learning
    left, right, bottom, top = PLOT
    sizes = [point.patients for point in points]
    axes = Axes(
        Scale(min(sizes) / 1.15, max(sizes) * 1.15, left, right, logarithmic=True),
        Scale(round_down(point.auc for point in points), 1.0, bottom, top),
    )
    parts = [axes.frame("training patients", "AUC on the test images", "{:,g}".format)]
    description = []
    for key in reversed(record.chosen):
        of_model = [point for point in points if point.key == key]
        means, style = mean_curve(of_model), name_kind(key)
        parts.append(axes.line(means[:, 0], means[:, 1], style))
        parts += [_draw_point(axes, point, style) for point in of_model]
        words = ", ".join(f"{decimal(auc)} with {count(size, 'patient')}" for size, auc in means)
        description.insert(0, f"{full_name(key)}: {words}")
    title, words = "AUC over the number of training patients", f"{'; '.join(description)}."
    svg = drawing("learning-figure", title, words, WIDTH, HEIGHT, *parts)
    caption = (
        "Models were fitted on a tenth, a quarter, half and all of the training patients. Each "
        "circle is one random choice of patients, the line is their mean. Where the line still "
        "rises at its end, more patients would help."
    )
    return Figure("AUC over training patients", svg, caption)


def _draw_point(axes, point, style):
    words = (
        f"{full_name(point.key)}: {decimal(point.auc)} with {count(point.patients, 'patient')}, "
        f"{count(point.images, 'image')}"
    )
    look = style if point.fraction == 1 else f"{style} hollow"
    return axes.marker(point.patients, point.auc, "circle", look, words)


def describe_learning(record):
    """Describe the learning curve of the first chosen model in a sentence.

    Parameters
    ----------
    record : Record
        Run with learning curves.

    Returns
    -------
    sentence : str
    """
    key = record.chosen[0]
    means = mean_curve([point for point in record.info.learning if point.key == key])
    (fewest, lowest), (most, highest) = means[0], means[-1]
    return (
        f"The AUC of {full_name(key)} is {decimal(lowest)} with {integer(fewest)} training "
        f"patients and {decimal(highest)} with {integer(most)}."
    )


def mean_curve(points):
    """Average the draws of each fraction of the patients.

    Parameters
    ----------
    points : list of featurex.runs.answers.LearningPoint
        Points of one model.

    Returns
    -------
    means : float array, shape (n, 2)
        Patients and AUC, in the order of the fractions.
    """
    fractions = sorted({point.fraction for point in points})
    return np.array(
        [
            np.mean(
                [(point.patients, point.auc) for point in points if point.fraction == fraction],
                axis=0,
            )
            for fraction in fractions
        ]
    )


def round_down(values):
    """Choose where an axis of AUCs begins: a multiple of 0.1 below all values, at most 0.9."""
    return min(0.9, math.floor(10 * min(values) + 1e-9) / 10)
