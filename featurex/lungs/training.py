"""Fitting a landmark cascade to radiographs whose lungs are outlined."""

from typing import NamedTuple

import cv2
import numpy as np

from featurex.lungs.affine import compose, invert, transform_points
from featurex.lungs.cascade import STAGES_A_CROP, Cascade, Regression, Stage
from featurex.lungs.inputs import (
    IMAGE_SIDE,
    compute_inputs,
    crop_lungs,
    gather_profiles,
    read_profiles,
    smooth_image,
)
from featurex.lungs.outline import BEHIND, LANDMARKS, OUTLINES, SHARED, VISIBLE

_FOLDS = 4
# How far the second global stage's chest, and the crop, reach beyond the bounding box of the mean
# outlines, as fractions of its sides.
_MARGINS = (0.17, 0.15)
# Principal components of the displacements and ridge penalties, of each part of the landmarks.
_PARTS = (SHARED, BEHIND, VISIBLE)
_GLOBAL_COMPONENTS = (
    {SHARED: 30, BEHIND: 30, VISIBLE: 20},
    {SHARED: 35, BEHIND: 35, VISIBLE: 25},
)
_LOCAL_COMPONENTS, _LOCAL_STAGES = {SHARED: 20, BEHIND: 20, VISIBLE: 20}, 4
_GLOBAL_PENALTIES = {SHARED: 0.01, BEHIND: 0.01, VISIBLE: 0.02}
_LOCAL_PENALTIES = {SHARED: 0.2, BEHIND: 0.2, VISIBLE: 0.2}
# Principal axes of the inputs that regressions are fitted on, and rows that they are found from.
_AXES, _SAMPLE = 900, 4000
# A stage learns from each image as many times: once from where the stages before put the landmarks,
# otherwise from randomly displaced ones, so that it corrects displacements.
_TRIES = 3


class Jitter(NamedTuple):
    """Standard deviations of a random pose.

    Parameters
    ----------
    zoom : float
        Of the logarithm of the zoom; rows and columns differ by 0.6 of it.
    shift : float
        Of both coordinates, in units of the image's sides.
    angle : float
        Of the rotation, in radians.
    shear : float
        Of the shear along x.
    """

    zoom: float
    shift: float
    angle: float
    shear: float


# Displaced poses of each global stage; and other framings of whole images, for images from
# elsewhere.
_GLOBAL_JITTERS = (Jitter(0.09, 0.042, 0.05, 0.03), Jitter(0.05, 0.021, 0.03, 0.02))
_FRAMINGS = Jitter(0.16, 0.049, 0.12, 0.0)


class Fit(NamedTuple):
    """A cascade, and what it finds in images that it has not learnt from.

    Parameters
    ----------
    cascade : Cascade
        Fitted to all images.
    unseen : float array, shape (n, 164, 2)
        Landmarks of each image by regressions that were fitted without its patient.
    """

    cascade: Cascade
    unseen: np.ndarray


class _Films(NamedTuple):
    """Images at the working size, their landmarks (NaN where not known), and their folds."""

    images: list
    landmarks: np.ndarray
    folds: np.ndarray


def fit_cascade(images, landmarks, patients, copies=2, seed=0):
    """Fit all stages, each to what the ones before predict for patients they have not seen.

    Parameters
    ----------
    images : list of n arrays of shape (rows, columns)
        The radiographs.
    landmarks : float array, shape (n, 164, 2)
        As `place_outline` returns them: of the whole lungs, or of the visible field; there must be
        images of both kinds.
    patients : sequence of n hashable
        The patient of each image.
    copies : int or sequence of n int
        How many copies of each image in other framings (zoomed, rotated, shifted) are added. More
        copies of a few images give them more weight.
    seed : int
        Of folds, framings and displacements.

    Returns
    -------
    fit : Fit
        The cascade, and the landmarks of each image by cross-validation.
    """
    rng = np.random.default_rng(seed)
    n = len(images)
    landmarks = np.asarray(landmarks, float)
    films = _Films([smooth_image(image) for image in images], landmarks, _fold(patients, rng))
    shapes = _mean_shapes(landmarks)
    films = _reframe(films, np.broadcast_to(copies, n), rng)
    cascade = Cascade(shapes, (), ())
    poses = np.repeat(np.eye(2, 3)[None], len(films.images), axis=0)
    for number, jitter in enumerate(_GLOBAL_JITTERS):
        stage, predicted = _fit_global_stage(films, poses, shapes[number], jitter, number, rng)
        cascade = Cascade(shapes, (*cascade.global_stages, stage), ())
        poses = np.stack([cascade.fit_pose(number + 1, points) for points in predicted])
    for number in range(_LOCAL_STAGES):
        if number % STAGES_A_CROP == 0:
            poses = np.stack([cascade.fit_pose(2, points) for points in predicted])
            pairs = zip(films.images, poses, strict=True)
            layers = [crop_lungs(image, pose) for image, pose in pairs]
            start, goal = (
                _bring_to_crops(poses, points) for points in (predicted, films.landmarks)
            )
        stage, start = _fit_local_stage(layers, start, goal, films.folds, rng)
        cascade = Cascade(shapes, cascade.global_stages, (*cascade.local_stages, stage))
        pairs = zip(poses, start, strict=True)
        predicted = np.stack([transform_points(*pair) for pair in pairs])
    return Fit(cascade, predicted[:n])


def _bring_to_crops(poses, landmarks):
    pairs = zip(poses, landmarks, strict=True)
    return np.stack([transform_points(invert(pose), points) for pose, points in pairs])


def _fold(patients, rng):
    """Assign a fold to every image; all images of a patient are in one."""
    names, index = np.unique(np.asarray(patients, str), return_inverse=True)
    return (rng.permutation(len(names)) % _FOLDS)[index]


def _mean_shapes(landmarks):
    """Compute the mean outlines in units of the image, of the second chest and of the crop."""
    whole = landmarks[_shows(landmarks, BEHIND)]
    field = landmarks[_shows(landmarks, VISIBLE)]
    mean = np.full((LANDMARKS, 2), np.nan)
    mean[OUTLINES.whole] = whole[:, OUTLINES.whole].mean(axis=0)
    # The field lies in the mean lungs as it lies within the outer borders of its own films.
    border = np.column_stack([mean[OUTLINES.shared], np.ones(len(OUTLINES.shared))])
    placed = [
        transform_points(
            invert(np.linalg.lstsq(border, points[OUTLINES.shared], rcond=None)[0].T),
            points[OUTLINES.visible],
        )
        for points in field
    ]
    mean[OUTLINES.visible] = np.mean(placed, axis=0)
    low, high = (edge(mean[OUTLINES.whole], axis=0) for edge in (np.min, np.max))
    crops = [
        (mean - low + (high - low) * margin) / ((high - low) * (1 + 2 * margin))
        for margin in _MARGINS
    ]
    return np.stack([mean, *crops])


def _shows(landmarks, part):
    """Tell whose masks show a part of the landmarks: bool array, shape (n,)."""
    return ~np.isnan(landmarks[:, getattr(OUTLINES, part)]).any(axis=(1, 2))


def _reframe(films, copies, rng):
    """Add copies in other framings; beyond the image they are black, or its edge is repeated."""
    images, landmarks = list(films.images), list(films.landmarks)
    for image, points, count in zip(films.images, films.landmarks, copies, strict=True):
        for _ in range(count):
            pose = _draw_pose(_FRAMINGS, rng)
            border = cv2.BORDER_CONSTANT if rng.random() < 0.6 else cv2.BORDER_REPLICATE
            linear, offset = pose[:, :2], pose[:, 2] * IMAGE_SIDE + pose[:, :2] @ [0.5, 0.5] - 0.5
            in_pixels = np.column_stack([linear, offset])
            shape = (IMAGE_SIDE, IMAGE_SIDE)
            images.append(
                cv2.warpAffine(image, in_pixels, shape, flags=cv2.INTER_LINEAR, borderMode=border)
            )
            landmarks.append(transform_points(pose, points))
    folds = np.concatenate([films.folds, np.repeat(films.folds, copies)])
    return _Films(images, np.stack(landmarks), folds)


def _draw_pose(jitter, rng):
    """Draw a random affine map about the centre: shape (2, 3)."""
    zoom, stretch = np.exp(rng.normal(0, jitter.zoom)), np.exp(rng.normal(0, 0.6 * jitter.zoom))
    angle = rng.normal(0, jitter.angle)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = rotation @ np.array(
        [[zoom * stretch, rng.normal(0, jitter.shear)], [0, zoom / stretch]]
    )
    center = np.array([0.5, 0.5])
    return np.column_stack([linear, center - linear @ center + rng.normal(0, jitter.shift, 2)])


def _fit_global_stage(films, poses, shape, jitter, number, rng):
    """Fit one global stage, and predict the landmarks of every image without its fold."""
    inputs, targets = [], []
    for image, points, pose in zip(films.images, films.landmarks, poses, strict=True):
        for attempt in range(_TRIES):
            tried = pose if attempt == 0 else compose(pose, _draw_pose(jitter, rng))
            inputs.append(compute_inputs(image, tried))
            targets.append(transform_points(invert(tried), points) - shape)
    inputs, targets = np.stack(inputs), np.stack(targets)
    stage, unseen = _fit_stage(
        dict.fromkeys(_PARTS, inputs),
        targets,
        films.folds,
        _GLOBAL_COMPONENTS[number],
        _GLOBAL_PENALTIES,
    )
    pairs = zip(poses, shape + unseen, strict=True)
    return stage, np.stack([transform_points(pose, points) for pose, points in pairs])


def _fit_local_stage(layers, start, goal, folds, rng):
    """Fit one local stage, and predict the landmarks of every image without its fold."""
    errors, known = goal - start, np.where(np.isnan(goal), start, goal)
    # An image borrows the error of another one whose mask is of the same kind.
    shows = _shows(goal, VISIBLE)
    alike = {kind: np.flatnonzero(shows == kind) for kind in (False, True)}
    profiles, targets = [], []
    for index, image_layers in enumerate(layers):
        for attempt in range(_TRIES):
            # Errors of other images are the displacements from which this stage must come back.
            other = rng.choice(alike[bool(shows[index])])
            displacement = np.nan_to_num(errors[other]) * rng.uniform(0.4, 1.1)
            tried = start[index] if attempt == 0 else known[index] - displacement
            profiles.append(read_profiles(image_layers, tried))
            targets.append(goal[index] - tried)
    profiles, targets = np.stack(profiles), np.stack(targets)
    inputs = {SHARED: gather_profiles(profiles, OUTLINES.whole)}
    inputs |= {BEHIND: inputs[SHARED], VISIBLE: gather_profiles(profiles, OUTLINES.field)}
    stage, unseen = _fit_stage(inputs, targets, folds, _LOCAL_COMPONENTS, _LOCAL_PENALTIES)
    return stage, start + unseen


def _fit_stage(inputs, targets, folds, components, penalties):
    """Fit the regressions of a stage, each to the images that show its landmarks.

    Parameters
    ----------
    inputs : dict of float32 arrays, shape (n * tries, n_inputs)
        Of each part of the landmarks; the last column is the constant.
    targets : float array, shape (n * tries, 164, 2)
        Displacements, NaN where not known.
    folds : int array, shape (n,)
        The fold of each image.
    components : dict of int
        Principal components of the displacements of each part.
    penalties : dict of float
        Ridge penalty of each part.

    Returns
    -------
    stage : Stage
        Fitted to all rows.
    unseen : float array, shape (n, 164, 2)
        What regressions without an image's fold predict for its first try.
    """
    unseen = np.empty((len(folds), LANDMARKS, 2))
    regressions, spaces = {}, {}
    for part in _PARTS:
        landmarks, known = getattr(OUTLINES, part), _shows(targets, part)
        key = id(inputs[part])
        if key not in spaces:
            spaces[key] = _reduce(inputs[part])
        axes, reduced = spaces[key]
        fitted, without = _fit_ridge(
            reduced,
            targets[:, landmarks].reshape(len(targets), -1),
            np.where(known, np.repeat(folds, _TRIES), -1),
            components[part],
            penalties[part],
        )
        regressions[part] = fitted._replace(weights=axes @ fitted.weights)
        for fold, regression in enumerate(without):
            held_out = folds == fold
            unseen[np.ix_(held_out, landmarks)] = regression.predict(reduced[::_TRIES][held_out])
    return Stage(**regressions), unseen


def _reduce(inputs):
    """Project inputs on their leading principal axes: a ridge regression hardly uses the others.

    Returns
    -------
    axes : float32 array, shape (n_inputs, n_axes + 1)
        The last axis is the constant.
    reduced : float32 array, shape (n, n_axes + 1)
        The inputs along these axes.
    """
    sample = inputs[:: max(1, len(inputs) // _SAMPLE), :-1]
    n_axes = min(_AXES, *sample.shape)
    # The range of the covariance, found by random vectors and two multiplications by it (Halko,
    # Martinsson, Tropp 2011, doi:10.1137/090771806).
    axes = np.random.default_rng(0).normal(size=(sample.shape[1], n_axes)).astype(np.float32)
    for _ in range(2):
        axes = np.linalg.qr(sample.T @ (sample @ axes))[0]
    axes = np.pad(axes, ((0, 1), (0, 1)))
    axes[-1, -1] = 1
    return axes, inputs @ axes


def _fit_ridge(inputs, targets, folds, n_components, penalty):
    """Fit a ridge regression to the leading principal components of the targets.

    Parameters
    ----------
    inputs : float32 array, shape (n, n_inputs)
        The last column is the constant.
    targets : float array, shape (n, 2 * n_landmarks)
        Displacements.
    folds : int array, shape (n,)
        The fold of each row; rows with -1 do not count.
    n_components : int
        At most so many components.
    penalty : float
        Of the weights' squares, for each row.

    Returns
    -------
    regression : Regression
        Fitted to all rows that count.
    without : list of Regression
        Fitted without each fold.
    """
    counted = targets[folds >= 0]
    mean = counted.mean(axis=0)
    # Principal components from the covariance: a small matrix, whatever the number of rows.
    basis = np.linalg.svd((counted - mean).T @ (counted - mean))[2][:n_components]
    scores = ((targets - mean) @ basis.T).astype(np.float32)
    sums = []
    for fold in range(_FOLDS):
        rows = inputs[folds == fold]
        # In double precision, since a fold is left out by subtraction.
        products = (rows.T @ rows, rows.T @ scores[folds == fold])
        sums.append((*(product.astype(float) for product in products), len(rows)))
    totals = [sum(parts) for parts in zip(*sums, strict=True)]

    def solve(left_out):
        kept = (total - part for total, part in zip(totals, left_out, strict=True))
        weights = _solve(*kept, penalty)
        return Regression(*(np.asarray(array, np.float32) for array in (weights, basis, mean)))

    return solve((0, 0, 0)), [solve(of_fold) for of_fold in sums]


def _solve(gram, products, count, penalty):
    """Solve the normal equations; the weight of the constant, the last input, stays free."""
    penalties = np.full(len(gram), penalty * count)
    penalties[-1] = 1e-6
    return np.linalg.solve(gram + np.diag(penalties), products)
