"""Grey-level size-zone matrices: how large connected areas of one level are."""

import numpy as np

from featurex.features.emphasis import describe_entries, name_statistics
from featurex.features.levels import LevelExtractor
from featurex.kernels.flood import find_zones

STATISTICS = name_statistics(
    "5QRC 48P8 XMSY 5GN9 5RAI HW1V YH51 J17V JNSA Y1RO 4JP3 VB3A P30P BYLV 3NSA GU8N",
    "Thibault et al. 2014, doi:10.1109/TBME.2013.2284600",
)


class GLSZM(LevelExtractor):
    """Statistics of zones, pixels of one level that touch at a side or corner: size j is their number of pixels.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.

    References
    ----------
    G. Thibault, J. Angulo, F. Meyer (2014). Advanced statistical matrices for texture characterization: application
    to cell classification. IEEE Transactions on Biomedical Engineering 61(3), 630-637. doi:10.1109/TBME.2013.2284600
    """

    family = "glszm"
    statistics = STATISTICS

    def _describe(self, levels, n_levels):
        zones = list_zones(levels, np.zeros(levels.shape, np.int64))
        return zone_values(zones[:, 0], zones[:, 1], (levels > 0).sum())


def list_zones(levels, distances):
    """Level, number of pixels and least distance of every zone: int64 array, shape (n_zones, 3).

    Parameters
    ----------
    levels : uint16 array, shape (rows, columns)
        0 outside the region, 1 to n inside.
    distances : int64 array of the same shape
    """
    zones = np.empty((levels.size, 3), np.int64)
    return zones[: find_zones(levels.copy(), distances, zones)]


def zone_values(levels, sizes, n_pixels):
    """The statistics of `STATISTICS` of zones: array of shape (16,).

    Parameters
    ----------
    levels, sizes : int array, shape (n_zones,)
    n_pixels : int
        Of the region.
    """
    # Zones of one level and size are one entry: there are far fewer of them.
    width = int(sizes.max()) + 1
    places, counts = np.unique(levels * width + sizes, return_counts=True)
    return describe_entries(places // width, places % width, counts, n_pixels)[: len(STATISTICS)]
