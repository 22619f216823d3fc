"""How far a result carries: figures and words of learning curves and of disturbed images."""

import math
from itertools import groupby

import numpy as np

from featurex.report.axes import Axes, Scale
from featurex.report.names import decimal, full_name, integer, percent
from featurex.report.performance import HEIGHT, PLOT, WIDTH
from featurex.report.svg import Figure, drawing, element

# One small panel: two stand side by side on a small screen.
_PANEL = (190, 142)
_PANEL_PLOT = (32.0, 184.0, 118.0, 26.0)
# A fall of the AUC that is worth a word.
_NOTABLE = 0.05


def draw_learning(record):
    """AUC over the patients that a model was fitted on, a sign for each draw of them: Figure."""
    rows = record.facts["learning"]
    left, right, bottom, top = PLOT
    sizes = [row["patients"] for row in rows]
    axes = Axes(
        Scale(min(sizes) / 1.15, max(sizes) * 1.15, left, right, logarithmic=True),
        Scale(_floor(row["auc"] for row in rows), 1.0, bottom, top),
    )
    parts = [axes.frame("patients to learn from", "AUC on the test images", "{:,g}".format)]
    said = []
    for key in reversed(record.chosen):
        name, style, own = (
            full_name(record.row(key)),
            _style(key),
            [row for row in rows if row["key"] == key],
        )
        means = _means(own)
        parts.append(axes.line(means[:, 0], means[:, 1], style))
        for row in own:
            sizes = f"{integer(row['patients'])} patients, {integer(row['images'])} images"
            where = f"{name}: {decimal(row['auc'])} of {sizes}"
            filled = style if row["fraction"] == 1 else f"{style} hollow"
            parts.append(axes.marker(row["patients"], row["auc"], "circle", filled, where))
        said.insert(
            0,
            f"{name}: "
            + ", ".join(f"{decimal(mean)} of {integer(size)} patients" for size, mean in means),
        )
    svg = drawing(
        "learning", "AUC over training patients", f"{'; '.join(said)}.", WIDTH, HEIGHT, *parts
    )
    caption = (
        "Fitted on a tenth, a quarter, half and all of the training patients; each circle is "
        "another choice of them, "
        "the line their mean. Where it still rises at its end, more patients would help."
    )
    return Figure("With fewer patients", svg, caption)


def draw_robustness(record):
    """A small panel for each disturbance, AUC and decisions of the chosen models: Figure."""
    rows = record.facts["robustness"]
    low = min(_floor(row["auc"] for row in rows), _floor(row["balanced_accuracy"] for row in rows))
    panels = [
        _draw_panel(record, name, list(own), low)
        for name, own in groupby(_in_order(rows), lambda row: row["disturbance"])
    ]
    two = len(record.classes) == 2
    decided = (
        "mean of sensitivity and specificity at the frozen threshold"
        if two
        else "mean recall of the classes"
    )
    caption = (
        "Test images changed after decoding, before anything else; models and thresholds as they "
        "were. Solid: AUC, "
        f"which asks for the order alone. Dashed: {decided}, which also falls where all scores "
        f"move: a model that "
        "loses this alone needs another threshold for such films."
    )
    return Figure("On disturbed films", element("div", *panels, class_="small-panels"), caption)


def describe_limits(record):
    """What learning curves and disturbances show of the best chosen model, in a sentence or two:
    str.
    """
    key = record.chosen[0]
    means = _means([row for row in record.facts["learning"] if row["key"] == key])
    rows = [row for row in record.facts["robustness"] if row["key"] == key]
    before = next(row["auc"] for row in rows if row["strength"] is None)
    changed = [row for row in rows if row["strength"] is not None]
    worst = min(changed, key=lambda row: row["auc"])
    fallen = sum(row["auc"] < before - _NOTABLE for row in changed)
    return (
        f"{full_name(record.row(key))}: AUC {decimal(means[0, 1])} after {integer(means[0, 0])} "
        f"patients, "
        f"{decimal(means[-1, 1])} after {integer(means[-1, 0])}. Of {len(changed)} changes to the "
        f"test films "
        f"{fallen or 'none'} cost{'s' if fallen < 2 else ''} more than {_NOTABLE} of it; the "
        f"worst is "
        f"{worst['title'].lower()}, {worst['label']}, with an AUC of {decimal(worst['auc'])}."
    )


def _draw_panel(record, name, rows, low):
    left, right, bottom, top = _PANEL_PLOT
    labels = list(dict.fromkeys(row["label"] for row in rows))
    axes = Axes(Scale(0.0, len(labels) - 1.0, left, right), Scale(low, 1.0, bottom, top))
    parts = [axes.frame("", rows[0]["title"], lambda place: labels[int(place)], "{:g}".format)]
    places, said = np.arange(len(labels)), []
    for key in reversed(record.chosen):
        own, style, model = (
            [row for row in rows if row["key"] == key],
            _style(key),
            full_name(record.row(key)),
        )
        decided = np.array([row["balanced_accuracy"] for row in own])
        parts.append(axes.line(places, decided, f"{style} other"))
        parts.append(axes.line(places, np.array([row["auc"] for row in own]), style))
        parts += [
            axes.marker(place, row["auc"], "circle", style, _describe_row(model, row))
            for place, row in enumerate(own)
        ]
        said.insert(
            0, f"{model}: " + ", ".join(f"{decimal(row['auc'])} at {row['label']}" for row in own)
        )
    return drawing(
        f"robustness-{name}", rows[0]["title"], f"AUC of {'; '.join(said)}.", *_PANEL, *parts
    )


def _describe_row(model, row):
    interval = f"{decimal(row['auc_low'])} to {decimal(row['auc_high'])}"
    words = f"{model}, {row['label']}: AUC {decimal(row['auc'])} ({interval})"
    if "sensitivity" in row:
        words += (
            f", sensitivity {percent(row['sensitivity'])}, specificity "
            f"{percent(row['specificity'])}"
        )
    return words


def _in_order(rows):
    """Rows with those of one disturbance together, in the order of their first."""
    order = {
        name: place for place, name in enumerate(dict.fromkeys(row["disturbance"] for row in rows))
    }
    return sorted(rows, key=lambda row: order[row["disturbance"]])


def _means(rows):
    """(patients, AUC) of each share, the mean of its draws: array of shape (n, 2)."""
    shares = sorted({row["fraction"] for row in rows})
    return np.array(
        [
            np.mean(
                [(row["patients"], row["auc"]) for row in rows if row["fraction"] == share], axis=0
            )
            for share in shares
        ]
    )


def _style(key):
    return "learnt" if key.split("/")[1] == "pixels" else "classical"


def _floor(values):
    return min(0.9, math.floor(10 * min(values) + 1e-9) / 10)
