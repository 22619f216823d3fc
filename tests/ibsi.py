"""The IBSI digital phantom, slice by slice, through the public stages of every family.

Aggregation over slices and directions belongs to volumes; featurex works on single images, so it is
done here.
"""

import json
import re
from pathlib import Path

import numpy as np

from featurex.features import glcm, gldzm, glrlm, glszm, intensity, ngldm, ngtdm
from featurex.features.cooccurrence import (
    count_level_pairs,
    describe_matrices,
    normalize_counts,
)
from featurex.features.discretise import check_discretisation, discretise
from featurex.features.offsets import find_offset

DATA = json.loads(
    (Path(__file__).parent / "data" / "ibsi_phantom.json").read_text(encoding="utf-8")
)
N_LEVELS = 6


def slices():
    """Levels of each slice, 0 outside the region; the level 9 that lies outside must not leak."""
    plan = check_discretisation(None, None, "region")
    for image, inside in zip(DATA["intensity"], DATA["inside"], strict=True):
        yield discretise(plan, np.array(image, np.uint8), np.array(inside, bool))[0]


def directional(counts, values):
    """The four aggregations of matrices made by direction, under IBSI's names.

    Parameters
    ----------
    counts : array, shape (n_slices, n_directions, ...)
        Not normalised, so that merged is added.
    values : callable
        Takes (n_matrices, ...) and returns the values of each, (n_matrices, n_statistics).
    """
    each = counts.reshape(-1, *counts.shape[2:])
    matrices = {
        "2D, averaged": each,
        "2D, slice-merged": counts.sum(axis=1, dtype=counts.dtype),
        "2.5D, direction-merged": counts.sum(axis=0, dtype=counts.dtype),
        "2.5D, merged": each.sum(axis=0, keepdims=True, dtype=counts.dtype),
    }
    return {aggregation: values(merged).mean(axis=0) for aggregation, merged in matrices.items()}


def codes(statistics):
    """IBSI codes to places in `statistics`, read from the sources; one statistic may bear several
    codes.
    """
    found = {}
    for place, statistic in enumerate(statistics):
        named = re.match(r"IBSI ((?:[A-Z0-9]{4}(?: \([^)]*\))?(?:, )?)+)", statistic.source)
        for code in re.findall(r"\b[A-Z0-9]{4}\b", named.group(1)) if named else ():
            found[code] = place
    return found


def _glcm():
    offsets = [find_offset(1, angle, "square") for angle in (0, 45, 90, 135)]
    counts = np.stack([count_level_pairs(levels, N_LEVELS, offsets) for levels in slices()])
    values = directional(counts, lambda merged: describe_matrices(normalize_counts(merged)))
    return values, codes(glcm.STATISTICS)


def _region():
    """Grey values of all slices together: these families count pixels, wherever they lie."""
    return np.array(DATA["intensity"])[np.array(DATA["inside"], bool)]


def _intensity_statistics():
    return {"by volume": intensity.describe_values(_region())}, codes(intensity.STATISTICS)


def _intensity_histogram():
    values = intensity.describe_levels(_region(), N_LEVELS)
    return {"by volume": values}, codes(intensity.HISTOGRAM_STATISTICS)


def _glrlm():
    counts = np.stack([glrlm.run_counts(levels, N_LEVELS) for levels in slices()])
    return directional(counts, glrlm.run_values), codes(glrlm.STATISTICS)


def _zones(module, column):
    """Zones slice by slice, and those of all slices in one matrix."""
    lists = [glszm.list_zones(levels, gldzm.border_distances(levels > 0)) for levels in slices()]
    pixels = [int((levels > 0).sum()) for levels in slices()]
    each = [
        glszm.zone_values(zones[:, 0], zones[:, column], n)
        for zones, n in zip(lists, pixels, strict=True)
    ]
    together = np.concatenate(lists)
    merged = glszm.zone_values(together[:, 0], together[:, column], sum(pixels))
    return {"2D": np.mean(each, axis=0), "2.5D": merged}, codes(module.STATISTICS)


def _ngldm():
    counts = [ngldm.dependence_counts(levels, N_LEVELS) for levels in slices()]
    each = [ngldm.dependence_values(matrix) for matrix in counts]
    return {"2D": np.mean(each, axis=0), "2.5D": ngldm.dependence_values(sum(counts))}, codes(
        ngldm.STATISTICS
    )


def _ngtdm():
    found = [ngtdm.differences(levels, N_LEVELS) for levels in slices()]
    each = [ngtdm.difference_values(*pair) for pair in found]
    merged = ngtdm.difference_values(*(sum(parts) for parts in zip(*found, strict=True)))
    return {"2D": np.mean(each, axis=0), "2.5D": merged}, codes(ngtdm.STATISTICS)


# Family -> function that returns ({aggregation: values in the order of the statistics}, {code:
# place}).
FAMILIES = {
    "glcm": _glcm,
    "glrlm": _glrlm,
    "glszm": lambda: _zones(glszm, 1),
    "gldzm": lambda: _zones(gldzm, 2),
    "ngtdm": _ngtdm,
    "ngldm": _ngldm,
    "intensity_statistics": _intensity_statistics,
    "intensity_histogram": _intensity_histogram,
}
