"""The appearance swap: an image takes over how another looks, and keeps what it shows."""

import numpy as np
import pytest

from featurex.challenges.appearance import (
    change_appearance,
    measure_appearance,
    swap_appearance,
)
from featurex.challenges.disturbances import disturb
from featurex.lungs import Align

CHANGES = [("gamma", 0.7), ("contrast", 0.5), ("blur", 0.005), ("noise", 0.02)]


@pytest.fixture(scope="module")
def known(chests):
    return chests[:4], Align().register(chests[:4])


def test_an_image_with_its_own_appearance_hardly_changes(known):
    images, registration = known
    same = swap_appearance(images, registration, np.arange(len(images)))
    assert np.abs(np.stack(same).astype(int) - images).max() <= 2


@pytest.mark.parametrize(("name", "strength"), CHANGES)
def test_an_image_takes_over_what_a_device_did(known, name, strength):
    images, registration = known
    image, matrix = images[0], registration.matrices[0]
    other = measure_appearance(disturb(image, name, strength), matrix)
    before = measure_appearance(image, matrix)
    after = measure_appearance(change_appearance(image, matrix, other), matrix)

    def distance(one):
        tone = np.subtract(one[:3], other[:3])
        return np.abs(tone).sum() + np.abs(np.log(one.details / other.details)).mean()

    assert distance(after) < 0.8 * distance(before)


def test_what_happens_in_the_lungs_alone_is_no_appearance(known):
    images, registration = known
    image, matrix = images[0].copy(), registration.matrices[0]
    before = measure_appearance(image, matrix)
    # The middle of one lung becomes as bright as tissue.
    rows, columns = image.shape
    image[int(0.45 * rows) : int(0.6 * rows), int(0.25 * columns) : int(0.33 * columns)] = 170
    after = measure_appearance(image, matrix)
    assert after.middle == pytest.approx(before.middle, abs=0.05)
    assert after.details[:2] == pytest.approx(before.details[:2], rel=0.1)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_type_and_shape_are_kept(known, dtype):
    images, registration = known
    image = images[0].astype(dtype) * {"u2": 16, "f4": 1 / 255}.get(np.dtype(dtype).str[1:], 1)
    image = image.astype(dtype)[:, :-5]
    dark = measure_appearance(images[1] // 2, registration.matrices[1])
    changed = change_appearance(image, registration.matrices[0], dark)
    assert (changed.dtype, changed.shape) == (image.dtype, image.shape)
    assert changed.mean() < 0.8 * image.mean()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_image_without_contrast_stays_finite(level):
    image, matrix = np.full((64, 64), level, np.uint8), np.eye(2, 3)
    other = measure_appearance(np.arange(64 * 64).reshape(64, 64).astype(np.uint16), matrix)
    assert change_appearance(image, matrix, other).shape == image.shape


def test_a_map_beyond_the_image_takes_all_pixels():
    image = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    far = np.array([[1.0, 0, 3], [0, 1, 3]])
    assert np.isfinite(measure_appearance(image, far).details).all()
