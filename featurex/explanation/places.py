"""Where on an image a column looks: names of columns to rectangles, contributions to a map."""

import re

import numpy as np

# Columns of zones say their row and column; of HOG blocks also the cell within the block.
_ZONE = re.compile(r"_r(\d+)_c(\d+)(?:_i(\d+)_j(\d+))?")
# Zones a side, of the groups in which columns are sampled where a model cannot be taken apart.
_COARSE = 4


def family_of(column):
    """The family of a column: what its name begins with."""
    return column.split("_", 1)[0]


def place_columns(columns):
    """The rectangle of the image that each column describes.

    Parameters
    ----------
    columns : sequence of str
        Names by the rules of `featurex.features`: ``_r02_c03`` is a zone, of as many rows and
        columns as the columns of the same name before it have.

    Returns
    -------
    places : float array, shape (n_columns, 4)
        Top, left, bottom, right as shares of the image's sides; NaN for columns of no zone.
    """
    found = [_zone(column) for column in columns]
    sides = {}
    for zone in filter(None, found):
        grid, row, column = zone
        rows, right = sides.get(grid, (0, 0))
        sides[grid] = max(rows, row + 1), max(right, column + 1)
    places = np.full((len(found), 4), np.nan)
    for index, zone in enumerate(found):
        if zone is not None:
            grid, row, column = zone
            rows, right = sides[grid]
            places[index] = row / rows, column / right, (row + 1) / rows, (column + 1) / right
    return places


def _zone(column):
    """What a column's grid is called, and its row and column there; None where it names no zone."""
    match = _ZONE.search(column)
    if match is None:
        return None
    row, across, down, right = (int(number or 0) for number in match.groups())
    return column[: match.start()], row + down, across + right


def draw_map(contributions, places, side):
    """Spread what columns add evenly over the pixels that they describe.

    Parameters
    ----------
    contributions : float array, shape (..., n_columns)
    places : float array, shape (n_columns, 4)
        See `place_columns`; columns without a place are left out.
    side : int
        Of the map, pixels.

    Returns
    -------
    heat : float array, shape (..., side, side)
        It sums to the contributions of all columns that have a place.
    """
    contributions = np.asarray(contributions, float)
    heat = np.zeros((*contributions.shape[:-1], side, side))
    placed = np.flatnonzero(~np.isnan(places[:, 0]))
    zones, which = np.unique(
        np.round(places[placed] * side).astype(int), axis=0, return_inverse=True
    )
    for number, (top, left, bottom, right) in enumerate(zones):
        bottom, right = max(bottom, top + 1), max(right, left + 1)
        total = contributions[..., placed[which.ravel() == number]].sum(axis=-1)
        heat[..., top:bottom, left:right] += (total / ((bottom - top) * (right - left)))[
            ..., None, None
        ]
    return heat


def share_inside(heat, mask):
    """The share of a map that lies in a region, whether it raises or lowers the score.

    Parameters
    ----------
    heat : float array, shape (side, side)
    mask : array of the same shape
        From 0, outside, to 1, inside.

    Returns
    -------
    share : float
        NaN where the map is 0 everywhere.
    """
    strength = np.abs(heat)
    total = strength.sum()
    return float((strength * mask).sum() / total) if total else float("nan")


def group_columns(columns, places):
    """Number columns by family and coarse zone.

    Parameters
    ----------
    columns : sequence of str
    places : float array, shape (n_columns, 4)
        See `place_columns`.

    Returns
    -------
    groups : int array, shape (n_columns,)
        0 to n_groups - 1, in the order in which they appear.
    """
    middles = np.nan_to_num(
        np.stack([places[:, [0, 2]].mean(axis=1), places[:, [1, 3]].mean(axis=1)]), nan=-1
    )
    zones = np.where(middles < 0, -1, np.minimum(middles * _COARSE, _COARSE - 1)).astype(int)
    keys = [
        (family_of(column), *zone) for column, zone in zip(columns, zones.T.tolist(), strict=True)
    ]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys])
