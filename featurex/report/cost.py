"""The figure of score against cost."""

import math
from functools import partial

from markupsafe import Markup

from featurex.report.axes import Axes, Scale
from featurex.report.names import compact, full_name, name_row, percent
from featurex.report.performance import HEIGHT, PLOT, WIDTH
from featurex.report.svg import Figure, drawing, element, shorten, text

# Of a label, in units of the drawing: the mean width of a letter, the height of a line, and its
# distance.
_LETTER, _LINE, _GAP = 6.4, 12.0, 8.0
# How far above or below its point a label may stand, the nearest first.
_RISES = (-8.0, 17.0, -24.0, 33.0, -40.0, 49.0)
# Cheaper than this cannot be measured, and has no logarithm.
_LEAST_SECONDS = 1e-3


def draw_cost(record):
    """Accuracy over the processor seconds to extract and fit, one point a row: Figure."""
    costs = sorted(record.facts["cost"], key=lambda cost: cost["cpu_s"])
    axes = _axes(costs)
    frontier = [cost["key"] for cost in list_frontier(costs)]
    points = {cost["key"]: _place(axes, cost) for cost in costs}
    labels = _Labels(axes, points.values())
    for key in dict.fromkeys([*record.chosen, *reversed(frontier)]):
        chosen = key in record.chosen
        short = "CNN" if key == record.facts["selection"].get("cnn") else "best classical"
        labels.add(
            points[key],
            short if chosen else name_row(record.row(key)),
            "label" if chosen else "tick",
        )
    best = max(costs, key=lambda cost: cost["accuracy"])
    said = (
        f"{len(costs)} models from {compact(costs[0]['cpu_s'])} to {compact(costs[-1]['cpu_s'])} "
        f"CPU seconds; "
        f"the most accurate is {full_name(record.row(best['key']))} with "
        f"{percent(best['accuracy'])}."
    )
    svg = drawing(
        "cost",
        "Accuracy over CPU seconds",
        said,
        WIDTH,
        HEIGHT,
        axes.frame(
            "CPU seconds to extract and fit",
            "accuracy on the test images",
            "{:,g}".format,
            partial(percent, digits=0),
        ),
        *(
            _point(record, axes, cost)
            for cost in sorted(costs, key=lambda cost: cost["key"] in record.chosen)
        ),
        labels.draw(),
    )
    caption = (
        "Upper left is best: accurate and cheap. Triangles are CNNs, circles classical models; "
        "filled where the "
        "input is that of the best classical model. Named are the chosen models and, where there "
        "is room, those that "
        "nothing cheaper beats."
    )
    return Figure("Score against cost", svg, caption)


def list_frontier(costs):
    """Those that are more accurate than everything cheaper: list of dict.

    Parameters
    ----------
    costs : list of dict
        With cpu_s and accuracy; the cheapest first.
    """
    found = []
    for cost in costs:
        if not found or cost["accuracy"] > found[-1]["accuracy"]:
            found.append(cost)
    return found


def _point(record, axes, cost):
    row = record.row(cost["key"])
    learnt = row["features"] == "pixels"
    favoured = not record.chosen or row["input"] == record.row(record.chosen[0])["input"]
    style = f"{'learnt' if learnt else 'classical'}{'' if favoured else ' hollow'}"
    where = f"{full_name(row)}: {percent(cost['accuracy'])} for {compact(cost['cpu_s'])} s"
    seconds = max(cost["cpu_s"], _LEAST_SECONDS)
    return axes.marker(seconds, cost["accuracy"], "triangle" if learnt else "circle", style, where)


def _place(axes, cost):
    return float(axes.x(max(cost["cpu_s"], _LEAST_SECONDS))), float(axes.y(cost["accuracy"]))


def _axes(costs):
    left, right, bottom, top = PLOT
    seconds = [max(cost["cpu_s"], _LEAST_SECONDS) for cost in costs]
    accuracies = [cost["accuracy"] for cost in costs]
    low = math.floor(20 * min(accuracies)) / 20
    high = min(1.0, math.ceil(20 * max(accuracies) + 0.4) / 20)
    return Axes(
        Scale(min(seconds) / 1.4, max(seconds) * 1.4, left, right, logarithmic=True),
        Scale(low, max(high, low + 0.05), bottom, top),
    )


class _Labels:
    """Names beside points, each where nothing stands yet; those that find no place are left out."""

    def __init__(self, axes, points):
        self.axes = axes
        self.taken = [(x - 5.5, y - 5.5, x + 5.5, y + 5.5) for x, y in points]
        self.drawn = []

    def add(self, point, name, style):
        """Write a name beside, above or below a point; further off with a line to it."""
        x, y = point
        name = shorten(name, 38)
        width = _LETTER * len(name)
        beside = [(x + _GAP, y + 4), (x - _GAP - width, y + 4)]
        away = [
            (across, y + rise)
            for rise in _RISES
            for across in (x - 4, x + 4 - width, x - width / 2)
        ]
        for left, base in beside + away:
            box = (left, base - _LINE + 3, left + width, base + 3)
            if self._is_free(box):
                self.taken.append(box)
                if abs(base - y) > 20:
                    end = base + 3 if base < y else base - _LINE + 3
                    self.drawn.append(element("line", x1=x, x2=x, y1=y, y2=end, class_="leader"))
                self.drawn.append(text(left + width / 2, base, name, anchor="middle", style=style))
                return

    def _is_free(self, box):
        left, top, right, bottom = box
        inside = left >= self.axes.x.start and right <= self.axes.x.end
        inside = inside and top >= self.axes.y.end and bottom <= self.axes.y.start
        return inside and not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self.taken
        )

    def draw(self):
        """All names that found a place: markupsafe.Markup."""
        return Markup("").join(self.drawn)
