"""Intensity inside the lungs: by lung and by upper, middle and lower zone."""

import itertools

import numpy as np

from featurex.checks import check_integer, check_number, check_sequence
from featurex.features.base import Extractor, Statistic, name_number
from featurex.features.region import grey_fractions
from featurex.lungs.zones import SIDES, THIRDS, cut_thirds, split_lungs

ZONES = ("whole", *THIRDS)
_QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
# How far inside the border an edge ends, as a fraction of the lung's height.
_DEPTH = 0.06


class LungIntensity(Extractor):
    """Brightness, evenness and asymmetry of the lungs, in the zones that radiologists report.

    It needs images with a lung region (`LungRegion`), best aligned and equalised before. The region
    is divided at the column between the lungs; the one on the left of the image is the patient's
    right. Thirds of each lung's height are its upper, middle and lower zone.

    Parameters
    ----------
    bins : int
        Bins of each zone's histogram, 2 to 64.
    opaque : sequence of float
        Grey values from which a pixel counts as opaque, as fractions of the range between the
        limits.
    size : int or None
        Side to which the image is resized before, pixels; None takes it as it is.
    limits : "region", "dtype" or (low, high)
        The grey values of black and white: the region's smallest and largest, those of the image's
        type, or stated ones.

    Notes
    -----
    Grey values are fractions of the range between the limits. Without a region the whole image
    is taken for lungs. A zone without pixels has only zeros. In a radiologist's words, a high mean
    or p10 is *opacity*, a high fraction of opaque pixels in one zone *consolidation* there, a high
    deviation with a medium mean *interstitial or patchy*, asymmetry a *unilateral* finding, a high
    hilar gradient *perihilar* disease, a high basal gradient *basal* disease, a blunt edge at the
    base or the inner border a *silhouette sign* of diaphragm or heart, and a large width between
    the lungs a *large heart* or mediastinum.

    References
    ----------
    B. Felson, H. Felson (1950). Localization of intrathoracic lesions by means of the
    postero-anterior roentgenogram: the silhouette sign. Radiology 55(3), 363-374.
    doi:10.1148/55.3.363

    Examples
    --------
    >>> import numpy as np
    >>> from featurex import LungIntensity
    >>> inside = np.ones((1, 32, 32), bool)
    >>> inside[:, :, 12:20] = False
    >>> images = np.ma.masked_array(np.full((1, 32, 32), 51, np.uint8), ~inside)
    >>> lung = LungIntensity(size=None).fit(images)
    >>> lung.get_feature_names_out()[0]
    'lung_mean_right_whole'
    >>> lung.transform(images)[0, :2].round(3)
    array([0.2, 0. ], dtype=float32)
    """

    family = "lung"
    takes_fractions = True
    drawing = "The image as the statistics count it."
    statistics = (
        Statistic("mean", "sum x / n", "IBSI Q4LE, by lung and zone"),
        Statistic(
            "std", "sqrt(sum (x - mean)^2 / n)", "square root of IBSI ECT3, by lung and zone"
        ),
        Statistic("p10", "10th percentile", "IBSI QG58, by lung and zone"),
        Statistic("p50", "median", "IBSI Y12H, by lung and zone"),
        Statistic("p90", "90th percentile", "IBSI 8DWT, by lung and zone"),
        Statistic(
            "opaque", "fraction of pixels with x >= the level", "opacity fraction, by lung and zone"
        ),
        Statistic("root", "sqrt(n_b / n)", "histogram of the zone, under the Hellinger distance"),
        Statistic("asymmetry", "|mean(right) - mean(left)|", "unilateral opacity, by zone"),
        Statistic("basal", "mean(lower) - mean(upper)", "apico-basal gradient, by lung"),
        Statistic("hilar", "mean(inner third) - mean(outer third)", "perihilar gradient, by lung"),
        Statistic(
            "base_edge",
            "mean of x(border) - x(inside) along the base",
            "sharpness of the diaphragm, by lung",
        ),
        Statistic(
            "inner_edge",
            "mean of x(border) - x(inside) along the inner border",
            "sharpness of heart and spine",
        ),
        Statistic("area", "n / pixels of the image", "size of a lung"),
        Statistic(
            "between",
            "widest gap between the lungs / widest extent of both",
            "cf. the cardiothoracic ratio",
        ),
    )

    def __init__(self, bins=8, opaque=(0.5, 0.65, 0.8), size=128, limits="dtype"):
        self.bins = bins
        self.opaque = opaque
        self.size = size
        self.limits = limits

    def _check(self):
        bins = check_integer("bins", self.bins, 2, 64)
        opaque = check_sequence("opaque", self.opaque, check_number, low=0, high=1)
        return bins, np.array(opaque)

    def _minimum_size(self):
        return 16, ""

    def _columns(self, shape):
        names = []
        for side, zone in itertools.product(SIDES, ZONES):
            end = f"{side}_{zone}"
            names += [f"lung_{name}_{end}" for name in ("mean", "std", *_QUANTILES)]
            names += [f"lung_opaque_{end}_x{name_number(100 * level)}" for level in self.opaque]
            names += [f"lung_root_{end}_b{index:02d}" for index in range(self.bins)]
        names += [f"lung_asymmetry_{zone}" for zone in ZONES]
        for side in SIDES:
            names += [
                f"lung_{name}_{side}"
                for name in ("basal", "hilar", "base_edge", "inner_edge", "area")
            ]
        return (*names, "lung_between")

    def _fill(self, plan, image, inside, out):
        inside = np.ones(image.shape, bool) if inside is None else inside
        grey = np.where(inside, grey_fractions(image), 0)
        lungs = split_lungs(inside)
        values, means = [], []
        for lung in lungs:
            zones = [lung, *cut_thirds(lung, axis=0)]
            descriptions = [_describe_zone(grey[zone], *plan) for zone in zones]
            means.append([mean for mean, *_ in descriptions])
            values += [value for description in descriptions for value in description]
        values += list(np.abs(np.subtract(*means)))
        for lung, (_, upper, _, lower), inward in zip(lungs, means, (1, -1), strict=True):
            first, _, last = (_mean(grey[part]) for part in cut_thirds(lung, axis=1))
            values += [lower - upper, inward * (last - first)]
            values += [_measure_edge(grey, lung, 0, -1), _measure_edge(grey, lung, 1, -inward)]
            values.append(lung.mean())
        out[:] = [*values, _measure_gap(*lungs)]

    def _draw(self, plan, image):
        return image


def _describe_zone(values, bins, opaque):
    """Return mean, deviation, percentiles, opaque fractions and histogram of a zone's pixels."""
    n_values = 2 + len(_QUANTILES) + len(opaque) + bins
    if len(values) == 0:
        return np.zeros(n_values)
    counts = np.bincount(
        np.minimum(np.clip(values, 0, 1) * bins, bins - 1).astype(int), minlength=bins
    )
    return [
        values.mean(dtype=float),
        values.std(dtype=float),
        *np.quantile(values, list(_QUANTILES.values())),
        *(values[:, None] >= opaque).mean(axis=0),
        *np.sqrt(counts / len(values)),
    ]


def _mean(values):
    return float(values.mean(dtype=float)) if len(values) else 0.0


def _measure_edge(grey, lung, axis, end):
    """Measure how much brighter the lung's border is than the pixels a little inside, on average.

    The border is the last pixel of every line along the axis where `end` is -1, and the first where
    it is 1.
    """
    lines = np.moveaxis(lung, axis, 0)[::end]
    levels = np.moveaxis(grey, axis, 0)[::end]
    used = np.flatnonzero(lines.any(axis=0))
    if len(used) == 0:
        return 0.0
    border = lines[:, used].argmax(axis=0)
    depth = max(1, round(_DEPTH * lung.any(axis=1).sum()))
    deep = np.minimum(border + depth, len(lines) - 1)
    # Where the lung is thinner than that, there is no edge to measure.
    thick = lines[deep, used]
    if not thick.any():
        return 0.0
    return float((levels[border, used] - levels[deep, used])[thick].mean(dtype=float))


def _measure_gap(right, left):
    """Measure the widest gap between the lungs in a row, as a fraction of the widest extent of
    both.
    """
    rows = np.flatnonzero(right.any(axis=1) & left.any(axis=1))
    if len(rows) == 0:
        return 0.0
    columns = right.shape[1]
    inner_right = columns - right[rows, ::-1].argmax(axis=1)
    inner_left = left[rows].argmax(axis=1)
    extent = (columns - left[rows, ::-1].argmax(axis=1)) - right[rows].argmax(axis=1)
    return float((inner_left - inner_right).max() / extent.max())
