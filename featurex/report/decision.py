"""Section: net benefit of acting on a model, against acting on everyone or on no one."""

from functools import partial

import numpy as np
from markupsafe import Markup

from featurex.report.axes import HEIGHT, PLOT, WIDTH, Axes, Scale
from featurex.report.names import decimal, full_name, name_kind, percent
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure, drawing, text

# Lowest net benefit shown, as a fraction of the prevalence: how far below zero a curve falls does
# not matter.
_DEPTH = 0.25
# Thresholds whose net benefit stands in the description of the figure.
_DESCRIBED = (0.1, 0.25, 0.5, 0.75)


def make_section(record):
    """Draw the decision curves of the chosen models.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Net benefit of decisions", "Net benefit"
    if record.info.decision is None:
        otherwise = "Decision curves are defined for two classes and a chosen model only."
        missing = explain_missing(record, "decision", otherwise)
        return Section("decision", title, menu, missing=missing)
    return Section("decision", title, menu, figures=(draw_decision(record),))


def draw_decision(record):
    """Draw net benefit over the probability from which one would act.

    Parameters
    ----------
    record : Record
        Run with decision curves.

    Returns
    -------
    figure : Figure
    """
    decision = record.info.decision
    threshold, everyone = np.array(decision.threshold), np.array(decision.everyone)
    axes = _make_axes(decision.prevalence)
    parts = [
        axes.frame("threshold probability", "net benefit", partial(percent, digits=0)),
        _draw_clipped(axes, threshold, everyone, "chance"),
        axes.line(np.array([0.0, 1.0]), np.zeros(2), "chance"),
        *_name_references(axes, threshold, everyone),
    ]
    description = []
    for model in reversed(decision.models):
        benefit = np.array(model.net_benefit)
        parts.append(_draw_clipped(axes, threshold, benefit, name_kind(model.key)))
        description.insert(0, _describe(full_name(model.key), threshold, benefit))
    description.append(_describe("acting on everyone", threshold, everyone))
    title, words = "Decision curves on the test images", f"{'; '.join(description)}."
    svg = drawing("decision-figure", title, words, WIDTH, HEIGHT, *parts)
    caption = (
        "Net benefit is the number of true positives per image, less the false positives weighted "
        "by the odds of the threshold: acting at a probability of 25 % accepts three false "
        "positives for one true positive. A model is useful where its curve lies above both dotted "
        "lines. Probabilities were calibrated on training images. "
        f"{percent(decision.prevalence, 0)} of these test images are {record.classes[1]}; with a "
        "lower prevalence all curves are lower."
    )
    return Figure("Decision curves", svg, caption)


def _make_axes(prevalence):
    left, right, bottom, top = PLOT
    return Axes(
        Scale(0.0, 1.0, left, right), Scale(-_DEPTH * prevalence, 1.08 * prevalence, bottom, top)
    )


def _name_references(axes, threshold, everyone):
    """Name the two dotted lines, where no curve is."""
    crossing = threshold[np.argmax(everyone < 0.35 * axes.y.low)]
    x, y = float(axes.x(crossing)) - 6.0, float(axes.y(0.7 * axes.y.low))
    yield text(x, y, "act on everyone", anchor="end", style="tick")
    yield text(float(axes.x(0.02)), float(axes.y(0.0)) - 5.0, "act on no one", style="tick")


def _draw_clipped(axes, x, y, style):
    """Draw a curve without the parts below the axes: markupsafe.Markup."""
    return Markup("").join(
        axes.line(x[part], y[part], style) for x, y, part in parts_above(x, y, axes.y.low)
    )


def parts_above(x, y, low):
    """Cut a curve into the parts that are not below a height.

    Parameters
    ----------
    x, y : float arrays, shape (n,)
        Points of the curve.
    low : float
        The height.

    Yields
    ------
    x, y : float arrays
        Points of the curve, with one more at every crossing of the height.
    part : int array
        Indices of the points of one part.
    """
    before = np.flatnonzero((y[1:] >= low) != (y[:-1] >= low))
    fraction = (low - y[before]) / (y[before + 1] - y[before])
    x = np.insert(x, before + 1, x[before] + fraction * (x[before + 1] - x[before]))
    y = np.insert(y, before + 1, low)
    inside = y >= low
    for part in np.split(np.arange(len(y)), np.flatnonzero(np.diff(inside)) + 1):
        if inside[part[0]] and len(part) > 1:
            yield x, y, part


def _describe(name, threshold, benefit):
    indices = np.searchsorted(threshold, np.array(_DESCRIBED) - 1e-9)
    values = ", ".join(f"{decimal(benefit[i])} at {percent(threshold[i], 0)}" for i in indices)
    return f"{name}: {values}"
