"""Local binary patterns: the variance of the samples around each pixel (VAR)."""

from typing import NamedTuple

import numpy as np

from featurex.kernels._jit import jit


class Samples(NamedTuple):
    """Where the samples of a circle lie: each is the bilinear mean of four pixels.

    Parameters
    ----------
    rows, columns : intp array, shape (points, 2)
        From the centre to the rows above and below, and to the columns to the left and right, of
        each sample; the same twice where it lies on one.
    row_shares, column_shares : float64 array, shape (points, rows or columns of the image)
        Share of the lower row, and of the right column, for each place of the centre. It is the
        same for all places but for rounding, which decides ties.
    """

    rows: np.ndarray
    columns: np.ndarray
    row_shares: np.ndarray
    column_shares: np.ndarray


@jit
def lbp_variances(padded, border, samples, variances):
    """Write the variance of the samples around every pixel.

    Parameters
    ----------
    padded : float64 array, shape (rows + 2 border, columns + 2 border)
        An image with zeros around it.
    border : int
        At least as far as the circle reaches.
    samples : Samples
    variances : float64 array, shape (rows, columns)
        (sum of squares - square of the sum / points) / points, in this order of operations and of
        samples.
    """
    rows, columns = variances.shape
    points = samples.rows.shape[0]
    for row in range(rows):
        total, squares = np.zeros(columns), np.zeros(columns)
        for i in range(points):
            left, right = samples.columns[i, 0] + border, samples.columns[i, 1] + border
            above, below = (
                padded[row + border + samples.rows[i, 0]],
                padded[row + border + samples.rows[i, 1]],
            )
            above_left, above_right = above[left : left + columns], above[right : right + columns]
            below_left, below_right = below[left : left + columns], below[right : right + columns]
            share, lower = samples.column_shares[i], samples.row_shares[i, row]
            for column in range(columns):
                top = (1 - share[column]) * above_left[column] + share[column] * above_right[column]
                bottom = (1 - share[column]) * below_left[column] + share[column] * below_right[
                    column
                ]
                value = (1 - lower) * top + lower * bottom
                total[column] += value
                squares[column] += value * value
        out = variances[row]
        for column in range(columns):
            out[column] = (squares[column] - total[column] * total[column] / points) / points
