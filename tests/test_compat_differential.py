"""2,000 seeded configurations of the drop-ins against scikit-image: images, types, parameters."""

import numpy as np
import pytest
from skimage import feature

from featurex.compat import skimage as ours

METHODS = ("default", "ror", "uniform", "nri_uniform", "var")
PROPERTIES = (
    "contrast",
    "dissimilarity",
    "homogeneity",
    "ASM",
    "energy",
    "correlation",
    "mean",
    "variance",
    "std",
    "entropy",
)
N_PATTERNS, N_HISTOGRAMS, N_MATRICES = 800, 500, 700


def draw_image(generator, shape, types=("u1", "u2", "f8")):
    """Draw an image of one of several kinds: noise, few levels, a ramp, all but one pixel alike."""
    dtype = np.dtype(str(generator.choice(types)))
    top = 1.0 if dtype.kind == "f" else np.iinfo(dtype).max
    match generator.integers(4):
        case 0:
            image = generator.random(shape) * top
        case 1:
            image = generator.integers(0, 4, shape) * (top / 4)
        case 2:
            image = np.add.outer(np.arange(shape[0]), np.arange(shape[1])) * (top / 99)
        case _:
            image = np.full(shape, top / 2)
            image[shape[0] // 2, shape[1] // 2] = top
    return image.astype(dtype)


@pytest.mark.filterwarnings("ignore:Applying `local_binary_pattern` to floating-point images")
def test_local_binary_patterns_are_identical():
    generator = np.random.default_rng(2026)
    for index in range(N_PATTERNS):
        image = draw_image(generator, tuple(generator.integers(3, 15, 2)))
        method = METHODS[index % len(METHODS)]
        points = int(generator.integers(1, 25 if method != "ror" else 13))
        radius = generator.choice([1, 2, 3, round(generator.uniform(0.5, 4), 3)])
        arguments = image, points, radius, method
        expected = feature.local_binary_pattern(*arguments)
        found = ours.local_binary_pattern(*arguments)
        # Variances are sums in another order.
        rtol = 1e-9 if method == "var" else 0
        np.testing.assert_allclose(found, expected, rtol, err_msg=f"{index}: {arguments[1:]}")


def test_histograms_of_gradients_are_equal():
    generator = np.random.default_rng(2027)
    for index in range(N_HISTOGRAMS):
        cell = tuple(map(int, generator.integers(2, 5, 2)))
        block = tuple(map(int, generator.integers(1, 4, 2)))
        rows, columns = (
            int(side * count + generator.integers(0, side + 3))
            for side, count in zip(cell, block, strict=True)
        )
        # Only noise among floating images: rounding decides about gradients on the edge of a bin.
        image = (
            generator.random((rows, columns))
            if index % 4 == 0
            else draw_image(generator, (rows, columns), ("u1", "u2"))
        )
        parameters = {
            "orientations": int(generator.integers(1, 20)),
            "pixels_per_cell": cell,
            "cells_per_block": block,
            "block_norm": str(generator.choice(["L1", "L1-sqrt", "L2", "L2-Hys"])),
            "transform_sqrt": bool(index % 8 == 0),
            "feature_vector": bool(generator.integers(2)),
        }
        expected, found = feature.hog(image, **parameters), ours.hog(image, **parameters)
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(
            found, expected, rtol=0, atol=1e-6, err_msg=f"{index}: {image.dtype} {parameters}"
        )


def test_cooccurrence_is_identical_and_its_properties_equal():
    generator = np.random.default_rng(2028)
    for index in range(N_MATRICES):
        n_levels = int(generator.integers(2, 33))
        shape = tuple(generator.integers(1, 13, 2))
        types = ("u1", "i1", "u2", "i4", "i8")
        image = generator.integers(0, n_levels, shape).astype(types[index % len(types)])
        if index % 7 == 0:
            image[:] = image[0, 0]
        distances = generator.choice([1, 2, 3, 1.5, 7], generator.integers(1, 4), replace=False)
        angles = generator.uniform(-7, 7, generator.integers(1, 5))
        if index % 2:
            angles = np.arange(4) * np.pi / 4
        arguments = (image, list(distances), list(angles), n_levels)
        parameters = {
            "symmetric": bool(generator.integers(2)),
            "normed": bool(generator.integers(2)),
        }
        expected = feature.graycomatrix(*arguments, **parameters)
        found = ours.graycomatrix(*arguments, **parameters)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected, f"{index}: {arguments[1:]}")
        name = PROPERTIES[index % len(PROPERTIES)]
        np.testing.assert_allclose(
            ours.graycoprops(found, name),
            feature.graycoprops(expected, name),
            rtol=1e-9,
            atol=1e-12,
            err_msg=f"{index}: {name} {arguments[1:]}",
        )
