"""The ranked table on a terminal."""

from featurex.report.record import rank
from featurex.report.table import COLUMNS, TEXTS

# Rows that fit a screen; all of them are in rows.csv and in the report.
MOST_ROWS = 12


def ranked_table(rows, run):
    """The best rows, chosen models marked.

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
    from rich.table import Table
    from rich.text import Text

    selection = run["selection"]
    chosen = (selection.get("classical"), selection.get("cnn"))
    title = f"{run['dataset']['name']}, {run['task']}: chosen by AUC in swapped framings (*)"
    table = Table(title=title, caption="Research use only, not a medical device.")
    columns = [column for column in COLUMNS if column.terminal]
    table.add_column("")
    for column in columns:
        table.add_column(column.title, justify="left" if column.source in TEXTS else "right")
    ranked = rank(rows)
    keys = ranked["input"] + "/" + ranked["features"] + "/" + ranked["model"]
    shown = (ranked.index < MOST_ROWS) | keys.isin([key for key in chosen if key])
    for key, (_, row) in zip(keys[shown], ranked[shown].iterrows(), strict=True):
        mark = "*" if key in chosen else ""
        table.add_row(mark, *(Text(column.write(row)) for column in columns), style="bold" if mark else None)
    if not shown.all():
        table.caption = f"{shown.sum()} of {len(rows)} rows; the others are in the report. {table.caption}"
    return table
