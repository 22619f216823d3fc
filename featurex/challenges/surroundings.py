"""What an image shows beside the lungs: its border, its corners, and all outside the chest's
middle.
"""

import cv2
import numpy as np

from featurex.lungs import warp_image
from featurex.parallel import chunks

# Coarse grids: fine detail at the border is noise, brightness is not.
_RING_SIDE = 48
_RING_WIDTH = 4
_ALIGNED_SIDE = 32
# Rim around the lungs of the mean chest, on the aligned grid: most lungs that are larger lie
# within.
_RIM = 2
# Side of an upper corner, as a fraction of the grid, and squares a side: where L and R stand.
_CORNER, _CORNER_SQUARES = 0.2, 3
_CORNER_SIDE = 96
# Images of which something is computed at a time.
_CHUNK = 256


def border_ring(images):
    """Grey values of the border, on a grid of 48 x 48 squares: the outermost four rows and columns.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As decoded or resized, not aligned.

    Returns
    -------
    values : float32 array, shape (n, 704)
        Means of the squares, row by row.
    """
    ring = np.ones((_RING_SIDE, _RING_SIDE), bool)
    ring[_RING_WIDTH:-_RING_WIDTH, _RING_WIDTH:-_RING_WIDTH] = False
    return _of_each(images, lambda some: _shrink(some, _RING_SIDE)[:, ring])


def upper_corners(images):
    """Grey values of the two upper corners, each a fifth of a side, on a grid of 3 x 3 squares.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As decoded or resized, not aligned.

    Returns
    -------
    values : float32 array, shape (n, 18)
        Means of the squares, row by row over both corners.
    """
    return _of_each(images, _average_corners)


def _average_corners(images):
    small = _shrink(images, _CORNER_SIDE)
    square = int(_CORNER * _CORNER_SIDE / _CORNER_SQUARES)
    side = _CORNER_SQUARES * square
    corners = np.concatenate([small[:, :side, :side], small[:, :side, -side:]], axis=2)
    squares = corners.reshape(len(small), _CORNER_SQUARES, square, 2 * _CORNER_SQUARES, square)
    return squares.mean(axis=(2, 4)).reshape(len(small), -1)


def outside_lungs(images, registration, training):
    """Grey values of the aligned image outside its lungs, on a grid of 32 x 32 squares.

    Parameters
    ----------
    images : sequence of n 2-D arrays
        As decoded or resized, not aligned.
    registration : Registration
        Where the mean chest lies in these images.
    training : bool array, shape (n,)
        The images whose mean shows the lungs.

    Returns
    -------
    values : float32 array, shape (n, n_columns)
        The squares outside `mean_lungs`; no columns where the mean shows no lungs.
    """
    matrices = iter(registration.matrices)
    aligned = _of_each(images, lambda some: _align_coarsely(some, matrices))
    region = mean_lungs(aligned[training].mean(axis=0))
    return aligned[:, ~region & region.any()]


def mean_lungs(chest):
    """Find the region of both lungs and all between them in a mean of aligned images.

    In one image a threshold finds the lungs only where they are healthy, which tells the class; in
    the mean of many it is one region for all.

    Parameters
    ----------
    chest : float32 array, shape (side, side)
        Dark where there is air.

    Returns
    -------
    region : bool array, shape (side, side)
        The convex hull of what is darker than its surroundings and does not touch the border, and a
        rim of two pixels; empty where nothing is.
    """
    dark = chest < cv2.GaussianBlur(chest, (0, 0), len(chest) / 6)
    _, components = cv2.connectedComponents(dark.astype(np.uint8), connectivity=4)
    # The light tissue is component 0; the air beside the body touches the border.
    outer = np.concatenate(
        [[0], components[0], components[-1], components[:, 0], components[:, -1]]
    )
    rows, columns = np.nonzero(~np.isin(components, outer))
    if len(rows) == 0:
        return np.zeros(chest.shape, bool)
    hull = cv2.convexHull(np.column_stack([columns, rows]).astype(np.int32))
    region = cv2.fillConvexPoly(np.zeros(chest.shape, np.uint8), hull, 1)
    return cv2.dilate(region, np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)).astype(bool)


def _of_each(images, compute):
    """Compute values of some images at a time, which may lie on disk."""
    return np.concatenate([compute(images[part]) for part in chunks(len(images), _CHUNK)])


def _align_coarsely(images, matrices):
    """Align images, on a coarse grid: float32 array, shape (n, 32, 32)."""
    side = (_ALIGNED_SIDE, _ALIGNED_SIDE)
    return np.stack(
        [
            warp_image(
                cv2.resize(np.asarray(image), side, interpolation=cv2.INTER_AREA), next(matrices)
            )
            for image in images
        ]
    ).astype(np.float32)


def _shrink(images, side):
    """Every image as side x side means: float32 array, shape (n, side, side)."""
    return np.stack(
        [
            cv2.resize(np.asarray(image), (side, side), interpolation=cv2.INTER_AREA)
            for image in images
        ]
    ).astype(np.float32)
