"""Section: negative controls, models that see only shortcuts."""

from featurex.report.auc_chart import AucChart
from featurex.report.names import decimal, full_name, name_kind
from featurex.report.section import Section, explain_missing
from featurex.report.svg import Figure


def make_section(record):
    """Draw the AUCs of the negative controls beside those of the chosen models.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Negative controls", "Controls"
    if not _list_controls(record):
        missing = explain_missing(record, "controls", "No negative controls were run.")
        return Section("controls", title, menu, missing=missing)
    lead = (
        "A negative control gets information that cannot show the disease, such as the border of "
        "the image. If it scores well, the images contain a shortcut that other models can use, "
        "too."
    )
    descriptions = {control.name: control.description for control in _list_controls(record)}
    return Section(
        "controls",
        title,
        menu,
        lead=lead,
        figures=(draw_controls(record),),
        values={"descriptions": descriptions},
    )


def _list_controls(record):
    return [
        control
        for control in record.info.controls
        if control.test_auc is not None and control.cv_auc is not None
    ]


def draw_controls(record):
    """Draw test and cross-validation AUCs of the chosen models and of the controls.

    Parameters
    ----------
    record : Record
        Run with negative controls.

    Returns
    -------
    figure : Figure
    """
    bars = []
    for key in record.chosen:
        row = record.row(key)
        bars.append((full_name(key), row["test_auc"], row["cv_auc"], name_kind(key)))
    bars += [
        (control.name, control.test_auc, control.cv_auc, "control")
        for control in _list_controls(record)
    ]
    chart = AucChart(auc for _, test, validation, _ in bars for auc in (test, validation))
    chart.add_legend(("circle", False, "cross-validation"))
    chart.add_values_title("test")
    for name, test, validation, style in bars:
        markers = [(validation, "circle", False, "cross-validation")]
        chart.add_row(name, decimal(test), style, markers, bar=test)
    description = "; ".join(
        f"{name}: test {decimal(test)}, cross-validation {decimal(validation)}"
        for name, test, validation, _ in bars
    )
    title = "AUC of the chosen models and of the negative controls"
    svg = chart.draw("controls-figure", title, f"{description}.")
    caption = (
        "Bars are test AUCs; 0.5 is a coin toss. The closer a control comes to the chosen models, "
        "the more of their score can be due to shortcuts. A circle far to the right of its bar is "
        "a shortcut that the training images share and the test images do not."
    )
    return Figure("AUC without information from the lungs", svg, caption)
