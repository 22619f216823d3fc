"""Section: how the AUC changes from validation to swapped images and to the test."""

import math

from featurex.report.auc_chart import AucChart
from featurex.report.names import decimal, full_name, name_kind, short_name, signed
from featurex.report.section import Section
from featurex.report.svg import Figure

# Column of rows.csv -> shape, and name in the legend.
STAGES = {
    "cv_auc": ("circle", "cross-validation"),
    "swap_auc": ("diamond", "framing swap"),
    "appearance_auc": ("triangle", "appearance swap"),
    "test_auc": ("square", "test"),
}


def make_section(record):
    """Draw four AUCs of the best model of every input and features.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    lead = (
        "A score can come from the way an image was taken and cropped, its framing, rather than "
        "from the disease. A model that uses the framing scores lower when every image is warped "
        "into the framing of another class; one that reads the device scores lower when every "
        "image takes the contrast, brightness curve, sharpness and noise of one of another class."
    )
    figures = (draw_framing(record),)
    return Section("framing", "From validation to test", "Framing", lead=lead, figures=figures)


def best_of_each(record):
    """Select the best row of every combination of input and features.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    rows : pandas.DataFrame
        Grouped by input, the best first.
    """
    own = record.rows[~record.rows["key"].isin(record.rivals)]
    best = own.drop_duplicates(["input", "features"])
    order = {name: index for index, name in enumerate(dict.fromkeys(own["input"]))}
    return best.sort_values("input", key=lambda names: names.map(order), kind="stable")


def draw_framing(record):
    """Draw cross-validation, both swaps and test side by side, with the gap: Figure.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    figure : Figure
    """
    best = best_of_each(record)
    chart = AucChart(best[list(STAGES)].to_numpy().ravel(), top=37.0, bars=False)
    chart.add_legend(*((shape, name == "test", name) for shape, name in STAGES.values()))
    chart.add_values_title("gap")
    current, description = None, []
    for _, row in best.iterrows():
        if row["input"] != current:
            current = row["input"]
            chart.add_heading(f"{current} images")
        aucs = {stage: row[stage] for stage in STAGES if not math.isnan(row[stage])}
        gap = signed(row["test_auc"] - row["cv_auc"])
        chart.add_row(
            short_name(row["key"]),
            gap,
            name_kind(row["key"]),
            [
                (auc, STAGES[stage][0], stage == "test_auc", STAGES[stage][1])
                for stage, auc in aucs.items()
            ],
            span=(min(aucs.values()), max(aucs.values())),
        )
        words = ", ".join(f"{STAGES[stage][1]} {decimal(auc)}" for stage, auc in aucs.items())
        description.append(f"{full_name(row['key'])}: {words}, gap {gap}")
    title = "AUC in cross-validation, in both swaps, and on the test images"
    svg = chart.draw("framing-figure", title, f"{'; '.join(description)}.")
    caption = (
        "For each input and features the model that ranks first. The gap is the test AUC less the "
        "AUC in cross-validation."
    )
    return Figure("AUC in validation and test", svg, caption)
