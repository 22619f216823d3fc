"""The page, and the terminal table, of several models side by side."""

import math

import featurex
from featurex.report import names
from featurex.report.auc_chart import AucChart
from featurex.report.page import render_page, write_page
from featurex.report.svg import Figure
from featurex.wording import count

# Level of the tests: a difference with a smaller p is called significant.
SIGNIFICANT = 0.05


def write_comparison(comparison, path):
    """Write the page of a comparison, one file that works offline.

    Parameters
    ----------
    comparison : Comparison
        As from `featurex.runs.comparison.compare_runs`.
    path : str or path-like
        File to write.

    Returns
    -------
    path : pathlib.Path
        The file.

    Raises
    ------
    DataError
        If the page cannot be written.
    """
    return write_page(path, render_comparison(comparison))


def render_comparison(comparison):
    """Fill the page of a comparison.

    Parameters
    ----------
    comparison : Comparison
        As from `featurex.runs.comparison.compare_runs`.

    Returns
    -------
    page : str
        HTML.
    """
    contenders = comparison.contenders.to_dict("records")
    titles = name_contenders(comparison.contenders)
    return render_page(
        "comparison.html",
        featurex.__version__,
        comparison=comparison,
        title=names.TASK_TITLES.get(comparison.task, comparison.task),
        contenders=[{**row, "title": title} for row, title in zip(contenders, titles, strict=True)],
        pairs=[
            {**row, "title_a": titles[int(row["a"])], "title_b": titles[int(row["b"])]}
            for row in comparison.pairs.to_dict("records")
        ],
        conclusion=describe_comparison(comparison),
        figure_of_aucs=_draw_aucs(contenders, titles),
        describe_p=_describe_p,
    )


def name_contenders(contenders):
    """Name each model, with its run if there are several runs.

    Parameters
    ----------
    contenders : pandas.DataFrame
        Has run and key.

    Returns
    -------
    titles : list of str
    """
    several = contenders["run"].nunique() > 1
    return [
        f"{run}: {names.full_name(key)}" if several else names.full_name(key)
        for run, key in zip(contenders["run"], contenders["key"], strict=True)
    ]


def describe_comparison(comparison):
    """Describe which model has the highest AUC, and whether its lead is significant.

    Parameters
    ----------
    comparison : Comparison
        The models and the tests of their pairs.

    Returns
    -------
    sentences : str
    """
    contenders, titles = comparison.contenders, name_contenders(comparison.contenders)
    best = int(contenders["auc"].to_numpy().argmax())
    auc = names.decimal(contenders["auc"][best])
    first = f"The highest AUC, {auc}, is that of {titles[best]}."
    pairs = comparison.pairs[(comparison.pairs["a"] == best) | (comparison.pairs["b"] == best)]
    if pairs["p_adjusted"].isna().all():
        return f"{first} With three classes only the decisions are tested."
    beaten = int((pairs["p_adjusted"] < SIGNIFICANT).sum())
    if not beaten:
        return f"{first} It is not significantly higher than that of any other model."
    others = (
        f"{beaten} of {len(pairs)} other models"
        if beaten < len(pairs)
        else "every other model"
        if beaten > 1
        else "the other model"
    )
    return f"{first} It is significantly higher than that of {others}."


def _describe_p(p):
    return "significant" if p < SIGNIFICANT else "not significant"


def _draw_aucs(contenders, titles):
    """Draw the AUC of each model with its interval: Figure."""
    chart = AucChart((row["low"] for row in contenders), top=4.0, bars=False)
    description = []
    for row, title in zip(contenders, titles, strict=True):
        auc, limits = names.decimal(row["auc"]), (row["low"], row["high"])
        style = "learnt" if row["kind"] == "cnn" else row["kind"]
        chart.add_row(title, auc, style, [(row["auc"], "circle", True, "AUC")], span=limits)
        description.append(f"{title}: {auc}, {names.describe_interval(*limits)}")
    svg = chart.draw("contenders", "AUC with 95 % interval", f"{'; '.join(description)}.")
    caption = (
        "AUC on the images that all models scored, with the 95 % interval over patients. Two "
        "intervals may overlap although the difference is significant, since pairs are tested on "
        "the same images."
    )
    return Figure("AUC", svg, caption)


def comparison_table(comparison):
    """Make a table of the models.

    Parameters
    ----------
    comparison : Comparison
        The models and the tests of their pairs.

    Returns
    -------
    table : rich.table.Table
        Readable from 80 columns on.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    title = (
        f"{comparison.task}: {comparison.n_images:,} {comparison.images} of "
        f"{count(comparison.n_patients, 'patient')}"
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
    contenders = comparison.contenders
    best = int(contenders["auc"].to_numpy().argmax())
    for number, (title, (_, row)) in enumerate(
        zip(name_contenders(contenders), contenders.iterrows(), strict=True)
    ):
        cells = (
            names.decimal(row["swap_auc"]),
            names.decimal(row["auc"]),
            names.interval(row["low"], row["high"]),
            names.hundredths(row["accuracy"]),
            _write_p(comparison.pairs, number, best),
        )
        style = "bold" if number == best else None
        table.add_row(str(number + 1), *map(Text, (title, *cells)), style=style)
    return table


def _write_p(pairs, number, best):
    """Write the adjusted p of a model against the one with the highest AUC."""
    if number == best:
        return "highest"
    pair = pairs[pairs["a"].isin([number, best]) & pairs["b"].isin([number, best])]
    p = pair["p_adjusted"].iloc[0]
    return names.MISSING if math.isnan(p) else names.probability(p)
