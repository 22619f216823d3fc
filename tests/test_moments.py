"""What turning and scaling must not change."""

import numpy as np
import pytest

from featurex.features import Moments
from featurex.features.moments import hu

pytestmark = pytest.mark.kernels


def blobs():
    row, column = np.mgrid[:65, :65] / 64
    return 0.5 * np.exp(-20 * (row - 0.4) ** 2 - 40 * (column - 0.6) ** 2) + 0.5 * np.exp(
        -60 * ((row - 0.7) ** 2 + (column - 0.3) ** 2)
    )


def test_a_quarter_turn_changes_nothing():
    values = Moments(size=None).fit_transform([blobs(), np.rot90(blobs())])
    np.testing.assert_allclose(values[0], values[1], rtol=1e-4, atol=1e-6)


def test_a_mirror_image_turns_the_sign_of_the_seventh():
    there, back = hu(blobs()), hu(blobs()[:, ::-1])
    np.testing.assert_allclose(there[:6], back[:6])
    assert there[6] == pytest.approx(-back[6])
    assert there[6] != 0


def test_moving_the_image_leaves_hu_as_it_is():
    there = np.pad(blobs(), ((0, 30), (0, 10)))
    np.testing.assert_allclose(hu(there), hu(np.roll(there, (17, 9), (0, 1))), rtol=1e-6)


def test_zernike_does_not_depend_on_exposure():
    values = Moments(("zernike",)).fit_transform([blobs(), 0.5 * blobs()])
    np.testing.assert_allclose(values[0], values[1], rtol=1e-5, atol=1e-7)


def test_only_degree_0_answers_to_a_constant():
    values = Moments(("zernike",), degree=4, size=256).fit_transform(
        np.full((1, 8, 8), 100, np.uint8)
    )[0]
    assert values[0] == pytest.approx(1 / np.pi)
    np.testing.assert_allclose(values[1:], 0, atol=2e-3)


def test_black_has_no_moments():
    assert not Moments().fit_transform(np.zeros((1, 16, 16), np.uint8)).any()
