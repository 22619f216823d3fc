"""Finding the landmarks of both lungs by a cascade of linear regressions."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import cv2
import numpy as np

from featurex.compat.hog_bins import bin_edges
from featurex.errors import DataError
from featurex.files import replacing
from featurex.kernels.hog import hog_cells
from featurex.lungs.affine import invert, warp_image
from featurex.lungs.contrast import normalize_contrast
from featurex.lungs.outline import POINTS
from featurex.preprocess import resize

# Working sides, pixels: of the image, of a look at the whole chest, and of the crop on which
# outlines are refined.
SIDE, LOOK, CROP = 224, 96, 128
# How far a crop reaches beyond the mean outlines' box, in shares of its sides: for the second look,
# and to refine.
MARGINS = (0.17, 0.15)
_ORIENTATIONS, _CELL, _PIXELS = 9, 8, 32
# Places along a normal at which grey levels are read, pixels of the crop; far ones on a more
# blurred layer.
_NEAR, _FAR = np.arange(-10, 11, dtype=np.float32), np.arange(-24, 25, 4, dtype=np.float32)
_BLURS = (1.2, 4.0)
_VERSION = 1


class Stage(NamedTuple):
    """One regression, through a few principal components of what is to be predicted.

    Parameters
    ----------
    weights : float32 array, shape (n_values, n_components)
    basis : float32 array, shape (n_components, 208)
    mean : float32 array, shape (208,)
    """

    weights: np.ndarray
    basis: np.ndarray
    mean: np.ndarray

    def predict(self, values):
        """Displacements of all landmarks: array of shape (104, 2)."""
        return (values @ self.weights @ self.basis + self.mean).reshape(-1, 2)


@dataclass(frozen=True)
class Cascade:
    """From a radiograph to landmarks on the outlines of its lungs.

    Two looks at the whole chest (pixels and gradient histograms) give the landmarks roughly; the
    first one's place the second. Then the image is cropped to the lungs once, and each landmark
    moves by what the grey levels along its outline's normals say, several times.

    Parameters
    ----------
    shapes : float array, shape (3, 104, 2)
        The mean outlines in units of the image and of both crops.
    looks : tuple of two Stage
    refinements : tuple of Stage

    References
    ----------
    X. P. Burgos-Artizzu, P. Perona, P. Dollar (2013), doi:10.1109/ICCV.2013.191, and X. Xiong, F.
    De la Torre (2013), doi:10.1109/CVPR.2013.75, refine shapes by cascades of regressions, here on
    normal profiles as in T. F. Cootes et al. (1995), doi:10.1006/cviu.1995.1004.
    """

    shapes: np.ndarray
    looks: tuple[Stage, ...]
    refinements: tuple[Stage, ...]

    def find(self, image):
        """Landmarks of one radiograph.

        Parameters
        ----------
        image : array of shape (rows, columns)
            Air dark, bones light.

        Returns
        -------
        landmarks : float array, shape (104, 2)
            x and y in units of the image's sides; may lie beyond its border.
        """
        image = soften(image)
        pose = np.eye(2, 3)
        for number, stage in enumerate(self.looks):
            landmarks = move(pose, self.shapes[number] + stage.predict(look(image, pose)))
            pose = self.place(number + 1, landmarks)
        layers = crop(image, pose)
        inside = move(invert(pose), landmarks)
        for stage in self.refinements:
            inside = inside + stage.predict(read_profiles(layers, inside))
        return move(pose, inside)

    def place(self, number, landmarks):
        """The affine map from the crop of that number to the image, by least squares: shape
        (2, 3).
        """
        shape = np.column_stack([self.shapes[number], np.ones(2 * POINTS)])
        return np.linalg.lstsq(shape, landmarks, rcond=None)[0].T

    def save(self, path):
        """Write the cascade as .npz, in half precision; never pickled."""
        arrays = {"version": np.array(_VERSION), "shapes": self.shapes.astype(np.float32)}
        for kind in ("looks", "refinements"):
            for number, stage in enumerate(getattr(self, kind)):
                for name, values in stage._asdict().items():
                    arrays[f"{kind}_{number}_{name}"] = values.astype(np.float16)
        with replacing(path) as temporary, open(temporary, "wb") as stream:
            np.savez_compressed(stream, **arrays)


def load_cascade(path):
    """Read what `Cascade.save` has written.

    Parameters
    ----------
    path : path-like or open binary file

    Returns
    -------
    cascade : Cascade

    Raises
    ------
    DataError
        If it is no such file.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            if int(stored["version"]) != _VERSION:
                raise DataError(
                    f"{path} is a lung model of version {stored['version']}; this featurex reads "
                    f"{_VERSION}"
                )
            kinds = {kind: _read_stages(stored, kind) for kind in ("looks", "refinements")}
            return Cascade(stored["shapes"].astype(float), **kinds)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DataError(
            f"{path} is no lung model of featurex ({error}); make one with scripts/train_lungs.py"
        ) from error


@lru_cache(maxsize=1)
def default_cascade():
    """The cascade that comes with featurex; docs/lungs.md says how it was made."""
    with resources.files("featurex.lungs").joinpath("cascade.npz").open("rb") as stream:
        return load_cascade(stream)


def _read_stages(stored, kind):
    count = sum(name.startswith(f"{kind}_") and name.endswith("_mean") for name in stored.files)
    return tuple(
        Stage(*(stored[f"{kind}_{number}_{name}"].astype(np.float32) for name in Stage._fields))
        for number in range(count)
    )


def soften(image):
    """The image at the working size, slightly blurred against compression and noise."""
    return cv2.GaussianBlur(resize(image, SIDE), (0, 0), 0.8)


def move(pose, points):
    """Apply an affine map of shape (2, 3) to points of shape (n, 2)."""
    return points @ pose[:, :2].T + pose[:, 2]


def look(image, pose):
    """What the whole chest looks like through a pose: pixels and gradient histograms of local
    contrast, and one.
    """
    seen = normalize_contrast(warp_image(image, pose, (LOOK, LOOK)), 10)
    small = cv2.resize(seen, (_PIXELS, _PIXELS), interpolation=cv2.INTER_AREA)
    cells = np.empty((LOOK // _CELL, LOOK // _CELL, _ORIENTATIONS), np.float32)
    hog_cells(seen, None, _CELL, _CELL, bin_edges(_ORIENTATIONS, np.float32), cells)
    # A cell counts by its share of the gradients around it; the constant keeps flat places quiet.
    around = np.sqrt(cv2.blur((cells * cells).sum(axis=2), (3, 3))) + 1.0
    shares = np.minimum(cells / around[:, :, None], 1.2)
    return np.concatenate([(small.ravel() - 128) / 48, 3 * shares.ravel(), [1]]).astype(np.float32)


def crop(image, pose):
    """Local contrast of the lungs' crop, in two layers of blur."""
    seen = normalize_contrast(warp_image(image, pose, (CROP, CROP)), 13)
    return [cv2.GaussianBlur(seen, (0, 0), sigma) for sigma in _BLURS]


def read_profiles(layers, points):
    """Grey levels along the normals of both outlines, and one.

    Parameters
    ----------
    layers : list of two float32 arrays, shape (128, 128)
    points : float array, shape (104, 2)
        In units of the crop.
    """
    normals = _normals(points).astype(np.float32)
    pixels = (points * CROP - 0.5).astype(np.float32)
    values = [
        cv2.remap(
            layer,
            pixels[:, :1] + normals[:, :1] * steps,
            pixels[:, 1:] + normals[:, 1:] * steps,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ).ravel()
        for layer, steps in zip(layers, (_NEAR, _FAR), strict=True)
    ]
    return np.concatenate([(np.concatenate(values) - 128) / 48, [1]]).astype(np.float32)


def _normals(points):
    lungs = points.reshape(2, POINTS, 2)
    along = np.roll(lungs, -1, axis=1) - np.roll(lungs, 1, axis=1)
    normals = np.stack([along[..., 1], -along[..., 0]], axis=-1)
    return (normals / (np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-9)).reshape(-1, 2)
