"""The decimated wavelet transform as two matrix products, by definition."""

import numpy as np

_ROOT3 = np.sqrt(3)
LOW = {
    "haar": np.array([1, 1]) / np.sqrt(2),
    "db2": np.array([1 - _ROOT3, 3 - _ROOT3, 3 + _ROOT3, 1 + _ROOT3]) / (4 * np.sqrt(2)),
}


def _matrix(side, taps):
    """Filtering with `taps` and keeping every second value, as a matrix; borders mirrored."""
    matrix = np.zeros(((side + len(taps) - 1) // 2, side))
    for value in range(matrix.shape[0]):
        for tap, weight in enumerate(taps):
            place = 2 * value + 1 - tap
            while not 0 <= place < side:
                place = -1 - place if place < 0 else 2 * side - 1 - place
            matrix[value, place] += weight
    return matrix


def levels(image, wavelet, n_levels, inside=None):
    """The (horizontal, vertical, diagonal) details of each level, finest first.

    They are NaN where they are computed from any pixel outside the region.
    """
    known = np.ones(image.shape, bool) if inside is None else inside
    image = np.where(known, image, 0)
    low = LOW[wavelet]
    high = [(-1) ** (tap + 1) * low[-1 - tap] for tap in range(len(low))]
    details = []
    for _ in range(n_levels):
        down = [_matrix(image.shape[0], taps) for taps in (low, high)]
        right = [_matrix(image.shape[1], taps) for taps in (low, high)]
        bands = (
            down[1] @ image @ right[0].T,
            down[0] @ image @ right[1].T,
            down[1] @ image @ right[1].T,
        )
        image = down[0] @ image @ right[0].T
        # Every tap of these filters has a weight: what a coefficient uses, its low-pass part uses.
        used = (np.abs(matrix) > 0 for matrix in (down[0], right[0]))
        rows, columns = (matrix.astype(int) for matrix in used)
        known = rows @ ~known @ columns.T == 0
        details.append(tuple(np.where(known, band, np.nan) for band in bands))
    return details


def statistics(details, grid):
    """Logarithmic energies, then entropies, of three bands zone by zone."""
    energies, entropies = [], []
    for band in details:
        for rows in np.array_split(np.arange(band.shape[0]), _cuts(band.shape[0], grid)):
            for columns in np.array_split(np.arange(band.shape[1]), _cuts(band.shape[1], grid)):
                squares = band[np.ix_(rows, columns)].ravel() ** 2
                squares = squares[~np.isnan(squares)]
                if squares.size == 0:
                    squares = np.zeros(1)
                energies.append(np.log(squares.mean() + 1e-6))
                fractions = (
                    squares[squares > 0] / squares.sum() if squares.mean() > 1e-12 else np.ones(1)
                )
                entropies.append(
                    -(fractions * np.log(fractions)).sum() / np.log(max(squares.size, 2))
                )
    return energies + entropies


def _cuts(side, grid):
    return [-(-side * zone // grid) for zone in range(1, grid)]
