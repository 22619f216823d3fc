"""Harmonize: one chest looks alike from two devices."""

import numpy as np
import pytest

from featurex import Equalize, Harmonize
from featurex.challenges.disturbances import disturb
from featurex.errors import ParameterError
from featurex.harmonize import split_octaves
from tests.naive.harmonize import harmonize

NOISE = np.random.default_rng(0).integers(0, 256, (32, 32)).astype(np.uint8)


@pytest.mark.parametrize(("spectrum", "strength"), [((0.7, 0.4), 1.0), ((0.5,), 0.5)])
def test_agrees_with_the_definition(spectrum, strength):
    # Mirrored borders of a doubled image are one pixel off in OpenCV: away from them they agree.
    made = Harmonize(spectrum, strength).transform([NOISE])[0].astype(float)
    difference = np.abs(made - harmonize(NOISE, spectrum, strength))
    assert np.median(difference) < 1
    assert difference[8:-8, 8:-8].max() < 6


@pytest.mark.parametrize(("name", "strength"), [("contrast", 0.5), ("gamma", 0.7), ("blur", 0.005)])
def test_what_a_device_did_is_mostly_undone(chests, name, strength):
    def distance(*steps):
        pair = [chests[0], disturb(chests[0], name, strength)]
        for step in steps:
            pair = step.transform(pair)
        one, other = (np.asarray(image, float) for image in pair)
        bands = [[band.std() for band in split_octaves(np.float32(x))[0]] for x in (one, other)]
        # The octaves that are kept: the finest of 128 pixels is one of them.
        return np.abs(np.log(np.divide(*bands))).mean()

    assert distance(Equalize(), Harmonize(strength=1)) < 0.5 * distance() + 0.01


def test_an_image_is_harmonised_alone(chests):
    alone = Harmonize().fit_transform(chests[:1])
    assert np.array_equal(Harmonize().fit_transform(chests[:3])[:1], alone)


@pytest.mark.parametrize(("dtype", "white"), [("u2", 65_535), ("u2", 4080), ("f4", 1)])
@pytest.mark.parametrize("darker", [1, 12])
def test_the_type_makes_no_difference(dtype, white, darker):
    dim = NOISE // darker
    scaled = (dim.astype(float) * white / 255).astype(dtype)
    made = Harmonize().transform([dim, scaled]).astype(int)
    assert np.abs(made[0] - made[1]).max() <= 1


def test_finer_octaves_are_left_out():
    made = Harmonize((0.5,)).transform([NOISE])[0].astype(np.float32)

    def ratio(image):
        finest, coarser = split_octaves(image)[0][:2]
        return finest.std() / coarser.std()

    assert ratio(made) < 0.5 * ratio(NOISE.astype(np.float32))


@pytest.mark.parametrize("level", [0, 255])
def test_a_constant_image_becomes_grey(level):
    made = Harmonize().transform(np.full((1, 40, 24), level, np.uint8))
    assert set(made.ravel().tolist()) <= {127, 128}


def test_a_small_image_has_no_bands():
    assert Harmonize().transform(NOISE[None, :8, :8]).shape == (1, 8, 8)


@pytest.mark.parametrize("strength", [-0.1, 1.1, "all"])
def test_a_wrong_strength_is_refused(strength):
    with pytest.raises(ParameterError, match="strength"):
        Harmonize(strength=strength).fit(NOISE[None])


@pytest.mark.parametrize("spectrum", [(), (0.5, 0), 0.5, ("a",)])
def test_a_wrong_spectrum_is_refused(spectrum):
    with pytest.raises(ParameterError, match="spectrum"):
        Harmonize(spectrum).fit(NOISE[None])
