"""Findings: of several things that an image may show, which does it?"""

from featurex.datasets.spelling import is_negative, plain

# What is done with findings that the labels call uncertain, -1.
POLICIES = ("omit", "negative", "positive")
# Between the findings of one cell.
SEPARATOR = "|"
_PRESENT, _ABSENT, _UNCERTAIN = ("1", "1.0", "true"), ("0", "0.0", "false"), ("-1", "-1.0")
# Columns of cells with several findings, and columns that are none.
_CELLS = ("findings", "label")
_OTHERS = ("path", "label", "subtype", "patient", "split", "source", "findings", "content")
_FACTS = ("mask", "site", "age", "sex", "view", "device")


def list_findings(dataset):
    """List the findings of a data set, each with the column that tells of it.

    Parameters
    ----------
    dataset : Dataset
        A column of 0 and 1 (-1 where the labels are uncertain) is a finding; so is each part of the
        cells A|B of the column findings, or else of the label. What is called normal, no finding or
        alike is none.

    Returns
    -------
    columns : dict of str to str
        Finding -> column: first those of columns in their order, then those of cells by name.
    """
    table, columns = dataset.table, {}
    for column in table.columns:
        values = {plain(value) for value in table[column].unique()} - {""}
        if (
            column not in (*_OTHERS, *_FACTS)
            and values <= {*_PRESENT, *_ABSENT, *_UNCERTAIN}
            and values & {*_PRESENT}
            and not is_negative(column)
        ):
            columns[column] = column
    for cells in _CELLS:
        if cells in table and table[cells].str.contains(SEPARATOR, regex=False).any():
            names = {name for cell in table[cells].unique() for name in _parts(cell)}
            columns |= {
                name: cells for name in sorted(names - set(columns)) if not is_negative(name)
            }
            break
    return columns


def split_values(dataset, column, finding, uncertain):
    """Split the values of a column into those that deny a finding and those that tell of it.

    Parameters
    ----------
    dataset : Dataset
        With the column.
    column : str
        As from `list_findings`.
    finding : str
        Its name.
    uncertain : str
        Of `POLICIES`: whether -1 counts as absent, as present, or as neither. An empty cell is
        neither.

    Returns
    -------
    absent, present : tuple of str
    """
    values = sorted(set(dataset.table[column]) - {""})
    if any(SEPARATOR in value for value in values) or column != finding:
        present = [value for value in values if finding in _parts(value)]
        absent = [value for value in values if finding not in _parts(value)]
        return tuple(absent), tuple(present)
    numbers = {
        "negative": (_ABSENT + _UNCERTAIN, _PRESENT),
        "positive": (_ABSENT, _PRESENT + _UNCERTAIN),
    }
    absent, present = numbers.get(uncertain, (_ABSENT, _PRESENT))
    return tuple(value for value in values if plain(value) in absent), tuple(
        value for value in values if plain(value) in present
    )


def _parts(cell):
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
