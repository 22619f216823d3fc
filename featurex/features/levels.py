"""What all families that count grey levels have in common: the discretisation."""

from featurex.checks import check_integer
from featurex.features.base import Extractor, resized
from featurex.features.discretise import check_discretisation, discretise


class LevelExtractor(Extractor):
    """Base of the families that count grey levels: discretises, and names the columns.

    A subclass implements ``_describe(levels, n_levels)``, the values in the order of its statistics.

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
        return tuple(f"{self.family}_{statistic.name}{self._suffix()}" for statistic in self.statistics)

    def _suffix(self):
        """What tells columns of other parameters apart, with a leading underscore; "" for a family without."""
        return ""

    def _fill(self, plan, image, inside, out):
        out[:] = self._describe(*discretise(plan, *resized(image, inside, self.size)))

    def _describe(self, levels, n_levels):
        raise NotImplementedError
