"""The page, and the terminal table, of several models side by side."""

import math

from markupsafe import Markup

import featurex
from featurex.report import names
from featurex.report.axes import Scale, auc_scale, marker
from featurex.report.page import render_page, write_page
from featurex.report.svg import Figure, drawing, element, shorten, text

_LEFT, _RIGHT, _ROW = 10.0, 294.0, 38.0
# p below which a difference is called beyond chance.
SIGNIFICANT = 0.05


def write_comparison(comparison, path):
    """Write the page: one file that works offline.

    Parameters
    ----------
    comparison : Comparison
    path : str or path-like

    Returns
    -------
    path : pathlib.Path

    Raises
    ------
    DataError
        If it cannot be written.
    """
    return write_page(path, render_comparison(comparison))


def render_comparison(comparison):
    """The page of a comparison: str."""
    contenders = comparison.contenders.to_dict("records")
    titles = name_contenders(comparison.contenders)
    return render_page(
        "comparison.html",
        featurex.__version__,
        comparison=comparison,
        title=names.QUESTIONS.get(comparison.task, comparison.task),
        contenders=[{**row, "title": title} for row, title in zip(contenders, titles, strict=True)],
        pairs=[
            {**row, "title_a": titles[int(row["a"])], "title_b": titles[int(row["b"])]}
            for row in comparison.pairs.to_dict("records")
        ],
        verdict=describe_comparison(comparison),
        figure_of_areas=_draw(contenders, titles),
        verdict_of=_verdict,
    )


def name_contenders(contenders):
    """What each is called: its run, where there are several, and its model."""
    several = contenders["run"].nunique() > 1
    named = []
    for row in contenders.to_dict("records"):
        parts = dict(zip(("input", "features", "model"), row["key"].split("/"), strict=True))
        named.append(
            f"{row['run']}: {names.full_name(parts)}" if several else names.full_name(parts)
        )
    return named


def describe_comparison(comparison):
    """The answer in a sentence or two."""
    contenders, titles = comparison.contenders, name_contenders(comparison.contenders)
    best = int(contenders["auc"].to_numpy().argmax())
    verdict = f"{titles[best]} has the largest AUC, {names.decimal(contenders['auc'][best])}."
    involved = comparison.pairs[(comparison.pairs["a"] == best) | (comparison.pairs["b"] == best)]
    if involved["p_adjusted"].isna().all():
        return f"{verdict} With three classes only decisions are tested."
    beaten = int((involved["p_adjusted"] < SIGNIFICANT).sum())
    if beaten == len(involved):
        return (
            f"{verdict} The lead over {'every other' if beaten > 1 else 'the other'} is beyond "
            f"what chance explains."
        )
    if beaten:
        return (
            f"{verdict} The lead over {beaten} of {len(involved)} others is beyond what chance "
            f"explains."
        )
    return (
        f"{verdict} Chance explains the lead: on these images none of the differences to it is "
        f"significant."
    )


def _verdict(p):
    return "beyond chance" if p < SIGNIFICANT else "within chance"


def _draw(contenders, titles):
    least = min(row["low"] for row in contenders)
    scale = Scale(max(0.0, math.floor(20 * least - 0.2) / 20), 1.0, _LEFT + 4, _RIGHT)
    parts, y, said = [], 4.0, []
    for row, title in zip(contenders, titles, strict=True):
        style = "learnt" if row["kind"] == "cnn" else "classical"
        low, middle, high = (float(scale(row[name])) for name in ("low", "auc", "high"))
        parts += [
            text(_LEFT, y + 12, shorten(title, 56), style="label"),
            element("line", x1=_LEFT, x2=_RIGHT, y1=y + 23, y2=y + 23, class_="grid"),
            element("line", x1=low, x2=high, y1=y + 23, y2=y + 23, class_=f"span {style}"),
            marker(middle, y + 23.0, "circle", style, names.decimal(row["auc"])),
            text(350, y + 27, names.decimal(row["auc"]), anchor="end", style="value"),
        ]
        said.append(
            f"{title}: {names.decimal(row['auc'])}, {names.decimal(row['low'])} to "
            f"{names.decimal(row['high'])}"
        )
        y += _ROW
    parts.append(auc_scale(scale, 14.0, y + 2))
    svg = drawing(
        "contenders",
        "AUC with 95 % interval",
        f"{'; '.join(said)}.",
        360,
        y + 34,
        Markup("").join(parts),
    )
    caption = (
        "On the test images that all of them scored, with the 95 % interval over patients. "
        "Intervals may overlap and "
        "the difference still be beyond chance: pairs are tested on the same images, below."
    )
    return Figure("AUC", svg, caption)


def comparison_table(comparison):
    """The contenders, readable from 80 columns on: rich.table.Table."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    title = (
        f"{comparison.task}: {comparison.n_images:,} test images of {comparison.n_patients:,} "
        f"patients"
    )
    table = Table(
        title=title,
        caption=describe_comparison(comparison),
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("#", justify="right")
    table.add_column("Run, model", overflow="fold")
    for name in ("Swap AUC", "AUC", "Interval", "Acc. %", "adj. p"):
        table.add_column(name, justify="right")
    best = int(comparison.contenders["auc"].to_numpy().argmax())
    for number, (row, name) in enumerate(
        zip(
            comparison.contenders.to_dict("records"),
            name_contenders(comparison.contenders),
            strict=True,
        )
    ):
        pair = comparison.pairs[
            comparison.pairs["a"].isin([number, best]) & comparison.pairs["b"].isin([number, best])
        ]
        p = pair["p_adjusted"].iloc[0] if number != best else math.nan
        cells = (
            names.decimal(row["swap_auc"]),
            names.decimal(row["auc"]),
            f"{names.decimal(row['low'])}–{names.decimal(row['high'])}",
            names.hundredths(row["accuracy"]),
            "best" if number == best else names.MISSING if math.isnan(p) else names.probability(p),
        )
        table.add_row(
            str(number + 1), *map(Text, (name, *cells)), style="bold" if number == best else None
        )
    return table
