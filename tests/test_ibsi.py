"""Every 2-D and 2.5-D value of the IBSI digital phantom whose family is implemented, to three
significant figures.
"""

import numpy as np
import pytest

from featurex.features.ivh import describe_volumes
from tests.ibsi import DATA, FAMILIES

pytestmark = pytest.mark.kernels


def rows(family):
    return [row for row in DATA["rows"] if row[0] == family]


def agrees(value, expected):
    """The published values are equal at three significant figures."""
    return float(f"{value:.3g}") == expected


@pytest.mark.parametrize("family", FAMILIES)
def test_all_published_values_are_met(family):
    values, places = FAMILIES[family]()
    missed = []
    for _, code, feature, aggregation, expected in rows(family):
        value = values[aggregation][places[code]] if code in places else np.nan
        if not agrees(value, expected):
            missed.append(f"{feature} ({code}), {aggregation}: {value:.6g} instead of {expected}")
    n = len(rows(family))
    print(f"IBSI {family}: {n - len(missed)} of {n}")
    assert n > 0
    assert missed == []


def test_a_wrong_value_is_caught():
    assert agrees(2.1486, 2.15)
    assert not agrees(2.1549, 2.16)
    assert not agrees(float("nan"), 2.15)


def test_the_phantom_has_a_level_outside_its_region():
    intensity, inside = np.array(DATA["intensity"]), np.array(DATA["inside"], bool)
    assert inside.sum() == 74
    assert intensity.max() == 9
    assert intensity[inside].max() == 6


def test_the_published_intensity_volume_histogram_is_met():
    levels = np.sort(np.array(DATA["intensity"])[np.array(DATA["inside"], bool)])
    # Volume at 10 and 90 % (BC2M), intensity at 10 and 90 % (GBPN), differences (DDTU, CNV2).
    expected = (0.324, 0.0946, 5, 2, 0.230, 3)
    values = describe_volumes(levels, np.ones(len(levels)), 6)
    assert all(map(agrees, values, expected)), values
