"""Grey-level distance-zone matrices: how far from the border connected areas of one level lie."""

import cv2
import numpy as np

from featurex.features.discretise import within
from featurex.features.emphasis import name_statistics
from featurex.features.glszm import list_framed, zone_values
from featurex.features.levels import LevelExtractor

STATISTICS = name_statistics(
    "0GBI MB4I S1RA K26C RUVG DKNJ A7WM KLTH VFT7 7HP3 V294 IATH VIWW QK93 7WT1 GBDU",
    "Thibault et al. 2014, doi:10.1109/TBME.2013.2284600",
)


class GLDZM(LevelExtractor):
    """Statistics of zones as in `GLSZM`: size j is the least distance of a zone to the border of
    the region.

    Parameters
    ----------
    levels, width, limits, size
        See `featurex.features.levels.LevelExtractor`.

    Notes
    -----
    The distance counts steps between sides of pixels; a pixel at the border of the region, or of
    the image, has 1.

    References
    ----------
    G. Thibault, J. Angulo, F. Meyer (2014). Advanced statistical matrices for texture
    characterization: application to cell classification. IEEE Transactions on Biomedical
    Engineering 61(3), 630-637. doi:10.1109/TBME.2013.2284600
    """

    family = "gldzm"
    statistics = STATISTICS

    def _describe(self, levels, n_levels):
        zones = list_framed(levels, border_distances(within(levels, 1) > 0))
        return zone_values(zones[:, 0], zones[:, 2], np.count_nonzero(levels))


def border_distances(inside):
    """Steps to the nearest pixel outside, beyond the image included.

    Parameters
    ----------
    inside : bool array, shape (rows, columns)

    Returns
    -------
    distances : int32 array of the same shape
    """
    rows, columns = inside.shape
    framed = np.zeros((rows + 2, columns + 2), np.uint8)
    framed[1:-1, 1:-1] = inside
    return cv2.distanceTransform(framed, cv2.DIST_L1, 3)[1:-1, 1:-1].astype(np.int32)
