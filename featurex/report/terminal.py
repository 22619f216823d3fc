"""The ranked table on a terminal."""

from featurex.report.table import COLUMNS
from featurex.runs import rank

# Rows that fit a screen; all of them are in rows.csv and in the report.
MOST_ROWS = 12


def ranked_table(rows, run):
    """The best rows, chosen models marked; readable from 80 columns on.

    Parameters
    ----------
    rows : pandas.DataFrame
        As in rows.csv.
    run : dict
        As in run.json.

    Returns
    -------
    table : rich.table.Table
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    chosen = [run["selection"].get("classical"), run["selection"].get("cnn")]
    ranked = rank(rows)
    keys = ranked["input"] + "/" + ranked["features"] + "/" + ranked["model"]
    shown = (ranked.index < MOST_ROWS) | keys.isin(chosen)
    columns = [column for column in COLUMNS if column.terminal]
    lines = [[column.write(row) for column in columns] for _, row in ranked[shown].iterrows()]

    title = f"{run['dataset']['name']}, {run['task']}: ranked by AUC in swapped framings, * chosen"
    caption = f"{shown.sum()} of {len(rows)} models. Research use only, not a medical device."
    table = Table(
        title=title, caption=caption, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_column("")
    table.add_column("Input, features, model", overflow="fold")
    for column, cells in zip(columns, zip(*lines, strict=True), strict=True):
        # Titles may break between words, numbers may not.
        table.add_column(
            column.title, justify="right", width=max(map(len, [*cells, *column.title.split()]))
        )
    for key, cells in zip(keys[shown], lines, strict=True):
        mark = key in chosen
        # The names that a configuration uses, so that a row can be run again.
        name = Text(key.replace("/", " "))
        table.add_row("*" if mark else "", name, *map(Text, cells), style="bold" if mark else None)
    return table
