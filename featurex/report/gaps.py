"""Figures of what a score is worth: validation against test, and models that see no lung."""

import math

import numpy as np
from markupsafe import Markup

from featurex.report.axes import Scale, auc_scale, marker
from featurex.report.names import decimal, full_name, name_row, signed
from featurex.report.svg import Figure, drawing, element, shorten, text

WIDTH = 360
_LEFT, _RIGHT = 10.0, 294.0
_ROW = 36.0
# Column of rows.csv -> (sign, what the legend calls it).
STAGES = {
    "cv_auc": ("circle", "cross-validation"),
    "swap_auc": ("diamond", "swapped framing"),
    "test_auc": ("square", "test"),
}


def best_of_each(record):
    """The best row of every combination of input and features, by input, best first:
    pandas.DataFrame.
    """
    best = record.rows.drop_duplicates(["input", "features"])
    order = {name: place for place, name in enumerate(dict.fromkeys(record.rows["input"]))}
    return best.sort_values("input", key=lambda names: names.map(order), kind="stable")


def draw_gaps(record):
    """Three AUCs of a model side by side, with the gap from validation to test printed: Figure."""
    best = best_of_each(record)
    scale = _scale(best[list(STAGES)].to_numpy())
    parts, y, shown, said = (
        [_legend(), text(350, 12, "gap", anchor="end", style="tick")],
        20.0,
        None,
        [],
    )
    for _, row in best.iterrows():
        if row["input"] != shown:
            shown = row["input"]
            y += 28.0
            parts.append(text(_LEFT, y, f"{shown} images", style="group"))
            y += 6.0
        parts.append(_dumbbell(row, y, scale))
        gap = row["test_auc"] - row["cv_auc"]
        said.append(f"{full_name(row)}: {_spoken(row)}, gap {signed(gap)}")
        y += _ROW
    parts.append(auc_scale(scale, 34.0, y + 2))
    svg = drawing(
        "gaps",
        "AUC in validation, in a swapped framing, and on the test",
        f"{'; '.join(said)}.",
        WIDTH,
        y + 34,
        *parts,
    )
    caption = (
        "For each input and features the best model; the gap is the test less cross-validation. A "
        "model that has "
        "learnt how films are framed shines in cross-validation, and falls when every film is "
        "warped into the framing "
        "of another class."
    )
    return Figure("From validation to test", svg, caption)


def draw_controls(record):
    """What is reached without looking at lungs, below the chosen models: Figure."""
    rows = [record.row(key) for key in record.chosen]
    bars = [(full_name(row), row["test_auc"], row["cv_auc"], _kind(row["key"])) for row in rows]
    bars += [
        (f"{item['name']}: {item['description']}", item["test_auc"], item["cv_auc"], "control")
        for item in record.facts["controls"]
    ]
    least = min(min(test, validation) for _, test, validation, _ in bars)
    scale = Scale(min(0.5, 0.1 * math.floor(10 * least)), 1.0, _LEFT, _RIGHT)
    parts = [
        marker(14.0, 8.0, "circle", "neutral hollow"),
        text(23, 12, "cross-validation", style="tick"),
    ]
    parts.append(text(350, 12, "test", anchor="end", style="tick"))
    y = 22.0
    for name, test, validation, style in bars:
        parts.append(_bar(name, test, validation, style, y, scale))
        y += 38.0
    parts.append(auc_scale(scale, 24.0, y + 2))
    said = "; ".join(
        f"{name}: test {decimal(test)}, cross-validation {decimal(cv)}"
        for name, test, cv, _ in bars
    )
    title = "AUC of negative controls and of the chosen models"
    svg = drawing("controls", title, f"{said}.", WIDTH, y + 34, *parts)
    caption = (
        "Controls are given what cannot show disease. The nearer they come to the real models, "
        "the more of any score "
        "on these data may come from elsewhere; 0.5 is a coin toss. A circle far right of its "
        "bar: a short cut that "
        "training images share and test images do not."
    )
    return Figure("Without looking at lungs", svg, caption)


def _bar(name, test, validation, style, y, scale):
    x = float(scale(test))
    return Markup("").join(
        (
            text(_LEFT, y + 12, shorten(name, 56), style="label"),
            element(
                "rect", x=_LEFT, y=y + 18, width=_RIGHT - _LEFT, height=7, rx=3.5, class_="track"
            ),
            element(
                "rect",
                x=_LEFT,
                y=y + 18,
                width=max(x - _LEFT, 1.0),
                height=7,
                rx=3.5,
                class_=f"bar {style}",
            ),
            marker(
                float(scale(validation)),
                y + 21.5,
                "circle",
                f"{style} hollow",
                f"CV {decimal(validation)}",
            ),
            text(350, y + 26, decimal(test), anchor="end", style="value"),
        )
    )


def _kind(key):
    return "learnt" if key.split("/")[1] == "pixels" else "classical"


def _dumbbell(row, y, scale):
    style = _kind(row["key"])
    values = {column: row[column] for column in STAGES if not math.isnan(row[column])}
    places = [float(scale(value)) for value in values.values()]
    parts = [
        text(_LEFT, y + 12, shorten(name_row(row), 50), style="label"),
        element("line", x1=_LEFT, x2=_RIGHT, y1=y + 23, y2=y + 23, class_="grid"),
        element(
            "line", x1=min(places), x2=max(places), y1=y + 23, y2=y + 23, class_=f"span {style}"
        ),
    ]
    for (column, value), x in zip(values.items(), places, strict=True):
        sign, name = STAGES[column]
        filled = style if column == "test_auc" else f"{style} hollow"
        parts.append(marker(x, y + 23.0, sign, filled, f"{name}: {decimal(value)}"))
    parts.append(
        text(350, y + 27, signed(row["test_auc"] - row["cv_auc"]), anchor="end", style="value")
    )
    return Markup("").join(parts)


def _legend():
    parts = []
    for (sign, name), x in zip(STAGES.values(), (14.0, 116.0, 230.0), strict=True):
        parts.append(marker(x, 8.0, sign, "neutral" if name == "test" else "neutral hollow"))
        parts.append(text(x + 9, 12, name, style="tick"))
    return Markup("").join(parts)


def _scale(values):
    low = math.floor(20 * float(np.nanmin(values)) - 0.2) / 20
    return Scale(max(0.0, low), 1.0, _LEFT + 6, _RIGHT)


def _spoken(row):
    return ", ".join(
        f"{name} {decimal(row[column])}"
        for column, (_, name) in STAGES.items()
        if not math.isnan(row[column])
    )
