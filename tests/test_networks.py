"""Networks as arrays: the scorer against PyTorch, broken files, saving, predicting, explaining."""

import numpy as np
import pytest

from featurex.errors import DataError
from featurex.explanation import explain
from featurex.explanation.occlusion import PATCHES, explain_by_occlusion
from featurex.models import CNN
from featurex.models.export import make_scorer
from featurex.scorers import (
    Affine,
    Chain,
    Convolution,
    Linear,
    Network,
    Pooling,
    Rectifier,
    Residual,
    Standardization,
    from_arrays,
    to_arrays,
)

torch = pytest.importorskip("torch", reason="needs the extra 'cnn'")


def draw_images(n, side, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, side, side), dtype=np.uint8)


@pytest.fixture(scope="module", params=[2, 3], ids="{} classes".format)
def fitted(request):
    images = draw_images(30, 17)
    return CNN(size=17, channels=(4, 8), max_iter=2).fit(images, np.arange(30) % request.param)


def test_the_scorer_repeats_the_network(fitted):
    tree, arrays = to_arrays(make_scorer(fitted), "estimator")
    scorer = from_arrays(tree, arrays, "estimator")
    images = draw_images(9, 17, seed=1)
    expected = fitted.predict_proba(images)
    found = scorer.predict_proba(images.reshape(9, -1))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert (scorer.n_columns, scorer.n_classes) == (17 * 17, expected.shape[1])


@pytest.mark.parametrize("rows", [9, 10])
@pytest.mark.parametrize(("side", "stride"), [(1, 1), (1, 2), (3, 1), (3, 2), (7, 2)])
def test_a_convolution_is_that_of_pytorch(rows, side, stride):
    generator = np.random.default_rng(0)
    weights = generator.normal(size=(5, 3, side, side)).astype(np.float32)
    image = generator.normal(size=(3, rows, rows)).astype(np.float32)

    def convolve(image, weights):
        image, weights = (torch.from_numpy(values.astype(float)) for values in (image, weights))
        return torch.nn.functional.conv2d(image[None], weights, stride=stride, padding=side // 2)[0]

    found = Convolution(weights.reshape(5, 3, -1), stride).apply(image)
    # Sums of 32 bits are off by parts of what is added, in whatever order that is.
    allowed = 1e-6 * convolve(np.abs(image), np.abs(weights)).numpy()
    assert (np.abs(found - convolve(image, weights).numpy()) <= allowed).all()


@pytest.mark.parametrize("rows", [8, 9])
@pytest.mark.parametrize("side", [2, 3])
def test_a_pooling_is_that_of_pytorch(rows, side):
    image = np.random.default_rng(0).normal(size=(3, rows, rows)).astype(np.float32)
    pooled = torch.nn.functional.max_pool2d(
        torch.from_numpy(image)[None], side, stride=2, padding=(side - 1) // 2
    )
    assert np.array_equal(Pooling(side).apply(image), pooled[0].numpy())


ONE = Convolution(np.ones((1, 1, 1)), 1)
WIDEN = Convolution(np.ones((128, 1, 1)), 1)
LAST = Linear(np.ones((1, 1)), np.zeros(1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(4, 0.0, 1.0, (ONE,), LAST), "side must be from 8 to 512"),
        (lambda: Network(8, 0.0, 0.0, (ONE,), LAST), "scale must be above 0"),
        (lambda: Network(8, 0.0, 1.0, (), LAST), "layers must be a list of layers"),
        (lambda: Network(8, 0.0, 1.0, (LAST,), LAST), "layers must be a list of layers"),
        (lambda: Network(8, 0.0, 1.0, (ONE,), ONE), "a linear classifier of 1 columns"),
        (
            lambda: Network(8, 0.0, 1.0, (ONE,), Linear(np.ones((1, 2)), np.zeros(1))),
            "a linear classifier of 1 columns",
        ),
        (
            lambda: Network(8, 0.0, 1.0, (Convolution(np.ones((1, 2, 1)), 1),), LAST),
            "takes 2 channels, but 1 are given",
        ),
        (
            lambda: Network(8, 0.0, 1.0, (Affine(np.ones(2), np.ones(2)),), LAST),
            "takes 2 channels, but 1 are given",
        ),
        (lambda: Network(8, 0.0, 1.0, (Pooling(2),) * 4, LAST), "images of one row"),
        (lambda: Network(8, 0.0, 1.0, (Rectifier(),) * 257, LAST), "257 layers"),
        # A few numbers that would take 17 GB of memory, and some that would take hours.
        (
            lambda: Network(512, 0.0, 1.0, (Convolution(np.ones((16384, 1, 1)), 1),), LAST),
            "arrays of 4.3e[+]09 numbers",
        ),
        (
            lambda: Network(
                512,
                0.0,
                1.0,
                (WIDEN, *[Convolution(np.ones((128, 128, 1)), 1)] * 9),
                LAST,
            ),
            "multiplications",
        ),
        (lambda: Convolution(np.ones((1, 1, 4)), 1), "squares with an odd side"),
        (lambda: Convolution(np.ones((1, 1, 5)), 1), "squares with an odd side"),
        (lambda: Convolution(np.ones((1, 1, 9)), 3), "stride must be 1 or 2"),
        (lambda: Convolution(np.full((1, 1, 9), np.nan), 1), "weights must be finite"),
        (lambda: Pooling(4), "side must be 2 or 3"),
        (lambda: Residual((), ()), "Residual: layers must be a list"),
        (lambda: Residual((ONE,), (LAST,)), "Residual: shortcut must be a list"),
        (
            lambda: Network(8, 0.0, 1.0, (Residual((Pooling(2),), ()),), LAST),
            "images of different sizes",
        ),
        (lambda: Chain((ONE,), LAST), "Convolution is no step"),
        (
            lambda: Chain((Standardization(np.ones(9), np.ones(9)),), ONE),
            "last must be a classifier",
        ),
    ],
)
def test_a_broken_network_is_refused_before_it_scores(make, message):
    with pytest.raises(DataError, match=message):
        make()


def test_occlusion_gives_the_shapley_values_where_patches_act_in_pairs():
    """By their definition: over all orders of two patches, whose product counts."""
    side = PATCHES
    image, mean = np.zeros((2, side * side))
    image[[3, 40]] = 2.0, 5.0

    def function(rows):
        return 1.0 + rows[:, 3] + 3.0 * rows[:, 40] + rows[:, 3] * rows[:, 40]

    base, found = explain_by_occlusion(function, image[None], mean, side)
    assert base == 1.0
    expected = np.zeros(side * side)
    expected[3], expected[40] = 2.0 + 10.0 / 2, 15.0 + 10.0 / 2
    np.testing.assert_allclose(found[0], expected, atol=1e-12)


def test_contributions_of_a_network_sum_to_its_score(fitted):
    images, target = draw_images(2, 17, seed=3), len(fitted.classes_) - 1
    values, mean = images.reshape(2, -1), draw_images(40, 17).reshape(40, -1).mean(axis=0)
    groups = np.zeros(17 * 17, int)
    contributions = explain(fitted, values.astype(np.float32), mean, groups, target)
    expected = fitted.predict_proba(images)[:, target]
    np.testing.assert_allclose(contributions.scores, expected, rtol=0, atol=1e-5)
    # One value a patch, all over the image.
    assert len(np.unique(contributions.columns[0])) == PATCHES**2
