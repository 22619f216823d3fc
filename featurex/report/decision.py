"""The figure of net benefit: what acting on a model is worth, against acting on everyone or on no
one.
"""

from functools import partial

import numpy as np
from markupsafe import Markup

from featurex.report.axes import Axes, Scale
from featurex.report.names import decimal, full_name, percent
from featurex.report.performance import HEIGHT, PLOT, WIDTH
from featurex.report.svg import Figure, drawing, text

# The lowest net benefit shown, as a share of the prevalence: how far below zero a curve falls is of
# no use.
_DEPTH = 0.25
# Thresholds whose net benefit is told to those who do not see the figure.
_SPOKEN = (0.1, 0.25, 0.5, 0.75)


def draw_decision(record):
    """Net benefit over the probability from which one would act, of the chosen models: Figure."""
    curves = record.facts["decision"]
    threshold, everyone = np.array(curves["threshold"]), np.array(curves["everyone"])
    axes = _axes(curves["prevalence"])
    parts = [
        axes.frame(
            "threshold probability", "net benefit", partial(percent, digits=0), "{:g}".format
        ),
        _clipped(axes, threshold, everyone, "chance"),
        axes.line(np.array([0.0, 1.0]), np.zeros(2), "chance"),
        *_names(axes, threshold, everyone),
    ]
    said = []
    for model in reversed(curves["models"]):
        row, benefit = record.row(model["key"]), np.array(model["net_benefit"])
        parts.append(
            _clipped(
                axes, threshold, benefit, "learnt" if row["features"] == "pixels" else "classical"
            )
        )
        said.insert(0, _spoken(full_name(row), threshold, benefit))
    said.append(_spoken("treating everyone", threshold, everyone))
    svg = drawing(
        "decision",
        "Decision curves on the test images",
        f"{'; '.join(said)}.",
        WIDTH,
        HEIGHT,
        *parts,
    )
    caption = (
        "Who acts at a probability of 25 % accepts three false alarms for a case found. Net "
        "benefit counts the cases "
        "found an image, less the false alarms at that exchange; a model helps where it lies "
        "above both dotted lines. "
        f"Calibrated on training images; {percent(curves['prevalence'], 0)} of these test images "
        f"are "
        f"{record.classes[1]}, and where fewer are, all curves lie lower."
    )
    return Figure("What acting on it is worth", svg, caption)


def _axes(prevalence):
    left, right, bottom, top = PLOT
    return Axes(
        Scale(0.0, 1.0, left, right), Scale(-_DEPTH * prevalence, 1.08 * prevalence, bottom, top)
    )


def _names(axes, threshold, everyone):
    """What the two dotted lines stand for, where no curve is."""
    falls = threshold[np.argmax(everyone < 0.35 * axes.y.low)]
    yield text(
        float(axes.x(falls)) - 6.0,
        float(axes.y(0.7 * axes.y.low)),
        "all are treated",
        anchor="end",
        style="tick",
    )
    yield text(float(axes.x(0.02)), float(axes.y(0.0)) - 5.0, "no one is treated", style="tick")


def _clipped(axes, x, y, style):
    """A curve without what lies below the axes: markupsafe.Markup."""
    return Markup("").join(
        axes.line(x[run], y[run], style) for x, y, run in runs_above(x, y, axes.y.low)
    )


def runs_above(x, y, low):
    """The parts of a curve that are not below a height.

    Parameters
    ----------
    x, y : float arrays, shape (n,)
    low : float

    Yields
    ------
    x, y : float arrays
        With a point at every crossing of the height added.
    run : int array
        Which of these points are one part.
    """
    before = np.flatnonzero((y[1:] >= low) != (y[:-1] >= low))
    share = (low - y[before]) / (y[before + 1] - y[before])
    x = np.insert(x, before + 1, x[before] + share * (x[before + 1] - x[before]))
    y = np.insert(y, before + 1, low)
    inside = y >= low
    for run in np.split(np.arange(len(y)), np.flatnonzero(np.diff(inside)) + 1):
        if inside[run[0]] and len(run) > 1:
            yield x, y, run


def _spoken(name, threshold, benefit):
    at = np.searchsorted(threshold, np.array(_SPOKEN) - 1e-9)
    values = ", ".join(
        f"{decimal(benefit[place])} at {percent(threshold[place], 0)}" for place in at
    )
    return f"{name}: {values}"
