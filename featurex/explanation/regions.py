"""Regions of a chest as radiologists name them, on an image whose lungs are known."""

import numpy as np

# Sides are the patient's: a film shows the right lung on its left.
_SIDES = {1: "right", 2: "left"}
_THIRDS = ("upper", "middle", "lower")
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
    for label, side in _SIDES.items():
        lung = labels == label
        rows = np.flatnonzero(lung.any(axis=1))
        edges = (
            np.linspace(rows[0], rows[-1] + 1, 4).round().astype(int)
            if len(rows)
            else np.zeros(4, int)
        )
        for third, top, bottom in zip(_THIRDS, edges[:-1], edges[1:], strict=True):
            zone = np.zeros_like(lung)
            zone[top:bottom] = lung[top:bottom]
            regions[f"{third} zone of the {side} lung"] = zone
    between = _between(labels)
    return {**regions, "heart and mediastinum": between, OUTSIDE: (labels == 0) & ~between}


def _between(labels):
    """Pixels with the right lung to their left and the left lung to their right, on the picture."""
    after_right = np.maximum.accumulate(labels == 1, axis=1)
    before_left = np.maximum.accumulate((labels == 2)[:, ::-1], axis=1)[:, ::-1]
    return after_right & before_left & (labels == 0)
