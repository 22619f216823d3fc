"""Section: what the frozen models score at another hospital, and how unlike its images are."""

import math

import numpy as np

from featurex.report.auc_chart import AucChart
from featurex.report.axes import HEIGHT, PLOT, WIDTH, Axes, Scale
from featurex.report.curves import Curve, draw_roc
from featurex.report.names import (
    MISSING,
    decimal,
    describe_interval,
    full_name,
    hundredths,
    integer,
    interval,
    listing,
    name_kind,
    percent,
    short_name,
    signed,
)
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure, drawing, number_style
from featurex.runs.schema import external_split
from featurex.wording import count

# Models that the chart of falls shows for each set, and sets that the picture of ROC curves tells
# apart by colour and dashes.
MOST_MODELS, MOST_CURVES = 12, 3
NOT_GIVEN = "No images of another hospital were given to this run."


def make_section(record):
    """Show the fall of every model, its threshold, and how unlike the external images are.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "At another hospital", "Elsewhere"
    sets = record.info.external
    if not sets:
        missing = explain_missing(record, "external", NOT_GIVEN)
        return Section("external", title, menu, missing=missing)
    figures = [draw_fall(record)]
    curves = list_curves(record)
    if curves:
        figures.append(draw_roc(curves, "external", "ROC curves at home and elsewhere"))
    figures += [draw_distances(one) for one in sets if one.unlikeness]
    values = {
        "figures": figures,
        "curves": curves,
        "sets": [describe_set(one) for one in sets],
        "thresholds": list_thresholds(record),
        "rows": _list_rows(record),
    }
    lead = " ".join(describe_fall(record, one) for one in sets)
    return Section("external", title, menu, lead=lead, values=values, wide=True)


def describe_fall(record, one):
    """Describe what the first chosen model scores on one external set: str.

    Parameters
    ----------
    record : Record
        The run.
    one : ExternalSet
        The set.
    """
    key = record.chosen[0]
    row = find_row(record, one.name, key)
    own = record.row(key)["test_auc"]
    if math.isnan(row["auc"]):
        return (
            f"{one.name} holds no image of {listing(one.lacking)}, so that there is no AUC: "
            f"{percent(row['accuracy'])} of the decisions of {full_name(key)} are correct."
        )
    words = (
        f"The AUC of {full_name(key)} is {decimal(own)} on the run's own test images and "
        f"{decimal(row['auc'])} on {one.name} "
        f"({count(row['n'], 'image')}, {describe_interval(row['auc_low'], row['auc_high'])})."
    )
    if row["threshold"] == row["threshold"]:
        words += (
            f" At its frozen threshold it recognises {percent(row['sensitivity'])} of the positive "
            f"and {percent(row['specificity'])} of the negative images there."
        )
    return words


def draw_fall(record):
    """Draw the AUC at home and elsewhere, for the best models by swapped framing: Figure.

    Parameters
    ----------
    record : Record
        Run with external sets.
    """
    keys = record.rows["key"].head(MOST_MODELS).tolist()
    keys += [key for key in (*record.chosen, *record.rivals) if key not in keys]
    external, description = record.external, []
    rows = external[external["key"].isin(keys) & external["auc"].notna()]
    own = {key: record.row(key)["test_auc"] for key in keys}
    chart = AucChart([*own.values(), *rows["auc"], *rows["auc_low"]], bars=False)
    chart.add_legend(("circle", False, "own test images"), ("diamond", True, "there"))
    chart.add_values_title("change")
    for one in record.info.external:
        of_set = rows[rows["set"] == one.name].set_index("key")
        if of_set.empty:
            continue
        chart.add_heading(one.name)
        for key in (key for key in keys if key in of_set.index):
            row = of_set.loc[key]
            change = signed(row["auc"] - own[key])
            limits = (row["auc_low"], row["auc_high"])
            chart.add_row(
                short_name(key) if key in record.rivals else f"{short_name(key)} ({row['input']})",
                change,
                name_kind(key),
                [
                    (own[key], "circle", False, "own test images"),
                    (row["auc"], "diamond", True, one.name),
                ],
                span=tuple(sorted((own[key], row["auc"]))),
                interval=None if math.isnan(limits[0]) else limits,
            )
            description.append(f"{full_name(key)} on {one.name}: {decimal(row['auc'])}, {change}")
    svg = chart.draw(
        "external-fall", "AUC at home and elsewhere", f"{'; '.join(description) or 'no AUC'}."
    )
    caption = (
        f"The {min(len(keys), MOST_MODELS)} first models of the ranking. The thin "
        "line is the 95 % interval elsewhere. A model was never changed after it had seen these "
        "images."
    )
    return Figure("The fall from home to elsewhere", svg, caption)


def list_curves(record):
    """List the ROC curves of one picture: list of Curve; empty for three classes.

    Of one set, both chosen models at home and there; of several, the first chosen model at home and
    on each.

    Parameters
    ----------
    record : Record
        Run with external sets.
    """
    sets = [one for one in record.info.external if not one.lacking][:MOST_CURVES]
    if len(record.classes) > 2 or not sets:
        return []
    if len(sets) == 1:
        return [
            curve
            for key in (*record.chosen, *_list_rivals(record, sets[0]))
            for curve in (
                _curve(record, key, sets[0], name_kind(key)),
                _curve(record, key, None, f"{name_kind(key)} other"),
            )
        ]
    key = record.chosen[0]
    curves = [_curve(record, key, one, number_style(i)) for i, one in enumerate(sets)]
    return [*curves, _curve(record, key, None, "control other")]


def _list_rivals(record, one):
    return [rival.key for rival in record.info.rivals if one.name in rival.external]


def _curve(record, key, one, style):
    if one is None:
        row, where, split = record.row(key), "own test images", "test"
        auc, point = row["test_auc"], (row["test_sensitivity"], row["test_specificity"])
    else:
        row, where, split = find_row(record, one.name, key), one.name, external_split(one.name)
        auc, point = row["auc"], (row["sensitivity"], row["specificity"])
    labels, scores = record.scores(key, split)
    name = f"{short_name(key)}, {where}"
    return Curve(name, style, labels == 1, scores, point, f"AUC {decimal(auc)}", one is not None)


def draw_distances(one):
    """Draw how far images are from the training images, at home and elsewhere: Figure.

    Parameters
    ----------
    one : ExternalSet
        With its unlikeness.
    """
    known = one.unlikeness
    internal, external = np.array(known.internal), np.array(known.external)
    limits = (min(internal[0], external[0]), max(internal[-1], external[-1], known.limit))
    left, right, bottom, top = PLOT
    axes = Axes(
        Scale(limits[0] / 1.1, limits[1] * 1.1, left, right, logarithmic=True),
        Scale(0.0, 1.0, bottom, top),
    )
    fraction = np.array(known.fraction)
    svg = drawing(
        f"external-distances-{one.name}",
        f"Distance of {one.name} from the training images",
        f"Half of the run's own test images are nearer than {decimal(np.median(internal), 2)}, "
        f"half of {one.name} nearer than {decimal(np.median(external), 2)}; 99.5 % of the training "
        f"images are nearer than {decimal(known.limit, 2)}.",
        WIDTH,
        HEIGHT,
        axes.frame("distance", "fraction of the images that are nearer", "{:g}".format),
        axes.line(np.array([known.limit, known.limit]), np.array([0.0, 1.0]), "chance"),
        axes.line(internal, fraction, "classical other"),
        axes.line(external, fraction, "learnt"),
    )
    caption = (
        f"Dashed: the run's own test images. Solid: {one.name}. The dotted line is the distance "
        "that 99.5 % of the training images do not reach. It is the root mean square of the "
        f"columns of {full_name(known.key)}, each in standard deviations of the training images. "
        "A model knows nothing of images far to the right of the dotted line."
    )
    return Figure(f"How unlike {one.name} is", svg, caption)


def describe_set(one):
    """Say what of a set took part, and what did not: dict for the template.

    Parameters
    ----------
    one : ExternalSet
        The set.
    """
    left_out = [
        (one.n_identical, "the same as an image of the run"),
        (one.n_shared, "of a patient of the run"),
        (one.n_other, "of other labels"),
        (one.n_errors, "that could not be used"),
    ]
    return {
        "name": one.name,
        "dataset": one.dataset,
        "size": f"{count(one.images, 'image')} of {count(one.patients, 'patient')}",
        "classes": [
            (part.label, part.name, integer(part.images), integer(part.patients))
            for part in one.classes
        ],
        "left_out": [f"{count(number, 'image')} {why}" for number, why in left_out if number],
        "notes": one.notes,
        "synthetic": one.synthetic,
        "panels": one.unlikeness.panels if one.unlikeness else (),
    }


def list_thresholds(record):
    """List what the chosen models' thresholds do at home and elsewhere: list of dict of str.

    Parameters
    ----------
    record : Record
        Run with external sets.
    """
    rows = []
    for one in record.info.external:
        for moved in one.thresholds:
            own = record.row(moved.key)
            rows.append(
                {
                    "set": one.name,
                    "model": full_name(moved.key),
                    "cells": [
                        (own["test_sensitivity"], own["test_specificity"], moved.frozen),
                        (moved.sensitivity, moved.specificity, moved.frozen),
                        (moved.moved_sensitivity, moved.moved_specificity, moved.moved),
                    ],
                    "lost": (moved.moved_sensitivity + moved.moved_specificity) / 2
                    - (moved.sensitivity + moved.specificity) / 2,
                }
            )
    return [
        {
            **row,
            "cells": [
                (f"{hundredths(sensitivity)} / {hundredths(specificity)}", decimal(threshold))
                for sensitivity, specificity, threshold in row["cells"]
            ],
            "lost": hundredths(row["lost"]),
        }
        for row in rows
    ]


def find_row(record, name, key):
    """The row of external.csv of one model on one set: pandas.Series."""
    rows = record.external
    return rows[(rows["set"] == name) & (rows["key"] == key)].iloc[0]


def _list_rows(record):
    """Every row of external.csv, in the order of the ranked table: list of dict of str."""
    order = {key: index for index, key in enumerate(record.rows["key"])}
    rows = record.external.assign(order=record.external["key"].map(order))
    names = {one.name: index for index, one in enumerate(record.info.external)}
    rows = rows.sort_values(["set", "order"], key=lambda c: c.map(names) if c.name == "set" else c)
    return [
        {
            "set": f"{row['set']} (adapted)" if row["adapt"] else row["set"],
            "model": full_name(row["key"]),
            "chosen": row["key"] in record.chosen,
            "kind": name_kind(row["key"]),
            "cells": (
                integer(row["n"]),
                decimal(row["auc"]),
                interval(row["auc_low"], row["auc_high"]),
                hundredths(row["sensitivity"]),
                hundredths(row["specificity"]),
                hundredths(row["balanced_accuracy"]),
                decimal(row["brier"]),
                MISSING if row["unlike"] is None else hundredths(row["unlike"]),
                hundredths(row["coverage"]),
                hundredths(row["undecided"]),
            ),
        }
        for row in rows.to_dict("records")
    ]
