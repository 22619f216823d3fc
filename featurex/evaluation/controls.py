"""Negative controls: what a model scores that never sees a lung.

If the border of a film or the way it was framed predicts the label, a good score on whole images
proves little. These are printed beside the real models, and are features of none of them.
"""

import os
from typing import NamedTuple

import cv2
import numpy as np

from featurex.images import parse_location, read_header

# The ring is looked at on a coarse grid: fine detail at the border is noise, brightness is not.
_SIDE = 48
_RING = 4


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


def list_controls(images, registration, paths):
    """Every control that can be computed.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As read and resized, not aligned.
    registration : Registration
        Of these images.
    paths : sequence of n str

    Returns
    -------
    controls : list of Control
        The file control is left out where images are members of an array.
    """
    controls = [
        Control("border ring", "the outermost 8 % of the film, coarsely", border_ring(images)),
        Control("registration", "the six numbers that align a film to the mean chest", framing_numbers(registration)),
    ]
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
        [cv2.resize(np.asarray(image), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)[ring] for image in images]
    ).astype(np.float32)


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
