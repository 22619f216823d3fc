"""Grey-level co-occurrence matrices: how often two levels lie side by side."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from featurex.checks import check_boolean, check_choice, check_integer, check_sequence
from featurex.features.base import Extractor, Statistic
from featurex.features.cooccurrence import count_pairs_of_images, describe_counts
from featurex.features.discretise import Discretisation, check_discretisation, discretise
from featurex.features.grid import zone_edges, zone_names
from featurex.features.offsets import ANGLES, list_distinct_offsets
from featurex.features.region import Region

_HARALICK = "Haralick et al. 1973, doi:10.1109/TSMC.1973.4309314"
STATISTICS = (
    Statistic("contrast", "sum_ij p_ij (i - j)^2", f"IBSI ACUI; {_HARALICK}"),
    Statistic("dissimilarity", "sum_ij p_ij |i - j|", "IBSI 8S9J, TF7R (difference average)"),
    Statistic(
        "homogeneity",
        "sum_ij p_ij / (1 + (i - j)^2)",
        f"IBSI WF0Z (inverse difference moment); {_HARALICK}",
    ),
    Statistic("asm", "sum_ij p_ij^2", f"IBSI 8ZQL (angular second moment); {_HARALICK}"),
    Statistic("energy", "sqrt(asm)", "scikit-image"),
    Statistic(
        "correlation",
        "sum_ij p_ij (i - m_i)(j - m_j) / (s_i s_j); 1 if constant",
        f"IBSI NI2N; {_HARALICK}",
    ),
    Statistic("entropy", "-sum_ij p_ij log2 p_ij", f"IBSI TU9B (joint entropy); {_HARALICK}"),
    Statistic("shade", "sum_ij p_ij (i + j - m_i - m_j)^3", "IBSI 7NFM (cluster shade)"),
    Statistic("prominence", "sum_ij p_ij (i + j - m_i - m_j)^4", "IBSI AE86 (cluster prominence)"),
    Statistic("joint_maximum", "max_ij p_ij", "IBSI GYBY"),
    Statistic("joint_average", "m_i = sum_ij p_ij i", "IBSI 60VM"),
    Statistic(
        "joint_variance",
        "s_i^2 = sum_ij p_ij (i - m_i)^2",
        f"IBSI UR99; {_HARALICK} (sum of squares)",
    ),
    Statistic("difference_variance", "sum_k d_k (k - dissimilarity)^2", f"IBSI D3YU; {_HARALICK}"),
    Statistic("difference_entropy", "-sum_k d_k log2 d_k", f"IBSI NTRS; {_HARALICK}"),
    Statistic("sum_average", "sum_k s_k k", f"IBSI ZGXS; {_HARALICK}"),
    Statistic(
        "sum_variance",
        "sum_k s_k (k - sum_average)^2",
        f"IBSI OEEB, DG8W (cluster tendency); {_HARALICK}",
    ),
    Statistic("sum_entropy", "-sum_k s_k log2 s_k", f"IBSI P6QZ; {_HARALICK}"),
    Statistic("inverse_difference", "sum_k d_k / (1 + k)", "IBSI IB1Z"),
    Statistic(
        "inverse_difference_normalized", "sum_k d_k / (1 + k / N), N the highest level", "IBSI NDRX"
    ),
    Statistic(
        "homogeneity_normalized", "sum_k d_k / (1 + k^2 / N^2), N the highest level", "IBSI 1QCO"
    ),
    Statistic("inverse_variance", "sum_(k > 0) d_k / k^2", "IBSI E8JP"),
    Statistic("autocorrelation", "sum_ij p_ij i j", "IBSI QWB0"),
    Statistic(
        "information_1", "(H - H1) / max(H_i, H_j); 0 if constant", f"IBSI R8DG; {_HARALICK}"
    ),
    Statistic("information_2", "sqrt(1 - exp(-2 (H_i + H_j - H)))", f"IBSI JN9H; {_HARALICK}"),
    Statistic(
        "maximal_correlation",
        "second singular value of p_ij / sqrt(p_i p_j); 1 if constant",
        _HARALICK,
    ),
)
_NAMES = tuple(statistic.name for statistic in STATISTICS)
# Counters that fit the L2 cache.
_COUNTERS = 2**18


class _Plan(NamedTuple):
    """What `GLCM` computes from its parameters.

    Parameters
    ----------
    discretisation : Discretisation
        How grey values become levels.
    offsets : int64 array, shape (n_offsets, 2)
        The offsets that differ.
    positions : list of int
        The offset of each distance's directions.
    selected : list of int
        The selected properties' positions in `STATISTICS`.
    normalizes : bool
        Whether one of them depends on the number of levels.
    """

    discretisation: Discretisation
    offsets: np.ndarray
    positions: list
    selected: list
    normalizes: bool


class GLCM(Extractor):
    """Properties of grey-level co-occurrence matrices, for the zones of a grid.

    Coarse and fine texture: vessels, ribs and air make contrast, consolidation takes it away.

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
    distances : sequence of int
        Distances of the two pixels, 1 to 64.
    angles : sequence of int
        Directions, degrees: 0, 45, 90, 135.
    diagonal : "square" or "circle"
        Where the neighbour lies at 45 and 135 degrees: (d, d) away as for Haralick, mahotas and
        IBSI, or at a distance of about d, rounded to a pixel, as for scikit-image.
    symmetric : bool
        Whether a pair counts in both directions.
    aggregate : "none", "average" or "merge"
        One value for each direction, the mean of the directions' values, or the value of the sum of
        their matrices.
    properties : sequence of str
        Which of the statistics, in this order.
    grid : int
        Zones along each side of the image, 1 to 32; each is taken as an image of its own.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.

    Notes
    -----
    Only pairs with both pixels in the region count. A zone without any pair has the properties of a
    matrix of zeros: 0, and correlation 1.

    N in the normalised properties is the highest level in the region or zone, empty ones below it
    included (IBSI's N_g): with limits of the region that is `levels`, with stated limits or those
    of the type it may be fewer.

    References
    ----------
    R. M. Haralick, K. Shanmugam, I. Dinstein (1973). Textural features for image classification.
    IEEE Transactions on Systems, Man, and Cybernetics 3(6), 610-621. doi:10.1109/TSMC.1973.4309314
    A. Zwanenburg et al. (2020). The Image Biomarker Standardisation Initiative. Radiology 295,
    328-338. doi:10.1148/radiol.2020191145

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import GLCM
    >>> levels = np.array([[[1, 1, 2], [3, 2, 2], [3, 3, 1]]], np.uint8)
    >>> glcm = GLCM(None, distances=(1,), angles=(0,), grid=1, size=None).fit(levels)
    >>> glcm.get_feature_names_out()[0]
    'glcm_contrast_d01_a000_r00_c00'
    >>> glcm.transform(levels)[0, :2].round(3)
    array([1.   , 0.667], dtype=float32)
    """

    family = "glcm"
    statistics = STATISTICS
    drawing = "The first property of every zone, at the first distance and direction."

    def __init__(
        self,
        levels=8,
        width=None,
        limits="dtype",
        distances=(1, 2, 4),
        angles=(0, 45, 90, 135),
        diagonal="square",
        symmetric=True,
        aggregate="none",
        properties=("contrast", "dissimilarity", "homogeneity", "asm", "correlation", "entropy"),
        grid=4,
        size=96,
    ):
        self.levels = levels
        self.width = width
        self.limits = limits
        self.distances = distances
        self.angles = angles
        self.diagonal = diagonal
        self.symmetric = symmetric
        self.aggregate = aggregate
        self.properties = properties
        self.grid = grid
        self.size = size

    def _check(self):
        check_boolean("symmetric", self.symmetric)
        check_choice("diagonal", self.diagonal, ("square", "circle"))
        check_choice("aggregate", self.aggregate, ("none", "average", "merge"))
        distances = check_sequence("distances", self.distances, check_integer, low=1, high=64)
        angles = check_sequence("angles", self.angles, check_choice, allowed=tuple(ANGLES))
        selected = check_sequence("properties", self.properties, check_choice, allowed=_NAMES)
        discretisation = check_discretisation(self.levels, self.width, self.limits)
        offsets, positions = list_distinct_offsets(distances, angles, self.diagonal)
        normalizes = any(name.endswith("_normalized") for name in selected)
        places = [_NAMES.index(name) for name in selected]
        return _Plan(discretisation, offsets, positions, places, normalizes)

    def _columns(self, shape):
        directions = (
            [f"a{angle:03d}" for angle in self.angles]
            if self.aggregate == "none"
            else [self.aggregate]
        )
        return tuple(
            f"glcm_{name}_d{distance:02d}_{direction}_{zone}"
            for zone in zone_names(self.grid)
            for distance in self.distances
            for direction in directions
            for name in self.properties
        )

    def _fill(self, plan, image, inside, out):
        if self.grid == 1:
            out[:] = self._describe(plan, Region(image, inside, plan.discretisation))
            return
        levels, n_levels = discretise(plan.discretisation, image, inside)
        rows, columns = (zone_edges(side, self.grid).tolist() for side in levels.shape)
        zones = [
            levels[top:bottom, left:right]
            for top, bottom in pairwise(rows)
            for left, right in pairwise(columns)
        ]
        values = out.reshape(len(zones), -1)
        if not plan.normalizes:
            self._fill_zones(plan, zones, n_levels, values)
            return
        # Each zone is a region of its own, whose highest level is IBSI's number of levels.
        highest = np.array([max(int(zone.max()), 1) for zone in zones])
        for n_levels in np.unique(highest):
            chosen = np.flatnonzero(highest == n_levels)
            part = np.empty((len(chosen), values.shape[1]), values.dtype)
            self._fill_zones(plan, [zones[index] for index in chosen], int(n_levels), part)
            values[chosen] = part

    def _fill_zones(self, plan, zones, n_levels, values):
        """Write the values of zones of about one size, a row each."""
        # As many zones in one call as the cache holds: of small zones, calls take most of the time.
        n_at_a_time = max(1, _COUNTERS // (len(plan.offsets) * (n_levels + 1) ** 2))
        for first in range(0, len(zones), n_at_a_time):
            part = zones[first : first + n_at_a_time]
            values[first : first + n_at_a_time] = self._describe_zones(plan, part, n_levels)

    def _draw(self, plan, image):
        values = np.empty(len(self._columns(image.shape)), self.dtype)
        self._fill(plan, image, None, values)
        return values.reshape(self.grid, self.grid, -1)[:, :, 0]

    def _describe(self, plan, region):
        """Return the values of one region, as the members of `Radiomics` do."""
        return self._describe_zones(plan, [region.pad_levels(0)], region.highest_level)[0]

    def _describe_zones(self, plan, zones, n_levels):
        """Return each zone's values by distance, direction and property: (n_zones, n_values)."""
        counts = count_pairs_of_images(zones, n_levels, plan.offsets, self.symmetric)
        shape = len(zones), len(self.distances), len(self.angles)
        table = counts.shape[2:]
        if self.aggregate == "merge":
            counts = counts[:, plan.positions].reshape(*shape, *table)
            # NumPy would add in 64 bits, for which the kernels would be compiled once more.
            counts = counts.sum(axis=2, dtype=np.uint32)
        values = describe_counts(counts.reshape(-1, *table), self.symmetric, plan.selected)
        values = values.reshape(len(zones), -1, len(plan.selected))
        if self.aggregate != "merge":
            values = values[:, plan.positions]
        if self.aggregate == "average":
            values = values.reshape(*shape, -1).mean(axis=2)
        return values.reshape(len(zones), -1)
