"""Differential box counting: the extremes of the grey values in each box."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def find_box_extremes(low, high, side, lows, highs):
    """Find the minimum and maximum of every box, from those of smaller boxes or of pixels.

    Larger boxes are made of smaller ones, so that the image itself is read once for all sizes. The
    boxes that a surface of grey values needs follow from the extremes (Sarkar and Chaudhuri 1994).

    Parameters
    ----------
    low, high : float32 array, shape (rows, columns)
        Minima and maxima of the smaller boxes; infinite and minus infinite where nothing counts.
    side : int
        Side of a box, in smaller boxes.
    lows, highs : float32 array, shape (rows // side, columns // side)
        Filled.

    References
    ----------
    N. Sarkar, B. B. Chaudhuri (1994). An efficient differential box-counting approach to compute
    fractal dimension of image. IEEE Transactions on Systems, Man, and Cybernetics 24(1), 115-120.
    doi:10.1109/21.259692
    """
    for row in range(lows.shape[0]):
        for column in range(lows.shape[1]):
            minimum, maximum = np.float32(np.inf), np.float32(-np.inf)
            for y in range(row * side, (row + 1) * side):
                for x in range(column * side, (column + 1) * side):
                    minimum = min(minimum, low[y, x])
                    maximum = max(maximum, high[y, x])
            lows[row, column] = minimum
            highs[row, column] = maximum
