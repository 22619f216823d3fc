"""The contributions to one image's score, laid over that image and its lungs."""

from typing import NamedTuple

import cv2
import numpy as np

from featurex.explanation.rectangles import draw_map, fraction_inside
from featurex.explanation.regions import OUTSIDE, name_regions
from featurex.images.grey import to_eight_bits
from featurex.lungs import find_lungs

# Side of a map of contributions, pixels.
MAP_SIDE = 96


class ImageMap(NamedTuple):
    """One prepared image with its lungs and the map of what raised or lowered its score.

    Parameters
    ----------
    grey : uint8 array, shape (rows, columns)
        The prepared image, as the extractors get it.
    labels : uint8 array of the same shape
        1 in the patient's right lung, 2 in the left, 0 elsewhere.
    regions : dict of str to bool array, shape (MAP_SIDE, MAP_SIDE)
        See `featurex.explanation.name_regions`.
    heat : float array, shape (MAP_SIDE, MAP_SIDE)
        Contributions to the log-odds by position; see `featurex.explanation.draw_map`.
    """

    grey: np.ndarray
    labels: np.ndarray
    regions: dict
    heat: np.ndarray

    @property
    def inside(self):
        """Fraction of the map, whether it raises or lowers the score, that lies in the lungs."""
        labels = cv2.resize(self.labels, (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_NEAREST)
        return fraction_inside(self.heat, labels > 0)

    def strongest_region(self):
        """Name the region of lungs or heart that raises the score most; None without lungs."""
        sums = {
            name: self.heat[mask].sum()
            for name, mask in self.regions.items()
            if mask.any() and name != OUTSIDE
        }
        return max(sums, key=sums.get) if sums else None


def map_image(prepared, contributions, rectangles):
    """Lay contributions over a prepared image.

    Parameters
    ----------
    prepared : array of shape (rows, columns), may be masked
        The image as the extractors get it.
    contributions : float array, shape (n_columns,)
        What each column adds to the log-odds of its score; see `featurex.explanation.explain`.
    rectangles : float array, shape (n_columns, 4)
        See `featurex.explanation.locate_columns`.

    Returns
    -------
    mapped : ImageMap
        The image, its lungs, their regions, and the map.
    """
    grey = to_eight_bits(np.ma.getdata(prepared))
    labels = find_lungs(grey).labels
    small = cv2.resize(labels, (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_NEAREST)
    heat = draw_map(contributions, rectangles, MAP_SIDE)
    return ImageMap(grey, labels, name_regions(small), heat)
