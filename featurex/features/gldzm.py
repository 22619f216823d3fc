"""Grey-level distance-zone matrices: how far from the border connected areas of one level lie."""

import cv2
import numpy as np

from featurex.features.glszm import list_padded_zones, zone_values
from featurex.features.levels import LevelExtractor
from featurex.features.region import Region, check_resegment
from featurex.features.size_matrices import name_statistics

STATISTICS = name_statistics(
    "0GBI MB4I S1RA K26C RUVG DKNJ A7WM KLTH VFT7 7HP3 V294 IATH VIWW QK93 7WT1 GBDU",
    "Thibault et al. 2014, doi:10.1109/TBME.2013.2284600",
)


class GLDZM(LevelExtractor):
    """Statistics of zones as in `GLSZM`: size j is a zone's distance from the border of the region.

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
    resegment : (low, high) or None
        The grey values that make zones (IBSI's re-segmentation by range, USB3); None takes all.

    Notes
    -----
    A zone's distance is that of its nearest pixel. It counts steps between pixels that share a
    side; a pixel at the border of the region, or of the image, has distance 1.

    IBSI takes zones from the intensity mask and distances from the morphological mask. The region
    that is given is the morphological mask, and `resegment` leaves its intensity mask: the holes
    that it makes are no border. A hole in the region itself is one. With a fixed `width`, IBSI lets
    levels begin at `low`: say so by limits=[low, high].

    References
    ----------
    G. Thibault, J. Angulo, F. Meyer (2014). Advanced statistical matrices for texture
    characterization: application to cell classification. IEEE Transactions on Biomedical
    Engineering 61(3), 630-637. doi:10.1109/TBME.2013.2284600

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import GLDZM
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> GLDZM(levels=None).fit_transform(levels)[0, :2].round(3)
    array([1., 1.], dtype=float32)
    """

    family = "gldzm"
    statistics = STATISTICS

    def __init__(self, levels=32, width=None, limits="region", size=None, resegment=None):
        super().__init__(levels, width, limits, size)
        self.resegment = resegment

    def _check(self):
        check_resegment(self.resegment)
        return super()._check()

    def _make_region(self, plan, image, inside):
        return Region(image, inside, plan, self._padding(), self.resegment)

    def _describe(self, plan, region):
        levels = region.pad_levels(1)
        outline = region.outline
        distances = border_distances(
            np.ones(region.image.shape, bool) if outline is None else outline
        )
        zones = list_padded_zones(levels, distances)
        return zone_values(zones[:, 0], zones[:, 2], np.count_nonzero(levels))


def border_distances(inside):
    """Count the steps from each pixel to the nearest one outside the region or the image.

    Parameters
    ----------
    inside : bool array, shape (rows, columns)
        True where a pixel belongs to the region.

    Returns
    -------
    distances : int32 array of the same shape
        0 outside, 1 at the border; a step leads to a pixel that shares a side (city-block metric).

    Examples
    --------
    >>> import numpy as np
    >>> border_distances(np.ones((3, 3), bool))
    array([[1, 1, 1],
           [1, 2, 1],
           [1, 1, 1]], dtype=int32)
    """
    # Zeros around the image make its border one of the region. A mask of 3 x 3 is exact for
    # city-block distances.
    padded = np.pad(inside, 1).astype(np.uint8)
    return cv2.distanceTransform(padded, cv2.DIST_L1, 3)[1:-1, 1:-1].astype(np.int32)
