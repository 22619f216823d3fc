"""Grey-level size-zone matrices: how large connected areas of one level are."""

import numpy as np

from featurex.errors import ParameterError
from featurex.features.discretise import MAX_LEVELS
from featurex.features.levels import LevelExtractor, pad_levels
from featurex.features.size_matrices import describe_entries, name_statistics
from featurex.kernels.glszm import label_components, merge_components

STATISTICS = name_statistics(
    "5QRC 48P8 XMSY 5GN9 5RAI HW1V YH51 J17V JNSA Y1RO 4JP3 VB3A P30P BYLV 3NSA GU8N",
    "Thibault et al. 2014, doi:10.1109/TBME.2013.2284600",
)


class GLSZM(LevelExtractor):
    """Statistics of connected components of one level (IBSI's zones): size j is a zone's area.

    The pixels of a zone touch at a side or corner. Its area is its number of pixels.

    Parameters
    ----------
    levels : int or None
        Number of grey levels of equal width, 2 to 256; None without a width: the image holds levels
        from 1 on already.
    width : float or None
        Width of a level in grey values, in place of their number.
    limits : "region", "dtype" or (low, high)
        The grey values between which the levels lie: the region's smallest and largest, those of
        the image's type, or stated ones.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    References
    ----------
    G. Thibault, J. Angulo, F. Meyer (2014). Advanced statistical matrices for texture
    characterization: application to cell classification. IEEE Transactions on Biomedical
    Engineering 61(3), 630-637. doi:10.1109/TBME.2013.2284600

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import GLSZM
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> GLSZM(levels=None).fit_transform(levels)[0, :2].round(3)
    array([0.368, 5.75 ], dtype=float32)
    """

    family = "glszm"
    statistics = STATISTICS

    def _describe(self, plan, region):
        zones = list_padded_zones(region.pad_levels(1), None)
        return zone_values(zones[:, 0], zones[:, 1], zones[:, 1].sum())


def list_zones(levels, distances=None):
    """List the zones of a region: level, number of pixels and smallest distance of each.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to at most 256 inside.
    distances : integer array of the same shape, or None
        A distance for each pixel; None stands for 0.

    Returns
    -------
    zones : int64 array, shape (n_zones, 3)
        One row for each zone.

    Raises
    ------
    ParameterError
        If `levels` break their rule, or `distances` have another shape.

    Examples
    --------
    >>> import numpy as np
    >>> list_zones(np.array([[1, 2], [2, 2]]))
    array([[1, 1, 0],
           [2, 3, 0]])
    """
    levels = pad_levels(levels, MAX_LEVELS, 1)
    shape = levels.shape[0] - 2, levels.shape[1] - 2
    if distances is not None:
        distances = np.ascontiguousarray(distances, np.int32)
        if distances.shape != shape:
            raise ParameterError(
                f"distances must have the shape of levels, {shape}, but {distances.shape} was given"
            )
    return list_padded_zones(levels, distances)


def list_padded_zones(levels, distances):
    """List zones as `list_zones` does, of levels that have zeros around them.

    Parameters
    ----------
    levels : uint8 or uint16 array, shape (rows + 2, columns + 2)
        Zeros in the outermost rows and columns.
    distances : int32 array, shape (rows, columns), or None
        A distance for each pixel; None stands for 0.

    Returns
    -------
    zones : int64 array, shape (n_zones, 3)
        As from `list_zones`.
    """
    # Each pixel may be a component, and one more is written before it is known to be none.
    limit = (levels.shape[0] - 2) * (levels.shape[1] - 2) + 1
    component_levels, sizes = np.empty(limit, levels.dtype), np.empty((limit, 2), np.uint32)
    parents = np.empty(limit, np.uint32)
    nearest = None if distances is None else np.empty(limit, np.int32)
    n = label_components(levels, distances, component_levels, sizes, nearest, parents)
    zones = np.empty((3, n), np.int64)
    nearest = None if distances is None else nearest[:n]
    n_zones = merge_components(component_levels[:n], sizes[:n], nearest, parents[:n], zones)
    return zones[:, :n_zones].T


def zone_values(levels, sizes, n_pixels):
    """Compute the statistics of zones.

    Parameters
    ----------
    levels, sizes : int array, shape (n_zones,)
        Level of each zone, and its number of pixels (or, for GLDZM, its distance).
    n_pixels : int
        Pixels of the region.

    Returns
    -------
    values : float64 array, shape (16,)
        In the order of `STATISTICS`.
    """
    return describe_entries(levels, sizes, n_pixels)[: len(STATISTICS)]
