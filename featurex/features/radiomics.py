"""Everything IBSI defines for a flat region, in one pass over its grey levels."""

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic, cropped, resized
from featurex.features.discretise import check_discretisation, discretise, within
from featurex.features.glcm import GLCM
from featurex.features.gldzm import GLDZM
from featurex.features.glrlm import GLRLM
from featurex.features.glszm import GLSZM
from featurex.features.intensity import IntensityHistogram, IntensityStatistics
from featurex.features.ngldm import NGLDM
from featurex.features.ngtdm import NGTDM

_LEVELS = "levels", "width", "limits"
# Of each family, the parameters that it shares with all.
_FAMILIES = {
    IntensityStatistics: (),
    IntensityHistogram: _LEVELS,
    GLCM: (*_LEVELS, "aggregate"),
    GLRLM: (*_LEVELS, "aggregate"),
    GLSZM: _LEVELS,
    GLDZM: _LEVELS,
    NGTDM: (*_LEVELS, "distance"),
    NGLDM: (*_LEVELS, "distance", "difference"),
}
_EXTRACTORS = {extractor.family: extractor for extractor in _FAMILIES}
# Haralick's, not IBSI's, and slower than all others together.
_PROPERTIES = tuple(
    statistic.name for statistic in GLCM.statistics if statistic.name != "maximal_correlation"
)


class Radiomics(Extractor):
    """The radiomics of a region: grey values and textures as IBSI defines them, of levels that are
    made only once.

    What the families of that name give one by one, in less time. For a lung, a lesion or any other
    region of one film; a zone by zone description is `GLCM`'s.

    Parameters
    ----------
    families : sequence of str
        Which of intensity, histogram, glcm, glrlm, glszm, gldzm, ngtdm and ngldm, in this order.
    levels, width, limits
        Grey-level discretisation; see `featurex.features.discretise.Discretisation`.
    distance : int
        How far apart two pixels lie in GLCM, and how far neighbours reach in NGTDM and NGLDM, 1 to
        8.
    difference : int
        By how many levels a neighbour may differ in NGLDM, 0 to 255; IBSI's alpha.
    aggregate : "average" or "merge"
        Of the four directions in GLCM and GLRLM: the mean of their values, or the value of all
        together.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    IBSI's aggregations by slice (2D), without merging directions or with. Grey values of the family
    intensity are those of the image, in its units; all others see levels. Without a region the
    whole image is taken.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2),
    328-338. doi:10.1148/radiol.2020191145
    """

    family = "radiomics"
    statistics = tuple(
        Statistic(f"{family}_{name}", formula, source)
        for family, extractor in _EXTRACTORS.items()
        for name, formula, source in extractor.statistics
        if name != "maximal_correlation"
    )

    def __init__(
        self,
        families=tuple(_EXTRACTORS),
        levels=32,
        width=None,
        limits="region",
        distance=1,
        difference=0,
        aggregate="average",
        size=None,
    ):
        self.families = families
        self.levels = levels
        self.width = width
        self.limits = limits
        self.distance = distance
        self.difference = difference
        self.aggregate = aggregate
        self.size = size

    def _check(self):
        check_sequence("families", self.families, check_choice, allowed=tuple(_EXTRACTORS))
        check_choice("aggregate", self.aggregate, ("average", "merge"))
        check_integer("distance", self.distance, 1, 8)
        check_integer("difference", self.difference, 0, 255)
        if self.size is not None:
            check_integer("size", self.size, 4, 4096)
        members = [(member, member._check()) for member in self._members().values()]
        return check_discretisation(self.levels, self.width, self.limits), members

    def _members(self):
        """The extractor of each chosen family."""
        members = {}
        for family in self.families:
            extractor = _EXTRACTORS[family]
            given = {name: getattr(self, name) for name in _FAMILIES[extractor]}
            if extractor is GLCM:
                given |= {"distances": (self.distance,), "properties": _PROPERTIES, "grid": 1}
            members[family] = extractor(**given)
        return members

    def _columns(self, shape):
        return tuple(
            f"{self.family}_{column}"
            for member in self._members().values()
            for column in member._columns(shape)
        )

    def _width(self, shape):
        families = set(self.families)
        # All statistics but the maximal correlation.
        return sum(len(_EXTRACTORS[family].statistics) for family in families) - (
            GLCM.family in families
        )

    def _fill(self, plan, image, inside, out):
        discretisation, members = plan
        image, inside = cropped(*resized(image, inside, self.size))
        levels, n_levels = discretise(discretisation, image, inside, self.distance)
        near = np.ascontiguousarray(within(levels, self.distance - 1))
        start = 0
        for member, own in members:
            if member.family == IntensityStatistics.family:
                values = member._describe(image, inside)
            elif member.family == GLCM.family:
                values = member._describe(own, within(levels, self.distance), n_levels)
            else:
                values = member._describe(near if member._border() == 1 else levels, n_levels)
            out[start : start + len(values)] = values
            start += len(values)
