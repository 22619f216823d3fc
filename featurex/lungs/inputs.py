"""What the regressions of the landmark cascade are computed from: whole chests and profiles."""

import cv2
import numpy as np

from featurex.compat.hog_bins import bin_edges
from featurex.images.resize import resize
from featurex.kernels.hog import hog_cells
from featurex.kernels.warp import sample_points
from featurex.lungs.affine import warp_image
from featurex.lungs.contrast import normalize_contrast
from featurex.lungs.outline import OUTLINES, POINTS

# Sides in pixels: the image at its working size, the chest that the global stages see, and the
# crop around the lungs on which the local stages read profiles.
IMAGE_SIDE, CHEST_SIDE, CROP_SIDE = 224, 96, 128
# Grey values (32 x 32) and gradient histograms (12 x 12 cells, 9 orientations) of a chest.
_GREY_SIDE, _CELL, _ORIENTATIONS = 32, 8, 9
# Where profiles are read, in pixels of the crop along the outline's normal: densely on the sharp
# layer, sparsely and farther on the blurred one.
_NEAR, _FAR = np.arange(-10, 11, dtype=np.float32), np.arange(-24, 25, 4, dtype=np.float32)
_BLURS = (1.2, 4.0)


def smooth_image(image):
    """Bring an image to the working size, slightly blurred against compression and noise.

    Parameters
    ----------
    image : array of shape (rows, columns)
        uint8, uint16 or floating.

    Returns
    -------
    image : array of shape (224, 224)
        Of the same type.
    """
    return cv2.GaussianBlur(resize(image, IMAGE_SIDE), (0, 0), 0.8)


def compute_inputs(image, pose):
    """Compute what a global stage predicts from: the whole chest as it lies under a pose.

    Parameters
    ----------
    image : array of shape (224, 224)
        As `smooth_image` returns it.
    pose : float array, shape (2, 3)
        Affine map from the chest to the image, both in units of their sides.

    Returns
    -------
    inputs : float32 array, shape (2321,)
        1024 grey values of the local contrast, 1296 histogram entries (row, column, orientation),
        and a constant 1 for the intercept.
    """
    chest = normalize_contrast(warp_image(image, pose, (CHEST_SIDE, CHEST_SIDE)), 10)
    small = cv2.resize(chest, (_GREY_SIDE, _GREY_SIDE), interpolation=cv2.INTER_AREA)
    n_cells = CHEST_SIDE // _CELL
    cells = np.empty((n_cells, n_cells, _ORIENTATIONS), np.float32)
    hog_cells(chest, None, None, _CELL, _CELL, bin_edges(_ORIENTATIONS, np.float32), 0.0, cells)
    # Each cell is divided by the root of the mean square around it; adding 1 keeps noise in flat
    # cells small.
    # Running sums leave less than nothing where cells are empty.
    squares = np.maximum(cv2.blur((cells * cells).sum(axis=2), (3, 3)), 0.0)
    norms = np.sqrt(squares) + 1.0
    fractions = np.minimum(cells / norms[:, :, None], 1.2)
    # 128 and 48 are mean and deviation of local contrast.
    return np.concatenate([(small.ravel() - 128) / 48, 3 * fractions.ravel(), [1]]).astype(
        np.float32
    )


def crop_lungs(image, pose):
    """Cut the lungs out of an image, as local contrast.

    Parameters
    ----------
    image : array of shape (224, 224)
        As `smooth_image` returns it.
    pose : float array, shape (2, 3)
        Affine map from the crop to the image, both in units of their sides.

    Returns
    -------
    layers : list of two float32 arrays, shape (128, 128)
        The crop with little and with more blur.
    """
    lungs = normalize_contrast(warp_image(image, pose, (CROP_SIDE, CROP_SIDE)), 13)
    return [cv2.GaussianBlur(lungs, (0, 0), sigma) for sigma in _BLURS]


def read_profiles(layers, points):
    """Compute what a local stage predicts from: profiles along the normals of all outlines.

    Parameters
    ----------
    layers : list of two float32 arrays, shape (128, 128)
        As `crop_lungs` returns them.
    points : float array, shape (164, 2)
        Landmarks, in units of the crop's sides.

    Returns
    -------
    profiles : float32 array, shape (164, 34)
        21 values of the first layer, 13 of the second.
    """
    normals = _compute_normals(points).astype(np.float32)
    pixels = (points * CROP_SIDE - 0.5).astype(np.float32)
    profiles = []
    for layer, steps in zip(layers, (_NEAR, _FAR), strict=True):
        profiles.append(np.empty((len(points), len(steps)), np.float32))
        sample_points(
            layer,
            pixels[:, :1] + normals[:, :1] * steps,
            pixels[:, 1:] + normals[:, 1:] * steps,
            profiles[-1],
        )
    return (np.concatenate(profiles, axis=1) - np.float32(128)) / np.float32(48)


def gather_profiles(profiles, outline):
    """Gather the profiles of one outline as the inputs of a regression.

    Parameters
    ----------
    profiles : float32 array, shape (..., 164, 34)
        As `read_profiles` returns them.
    outline : int array, shape (104,)
        Which landmarks make the outline.

    Returns
    -------
    inputs : float32 array, shape (..., 3537)
        34 values a landmark, and a constant 1 for the intercept.
    """
    gathered = profiles[..., outline, :].reshape(*profiles.shape[:-2], -1)
    ones = np.ones((*gathered.shape[:-1], 1), np.float32)
    return np.concatenate([gathered, ones], axis=-1)


def _compute_normals(points):
    """Compute unit vectors across the outlines: float array of shape (164, 2)."""
    normals = np.empty(points.shape)
    # What both outlines share has the normals of the whole lungs.
    for outline in (OUTLINES.field, OUTLINES.whole):
        lungs = points[outline].reshape(2, POINTS, 2)
        tangents = np.roll(lungs, -1, axis=1) - np.roll(lungs, 1, axis=1)
        normals[outline] = np.stack([tangents[..., 1], -tangents[..., 0]], axis=-1).reshape(-1, 2)
    return normals / (np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-9)
