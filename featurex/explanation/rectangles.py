"""The position on an image that a column describes: from names of columns to rectangles, from
contributions to a map.
"""

import re

import numpy as np

# Columns of zones say their row and column; of HOG blocks also the cell within the block.
_ZONE = re.compile(r"_r(\d+)_c(\d+)(?:_i(\d+)_j(\d+))?")
# Zones a side, of the groups in which columns are sampled where a model cannot be taken apart.
_COARSE = 4


def family_of(column):
    """Return the family of a column.

    Parameters
    ----------
    column : str
        A name by the rules of `featurex.features`.

    Returns
    -------
    family : str
        What the name begins with.

    Examples
    --------
    >>> family_of("hog_r02_c03_b04")
    'hog'
    """
    return column.split("_", 1)[0]


def locate_columns(columns):
    """Find the rectangle of the image that each column describes.

    Parameters
    ----------
    columns : sequence of str
        Names by the rules of `featurex.features`: ``_r02_c03`` is a zone, of as many rows and
        columns as the columns of the same name before it have.

    Returns
    -------
    rectangles : float array, shape (n_columns, 4)
        Top, left, bottom, right as fractions of the image's sides; NaN for columns of no zone.

    Examples
    --------
    >>> locate_columns(["mean_r00_c00", "mean_r00_c01", "contrast"])
    array([[0. , 0. , 1. , 0.5],
           [0. , 0.5, 1. , 1. ],
           [nan, nan, nan, nan]])
    """
    zones = [_parse_zone(column) for column in columns]
    sides = {}
    for zone in filter(None, zones):
        grid, row, column = zone
        rows, right = sides.get(grid, (0, 0))
        sides[grid] = max(rows, row + 1), max(right, column + 1)
    rectangles = np.full((len(zones), 4), np.nan)
    for index, zone in enumerate(zones):
        if zone is not None:
            grid, row, column = zone
            rows, right = sides[grid]
            rectangles[index] = row / rows, column / right, (row + 1) / rows, (column + 1) / right
    return rectangles


def _parse_zone(column):
    """Split a name into that of its grid, and row and column there; None where it names no zone."""
    match = _ZONE.search(column)
    if match is None:
        return None
    row, across, down, right = (int(number or 0) for number in match.groups())
    return column[: match.start()], row + down, across + right


def draw_map(contributions, rectangles, side):
    """Spread what columns add evenly over the pixels that they describe.

    Parameters
    ----------
    contributions : float array, shape (..., n_columns)
        What each column adds; leading axes are images.
    rectangles : float array, shape (n_columns, 4)
        See `locate_columns`; columns without one are left out.
    side : int
        Side of the map, pixels.

    Returns
    -------
    heat : float array, shape (..., side, side)
        It sums to the contributions of all columns that have a rectangle.

    Examples
    --------
    >>> draw_map([4.0, -2.0], np.array([[0, 0, 0.5, 0.5], [0.5, 0, 1, 1]]), side=4)
    array([[ 1.  ,  1.  ,  0.  ,  0.  ],
           [ 1.  ,  1.  ,  0.  ,  0.  ],
           [-0.25, -0.25, -0.25, -0.25],
           [-0.25, -0.25, -0.25, -0.25]])
    """
    contributions = np.asarray(contributions, float)
    heat = np.zeros((*contributions.shape[:-1], side, side))
    located = np.flatnonzero(~np.isnan(rectangles[:, 0]))
    zones, which = np.unique(
        np.round(rectangles[located] * side).astype(int), axis=0, return_inverse=True
    )
    for number, (top, left, bottom, right) in enumerate(zones):
        bottom, right = max(bottom, top + 1), max(right, left + 1)
        total = contributions[..., located[which.ravel() == number]].sum(axis=-1)
        heat[..., top:bottom, left:right] += (total / ((bottom - top) * (right - left)))[
            ..., None, None
        ]
    return heat


def fraction_inside(heat, mask):
    """Compute the fraction of a map that lies in a region, whether it raises or lowers the score.

    Parameters
    ----------
    heat : float array, shape (side, side)
        See `draw_map`.
    mask : array of the same shape
        From 0, outside, to 1, inside.

    Returns
    -------
    fraction : float
        Σ |heat| mask / Σ |heat|, 0 to 1; NaN where the map is 0 everywhere.
    """
    strength = np.abs(heat)
    total = strength.sum()
    return float((strength * mask).sum() / total) if total else float("nan")


def group_columns(columns, rectangles):
    """Number columns by family and coarse zone.

    Parameters
    ----------
    columns : sequence of str
        Names of columns.
    rectangles : float array, shape (n_columns, 4)
        See `locate_columns`.

    Returns
    -------
    groups : int array, shape (n_columns,)
        0 to n_groups - 1, in the order in which they appear.
    """
    middles = np.nan_to_num(
        np.stack([rectangles[:, [0, 2]].mean(axis=1), rectangles[:, [1, 3]].mean(axis=1)]), nan=-1
    )
    zones = np.where(middles < 0, -1, np.minimum(middles * _COARSE, _COARSE - 1)).astype(int)
    keys = [
        (family_of(column), *zone) for column, zone in zip(columns, zones.T.tolist(), strict=True)
    ]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys])
