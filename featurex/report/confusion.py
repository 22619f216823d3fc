"""Section: confusion matrices of the chosen models on the test images."""

from markupsafe import Markup

from featurex.evaluation.metrics import confusion
from featurex.evaluation.thresholds import decide
from featurex.report.names import decimal, full_name, integer, percent
from featurex.report.section import Section
from featurex.report.svg import Figure, drawing, element, shorten, text

# Left and upper edge of the matrix, its width, and height : width of a cell.
_LEFT, _TOP, _SIDE, _RATIO = 100.0, 42.0, 230.0, 0.62
# Of more classes than this columns have numbers, and cells are square and hold counts alone.
_MOST_NAMED = 5


def make_section(record):
    """Draw the decisions of the chosen models.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    title, menu = "Decisions on the test images", "Decisions"
    if not record.chosen:
        missing = "No model was chosen in this run, so no decisions are shown."
        return Section("confusion", title, menu, missing=missing)
    figures = tuple(draw_confusion(record, key) for key in record.chosen)
    return Section("confusion", title, menu, figures=figures)


def draw_confusion(record, key):
    """Draw the counts of labels against decisions at the frozen threshold.

    Parameters
    ----------
    record : Record
        The run.
    key : str
        Key of the model.

    Returns
    -------
    figure : Figure
    """
    row, classes = record.row(key), record.classes
    labels, scores = record.scores(key)
    threshold = None if scores.ndim == 2 else row["threshold"]
    counts = confusion(labels, decide(scores, threshold), len(classes)).astype(int)
    description = "; ".join(
        f"of {counts[i].sum()} {label} images, {counts[i, j]} decided {decision}"
        for i, label in enumerate(classes)
        for j, decision in enumerate(classes)
    )
    title = f"{full_name(key)}: decisions on the test images"
    svg = drawing(
        f"confusion-{key}",
        title,
        f"{description}.",
        340,
        48 + _SIDE * _find_ratio(classes),
        *_draw_matrix(counts, classes),
    )
    rule = (
        "the class with the largest score is taken"
        if threshold is None
        else f"the threshold is {decimal(threshold)}, frozen before the test"
    )
    return Figure(full_name(key), svg, f"Accuracy {percent(row['test_accuracy'])}; {rule}.")


def _draw_matrix(counts, classes):
    named = len(classes) <= _MOST_NAMED
    side = _SIDE / len(classes)
    height = _find_ratio(classes) * side
    middle = _LEFT + _SIDE / 2
    yield text(middle, 14.0, "decision", anchor="middle", style="axis")
    yield text(8.0, 44.0 if named else 34.0, "label", style="axis")
    for i, name in enumerate(shorten(name, 12) for name in classes):
        column = name if named else str(i + 1)
        name = name if named else f"{name} {i + 1}"
        yield text(_LEFT + side * (i + 0.5), 34.0, column, anchor="middle", style="tick")
        yield text(_LEFT - 8, _TOP + 4 + height * (i + 0.5), name, anchor="end", style="tick")
        for j in range(len(classes)):
            fraction = counts[i, j] / counts[i].sum()
            yield _draw_cell(
                (_LEFT + side * j, _TOP + height * i),
                (side, height),
                counts[i, j],
                fraction,
                i == j,
                named,
            )


def _find_ratio(classes):
    """Height : width of a cell."""
    return _RATIO if len(classes) <= _MOST_NAMED else 1.0


def _draw_cell(corner, size, count, fraction, correct, named):
    (x, y), (side, height) = corner, size
    middle = x + side / 2
    # Opacities that leave the numbers readable in both colour schemes.
    box = element(
        "rect",
        x=x + 1.5,
        y=y + 1.5,
        width=side - 3,
        height=height - 3,
        rx=5,
        class_="right" if correct else "wrong",
        fill_opacity=0.08 + 0.42 * float(fraction),
    )
    if not named:
        return box + text(
            middle, y + height / 2 + 3.5, integer(count), anchor="middle", style="tick"
        )
    return Markup("").join(
        (
            box,
            text(middle, y + height / 2 + 1.0, integer(count), anchor="middle", style="count"),
            text(
                middle, y + height / 2 + 15.0, percent(fraction, 0), anchor="middle", style="share"
            ),
        )
    )
