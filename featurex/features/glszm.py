"""Grey-level size-zone matrices: how large connected areas of one level are."""

import numpy as np

from featurex.errors import ParameterError
from featurex.features.discretise import MAX_LEVELS
from featurex.features.emphasis import describe_entries, name_statistics
from featurex.features.levels import LevelExtractor, padded
from featurex.kernels.glszm import label_components, merge_components

STATISTICS = name_statistics(
    "5QRC 48P8 XMSY 5GN9 5RAI HW1V YH51 J17V JNSA Y1RO 4JP3 VB3A P30P BYLV 3NSA GU8N",
    "Thibault et al. 2014, doi:10.1109/TBME.2013.2284600",
)


class GLSZM(LevelExtractor):
    """Statistics of zones, pixels of one level that touch at a side or corner: size j is their
    number of pixels.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.

    References
    ----------
    G. Thibault, J. Angulo, F. Meyer (2014). Advanced statistical matrices for texture
    characterization: application to cell classification. IEEE Transactions on Biomedical
    Engineering 61(3), 630-637. doi:10.1109/TBME.2013.2284600
    """

    family = "glszm"
    statistics = STATISTICS

    def _describe(self, levels, n_levels):
        zones = list_framed(levels, None)
        return zone_values(zones[:, 0], zones[:, 1], zones[:, 1].sum())


def list_zones(levels, distances=None):
    """Level, number of pixels and least distance of every zone.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to at most 256 inside.
    distances : integer array of the same shape, or None
        None stands for 0.

    Returns
    -------
    zones : int64 array, shape (n_zones, 3)

    Raises
    ------
    ParameterError
        If there are other levels, or another number of distances.
    """
    levels = padded(levels, MAX_LEVELS, 1)
    rows, columns = levels.shape[0] - 2, levels.shape[1] - 2
    if distances is not None:
        distances = np.ascontiguousarray(distances, np.int32)
        if distances.shape != (rows, columns):
            raise ParameterError(
                f"distances must have the shape of levels, {(rows, columns)}, but "
                f"{distances.shape} was given"
            )
    return list_framed(levels, distances)


def list_framed(levels, distances):
    """As `list_zones`, of levels with a frame of zeros around them."""
    # Each pixel may be a part, and one more is written before it is known that it is none.
    most = (levels.shape[0] - 2) * (levels.shape[1] - 2) + 1
    kinds, sizes = np.empty(most, levels.dtype), np.empty((most, 2), np.uint32)
    parents, nearest = (
        np.empty(most, np.uint32),
        None if distances is None else np.empty(most, np.int32),
    )
    n = label_components(levels, distances, kinds, sizes, nearest, parents)
    zones = np.empty((3, n), np.int64)
    nearest = None if distances is None else nearest[:n]
    return zones[:, : merge_components(kinds[:n], sizes[:n], nearest, parents[:n], zones)].T


def zone_values(levels, sizes, n_pixels):
    """The statistics of `STATISTICS` of zones: array of shape (16,).

    Parameters
    ----------
    levels, sizes : int array, shape (n_zones,)
    n_pixels : int
        Of the region.
    """
    return describe_entries(levels, sizes, n_pixels)[: len(STATISTICS)]
