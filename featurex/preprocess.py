"""Steps that every image takes: resizing and histogram equalisation."""

import cv2
import numpy as np

from featurex.checks import check_integer
from featurex.image_step import ImageStep
from featurex.images.resize import resize


class Preprocess(ImageStep):
    """Resize every image to one square size.

    A side that shrinks is averaged over areas, one that grows is interpolated linearly. The aspect
    ratio is given up: it predicts the label of the Kermany set (AUC .85), and no model shall see
    it. The type is kept: uint8 and uint16 stay, floating images become float32.

    Parameters
    ----------
    size : int
        Rows and columns of the result, pixels, 16 to 4096.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Preprocess
    >>> images = [np.full((40, 50), 7, np.uint8), np.full((33, 90), 9, np.uint8)]
    >>> stack = Preprocess(size=32).fit_transform(images)
    >>> stack.shape, stack.dtype, stack[:, 0, 0].tolist()
    ((2, 32, 32), dtype('uint8'), [7, 9])
    """

    def __init__(self, size=224):
        self.size = size

    def _check(self):
        return check_integer("size", self.size, 16, 4096)

    def _transform_image(self, size, index, image):
        return resize(image, size)

    def _transform_region(self, size, inside):
        return resize(inside.astype(np.float32), size) >= 0.5


class Equalize(ImageStep):
    """Equalise the histogram of every image: a grey level becomes the fraction of darker pixels.

    What is left is the order of the grey levels, which neither exposure nor the software that wrote
    the file can change. The result is uint8, whatever the type of the image.

    Notes
    -----
    Level v becomes 255 (c(v) - c0) / (n - c0), rounded, with c the cumulative count of pixels, n
    their number and c0 the count of the darkest level (Gonzalez and Woods, Digital Image
    Processing, ch. 3). 16-bit images are equalised from all their levels. A constant image becomes
    black.

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Equalize
    >>> images = np.array([[[7, 7], [8, 90]]], np.uint8)
    >>> Equalize().fit_transform(images).tolist()
    [[[0, 0], [128, 255]]]
    """

    def _transform_image(self, plan, index, image):
        if image.dtype == np.uint8:
            return cv2.equalizeHist(image) if image.min() != image.max() else np.zeros_like(image)
        return _equalize_deep(image)

    def _transform_region(self, plan, inside):
        return inside


def _equalize_deep(image):
    """Equalise an image of more than 256 levels."""
    _, inverse, counts = np.unique(image, return_inverse=True, return_counts=True)
    cumulative = np.cumsum(counts)
    span = image.size - cumulative[0]
    if span == 0:
        return np.zeros(image.shape, np.uint8)
    levels = np.rint(255.0 * (cumulative - cumulative[0]) / span).astype(np.uint8)
    return levels[inverse].reshape(image.shape)
