"""Local variance: how much the samples of a circle differ, the VAR of Ojala et al. 2002."""

from typing import NamedTuple

import numpy as np

from featurex.kernels._jit import jit


class Samples(NamedTuple):
    """Where the samples of a circle lie: each is interpolated bilinearly from four pixels.

    Parameters
    ----------
    rows : intp array, shape (points, 2)
        Offsets from the centre to the rows above and below each sample; the same twice where it
        lies on a row.
    columns : intp array, shape (points, 2)
        Offsets to the columns to its left and right.
    row_weights : float64 array, shape (points, rows of the image)
        Weight of the lower row, for each row of the centre. It is the same for all but for
        rounding, which decides ties.
    column_weights : float64 array, shape (points, columns of the image)
        Weight of the right column, for each column of the centre.
    """

    rows: np.ndarray
    columns: np.ndarray
    row_weights: np.ndarray
    column_weights: np.ndarray


@jit
def lbp_variances(padded, border, samples, variances):
    """Fill the variance of the samples around every pixel.

    It is (sum of squares - square of the sum / points) / points, in scikit-image's order of
    operations and of samples, so that it is rounded the same way.

    Parameters
    ----------
    padded : float64 array, shape (rows + 2 border, columns + 2 border)
        The image, padded with zeros.
    border : int
        Width of the padding, at least the radius of the circle.
    samples : Samples
        The circle.
    variances : float64 array, shape (rows, columns)
        Filled.

    References
    ----------
    T. Ojala, M. Pietikäinen, T. Mäenpää (2002). Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns. IEEE TPAMI 24(7), 971-987.
    doi:10.1109/TPAMI.2002.1017623
    """
    rows, columns = variances.shape
    points = samples.rows.shape[0]
    for row in range(rows):
        total, squares = np.zeros(columns), np.zeros(columns)
        for i in range(points):
            left, right = samples.columns[i, 0] + border, samples.columns[i, 1] + border
            above = padded[row + border + samples.rows[i, 0]]
            below = padded[row + border + samples.rows[i, 1]]
            above_left, above_right = above[left : left + columns], above[right : right + columns]
            below_left, below_right = below[left : left + columns], below[right : right + columns]
            weight, lower = samples.column_weights[i], samples.row_weights[i, row]
            for column in range(columns):
                right_weight = weight[column]
                left_weight = 1 - right_weight
                top = left_weight * above_left[column] + right_weight * above_right[column]
                bottom = left_weight * below_left[column] + right_weight * below_right[column]
                value = (1 - lower) * top + lower * bottom
                total[column] += value
                squares[column] += value * value
        out = variances[row]
        for column in range(columns):
            out[column] = (squares[column] - total[column] * total[column] / points) / points
