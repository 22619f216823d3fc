"""Box counts of the surface that an image's grey levels make."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def find_box_extremes(low, high, side, lows, highs):
    """Lowest and highest value of every box, from those of smaller boxes or of pixels.

    Parameters
    ----------
    low, high : float32 array, shape (rows, columns)
        Infinite and minus infinite where nothing counts.
    side : int
        Of a box, in values of `low`.
    lows, highs : float32 array, shape (rows // side, columns // side)
        Filled.
    """
    for row in range(lows.shape[0]):
        for column in range(lows.shape[1]):
            lowest, highest = np.float32(np.inf), np.float32(-np.inf)
            for y in range(row * side, (row + 1) * side):
                for x in range(column * side, (column + 1) * side):
                    lowest = min(lowest, low[y, x])
                    highest = max(highest, high[y, x])
            lows[row, column] = lowest
            highs[row, column] = highest
