"""Negative controls: what a model scores that never sees a lung.

If the border of a film or the way it was framed predicts the label, a good score on whole images
proves little. These are printed beside the real models, and are features of none of them.
"""

import os
from typing import NamedTuple

import cv2
import numpy as np

from featurex.images import parse_location, read_header
from featurex.lungs import warp_image

# Controls are looked at on coarse grids: fine detail at the border is noise, brightness is not.
_SIDE = 48
_RING = 4
_ALIGNED_SIDE = 32
# Rim around the lungs of the mean chest, on the aligned grid: most lungs that are larger lie
# within.
_RIM = 2


class Control(NamedTuple):
    """Values of every image that should tell nothing about its lungs.

    Parameters
    ----------
    name, description : str
    values : float32 array, shape (n, n_columns)
    """

    name: str
    description: str
    values: np.ndarray


def list_controls(images, registration, paths, training):
    """Every control that can be computed.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As read and resized, not aligned.
    registration : Registration
        Of these images.
    paths : sequence of n str
    training : bool array, shape (n,)
        The images on which the region outside the lungs is found.

    Returns
    -------
    controls : list of Control
        Without those outside the lungs where the mean of the images shows no lungs, and without
        those of the file where images are members of an array.
    """
    controls = [
        Control(
            "border ring",
            "the outermost 8 % of the film, on a grid of 48 x 48 squares",
            border_ring(images),
        ),
        Control(
            "registration",
            "the six numbers that align a film to the mean chest",
            framing_numbers(registration),
        ),
    ]
    outside = outside_lungs(images, registration, training)
    if outside.shape[1] > 0:
        what = "the aligned film without lungs, heart and all between, on a grid of 32 x 32 squares"
        controls.insert(1, Control("outside the lungs", what, outside))
    if all(parse_location(path).array is None for path in paths):
        what = "bytes, width, height, aspect ratio and bytes per pixel of the file"
        controls.append(Control("file", what, file_numbers(paths)))
    return controls


def border_ring(images):
    """Grey values of the border, on a grid of 48 x 48 squares: the outermost four rows and columns.

    Parameters
    ----------
    images : sequence of n 2-D arrays

    Returns
    -------
    values : float32 array, shape (n, 704)
    """
    ring = np.ones((_SIDE, _SIDE), bool)
    ring[_RING:-_RING, _RING:-_RING] = False
    return np.stack(
        [
            cv2.resize(np.asarray(image), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)[ring]
            for image in images
        ]
    ).astype(np.float32)


def outside_lungs(images, registration, training):
    """Grey values of the aligned image outside its lungs, on a grid of 32 x 32 squares.

    Parameters
    ----------
    images : sequence of n 2-D arrays
    registration : Registration
        Of these images.
    training : bool array, shape (n,)

    Returns
    -------
    values : float32 array, shape (n, n_columns)
        The squares outside `mean_lungs` of the training images' mean; none where no lungs are seen.
    """
    side = (_ALIGNED_SIDE, _ALIGNED_SIDE)
    aligned = np.stack(
        [
            warp_image(cv2.resize(np.asarray(image), side, interpolation=cv2.INTER_AREA), matrix)
            for image, matrix in zip(images, registration.matrices, strict=True)
        ]
    ).astype(np.float32)
    region = mean_lungs(aligned[training].mean(axis=0))
    return aligned[:, ~region & region.any()]


def mean_lungs(chest):
    """The region of both lungs and all between them in a mean of aligned images.

    On one film a threshold finds the lungs only where they are healthy, which tells the class; on
    the mean of many it is one region for all.

    Parameters
    ----------
    chest : float32 array, shape (side, side)
        Dark where there is air.

    Returns
    -------
    region : bool array, shape (side, side)
        The convex hull of what is darker than its surroundings and does not touch the border, and a
        rim of two pixels; empty where there is no such place.
    """
    dark = chest < cv2.GaussianBlur(chest, (0, 0), len(chest) / 6)
    _, parts = cv2.connectedComponents(dark.astype(np.uint8), connectivity=4)
    # The light tissue is part 0; the air beside the body touches the border.
    outer = np.concatenate([[0], parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    rows, columns = np.nonzero(~np.isin(parts, outer))
    if len(rows) == 0:
        return np.zeros(chest.shape, bool)
    hull = cv2.convexHull(np.column_stack([columns, rows]).astype(np.int32))
    region = cv2.fillConvexPoly(np.zeros(chest.shape, np.uint8), hull, 1)
    return cv2.dilate(region, np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)).astype(bool)


def framing_numbers(registration):
    """The map of every image from the mean chest: zoom, rotation, shear, shift.

    Parameters
    ----------
    registration : Registration

    Returns
    -------
    values : float32 array, shape (n, 6)
    """
    return registration.matrices.reshape(len(registration), 6).astype(np.float32)


def file_numbers(paths):
    """What a file tells without being looked at.

    Parameters
    ----------
    paths : sequence of n str

    Returns
    -------
    values : float32 array, shape (n, 5)
        Bytes, width and height in pixels, width / height, bytes per pixel.
    """
    rows = []
    for path in paths:
        header = read_header(path)
        size = os.path.getsize(parse_location(path).path)
        width, height = header.columns, header.rows
        rows.append((size, width, height, width / height, size / (width * height)))
    return np.array(rows, np.float32)
