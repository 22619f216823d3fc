"""A synthetic picture, its encodings, and the reason for which a file is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from featurex import read_image
from featurex.errors import ImageError
from featurex.images import REASONS

ROWS, COLUMNS = 48, 61


def picture(dtype=np.uint8, seed=0):
    """Smooth shades with noise, using the whole range of the type."""
    rng = np.random.default_rng(seed)
    shades = np.add.outer(np.linspace(0, 1, ROWS), np.linspace(0, 1, COLUMNS)) / 2
    levels = np.clip(shades + rng.normal(0, 0.02, shades.shape), 0, 1) * np.iinfo(dtype).max
    levels[0, 0], levels[-1, -1] = 0, np.iinfo(dtype).max
    return levels.astype(dtype)


def encode(image, kind, **options):
    stream = io.BytesIO()
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    image.save(stream, kind, **options)
    return stream.getvalue()


def refusal(path, **options):
    with pytest.raises(ImageError, match=r"\[[A-Z_]+\]$") as caught:
        read_image(path, **options)
    assert caught.value.reason in REASONS
    assert caught.value.path == str(path)
    return caught.value.reason
