"""How inputs are prepared: what they have in common is done once, and comes out the same."""

from types import SimpleNamespace

import numpy as np
import pytest

from featurex import Align, Equalize, LungRegion, ZoneHistogram
from featurex.benchmark.recipes import fit_recipes, prepare
from featurex.harmonize import Harmonize
from featurex.image_step import ImageStep
from featurex.images.resize import resize
from featurex.lungs import align as align_module


class Learner(ImageStep):
    """Subtracts the mean of all images that it was fitted on."""

    def fit(self, X, y=None):
        self.n_seen_ = len(X)
        return self

    def _transform_image(self, plan, index, image):
        return image


@pytest.fixture(scope="module")
def images(chests):
    return np.stack([resize(image, 96) for image in chests[:3]])


def recipes_of(inputs, images):
    samples = SimpleNamespace(training=np.ones(len(images), bool), images=images)
    return fit_recipes(inputs, {"zones": ZoneHistogram(grids=(1,), bins=(4,))}, 32, samples, 0)


def test_steps_that_inputs_begin_with_are_done_once_with_the_same_result(images, monkeypatch):
    inputs = {
        "aligned": [Align(), Equalize()],
        "harmonized": [Align(), Equalize(), Harmonize(), LungRegion()],
        "wider": [Align(margin=(0.0, 0.0))],
        "original": [],
    }
    recipes = recipes_of(inputs, images)
    chains = {name: recipe.chain for name, recipe in recipes.items()}
    alone = {name: chain.transform(images) for name, chain in chains.items()}
    found, find = [], align_module.find_landmarks
    monkeypatch.setattr(
        align_module, "find_landmarks", lambda image: found.append(1) or find(image)
    )
    together = {name: prepared for name, prepared, _ in prepare(chains, images)}
    # For the first two inputs in common, and for the one of other margins.
    assert len(found) == 2 * len(images)
    registration = Align().register(images)
    found.clear()
    known = {name: prepared for name, prepared, _ in prepare(chains, images, registration)}
    assert not found
    for name, expected in alone.items():
        for prepared in (together[name], known[name]):
            assert np.array_equal(np.ma.getdata(prepared), np.ma.getdata(expected))
            assert np.array_equal(np.ma.getmaskarray(prepared), np.ma.getmaskarray(expected))


def test_an_input_costs_all_of_its_steps_whether_shared_or_not(images):
    inputs = {"aligned": [Align()], "equalized": [Align(), Equalize()]}
    chains = {name: recipe.chain for name, recipe in recipes_of(inputs, images).items()}
    aligned, equalized = (seconds for _, _, seconds in prepare(chains, images))
    assert equalized >= aligned > 0


def test_only_a_step_that_learns_is_fitted_to_many_images(images):
    inputs = {"plain": [Equalize()], "learnt": [Learner()]}
    assert recipes_of(inputs, images)["learnt"].chain[0].n_seen_ == len(images)


def test_steps_that_differ_in_a_parameter_are_not_shared(images):
    inputs = {
        "one": [Harmonize(strength=0.2)],
        "other": [Harmonize(strength=0.8)],
        "list": [Harmonize(strength=0.2, spectrum=(0.706, 0.448))],
    }
    steps = [recipe.chain[0] for recipe in recipes_of(inputs, images).values()]
    assert len(set(map(id, steps))) == 3
