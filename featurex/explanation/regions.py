"""Regions of a chest as radiologists name them, on an image whose lungs are known."""

import numpy as np

from featurex.lungs.zones import SIDES, THIRDS, cut_thirds

OUTSIDE = "outside the lungs"


def name_regions(labels):
    """Cut an image into the zones of both lungs, what lies between them, and the rest.

    Parameters
    ----------
    labels : uint8 array, shape (rows, columns)
        1 in the patient's right lung, 2 in the left, 0 elsewhere; see `featurex.lungs.Lungs`.

    Returns
    -------
    regions : dict of str to bool array
        Every pixel is in exactly one; zones are thirds of each lung's height. A region may be
        empty.
    """
    regions = {}
    for label, side in enumerate(SIDES, start=1):
        for third, zone in zip(THIRDS, cut_thirds(labels == label), strict=True):
            regions[f"{third} zone of the {side} lung"] = zone
    between = _between(labels)
    return {**regions, "heart and mediastinum": between, OUTSIDE: (labels == 0) & ~between}


def _between(labels):
    """Find the pixels with the right lung to their left and the left lung to their right."""
    after_right = np.maximum.accumulate(labels == 1, axis=1)
    before_left = np.maximum.accumulate((labels == 2)[:, ::-1], axis=1)[:, ::-1]
    return after_right & before_left & (labels == 0)
