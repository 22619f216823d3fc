"""Harmonising the appearance: the same chest looks alike, whatever device made the image."""

import cv2
import numpy as np

from featurex.checks import check_number, check_sequence
from featurex.image_step import ImageStep
from featurex.images.grey import find_white

# The coarsest band is what is left when a side has this many pixels or fewer: 7 at 224 pixels.
_COARSEST = 8
# Grey levels of 256 that are added to the standard deviation of the coarsest band, and the fraction
# of it that is added to those of the others: a flat image stays flat, and rounding is not made into
# texture.
_FLAT, _FLOOR = 2.0, 0.02
# The result spans this many standard deviations of the coarsest band on either side of its mean.
_SPAN = 2.5


class Harmonize(ImageStep):
    """Give every image the same strength of detail at every scale, and the same contrast.

    Devices and programs differ in sharpness, in how much they enhance edges, in noise and in
    contrast; between two hospitals these differ more than disease does, and textures measure them.
    The image is parted into bands, an octave each; every band is multiplied so that its standard
    deviation comes near the same part of the coarsest one's in all images; what is finer than the
    finest band is left out, as a common resolution and noise floor.

    Parameters
    ----------
    spectrum : sequence of float
        Standard deviation of each band as a fraction of the coarsest one's, from coarse to fine,
        each above 0 and up to 10. Each number adds an octave; finer octaves are left out. The
        default keeps details down to a hundredth of the side, and has the strengths of aligned
        adults' radiographs (geometric means over the Shenzhen set).
    strength : float
        How far each band is brought towards the spectrum, from 0, not at all, to 1, all the way:
        the exponent of its gain. A part of what differs is the chest, and not the device: half the
        way travels better between hospitals; all of it undoes the mere swap of devices better.

    Notes
    -----
    Use it after `Align`, so that all images show the same part of the body, and after `Equalize`,
    so that no brightness curve is left, which multiplying bands does not undo.

    The bands are those of a Laplacian pyramid, whose coarsest level has at most 8 pixels a side; so
    they are octaves of the image's side, whatever its size. Nothing is learnt from the images
    given: a single image is harmonised as well as a thousand. The result is uint8, whatever the
    type of the image: 0 and 255 lie 2.5 standard deviations of the coarsest band from the mean.
    White is what the type says, and 4,095 of uint16 images of at most 12 bits.

    Unlike the method it follows, bands are scaled by one number each and not place by place, which
    removed disease with the device; docs/elsewhere.md has the figures.

    References
    ----------
    R. H. H. M. Philipsen, P. Maduskar, L. Hogeweg, J. Melendez, C. I. Sanchez, B. van Ginneken
    (2015). Localized energy-based normalization of medical images: application to chest
    radiography. IEEE TMI 34(9), 1965-1975. doi:10.1109/TMI.2015.2418031
    P. J. Burt, E. H. Adelson (1983). The Laplacian pyramid as a compact image code. IEEE
    Transactions on Communications 31(4), 532-540. doi:10.1109/TCOM.1983.1095851

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Harmonize
    >>> y, x = np.mgrid[:64, :64]
    >>> sharp = np.uint8(2 * x + y + 20 * (x % 8 < 4))
    >>> faint = 100 + sharp // 4
    >>> one, other = Harmonize(strength=1).fit_transform([sharp, faint]).astype(int)
    >>> int(abs(sharp.astype(int) - faint).mean()), int(abs(one - other).mean()) < 8
    (30, True)
    """

    def __init__(self, spectrum=(0.706, 0.448, 0.301, 0.189), strength=0.5):
        self.spectrum = spectrum
        self.strength = strength

    def _check(self):
        spectrum = check_sequence("spectrum", self.spectrum, check_number, low=1e-3, high=10.0)
        return spectrum, check_number("strength", self.strength, 0.0, 1.0)

    def _transform_image(self, plan, index, image):
        spectrum, strength = plan
        bands, base = split_octaves(_to_grey_levels(image))
        # From coarse to fine, as the spectrum; bands beyond it are left out.
        bands = bands[::-1]
        deviation = float(base.std()) + _FLAT
        harmonized = (base - base.mean()) / deviation
        for number, band in enumerate(bands):
            harmonized = cv2.pyrUp(harmonized, dstsize=band.shape[::-1])
            if number < len(spectrum):
                gain = spectrum[number] / (float(band.std()) / deviation + _FLOOR)
                harmonized += band * np.float32(gain**strength / deviation)
        return np.rint(np.clip(0.5 + harmonized / (2 * _SPAN), 0.0, 1.0) * 255).astype(np.uint8)


def split_octaves(grey):
    """Part an image into the bands of a Laplacian pyramid.

    Parameters
    ----------
    grey : float32 array, shape (rows, columns)
        The image.

    Returns
    -------
    bands : list of float32 arrays
        From fine to coarse, each half the size of the one before.
    base : float32 array
        What is coarser, with at most 8 pixels along its shorter side.
    """
    bands = []
    while min(grey.shape) > _COARSEST:
        coarser = cv2.pyrDown(grey)
        bands.append(grey - cv2.pyrUp(coarser, dstsize=grey.shape[::-1]))
        grey = coarser
    return bands, grey


def _to_grey_levels(image):
    """Scale an image to 0 (black) to 255 (white): 8 bits as they are."""
    return image.astype(np.float32) * np.float32(255.0 / find_white(image))
