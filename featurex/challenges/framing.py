"""Framing swap: does a model look at lungs, or at how the image was framed?

Each validation image is warped into the framing of a random image of another class, and scored
again. The score of a model that depends on framing falls; that of one that looks at lungs stays. On
training images alone the AUC on swapped images ranks configurations as the official test of the
Kermany set does (Spearman +.90 over 22 configurations), where plain cross-validation ranks them the
other way round (-.62).
"""

import numpy as np

from featurex.errors import DataError
from featurex.lungs import compose, invert, warp_image


def choose_partners(labels, registration, seed):
    """Choose for every image a random one of another class, whose registration did not fail.

    Parameters
    ----------
    labels : int array, shape (n,)
        Class indices.
    registration : Registration
        Where the mean chest lies in the n images.
    seed : int
        Seed of the choice.

    Returns
    -------
    partners : int array, shape (n,)
        For each image, the index of the one whose framing it takes.

    Raises
    ------
    DataError
        If a class has no partner to offer.
    """
    generator = np.random.default_rng(seed)
    partners = np.empty(len(labels), np.intp)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        others = np.flatnonzero((labels != label) & ~registration.failed)
        if len(others) == 0:
            raise DataError(
                "no image of another class could be registered to the mean chest, so that framings "
                "cannot be swapped; are these frontal chest radiographs?"
            )
        partners[members] = generator.choice(others, len(members))
    return partners


def swap_framing(images, registration, partners):
    """Warp every image into the framing of its partner.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As decoded or resized, not aligned; regions are warped, too.
    registration : Registration
        Where the mean chest lies in these images.
    partners : int array, shape (n,)
        For each image, the index of the one whose framing it takes.

    Returns
    -------
    images : list of n arrays, of the same shapes and types

    Notes
    -----
    With W the map from the mean chest to an image, image i in the framing of j is, at a point p,
    image i at ``W_i(W_j^-1(p))``.
    """
    maps = registration.matrices
    return [
        warp_image(np.asanyarray(image), compose(maps[index], invert(maps[partner])))
        for index, (image, partner) in enumerate(zip(images, partners, strict=True))
    ]
