"""The landmark cascade: regressions that find the outlines of both lungs, and their file."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from featurex.errors import DataError
from featurex.files import replacing
from featurex.lungs.affine import invert, transform_points
from featurex.lungs.inputs import (
    compute_inputs,
    crop_lungs,
    gather_profiles,
    read_profiles,
    smooth_image,
)
from featurex.lungs.outline import LANDMARKS, OUTLINES, POINTS, VISIBLE

# What the two kinds of stages are called in the file, whose format is this version.
_KINDS = {"global_stages": "looks", "local_stages": "refinements"}
_VERSION = 2
# After so many local stages the lungs are cropped anew, where they are then thought to be.
STAGES_A_CROP = 2


class Regression(NamedTuple):
    """Linear regression through principal components of the displacements of landmarks.

    Parameters
    ----------
    weights : float32 array, shape (n_inputs, n_components)
        From the inputs to the components.
    basis : float32 array, shape (n_components, 2 * n_landmarks)
        The components: displacements of landmarks, x and y.
    mean : float32 array, shape (2 * n_landmarks,)
        The mean displacement.
    """

    weights: np.ndarray
    basis: np.ndarray
    mean: np.ndarray

    def predict(self, inputs):
        """Predict how far every landmark has to move.

        Parameters
        ----------
        inputs : float32 array, shape (..., n_inputs)
            As `compute_inputs` or `gather_profiles` return them.

        Returns
        -------
        displacements : float32 array, shape (..., n_landmarks, 2)
            In units of the chest's or crop's sides.
        """
        moved = inputs @ self.weights @ self.basis + self.mean
        return moved.reshape(*inputs.shape[:-1], -1, 2)


class Stage(NamedTuple):
    """One step of the cascade: three regressions, each of landmarks that the same masks show.

    Parameters
    ----------
    shared, behind, visible : Regression
        Of the landmarks that `Outlines` calls so.
    """

    shared: Regression
    behind: Regression
    visible: Regression

    def predict(self, inputs, of_field):
        """Predict how far every landmark has to move.

        Parameters
        ----------
        inputs : float32 array, shape (n_inputs,)
            Of a global stage, or of the profiles of the whole outlines.
        of_field : float32 array, shape (n_inputs,)
            The same, or the profiles of the visible field.

        Returns
        -------
        displacements : float32 array, shape (164, 2)
            In units of the chest's or crop's sides.
        """
        displacements = np.empty((LANDMARKS, 2), np.float32)
        for part, regression in self._asdict().items():
            read = of_field if part == VISIBLE else inputs
            displacements[getattr(OUTLINES, part)] = regression.predict(read)
        return displacements


@dataclass(frozen=True)
class Cascade:
    """Cascaded regression from a radiograph to landmarks on the outlines of its lungs.

    Two global stages see the whole chest, as grey values and gradient histograms, and predict the
    landmarks roughly; the second sees it in the pose that the first one found. Then the image is
    cropped to the lungs, and the local stages move each landmark by what the profiles along its
    outline's normals say; after two of them it is cropped anew.

    The landmarks are those of the whole lungs (the first 104), and those of the visible field that
    it does not share with them; see `Outlines`.

    Parameters
    ----------
    shapes : float array, shape (3, 164, 2)
        The mean outlines in units of the image, of the chest that the second global stage sees,
        and of the crop.
    global_stages : tuple of two Stage
        Each predicts displacements from the mean outlines.
    local_stages : tuple of Stage
        Each predicts displacements from the landmarks of the stage before.

    References
    ----------
    P. Dollar, P. Welinder, P. Perona (2010). Cascaded pose regression. CVPR.
    doi:10.1109/CVPR.2010.5540094: each regression measures the image in the pose of the one before,
    and learns from randomly displaced poses.
    X. Xiong, F. De la Torre (2013). Supervised descent method and its applications to face
    alignment. CVPR. doi:10.1109/CVPR.2013.75: the regressions are linear, on gradient
    histograms.
    T. F. Cootes, C. J. Taylor, D. H. Cooper, J. Graham (1995). Active shape models: their training
    and application. Computer Vision and Image Understanding 61(1), 38-59.
    doi:10.1006/cviu.1995.1004: principal components of shapes, and profiles along normals.
    """

    shapes: np.ndarray
    global_stages: tuple[Stage, ...]
    local_stages: tuple[Stage, ...]

    def find(self, image):
        """Find the landmarks of one radiograph.

        Parameters
        ----------
        image : array of shape (rows, columns)
            uint8, uint16 or floating; air is dark, bones are light.

        Returns
        -------
        landmarks : float array, shape (164, 2)
            x and y in units of the image's sides; they may lie beyond its border.
        """
        image = smooth_image(image)
        pose = np.eye(2, 3)
        for number, stage in enumerate(self.global_stages):
            inputs = compute_inputs(image, pose)
            displacements = stage.predict(inputs, inputs)
            landmarks = transform_points(pose, self.shapes[number] + displacements)
            pose = self.fit_pose(number + 1, landmarks)
        for number, stage in enumerate(self.local_stages):
            if number % STAGES_A_CROP == 0:
                pose = self.fit_pose(2, landmarks)
                layers = crop_lungs(image, pose)
            in_crop = transform_points(invert(pose), landmarks)
            profiles = read_profiles(layers, in_crop)
            of_whole, of_field = (
                gather_profiles(profiles, outline) for outline in (OUTLINES.whole, OUTLINES.field)
            )
            landmarks = transform_points(pose, in_crop + stage.predict(of_whole, of_field))
        return landmarks

    def fit_pose(self, number, landmarks):
        """Fit the affine map that brings mean outlines nearest to landmarks, by least squares.

        Parameters
        ----------
        number : int
            Which of `shapes`.
        landmarks : float array, shape (164, 2)
            In units of the image's sides; those of the whole lungs count.

        Returns
        -------
        pose : float array, shape (2, 3)
            From the units of that mean shape to those of the image.
        """
        whole = OUTLINES.whole
        shape = np.column_stack([self.shapes[number][whole], np.ones(2 * POINTS)])
        return np.linalg.lstsq(shape, landmarks[whole], rcond=None)[0].T

    def save(self, path):
        """Write the cascade as .npz, its weights as integers of 8 bits; nothing is pickled.

        Parameters
        ----------
        path : str or path-like
            A file, which is replaced at once when it is complete.
        """
        arrays = {"version": np.array(_VERSION), "shapes": self.shapes.astype(np.float32)}
        for field, kind in _KINDS.items():
            for number, stage in enumerate(getattr(self, field)):
                for part, regression in stage._asdict().items():
                    arrays |= _store_regression(regression, f"{kind}_{number}_{part}")
        with replacing(path) as temporary, open(temporary, "wb") as stream:
            np.savez_compressed(stream, **arrays)


def mean_outlines():
    """Return the landmarks of the mean chest's lungs, in units of its sides.

    Returns
    -------
    landmarks : float array, shape (104, 2)
        Those of the whole lungs, as `fill_outlines` takes them.
    """
    return default_cascade().shapes[0][OUTLINES.whole]


def load_cascade(path):
    """Read a cascade that `Cascade.save` has written.

    Parameters
    ----------
    path : path-like or open binary file
        The .npz file.

    Returns
    -------
    cascade : Cascade
        In single precision.

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
            stages = {field: _read_stages(stored, kind) for field, kind in _KINDS.items()}
            return Cascade(stored["shapes"].astype(float), **stages)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DataError(
            f"{path} is no lung model of featurex ({error}); make one with scripts/train_lungs.py"
        ) from error


@lru_cache(maxsize=1)
def default_cascade():
    """Load the cascade that comes with featurex; docs/lungs.md says how it was made.

    Returns
    -------
    cascade : Cascade
        The same object at every call.
    """
    with resources.files("featurex.lungs").joinpath("cascade.npz").open("rb") as stream:
        return load_cascade(stream)


def _read_stages(stored, kind):
    last = f"_{Stage._fields[-1]}_mean"
    count = sum(name.startswith(f"{kind}_") and name.endswith(last) for name in stored.files)
    return tuple(
        Stage(*(_read_regression(stored, f"{kind}_{number}_{part}") for part in Stage._fields))
        for number in range(count)
    )


def _read_regression(stored, name):
    return Regression(
        stored[f"{name}_weights"].astype(np.float32) * stored[f"{name}_scales"],
        stored[f"{name}_basis"].astype(np.float32),
        stored[f"{name}_mean"],
    )


def _store_regression(regression, name):
    """Name the arrays of a regression, as the file holds them: a dict.

    The weights are rounded to 8 bits, and what is lost of one is added to the next: neighbouring
    inputs, as those along a profile, are much alike, so that there the errors cancel. The
    intercepts, which would need more bits, become part of the mean.
    """
    weights = regression.weights.astype(float)
    mean = regression.mean + weights[-1] @ regression.basis
    weights[-1] = 0
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-12) / 126
    sums = np.round(np.cumsum(weights / scales, axis=0))
    rounded = np.diff(sums, axis=0, prepend=0)
    rounded[-1] = 0
    return {
        f"{name}_weights": rounded.astype(np.int8),
        f"{name}_scales": scales.astype(np.float32),
        f"{name}_basis": regression.basis.astype(np.float16),
        f"{name}_mean": mean.astype(np.float32),
    }
