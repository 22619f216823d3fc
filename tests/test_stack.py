"""The one contract for images: every step, extractor and network refuses the same in the same
words.
"""

import numpy as np
import pandas as pd
import pytest

from featurex import Align, Equalize, IntensityStatistics, LungRegion, Preprocess
from featurex.errors import ParameterError
from featurex.features import EXTRACTORS
from featurex.images.stack import check_image, iter_images, join_images
from featurex.models import CNN

SIDE = 32


def train_cnn(X):
    pytest.importorskip("torch", reason="needs the extra 'cnn'")
    CNN(size=16, channels=(2,)).fit(X, [0, 1, 0, 1])


READERS = {
    "Preprocess.fit": Preprocess(16).fit,
    "Preprocess": Preprocess(16).transform,
    "Equalize.fit": Equalize().fit,
    "Equalize": Equalize().transform,
    "Align.fit": Align().fit,
    "Align": Align().transform,
    "Align.register": Align().register,
    "LungRegion.fit": LungRegion().fit,
    "LungRegion": LungRegion().transform,
    "LungRegion.find": LungRegion().find,
    "CNN.fit": train_cnn,
    "iter_images": lambda X: list(iter_images(X)),
    **{f"{family}.fit": extractor().fit for family, extractor in EXTRACTORS.items()},
    **{family: extractor().transform for family, extractor in EXTRACTORS.items()},
}


def square(value=0, dtype=np.uint8, shape=(SIDE, SIDE)):
    return np.full(shape, value, dtype)


# What is wrong with every image of a stack of four.
IMAGES = {
    "colour": (
        square(shape=(SIDE, SIDE, 3)),
        r"image 0 must be a 2-D array with pixels, but its shape is \(32, 32, 3\)",
    ),
    "a row": ([1, 2, 3], r"image 0 must be a 2-D array with pixels, but its shape is \(3,\)"),
    "ragged": ([[1, 2], [3]], "image 0 must be a 2-D array with pixels, but setting an array"),
    "no pixels": (square(shape=(0, 4)), "image 0 must be a 2-D array with pixels"),
    "text": (square("a", "U1"), "image 0 must hold real numbers, but its dtype is <U1"),
    "objects": (square(None, object), "image 0 must hold real numbers, but its dtype is object"),
    "complex": (square(1j, complex), "image 0 must hold real numbers, but its dtype is complex"),
    "NaN": (square(np.nan, float), "image 0 must be finite, but it holds NaN or infinite pixels"),
    "infinite": (square(np.inf, np.float16), "image 0 must be finite"),
}
# What steps and networks refuse besides.
INTEGERS = {
    "negative": (
        square(-7, np.int16),
        "image 0 must have no negative grey levels, but its minimum is -7; add a constant",
    ),
    "beyond 16 bits": (
        square(65536, np.int64),
        "image 0 must have grey levels of at most 16 bits, 65535, but its maximum is 65536; divide",
    ),
}
# What is no stack at all.
STACKS = {
    "one image": (square(), r"shape \(32, 32\) was given; wrap a single image as image\[None\]"),
    "numbers": (np.arange(4), r"images must be of shape \(n, rows, columns\), but an array of"),
    "colour": (square(shape=(4, 8, 8, 3)), "was given; convert colour images to grey first"),
    "channels": (square(shape=(4, 1, 8, 8)), r"take the only channel, images\[:, 0\]"),
    "a table": (
        pd.DataFrame({"image": [square()] * 2}),
        r"a DataFrame of shape \(2, 1\) was given; give the one column that holds the images",
    ),
    "nothing": ([], "images must be a stack or list with at least one image"),
    "an empty array": (square(shape=(0, 8, 8)), "with at least one image"),
    "a path": ("chest.png", "'chest.png' was given; read files with featurex.read_image first"),
    "a generator": ((square() for _ in range(2)), "but a generator was given; make a list"),
    "a dict": ({0: square()}, "but a dict was given; make a list of its images"),
}


@pytest.mark.parametrize("reader", READERS)
def test_the_same_is_refused_in_the_same_words_by_all(reader):
    wrong = [([image] * 4, message) for image, message in IMAGES.values()]
    if reader.removesuffix(".fit") not in EXTRACTORS:
        wrong += [([image] * 4, message) for image, message in INTEGERS.values()]
    for stack, message in [*wrong, *STACKS.values()]:
        with pytest.raises(ParameterError, match=message):
            READERS[reader](stack)


SERIES = pd.Series([square(level) for level in (9, 5, 7)], index=[2, 0, 1])


@pytest.mark.parametrize(
    "stack",
    [SERIES, SERIES.to_numpy(), tuple(SERIES), np.stack(list(SERIES))],
    ids=["series", "objects", "tuple", "array"],
)
def test_images_are_read_by_position(stack):
    assert [image[0, 0] for image, _ in iter_images(stack)] == [9, 5, 7]
    assert Preprocess(16).fit_transform(stack)[:, 0, 0].tolist() == [9, 5, 7]
    assert IntensityStatistics().fit_transform(Preprocess(16).transform(stack))[:, 0].tolist() == [
        9.0,
        5.0,
        7.0,
    ]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (np.int8, np.uint8),
        (np.int64, np.uint16),
        (">u2", np.uint16),
        (np.float16, np.float32),
        (">f8", np.float64),
        (np.uint8, np.uint8),
        (np.float32, np.float32),
    ],
)
def test_rarer_types_become_the_nearest_that_kernels_take(given, taken):
    image, inside = check_image(square(1, given))
    assert (image.dtype, inside) == (taken, None)
    assert image.dtype.isnative
    assert (image == 1).all()
    assert np.array_equal(Preprocess(16).transform([square(1, given)])[0], image[:16, :16])


def test_true_is_white():
    image, _ = check_image(np.array([[True, False]]))
    assert image.dtype == np.uint8
    assert image.tolist() == [[255, 0]]


@pytest.mark.parametrize(("value", "taken"), [(-1, np.float32), (2**24 + 1, np.float64)])
def test_where_any_number_is_taken_integers_keep_their_values(value, taken):
    image, _ = check_image(square(value, np.int64), grey="any")
    assert image.dtype == taken
    assert (image == value).all()


def test_an_image_that_is_fit_is_not_copied():
    image = square()
    assert check_image(image)[0] is image
    assert check_image(image.T)[0].flags.c_contiguous


@pytest.mark.parametrize(
    ("dtype", "outside"),
    [
        (np.float32, np.nan),
        (np.float64, -np.inf),
        (np.int16, -1024),
        (np.int64, 2**40),
        (np.int8, -1),
    ],
)
def test_what_lies_outside_a_region_is_not_refused(dtype, outside):
    pixels, mask = square(3, dtype), square(False, bool)
    pixels[:4], mask[:4] = outside, True
    image, inside = check_image(np.ma.masked_array(pixels, mask))
    assert np.array_equal(inside, ~mask)
    assert (image[inside] == 3).all()


def test_regions_are_kept_ignored_or_refused():
    masked = np.ma.masked_array(square(shape=(2, 4, 4)), square(shape=(2, 4, 4)))
    masked[:, :2] = np.ma.masked
    for image, inside in iter_images(masked):
        assert not isinstance(image, np.ma.MaskedArray)
        assert inside.sum() == 8
    assert [inside for _, inside in iter_images(masked, "ignore")] == [None, None]
    with pytest.raises(ParameterError, match="image 0 has a region already, which this step"):
        list(iter_images(masked, "refuse"))
    assert check_image(np.ma.masked_array(square()))[1] is None


def test_a_region_without_usable_pixels_is_refused():
    pixels, mask = square(np.nan, float), square(False, bool)
    mask[0] = True
    with pytest.raises(ParameterError, match="image must be finite inside its region"):
        check_image(np.ma.masked_array(pixels, mask))
    with pytest.raises(ParameterError, match="image must have no negative grey levels"):
        check_image(np.ma.masked_array(square(-1, np.int16), mask))
    with pytest.raises(ParameterError, match="image has an empty region: no pixel is inside"):
        check_image(np.ma.masked_array(pixels, True))


def test_only_images_of_one_shape_and_type_are_joined():
    masked = np.ma.masked_array(square(1), square(False, bool))
    joined = join_images([masked, masked])
    assert isinstance(joined, np.ma.MaskedArray)
    assert joined.shape == (2, SIDE, SIDE)
    assert not joined.mask.any()
    assert join_images([square(), square()]).shape == (2, SIDE, SIDE)
    for other in (square(0, np.uint16), square(shape=(4, 4))):
        assert isinstance(join_images([square(), other]), list)
