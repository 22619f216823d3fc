"""Runs of equal levels."""

import numpy as np

from featurex.kernels._jit import jit


@jit
def count_runs(levels, steps, counts):
    """Count the runs of each level and length, in every direction.

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    steps : int64 array, shape (n_directions, 2)
        Rows down and columns right of the next pixel.
    counts : int64 array, shape (n_directions, n, longest side)
        Filled.
    """
    rows, columns = levels.shape
    counts[:] = 0
    for k in range(steps.shape[0]):
        down, right = steps[k, 0], steps[k, 1]
        for row in range(rows):
            for column in range(columns):
                level = levels[row, column]
                if level == 0:
                    continue
                y, x = row - down, column - right
                if 0 <= y < rows and 0 <= x < columns and levels[y, x] == level:
                    continue
                # A run begins here: it is walked once, so that every pixel is seen twice in all.
                length = 0
                y, x = row, column
                while 0 <= y < rows and 0 <= x < columns and levels[y, x] == level:
                    length += 1
                    y += down
                    x += right
                counts[k, np.int64(level) - 1, length - 1] += 1
