"""What every extractor must do, as checks that a broken one fails.

scikit-learn's own estimator checks hardly apply to 3-D input: a transformer that always raises
passes them.
"""

import inspect
import itertools
import pickle

import numpy as np
from sklearn.base import clone

from featurex.errors import ParameterError

SIDE = 48


def films(n=3, seed=0, dtype=np.uint8):
    """Noise with structure: array of shape (n, SIDE, SIDE)."""
    generator = np.random.default_rng(seed)
    waves = np.sin(
        np.add.outer(np.arange(SIDE), np.arange(SIDE)) / generator.uniform(2, 6, (n, 1, 1))
    )
    grey = 0.35 + 0.25 * waves + 0.25 * generator.random((n, SIDE, SIDE))
    top = 1.0 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    return (grey * top).astype(dtype)


def disc():
    row, column = np.mgrid[:SIDE, :SIDE]
    return (row - 22) ** 2 + (column - 25) ** 2 < 17**2


def masked(images, inside):
    return np.ma.masked_array(images, np.broadcast_to(~inside, images.shape))


def check_names(make):
    extractor = make()
    values = extractor.fit_transform(films())
    names = extractor.get_feature_names_out()
    assert values.shape == (3, len(names)), "as many names as values"
    assert len(set(names)) == len(names), "names are unique"
    assert all(name == name.lower() and name.startswith(extractor.family + "_") for name in names)


def check_values(make):
    values = make().fit_transform(films())
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert not np.array_equal(values[0], values[1]), "different images have different values"


def check_stateless(make):
    fitted = make().fit(films(seed=1))
    assert np.array_equal(fitted.transform(films()), make().fit(films()).transform(films()))
    assert np.array_equal(make().transform(films()), fitted.transform(films())), (
        "no fit is needed to transform"
    )


def check_batch_equals_single(make):
    batch = make().fit_transform(films())
    single = np.concatenate([make().fit_transform(films()[i : i + 1]) for i in range(3)])
    assert np.array_equal(batch, single)
    assert np.array_equal(batch, make().fit_transform(list(films()))), "a list is a stack"


def check_input_is_not_modified(make):
    images = films()
    before = images.copy()
    make().fit_transform(images)
    assert np.array_equal(images, before)
    layout = np.asfortranarray(films().transpose(2, 1, 0)).transpose(2, 1, 0)
    assert np.array_equal(make().fit_transform(layout), make().fit_transform(films())), (
        "layout does not matter"
    )


def check_rarer_types(make):
    """Short floats and foreign byte orders are what they hold, and so are wider integers, unless
    the type must tell the range.
    """
    for dtype, same in ((">u2", np.uint16), (np.float16, np.float32)):
        images = films(dtype=same).astype(dtype)
        expected = make().fit_transform(images.astype(same))
        assert np.array_equal(make().fit_transform(images), expected), dtype
    wide = films().astype(np.int64) - 100
    if getattr(make(), "limits", None) == "dtype":
        error = _error(lambda: make().fit_transform(wide))
        assert isinstance(error, ParameterError), repr(error)
        assert "set limits=" in str(error)
    else:
        expected = make().fit_transform(wide.astype(np.float32))
        assert np.array_equal(make().fit_transform(wide), expected)


def check_outside_never_matters(make):
    """With the family's own size, and without."""
    inside, noise = disc(), np.random.default_rng(1)
    for size, (dtype, fills) in itertools.product(
        ({}, {"size": None}), ((np.uint8, (0, 255)), (np.float32, (0.0, 0.37, np.nan, np.inf)))
    ):
        expected = make().set_params(**size).fit_transform(masked(films(dtype=dtype), inside))
        mixture = np.where(noise.random(np.count_nonzero(~inside)) < 0.5, fills[0], fills[-1])
        for value in (*fills, mixture):
            images = films(dtype=dtype)
            images[:, ~inside] = value
            got = make().set_params(**size).fit_transform(masked(images, inside))
            assert np.array_equal(got, expected), f"{value} outside, {size}"


def check_a_region_that_resizing_loses_is_named(make):
    inside = np.zeros((400, 400), bool)
    inside[77, 120] = True
    images = np.ma.masked_array(np.full((1, 400, 400), 100, np.uint8), ~inside[None])
    error = _error(lambda: make().set_params(size=64).fit_transform(images))
    assert isinstance(error, ParameterError), repr(error)
    assert "size=64" in str(error)


def check_full_region_equals_none(make):
    everything = np.ones((SIDE, SIDE), bool)
    assert np.array_equal(
        make().fit_transform(masked(films(), everything)), make().fit_transform(films())
    )


def check_scikit_learn(make):
    extractor = make()
    signature = inspect.signature(type(extractor)).parameters
    assert set(extractor.get_params()) == set(signature)
    for name in signature:
        assert getattr(extractor, name) is extractor.get_params()[name], "__init__ only assigns"
    copy = clone(extractor)
    assert copy is not extractor
    assert copy.get_params() == extractor.get_params()
    again = pickle.loads(pickle.dumps(extractor.fit(films())))
    assert np.array_equal(again.transform(films()), extractor.transform(films()))


def check_parameters_are_checked(make):
    """Every parameter refuses nonsense, and is named when it does."""
    for name in make().get_params():
        wrong = make().set_params(**{name: object()})
        error = _error(lambda wrong=wrong: wrong.fit_transform(films()))
        assert isinstance(error, ParameterError), f"{name} takes anything"
        assert name in str(error)


def check_images_are_checked(make):
    wrong = {
        "one image": films()[0],
        "colour": np.zeros((2, SIDE, SIDE, 3), np.uint8),
        "nothing": np.zeros((0, SIDE, SIDE), np.uint8),
        "no pixels": [np.zeros((0, 4), np.uint8)],
        "NaN": np.full((1, SIDE, SIDE), np.nan, np.float32),
        "infinite": np.full((1, SIDE, SIDE), np.inf, np.float32),
        "objects": [np.full((SIDE, SIDE), None)],
        "text": [np.full((SIDE, SIDE), "a")],
        "empty region": masked(films(1), np.zeros((SIDE, SIDE), bool)),
    }
    for name, images in wrong.items():
        error = _error(lambda images=images: make().fit_transform(images))
        assert isinstance(error, ParameterError), f"{name}: {error!r}"


def _error(call):
    try:
        call()
    except Exception as error:
        return error
    return None


CHECKS = (
    check_names,
    check_values,
    check_stateless,
    check_batch_equals_single,
    check_input_is_not_modified,
    check_rarer_types,
    check_full_region_equals_none,
    check_scikit_learn,
    check_parameters_are_checked,
    check_images_are_checked,
)
REGION_CHECKS = (check_outside_never_matters, check_a_region_that_resizing_loses_is_named)
