"""Section: accuracy of every model against its cost."""

import math
from functools import partial

from featurex.report.axes import HEIGHT, PLOT, WIDTH, Axes, Scale
from featurex.report.labels import Labels
from featurex.report.names import compact, full_name, name_kind, percent, short_name
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure, drawing
from featurex.runs import Entry
from featurex.wording import count

# Seconds below which a cost cannot be measured, so that it has a logarithm.
_SHORTEST = 1e-3


def make_section(record):
    """Draw accuracy against cost.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    if not record.info.cost:
        missing = explain_missing(record, "cost", "This run holds no costs.")
        return Section("cost", "Cost", "Cost", missing=missing)
    return Section("cost", "Cost", "Cost", figures=(draw_cost(record),))


def draw_cost(record):
    """Draw the accuracy over the processor seconds to extract and fit, one point for each model.

    Parameters
    ----------
    record : Record
        Run with costs.

    Returns
    -------
    figure : Figure
    """
    costs = sorted(record.info.cost, key=lambda cost: cost.cpu_s)
    axes = _make_axes(costs)
    # Points of chosen models lie above the others.
    points = [
        _draw_point(record, axes, cost)
        for cost in sorted(costs, key=lambda cost: cost.key in record.chosen)
    ]
    best = max(costs, key=lambda cost: cost.accuracy)
    description = (
        f"{count(len(costs), 'model')} from {compact(costs[0].cpu_s)} to "
        f"{compact(costs[-1].cpu_s)} CPU seconds; the most accurate is "
        f"{full_name(best.key)} with {percent(best.accuracy)}."
    )
    frame = axes.frame(
        "CPU seconds to extract and fit",
        "accuracy on the test images",
        "{:,g}".format,
        partial(percent, digits=0),
    )
    labels = _name_points(record, axes, costs)
    title = "Accuracy over CPU seconds"
    svg = drawing("cost-figure", title, description, WIDTH, HEIGHT, frame, *points, labels)
    caption = (
        "The upper left is accurate and cheap. Triangles are CNNs, circles "
        "classical models; markers are filled where the input is that of the chosen classical "
        "model. Names stand at the chosen models and, where there is room, at models that are more "
        "accurate than every cheaper one."
    )
    return Figure("Accuracy against cost", svg, caption)


def list_frontier(costs):
    """List the models that are more accurate than every cheaper one.

    Parameters
    ----------
    costs : list of featurex.runs.answers.CostPoint
        The cheapest first.

    Returns
    -------
    frontier : list of featurex.runs.answers.CostPoint
    """
    frontier = []
    for cost in costs:
        if not frontier or cost.accuracy > frontier[-1].accuracy:
            frontier.append(cost)
    return frontier


def _name_points(record, axes, costs):
    points = {cost.key: _locate(axes, cost) for cost in costs}
    labels = Labels(axes, points.values())
    frontier = [cost.key for cost in list_frontier(costs)]
    for key in dict.fromkeys([*record.chosen, *reversed(frontier)]):
        if key in record.chosen:
            name = "chosen CNN" if name_kind(key) == "learnt" else "chosen classical model"
            labels.add(points[key], name, "label")
        else:
            labels.add(points[key], short_name(key), "tick")
    return labels.draw()


def _draw_point(record, axes, cost):
    kind, entry = name_kind(cost.key), Entry.parse(cost.key)
    filled = not record.chosen or entry.input == Entry.parse(record.chosen[0]).input
    words = f"{full_name(cost.key)}: {percent(cost.accuracy)} for {compact(cost.cpu_s)} s"
    return axes.marker(
        max(cost.cpu_s, _SHORTEST),
        cost.accuracy,
        "triangle" if kind == "learnt" else "circle",
        kind if filled else f"{kind} hollow",
        words,
    )


def _locate(axes, cost):
    return float(axes.x(max(cost.cpu_s, _SHORTEST))), float(axes.y(cost.accuracy))


def _make_axes(costs):
    left, right, bottom, top = PLOT
    seconds = [max(cost.cpu_s, _SHORTEST) for cost in costs]
    accuracies = [cost.accuracy for cost in costs]
    low = math.floor(20 * min(accuracies)) / 20
    high = min(1.0, math.ceil(20 * max(accuracies) + 0.4) / 20)
    return Axes(
        Scale(min(seconds) / 1.4, max(seconds) * 1.4, left, right, logarithmic=True),
        Scale(low, max(high, low + 0.05), bottom, top),
    )
