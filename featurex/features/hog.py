"""Histograms of oriented gradients: the edges of ribs, heart and diaphragm by direction."""

import numpy as np

from featurex.checks import check_boolean, check_choice, check_integer
from featurex.compat.hog_bins import bin_edges, rounding_error
from featurex.errors import ParameterError
from featurex.features.base import Extractor, Statistic
from featurex.kernels.hog import NORMS, hog_cells, normalize_blocks


class HOG(Extractor):
    """Histograms of oriented gradients, as scikit-image defines them.

    Parameters
    ----------
    orientations : int
        Bins of 180 degrees, 1 to 64.
    cell : int
        Side of a cell, pixels.
    block : int
        Side of a block, cells. Blocks overlap: there is one for every position.
    norm : "L1", "L1-sqrt", "L2" or "L2-Hys"
        How a block is normalised; L2-Hys clips at 0.2 and normalises again.
    transform_sqrt : bool
        Whether to take the square root of the grey values before.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    A gradient is the central difference, 0 at the border. Its magnitude goes whole into the bin of
    its orientation; there is no interpolation between bins or cells, unlike in the paper. Pixels
    beyond the last whole cell are left out.

    The border of a region is like that of the image: a difference across it is 0, and so are
    gradients outside. A cell counts by its share inside, since its histogram is divided by the
    pixels of a whole cell; a block without any pixel of the region has only zeros.

    Every gradient of 8-bit images falls into the same bin as in scikit-image. It sums magnitudes in
    float32: on full-size radiographs, values differ by less than 2e-6 for cells of 16 pixels, and
    2e-5 for cells of 128. Of grey levels divided by 255, and of square roots, gradients that are on
    the edge of a bin but for rounding lie in the upper bin here, and in scikit-image in either:
    values then differ by up to 0.2.

    References
    ----------
    N. Dalal, B. Triggs (2005). Histograms of oriented gradients for human detection. CVPR.
    doi:10.1109/CVPR.2005.177

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import HOG
    >>> images = np.tile(np.arange(32, dtype=np.uint8), (1, 32, 1))
    >>> hog = HOG(orientations=4, cell=16, size=None).fit(images)
    >>> hog.get_feature_names_out()[:2]
    array(['hog_share_r00_c00_i0_j0_o00', 'hog_share_r00_c00_i0_j0_o01'],
          dtype=object)
    >>> hog.transform(images)[0, :4]
    array([0.5, 0. , 0. , 0. ], dtype=float32)
    """

    family = "hog"
    maximum_size = 8192
    drawing = "A star in every cell: a line along each edge direction, as bright as its fraction."
    statistics = (
        Statistic(
            "share",
            "v / sqrt(|v|^2 + e^2), e = 1e-5, of v = mean magnitude in a cell by orientation (L2)",
            "Dalal and Triggs 2005, doi:10.1109/CVPR.2005.177",
        ),
    )

    def __init__(
        self, orientations=9, cell=16, block=2, norm="L2-Hys", transform_sqrt=False, size=128
    ):
        self.orientations = orientations
        self.cell = cell
        self.block = block
        self.norm = norm
        self.transform_sqrt = transform_sqrt
        self.size = size

    def _check(self):
        orientations = check_integer("orientations", self.orientations, 1, 64)
        check_integer("cell", self.cell, 2, 1024)
        check_integer("block", self.block, 1, 64)
        check_choice("norm", self.norm, NORMS)
        check_boolean("transform_sqrt", self.transform_sqrt)
        return orientations

    def _minimum_size(self):
        return self.cell * self.block, ", the side of one block"

    def _columns(self, shape):
        rows, columns = self._count_cells(shape)
        return tuple(
            f"hog_share_r{row:02d}_c{column:02d}_i{i}_j{j}_o{k:02d}"
            for row in range(rows - self.block + 1)
            for column in range(columns - self.block + 1)
            for i in range(self.block)
            for j in range(self.block)
            for k in range(self.orientations)
        )

    def _fill(self, plan, image, inside, out):
        if inside is not None:
            # What lies outside must not decide about rounding.
            image = np.where(inside, image, image.dtype.type(0))
        if self.transform_sqrt:
            if image.min() < 0:
                raise ParameterError(
                    f"transform_sqrt needs grey values from 0 on, but {image.min():g} was given"
                )
            # As in scikit-image, in the precision of a floating image.
            image = np.sqrt(image if image.dtype.kind == "f" else image.astype(np.float64))
        # float32 tells quotients of differences of bytes from the edges of bins, but no others.
        sum_type = np.float32 if image.dtype == np.uint8 else np.float64
        histograms = np.empty((*self._count_cells(image.shape), plan), sum_type)
        edges, error = bin_edges(plan, sum_type), rounding_error(image)
        hog_cells(image, None, inside, self.cell, self.cell, edges, error, histograms)
        width = self.block * self.block * self.orientations
        normalize_blocks(
            histograms, self.block, self.block, NORMS.index(self.norm), out.reshape(-1, width)
        )

    def _draw(self, plan, image):
        from skimage.feature import hog as skimage_hog

        cells = (self.cell, self.cell)
        return skimage_hog(image, self.orientations, cells, (1, 1), visualize=True)[1]

    def _count_cells(self, shape):
        """Count the cells along each side of an image."""
        cells = shape[0] // self.cell, shape[1] // self.cell
        if min(cells) < self.block:
            raise ParameterError(
                f"cell={self.cell} and block={self.block} need at least {self.cell * self.block} "
                f"pixels a side, but the image has {shape[0]} x {shape[1]}; take smaller cells, or "
                f"resize the images"
            )
        return cells
