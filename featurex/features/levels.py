"""What the families that count grey levels have in common: regions, levels, names of columns."""

import numpy as np

from featurex.checks import check_integer
from featurex.errors import ParameterError
from featurex.features.base import Extractor
from featurex.features.discretise import (
    MAX_LEVELS,
    check_discretisation,
    make_levels,
    remove_padding,
)
from featurex.features.region import Region
from featurex.features.slices import join_slices
from featurex.images.stack import iter_images


class RegionExtractor(Extractor):
    """Base of the families that describe a region as a whole.

    A subclass implements ``_describe(plan, region)``, which returns the values of a `Region` in the
    order of the family's statistics; `Radiomics` calls it with a region that its members share.
    """

    def _columns(self, shape):
        suffix = self._suffix()
        return tuple(f"{self.family}_{statistic.name}{suffix}" for statistic in self.statistics)

    def _fill(self, plan, image, inside, out):
        out[:] = self._describe(plan, self._make_region(plan, image, inside))

    def transform_volumes(self, volumes):
        """Describe volumes, each of several slices, by one row: IBSI's 2.5-D aggregation.

        Counts of all slices are added before anything is computed of them; no pair, run, zone or
        neighbourhood reaches from one slice to the next. Of values that need no neighbours the
        result is that of the volume.

        Parameters
        ----------
        volumes : list of stacks
            Each as `transform` takes it: an array, or a masked array, of shape (slices, rows,
            columns), or a list of 2-D arrays, of which each may be of another shape.

        Returns
        -------
        features : array of float32, shape (n_volumes, n_columns)
            In the columns of `transform`; a frame where `set_output` asks for one.

        Raises
        ------
        ParameterError
            As `transform` does.

        Examples
        --------
        >>> import numpy as np
        >>> from featurex import GLRLM
        >>> slices = np.array([[[1, 1, 2]], [[1, 1, 1]]], np.uint8)
        >>> runs = GLRLM(levels=None, aggregate="merge")
        >>> runs.fit(slices).transform_volumes([slices])[0, 12].round(3)
        np.float32(0.875)
        """
        prepared = self._prepare()
        joined = [
            join_slices(
                [self._prepare_image(*pair) for pair in iter_images(volume, grey=self._name_grey())]
            )
            for volume in volumes
        ]
        columns = self._name_columns(prepared, joined[0][0].shape if joined else (0, 0))
        features = np.empty((len(joined), len(columns)), self.dtype)
        for (image, inside), out in zip(joined, features, strict=True):
            self._fill(prepared.plan, image, inside, out)
        return self._put_in_container(features, columns)

    def _suffix(self):
        """Return what tells columns of other parameters apart, with a leading underscore."""
        return ""

    def _make_region(self, plan, image, inside):
        return Region(image, inside)

    def _describe(self, plan, region):
        raise NotImplementedError


class LevelExtractor(RegionExtractor):
    """Base of the families that count grey levels of a region.

    Parameters
    ----------
    levels : int or None
        Number of grey levels of equal width, 2 to 256; None without a width: the image holds levels
        from 1 on already.
    width : float or None
        Width of a level in grey values, in place of their number.
    limits : "region", "dtype" or (low, high)
        The grey values between which the levels lie: the region's smallest and largest, those of
        the image's type, or stated ones.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    """

    def __init__(self, levels=32, width=None, limits="region", size=None):
        self.levels = levels
        self.width = width
        self.limits = limits
        self.size = size

    def _check(self):
        return check_discretisation(self.levels, self.width, self.limits)

    def _make_region(self, plan, image, inside):
        return Region(image, inside, plan, self._padding())

    def _padding(self):
        """Return how many rows and columns of zeros the levels need around them."""
        return 1


def check_levels(levels, n_levels):
    """Raise an error if a level is out of range: kernels would write outside their tables.

    Parameters
    ----------
    levels : integer array of any shape
        0 outside the region, 1 to n_levels inside.
    n_levels : int
        1 to 256.

    Returns
    -------
    levels : array
        The same.
    maximum : int
        The largest level.

    Raises
    ------
    ParameterError
        If `levels` or `n_levels` break their rule.
    """
    check_integer("n_levels", n_levels, 1, MAX_LEVELS)
    levels = np.asarray(levels)
    if levels.dtype.kind not in "iu" or levels.size == 0:
        raise ParameterError(
            f"levels must be an array of integers, but one of {levels.dtype} and shape "
            f"{levels.shape} was given; discretise makes levels of grey values"
        )
    minimum = 0 if levels.dtype.kind == "u" else int(levels.min())
    maximum = int(levels.max())
    if minimum < 0 or maximum > n_levels:
        raise ParameterError(
            f"levels must be from 0, outside the region, to n_levels, {n_levels}, but {minimum} to "
            f"{maximum} were given; pass the n_levels that discretise returned with them"
        )
    return levels, maximum


def pad_levels(levels, n_levels, padding):
    """Check levels, and put zeros around them, so that every pixel has neighbours.

    Parameters
    ----------
    levels : integer array, shape (rows, columns)
        0 outside the region, 1 to n_levels inside.
    n_levels : int
        1 to 256.
    padding : int
        Rows and columns of zeros on every side.

    Returns
    -------
    padded : uint8 or uint16 array, shape (rows + 2 padding, columns + 2 padding)
        The levels within zeros.

    Raises
    ------
    ParameterError
        If `levels` or `n_levels` break their rule.
    """
    levels, maximum = check_levels(levels, n_levels)
    if levels.ndim != 2:
        raise ParameterError(
            f"levels must be of shape (rows, columns), but an array of shape {levels.shape} was "
            f"given"
        )
    padded = make_levels(levels.shape, padding, maximum)
    remove_padding(padded, padding)[:] = levels
    return padded
