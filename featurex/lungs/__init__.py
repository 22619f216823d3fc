"""Registration to the mean chest, and the lung region."""

from featurex.lungs.affine import compose, invert, warp_image
from featurex.lungs.align import Align
from featurex.lungs.cascade import Cascade, load_cascade, mean_outlines
from featurex.lungs.contrast import normalize_contrast
from featurex.lungs.doubt import INVERTED, NO_LUNGS
from featurex.lungs.find import Lungs, find_lungs
from featurex.lungs.outline import fill_outlines, trace_outlines
from featurex.lungs.region import LungRegion
from featurex.lungs.registration import Registration

__all__ = [
    "INVERTED",
    "NO_LUNGS",
    "Align",
    "Cascade",
    "LungRegion",
    "Lungs",
    "Registration",
    "compose",
    "fill_outlines",
    "find_lungs",
    "invert",
    "load_cascade",
    "mean_outlines",
    "normalize_contrast",
    "trace_outlines",
    "warp_image",
]
