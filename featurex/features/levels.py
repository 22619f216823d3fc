"""What all families that count grey levels have in common: the discretisation."""

import numpy as np

from featurex.checks import check_integer
from featurex.errors import ParameterError
from featurex.features.base import Extractor, cropped, resized
from featurex.features.discretise import MAX_LEVELS, check_discretisation, discretise, frame, within


class LevelExtractor(Extractor):
    """Base of the families that count grey levels: discretises, and names the columns.

    A subclass implements ``_describe(levels, n_levels)``, the values in the order of its
    statistics, of levels in a frame of zeros that is as wide as ``_border()`` says.

    Parameters
    ----------
    levels, width, limits
        Grey-level discretisation; see `featurex.features.discretise.Discretisation`.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    """

    def __init__(self, levels=32, width=None, limits="region", size=None):
        self.levels = levels
        self.width = width
        self.limits = limits
        self.size = size

    def _check(self):
        if self.size is not None:
            check_integer("size", self.size, 4, 4096)
        return check_discretisation(self.levels, self.width, self.limits)

    def _columns(self, shape):
        return tuple(
            f"{self.family}_{statistic.name}{self._suffix()}" for statistic in self.statistics
        )

    def _width(self, shape):
        return len(self.statistics)

    def _suffix(self):
        """What tells columns of other parameters apart, with a leading underscore; "" for a family
        without.
        """
        return ""

    def _fill(self, plan, image, inside, out):
        image, inside = cropped(*resized(image, inside, self.size))
        out[:] = self._describe(*discretise(plan, image, inside, self._border()))

    def _border(self):
        return 1

    def _describe(self, levels, n_levels):
        raise NotImplementedError


def check_levels(levels, n_levels):
    """Raise if a level is beyond the others: kernels would write outside their tables.

    Parameters
    ----------
    levels : integer array
        0 outside the region, 1 to n_levels inside.
    n_levels : int
        1 to 256.

    Returns
    -------
    levels : array
    greatest : int
        Of them.

    Raises
    ------
    ParameterError
        If `levels` or `n_levels` break their rule.
    """
    check_integer("n_levels", n_levels, 1, MAX_LEVELS)
    levels = np.asarray(levels)
    if levels.dtype.kind not in "iu" or levels.size == 0:
        raise ParameterError(
            f"levels must be an array of whole numbers, but one of {levels.dtype} and shape "
            f"{levels.shape} was given; "
            "discretise makes levels of grey values"
        )
    least = 0 if levels.dtype.kind == "u" else int(levels.min())
    greatest = int(levels.max())
    if least < 0 or greatest > n_levels:
        raise ParameterError(
            f"levels must be from 0, outside the region, to n_levels, {n_levels}, but {least} to "
            f"{greatest} were "
            "given; pass the n_levels that discretise returned with them"
        )
    return levels, greatest


def padded(levels, n_levels, border):
    """Checked levels in a frame of zeros, so that every pixel has neighbours; see `check_levels`.

    Returns
    -------
    padded : uint8 or uint16 array, shape (rows + 2 border, columns + 2 border)
    """
    levels, greatest = check_levels(levels, n_levels)
    if levels.ndim != 2:
        raise ParameterError(
            f"levels must be of shape (rows, columns), but an array of shape {levels.shape} was "
            f"given"
        )
    out = frame(levels.shape, border, greatest)
    within(out, border)[:] = levels
    return out
