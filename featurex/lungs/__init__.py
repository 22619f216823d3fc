"""Registration to the mean chest."""

from featurex.lungs.affine import compose, invert, warp_image
from featurex.lungs.align import Align
from featurex.lungs.registration import Registration, find_map, normalize_contrast

__all__ = ["Align", "Registration", "compose", "find_map", "invert", "normalize_contrast", "warp_image"]
