"""Everything IBSI defines for a flat region, in one pass over its grey levels."""

import numpy as np

from featurex.checks import check_choice, check_integer, check_sequence
from featurex.features.base import Statistic
from featurex.features.discretise import check_discretisation
from featurex.features.glcm import GLCM
from featurex.features.gldzm import GLDZM
from featurex.features.glrlm import GLRLM
from featurex.features.glszm import GLSZM
from featurex.features.intensity import IntensityHistogram, IntensityStatistics
from featurex.features.levels import RegionExtractor
from featurex.features.ngldm import NGLDM
from featurex.features.ngtdm import NGTDM
from featurex.features.region import Region, check_resegment

_LEVELS = "levels", "width", "limits"
# Each family with the parameters that it takes from Radiomics.
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
# The maximal correlation is not IBSI's, and slower than all other properties together.
_PROPERTIES = tuple(
    statistic.name for statistic in GLCM.statistics if statistic.name != "maximal_correlation"
)


class Radiomics(RegionExtractor):
    """The radiomics of a region: grey values and textures as IBSI defines them.

    The values are those of its member families one by one, but levels are made only once. It
    describes a lung, a lesion or any other region as a whole; `GLCM` describes zone by zone.

    Parameters
    ----------
    families : sequence of str
        The members: any of intensity, histogram, glcm, glrlm, glszm, gldzm, ngtdm and ngldm;
        columns follow their order.
    levels : int or None
        Number of grey levels of equal width, 2 to 256; None without a width: the image holds levels
        from 1 on already.
    width : float or None
        Width of a level in grey values, in place of their number.
    limits : "region", "dtype" or (low, high)
        The grey values between which the levels lie: the region's smallest and largest, those of
        the image's type, or stated ones.
    distance : int
        Distance of two pixels in GLCM, and reach of the neighbourhood in NGTDM and NGLDM, pixels, 1
        to 8.
    difference : int
        By how many levels a neighbour may differ in NGLDM, 0 to 255; IBSI's alpha.
    aggregate : "average" or "merge"
        How GLCM and GLRLM combine the four directions: by the mean of their values, or by the value
        of the sum of their matrices.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    resegment : (low, high) or None
        The grey values that count (IBSI's re-segmentation by range, USB3); None counts all. See
        `GLDZM` for what it means for distances.

    Notes
    -----
    `transform` aggregates as IBSI does by slice (2D): without merging directions (BTW3, "average")
    or with (SUJT, "merge"). `transform_volumes` joins the slices of a volume (2.5D): by direction
    (JJUI, "average") or all (ZW7Z, "merge"). Grey values of the family intensity are those of the
    image, in its units; all others see levels. Without a region the whole image is taken.

    References
    ----------
    A. Zwanenburg et al. (2020). The image biomarker standardization initiative. Radiology 295(2),
    328-338. doi:10.1148/radiol.2020191145

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import Radiomics
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> radiomics = Radiomics(("intensity", "ngtdm"), levels=None).fit(levels)
    >>> radiomics.get_feature_names_out()[[0, -1]]
    array(['radiomics_intensity_mean', 'radiomics_ngtdm_strength_d1'],
          dtype=object)
    >>> radiomics.transform(levels)[0, [0, -1]].round(3)
    array([2.   , 1.333], dtype=float32)
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
        resegment=None,
    ):
        self.families = families
        self.levels = levels
        self.width = width
        self.limits = limits
        self.distance = distance
        self.difference = difference
        self.aggregate = aggregate
        self.size = size
        self.resegment = resegment

    def _check(self):
        check_resegment(self.resegment)
        check_sequence("families", self.families, check_choice, allowed=tuple(_EXTRACTORS))
        check_choice("aggregate", self.aggregate, ("average", "merge"))
        check_integer("distance", self.distance, 1, 8)
        check_integer("difference", self.difference, 0, 255)
        members = [(member, member._check()) for member in self._make_members()]
        return check_discretisation(self.levels, self.width, self.limits), members

    def _make_members(self):
        """Make the extractor of each chosen family; a family named twice counts once."""
        members = []
        for family in dict.fromkeys(self.families):
            extractor = _EXTRACTORS[family]
            parameters = {name: getattr(self, name) for name in _FAMILIES[extractor]}
            if extractor is GLCM:
                parameters |= {"distances": (self.distance,), "properties": _PROPERTIES, "grid": 1}
            members.append(extractor(**parameters))
        return members

    def _columns(self, shape):
        return tuple(
            f"{self.family}_{column}"
            for member in self._make_members()
            for column in member._columns(shape)
        )

    def _make_region(self, plan, image, inside):
        return Region(image, inside, plan[0], self.distance, self.resegment)

    def _describe(self, plan, region):
        _, members = plan
        return np.concatenate(
            [member._describe(member_plan, region) for member, member_plan in members]
        )
