import numpy as np
import pytest

from featurex.challenges.disturbances import DISTURBANCES, disturb
from featurex.errors import ParameterError
from tests.pictures import picture


@pytest.mark.parametrize("name", DISTURBANCES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_step_changes_an_image_keeps_its_type_and_can_be_repeated(name, dtype):
    # Large enough for the mildest blur and the finest resolution.
    image = np.kron(picture(dtype), np.ones((8, 8), dtype))
    steps = list(DISTURBANCES[name].steps.values())
    assert len(steps) == 5
    assert steps.count(None) == 1
    assert disturb(image, name, None) is image
    for strength in (step for step in steps if step is not None):
        changed = disturb(image, name, strength, seed=3)
        assert changed.dtype == dtype
        assert np.array_equal(changed, disturb(image, name, strength, seed=3))
        assert not np.array_equal(changed, image)


@pytest.mark.parametrize("name", ["noise", "blur", "jpeg", "rotation", "crop", "resolution"])
def test_steps_from_mild_to_severe_change_more(name):
    image = np.kron(np.random.default_rng(0).integers(40, 200, (32, 32)), np.ones((8, 8))).astype(
        np.uint8
    )
    strengths = [strength for strength in DISTURBANCES[name].steps.values() if strength is not None]
    changed = [disturb(image, name, strength) for strength in strengths]
    if name in ("crop", "resolution"):
        errors = [-array.size for array in changed]
    else:
        errors = [np.abs(array.astype(int) - image).mean() for array in changed]
    assert errors == sorted(errors)
    assert errors[0] < errors[-1]


def test_noise_has_the_deviation_asked_for_and_another_seed_is_other_noise():
    grey = np.full((200, 200), 100, np.uint8)
    noise = disturb(grey, "noise", 0.1).astype(float) - 100
    assert noise.std() == pytest.approx(25.5, rel=0.02)
    assert abs(noise.mean()) < 0.5
    assert not np.array_equal(
        disturb(grey, "noise", 0.1, seed=1), disturb(grey, "noise", 0.1, seed=2)
    )


def test_a_blurred_point_has_the_variance_of_the_kernel():
    image = np.zeros((101, 101), np.uint16)
    image[50, 50] = 60_000
    blurred = disturb(image, "blur", 0.03).astype(float)
    offsets = np.arange(101) - 50
    spread = (blurred.sum(axis=0) * offsets**2).sum() / blurred.sum()
    assert spread == pytest.approx(3.03**2, rel=0.02)


def test_contrast_and_gamma_by_hand():
    image = np.array([[0, 100], [150, 254]], np.uint8)
    # The mean is 126: half as far from it; twice as far, clipped.
    assert disturb(image, "contrast", 0.5).tolist() == [[63, 113], [138, 190]]
    assert disturb(image, "contrast", 2.0).tolist() == [[0, 74], [174, 255]]
    # White of 16 bits is 65,535, and 4,095 of 12 bits in them: (455 / 4095)^.5 is a third.
    assert disturb(np.array([[455, 1024]], np.uint16), "gamma", 0.5).tolist() == [[1365, 2048]]
    assert disturb(np.array([[6554, 15_000]], np.uint16), "gamma", 0.5)[0, 0] == 20_725


def test_half_a_turn_is_a_flip_of_both_axes_and_corners_stay_grey():
    image = picture()
    assert np.array_equal(disturb(image, "rotation", 180), image[::-1, ::-1])
    assert disturb(np.full((50, 60), 80, np.uint8), "rotation", 20).min() == 80


def test_rotation_goes_either_way():
    image = np.zeros((64, 64), np.uint8)
    image[10, 32] = 255
    sides = {int(disturb(image, "rotation", 20, seed).argmax() % 64 > 32) for seed in range(20)}
    assert sides == {0, 1}


def test_crop_and_resolution_by_hand():
    image = 2 * np.arange(20 * 40, dtype=np.uint16).reshape(20, 40)
    assert np.array_equal(disturb(image, "crop", 0.1), image[2:18, 4:36])
    coarse = disturb(image, "resolution", 10)
    assert np.array_equal(coarse, image.reshape(10, 2, 20, 2).mean(axis=(1, 3)))


def test_jpeg_is_that_of_the_decoder():
    import cv2

    image = picture()
    encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 10])[1]
    assert np.array_equal(disturb(image, "jpeg", 10), cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE))


def test_a_resolution_that_an_image_does_not_have_leaves_it_as_it_is():
    assert np.array_equal(disturb(picture(), "resolution", 64), picture())


def test_an_unknown_disturbance_is_refused():
    with pytest.raises(ParameterError, match="disturbance must be one of noise, blur"):
        disturb(picture(), "fog", 1)
