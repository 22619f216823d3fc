"""The ranked table on a terminal."""

import re

from featurex.report.names import decimal, hundredths, integer, interval
from featurex.report.results import COLUMNS
from featurex.runs import rank
from featurex.wording import count

_SHOWN = [column for column in COLUMNS if column.terminal]
# Number of rows that fit a screen; rows.csv and the report hold all.
MOST_ROWS = 12
# What a narrow terminal does without, before keys are broken: columns of rows.csv, in this order.
_DISPENSABLE = ("test_specificity", "test_sensitivity", "cv_auc", "test_accuracy", "appearance_auc")
# The same on each external set, beside the chosen ones.
MOST_EXTERNAL = 4


class Key:
    """The key of a model, which breaks behind / and + alone where a column is narrow.

    Parameters
    ----------
    key : str
        As ``--model`` and ``--save`` take it.
    """

    def __init__(self, key):
        self.key = key

    def __rich_measure__(self, console, options):
        """Return the smallest and the largest width; see `rich.measure.Measurement`."""
        from rich.measure import Measurement

        return Measurement(max(map(len, self._parts)), len(self.key))

    def __rich_console__(self, console, options):
        """Yield the lines."""
        from rich.text import Text

        lines = [""]
        for part in self._parts:
            if lines[-1] and len(lines[-1] + part) > options.max_width:
                lines.append("")
            lines[-1] += part
        yield Text("\n".join(lines))

    @property
    def _parts(self):
        return re.findall(r"[^/+ ]+[/+ ]*", self.key)


def ranked_table(rows, info, width=None):
    """Make a table of the best rows, in which the chosen models are marked.

    Parameters
    ----------
    rows : pandas.DataFrame
        As in rows.csv.
    info : featurex.runs.RunInfo
        The content of run.json.
    width : int or None
        Characters on a line of the terminal: where keys would not fit, columns are left out. None
        for all.

    Returns
    -------
    table : rich.table.Table
        Readable from 80 columns on.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    chosen, ranked = info.selection.keys, rank(rows)
    keys = ranked["input"] + "/" + ranked["features"] + "/" + ranked["model"]
    rivals = [rival.key for rival in info.rivals]
    shown = (ranked.index < MOST_ROWS) | keys.isin([*chosen, *rivals])
    columns = _choose_columns(ranked[shown], max(map(len, keys[shown])), width)

    table = Table(
        title=f"{info.dataset.name}, {info.task}: ranked by the worse swap, * chosen",
        caption=f"{shown.sum()} of {count(len(rows), 'model')}; rows.csv has all. Research use "
        "only, not a medical device.",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("")
    table.add_column("Key (--model, --save)")
    for column, cells in columns.items():
        table.add_column(column.title, justify="right", width=_measure(column, cells))
    for key, cells in zip(keys[shown], zip(*columns.values(), strict=True), strict=True):
        mark = key in chosen
        style = "bold" if mark else None
        table.add_row("*" if mark else "", Key(key), *map(Text, cells), style=style)
    for key in info.failed:
        table.add_row("", Key(key), Text("failed"), *[""] * (len(columns) - 1), style="red")
    return table


def _choose_columns(rows, longest, width):
    """Choose the columns that leave room for a key of the longest length: dict to their cells."""
    columns = {column: list(map(column.write, rows.to_dict("records"))) for column in _SHOWN}
    for source in _DISPENSABLE:
        # Each column, the mark before the key as well, has two spaces beside it.
        taken = 5 + longest + sum(_measure(*column) + 2 for column in columns.items())
        if width is None or taken <= width:
            break
        columns = {column: cells for column, cells in columns.items() if column.source != source}
    return columns


def _measure(column, cells):
    """The width of a column: titles may break between words, numbers may not."""
    return max(map(len, [*cells, *column.title.split()]))


def external_table(external, rows, info):
    """Make a table of the chosen models, and the best others, on external sets.

    Parameters
    ----------
    external : pandas.DataFrame
        As in external.csv.
    rows : pandas.DataFrame
        As in rows.csv.
    info : featurex.runs.RunInfo
        The content of run.json.

    Returns
    -------
    table : rich.table.Table
        Readable from 80 columns on.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    ranked = rank(rows)
    order = (ranked["input"] + "/" + ranked["features"] + "/" + ranked["model"]).tolist()
    own = dict(zip(order, ranked["test_auc"], strict=True))
    keys = external["input"] + "/" + external["features"] + "/" + external["model"]
    chosen = info.selection.keys
    table = Table(
        title="At another hospital: frozen models, * chosen",
        caption="external.csv and the report have all models.",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("")
    table.add_column("Set and key")
    for title in ("Home AUC", "AUC", "Interval", "Sens. %", "Spec. %", "Unlike %"):
        table.add_column(title, justify="right", max_width=11)
    for name in external["set"].unique():
        of_set = external[external["set"] == name].set_index(keys[external["set"] == name])
        rivals = [rival.key for rival in info.rivals if name in rival.external]
        for key in [key for key in order if key in (*chosen, *rivals, *order[:MOST_EXTERNAL])]:
            row = of_set.loc[key]
            cells = (
                decimal(own[key]),
                decimal(row["auc"]),
                interval(row["auc_low"], row["auc_high"]),
                hundredths(row["sensitivity"]),
                hundredths(row["specificity"]),
                hundredths(row["unlike"]),
            )
            mark = key in chosen
            table.add_row(
                "*" if mark else "",
                Key(f"{name}: {key}"),
                *map(Text, cells),
                style="bold" if mark else None,
            )
    return table


def findings_table(models, name):
    """Make a table of models and findings, the best mean first.

    Parameters
    ----------
    models : list of dict
        As from `featurex.report.findings_page.list_models`.
    name : str
        Of the data set.

    Returns
    -------
    table : rich.table.Table
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=f"{name}: test AUCs, ranked by the lower mean AUC of both swaps, * chosen",
        caption=f"{min(MOST_ROWS, len(models))} of {count(len(models), 'model')}. Research use "
        "only, not a medical device.",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("Key (--model, --save)")
    findings = [finding for finding, _, _ in models[0]["areas"]] if models else []
    for title in ("Mean swap AUC", "Mean test AUC", *findings):
        table.add_column(Text(title), justify="right", overflow="fold")
    for model in models[:MOST_ROWS]:
        areas = [f"{'* ' * chosen}{decimal(area)}" for _, area, chosen in model["areas"]]
        means = (decimal(model["swap"]), decimal(model["test"]))
        table.add_row(Key(model["key"]), *means, *areas)
    return table


def measures_table(row):
    """Make a table of one row of external.csv.

    Parameters
    ----------
    row : ExternalRow
        What frozen decisions are worth.

    Returns
    -------
    table : rich.table.Table
        Readable from 80 columns on.
    """
    from rich import box
    from rich.table import Table

    limits = interval(row.auc_low, row.auc_high)
    cells = {
        "Images": integer(row.n),
        "AUC": decimal(row.auc),
        "Interval": limits,
        "Acc. %": hundredths(row.accuracy),
        "Sens. %": hundredths(row.sensitivity),
        "Spec. %": hundredths(row.specificity),
        "Brier": decimal(row.brier),
        "Unlike %": hundredths(row.unlike),
        "Cover. %": hundredths(row.coverage),
        "Undec. %": hundredths(row.undecided),
    }
    adapted = ", columns adapted to the set" if row.adapt else ""
    table = Table(
        title=f"{row.set}: decisions at the frozen threshold{adapted}",
        caption="Research use only, not a medical device.",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for name in cells:
        table.add_column(name, justify="right")
    table.add_row(*cells.values())
    return table
