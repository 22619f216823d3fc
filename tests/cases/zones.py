"""Zone histograms against their twin and numpy's histogram."""

import numpy as np

from featurex.features import ZoneHistogram
from tests.cases.base import Case, values_of
from tests.naive import zones as naive

_GRIDS, _BINS = (1, 2, 4), (16, 12, 8)


def _numpy(image, inside):
    """The same bins by numpy.histogram, for whole images whose zones it cuts the same way."""
    top = np.iinfo(image.dtype).max + 1
    values = []
    for grid, bins in zip(_GRIDS, _BINS, strict=True):
        rows, columns = ([-(-side * k // grid) for k in range(grid + 1)] for side in image.shape)
        for row in range(grid):
            for column in range(grid):
                zone = image[rows[row] : rows[row + 1], columns[column] : columns[column + 1]]
                values.append(np.histogram(zone, bins, (0, top))[0] / zone.size)
    return np.concatenate(values)


CASES = (
    Case(
        "zones_pyramid",
        "zones",
        values_of(ZoneHistogram(grids=_GRIDS, bins=_BINS, scale="share", size=None)),
        lambda image, inside: naive.zone_histogram(image, inside, _GRIDS, _BINS),
        peers={"numpy": _numpy},
        comparable=("numpy",),
        masked=True,
        atol=1e-7,
    ),
)
