"""What a case is, and the images on which every case is checked."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Case:
    """One piece of work done by featurex, by its slow twin, and by peers.

    Parameters
    ----------
    name : str
        Unique; the family first, as in "hog_cell8_l2hys".
    family : str
        A key of EXTRACTORS.
    ours, twin : callable (image, inside) -> array or dict of name to number
        `inside` is a bool array or None. Both return the same kind.
    peers : dict of peer name to callable (image, inside) -> array
        Other packages that do the same work. A callable raises ImportError where the package is
        not installed. Its values are compared where `comparable` lists its name.
    elsewhere : dict of peer name to callable (image) -> dict
        For peers of tests/peers.py, which may live in another Python: their arguments beside the
        image.
    comparable : tuple of str
        The peers whose values must equal ours; a reason for each other peer stands in `notes`.
    masked : bool
        Whether the work is defined on a region; otherwise masked inputs are left out.
    rtol, atol : float
        The stated tolerance, against twin and comparable peers.
    notes : str
        Where definitions depart.
    """

    name: str
    family: str
    ours: Callable
    twin: Callable
    peers: dict = field(default_factory=dict)
    elsewhere: dict = field(default_factory=dict)
    comparable: tuple = ()
    masked: bool = False
    rtol: float = 1e-6
    atol: float = 1e-9
    notes: str = ""


def values_of(extractor):
    """What an extractor finds of one image; it is made once, as a user makes it: callable (image,
    inside) -> array.
    """

    def values(image, inside):
        return extractor.transform(
            [image if inside is None else np.ma.masked_array(image, ~inside)]
        )[0]

    return values


def inputs(size=40, masked=False, seed=0):
    """Yield (name, image, inside): the images every case must get right.

    Parameters
    ----------
    size : int
        Rows; columns are a little more, so that a swapped axis shows.
    masked : bool
        Whether to add images with a region.
    """
    rng = np.random.default_rng(seed)
    rows, columns = size, size + 7
    noise = rng.integers(0, 256, (rows, columns), dtype=np.uint8)
    yield "noise", noise, None
    yield "constant", np.full((rows, columns), 77, np.uint8), None
    yield "black", np.zeros((rows, columns), np.uint8), None
    yield (
        "ramp",
        np.broadcast_to(np.linspace(0, 255, columns).astype(np.uint8), (rows, columns)).copy(),
        None,
    )
    steps = (np.add.outer(np.arange(rows) // 5, np.arange(columns) // 3) * 16 % 256).astype(
        np.uint8
    )
    yield "steps", steps, None
    yield "extremes", rng.choice(np.array([0, 255], np.uint8), (rows, columns)), None
    yield "uint16", rng.integers(0, 65536, (rows, columns), dtype=np.uint16), None
    if not masked:
        return
    row, column = np.mgrid[:rows, :columns]
    disc = (row - rows / 2) ** 2 + (column - columns / 2) ** 2 < (rows / 3) ** 2
    yield "disc", noise, disc
    yield "disc constant", np.full_like(noise, 200), disc
    yield "border", steps, (row < 3) | (column > columns - 4)
    single = np.zeros((rows, columns), bool)
    single[rows // 2, 0] = True
    yield "one pixel", noise, single
    pair = single | single[::-1, ::-1]
    yield "two pixels", np.where(single, 3, noise), pair
    yield "scattered", steps, rng.random((rows, columns)) < 0.3
    yield "full", noise, np.ones((rows, columns), bool)
