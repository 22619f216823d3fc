"""Every case of the table: ours equals its slow twin, and the peers that do the same."""

import cv2
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
    np.testing.assert_allclose(
        case.ours(image, inside), case.twin(image, inside), case.rtol, case.atol
    )


@pytest.mark.parametrize(("case", "peer", "image"), PEERS)
def test_ours_equals_a_peer_that_does_the_same(case, peer, image):
    try:
        expected = case.peers[peer](image, None)
    except ImportError as error:
        pytest.skip(f"{peer} is not installed: {error}")
    np.testing.assert_allclose(
        case.ours(image, None), np.asarray(expected).ravel(), case.rtol, case.atol
    )


@pytest.fixture(scope="module")
def crop(real_data):
    """A piece of a real film across the border of a lung, and which of its pixels are lung."""
    film, mask = (
        cv2.imread(str(real_data / folder / "train" / "NORMAL" / name), cv2.IMREAD_GRAYSCALE)
        for folder, name in (
            ("chest_xray", "IM-0117-0001.jpeg"),
            ("lung_masks", "IM-0117-0001.png"),
        )
    )
    inside = cv2.resize(mask, film.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    piece = slice(100, 100 + SIZE), slice(20, 20 + SIZE + 7)
    assert 0.2 < inside[piece].mean() < 0.8
    return np.ascontiguousarray(film[piece]), inside[piece]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_crop_of_a_real_film(case, crop):
    image, inside = crop
    for region in (None, inside) if case.masked else (None,):
        found = case.ours(image, region)
        np.testing.assert_allclose(found, case.twin(image, region), case.rtol, case.atol)
        for peer in case.comparable if region is None else ():
            expected = np.asarray(case.peers[peer](image, None)).ravel()
            np.testing.assert_allclose(found, expected, case.rtol, case.atol, err_msg=peer)


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
        np.testing.assert_allclose(
            wrong, case.twin(image, inside), case.rtol, case.atol, err_msg=name
        )
