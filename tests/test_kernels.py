"""Every case of the table: ours equals its slow twin, and the peers that do the same."""

import numpy as np
import pytest

from featurex.features import EXTRACTORS
from tests.cases import CASES
from tests.cases.base import inputs

pytestmark = pytest.mark.kernels

SIZE = 33
PAIRS = [
    pytest.param(case, image, inside, id=f"{case.name}-{name}")
    for case in CASES
    for name, image, inside in inputs(SIZE, case.masked)
]
PEERS = [
    pytest.param(case, peer, image, id=f"{case.name}-{peer}-{name}")
    for case in CASES
    for peer in case.comparable
    for name, image, _ in inputs(SIZE)
]


@pytest.mark.parametrize(("case", "image", "inside"), PAIRS)
def test_ours_equals_its_slow_twin(case, image, inside):
    np.testing.assert_allclose(case.ours(image, inside), case.twin(image, inside), case.rtol, case.atol)


@pytest.mark.parametrize(("case", "peer", "image"), PEERS)
def test_ours_equals_a_peer_that_does_the_same(case, peer, image):
    try:
        expected = case.peers[peer](image, None)
    except ImportError as error:
        pytest.skip(f"{peer} is not installed: {error}")
    np.testing.assert_allclose(case.ours(image, None), np.asarray(expected).ravel(), case.rtol, case.atol)


def test_every_family_has_a_case():
    assert {case.family for case in CASES} == set(EXTRACTORS)


def test_names_are_unique_and_say_their_family():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert all(case.name.startswith(case.family) for case in CASES)


def test_a_wrong_kernel_is_caught():
    case = next(case for case in CASES if case.family == "zones")
    name, image, inside = next(iter(inputs(SIZE)))
    wrong = case.ours(np.roll(image, 3), inside)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        np.testing.assert_allclose(wrong, case.twin(image, inside), case.rtol, case.atol, err_msg=name)
