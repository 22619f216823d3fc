"""What a network is given, as columns: so that its file has the form of every other model's."""

import numpy as np

from featurex.checks import check_integer, check_sequence
from featurex.features.base import Extractor, Statistic
from featurex.images.resize import resize


class Pixels(Extractor):
    """The grey levels of an image that was made small, row by row.

    Parameters
    ----------
    sizes : sequence of int
        Sides to which it is resized, one after the other, 8 to 512: a run keeps images of the size
        of its largest network, which a smaller one makes smaller still.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex.features.pixels import Pixels
    >>> pixels = Pixels(sizes=[8]).fit(np.zeros((1, 16, 16), np.uint8))
    >>> pixels.get_feature_names_out()[[0, 9]].tolist()
    ['pixels_r000_c000', 'pixels_r001_c001']
    """

    family = "pixels"
    statistics = (Statistic("grey", "mean grey level of a square", "the image itself"),)

    def __init__(self, sizes=(64,)):
        self.sizes = sizes

    def _check(self):
        return check_sequence("sizes", self.sizes, check_integer, low=8, high=512)

    def _columns(self, shape):
        places = range(self._check()[-1])
        return tuple(f"pixels_r{row:03d}_c{column:03d}" for row in places for column in places)

    def _fill(self, plan, image, inside, out):
        # A network sees every pixel.
        for size in plan:
            image = resize(image, size)
        out[:] = np.ravel(image)
