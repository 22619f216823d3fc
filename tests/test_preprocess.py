import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from featurex import Equalize, Preprocess
from featurex.errors import ParameterError


def images(dtype=np.uint8, shape=(60, 80), n=3, seed=0):
    top = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max + 1
    return (np.random.default_rng(seed).random((n, *shape)) * top).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_preprocess_resizes_and_keeps_the_type(dtype):
    made = Preprocess(size=32).fit_transform(images(dtype))
    assert made.shape == (3, 32, 32)
    assert made.dtype == dtype


def test_preprocess_averages_areas():
    blocks = np.kron(np.arange(16 * 16).reshape(16, 16), np.ones((3, 3))).astype(np.uint8)
    assert np.array_equal(Preprocess(size=16).transform(blocks[None])[0], blocks[::3, ::3])


def test_a_list_of_different_sizes_becomes_one_stack():
    made = Preprocess(size=20).transform([images(shape=(40, 50))[0], images(shape=(33, 90))[0]])
    assert made.shape == (2, 20, 20)


def test_depths_are_not_mixed_up():
    made = Preprocess(size=20).transform([images(np.uint8)[0], images(np.uint16)[0]])
    assert [image.dtype for image in made] == [np.uint8, np.uint16]


def test_images_are_never_modified():
    X = images()
    before = X.copy()
    make_pipeline(Preprocess(size=60), Equalize()).fit_transform(X)
    assert np.array_equal(X, before)


@pytest.mark.parametrize("size", [15, 4097, 32.0, "32", None])
def test_a_wrong_size_is_named(size):
    with pytest.raises(ParameterError, match="size must be an integer from 16 to 4096"):
        Preprocess(size=size).fit_transform(images())


def test_several_sizes_are_not_equalised_together():
    with pytest.raises(
        ParameterError,
        match="some of 33 x 90 and 40 x 50 pixels; bring them to one with Preprocess",
    ):
        Equalize().transform([images(shape=(40, 50))[0], images(shape=(33, 90))[0]])


def naive_equalize(image):
    """Each level becomes its share of darker or equal pixels, beyond the darkest level's."""
    flat = image.ravel()
    darkest = np.sum(flat == flat.min())
    if darkest == flat.size:
        return np.zeros(image.shape, np.uint8)
    made = [
        round(255 * (np.sum(flat <= value) - darkest) / (flat.size - darkest)) for value in flat
    ]
    return np.array(made, np.uint8).reshape(image.shape)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_equalize_agrees_with_its_slow_twin(dtype):
    X = images(dtype, (13, 17), 2)
    made = Equalize().transform(X)
    assert made.dtype == np.uint8
    for image, equalized in zip(X, made, strict=True):
        # Ties at .5 may be rounded either way.
        assert np.abs(equalized.astype(int) - naive_equalize(image)).max() <= 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_constant_image_becomes_black(dtype):
    assert not Equalize().transform(np.full((1, 20, 20), 7, dtype)).any()


def test_exposure_does_not_matter_after_equalisation():
    X = images(np.uint16, n=1)
    brighter = (np.sqrt(X / 65535.0) * 60000 + 3000).astype(np.float32)
    assert np.array_equal(Equalize().transform(X), Equalize().transform(brighter))


@pytest.mark.parametrize(
    "step", [Preprocess(size=99), Equalize()], ids=lambda step: type(step).__name__
)
def test_steps_can_be_cloned_and_need_no_fit(step):
    assert clone(step).get_params() == step.get_params()
    assert len(clone(step).transform(images())) == 3
