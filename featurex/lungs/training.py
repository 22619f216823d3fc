"""Fitting a landmark cascade to radiographs whose lungs are outlined."""

from typing import NamedTuple

import cv2
import numpy as np

from featurex.lungs.affine import compose, invert, transform_points
from featurex.lungs.cascade import Cascade, Stage
from featurex.lungs.inputs import (
    IMAGE_SIDE,
    compute_inputs,
    crop_lungs,
    read_profiles,
    smooth_image,
)

_FOLDS = 4
# How far the second global stage's chest, and the crop, reach beyond the bounding box of the mean
# outlines, as fractions of its sides.
_MARGINS = (0.17, 0.15)
# Principal components of the displacements, and ridge penalties.
_GLOBAL_COMPONENTS, _LOCAL_COMPONENTS, _LOCAL_STAGES = (40, 50), 30, 3
_GLOBAL_PENALTY, _LOCAL_PENALTY = 0.01, 0.1
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


def fit_cascade(images, landmarks, patients, copies=2, seed=0):
    """Fit all stages, each to what the ones before predict for patients they have not seen.

    Parameters
    ----------
    images : list of n arrays of shape (rows, columns)
        The radiographs.
    landmarks : float array, shape (n, 104, 2)
        As `trace_outlines` returns them.
    patients : sequence of n hashable
        The patient of each image.
    copies : int
        How many copies of each image in other framings (zoomed, rotated, shifted) are added.
    seed : int
        Of folds, framings and displacements.

    Returns
    -------
    cascade : Cascade
    """
    rng = np.random.default_rng(seed)
    folds = _assign_folds(patients, rng)
    images = [smooth_image(image) for image in images]
    landmarks = np.asarray(landmarks, float)
    shapes = _mean_shapes(landmarks)
    images, landmarks, folds = _reframe(images, landmarks, folds, copies, rng)
    cascade = Cascade(shapes, (), ())
    poses = np.repeat(np.eye(2, 3)[None], len(images), axis=0)
    for number, (jitter, n_components) in enumerate(
        zip(_GLOBAL_JITTERS, _GLOBAL_COMPONENTS, strict=True)
    ):
        stage, predicted = _fit_global_stage(
            images, landmarks, poses, folds, shapes[number], jitter, n_components, rng
        )
        cascade = Cascade(shapes, (*cascade.global_stages, stage), ())
        poses = np.stack([cascade.fit_pose(number + 1, points) for points in predicted])
    layers = [crop_lungs(image, pose) for image, pose in zip(images, poses, strict=True)]
    to_crop = [invert(pose) for pose in poses]
    start, goal = (
        np.stack(
            [transform_points(pose, outline) for pose, outline in zip(to_crop, points, strict=True)]
        )
        for points in (predicted, landmarks)
    )
    for _ in range(_LOCAL_STAGES):
        stage, start = _fit_local_stage(layers, start, goal, folds, rng)
        cascade = Cascade(shapes, cascade.global_stages, (*cascade.local_stages, stage))
    return cascade


def _assign_folds(patients, rng):
    """Assign a fold to every image; all images of a patient are in one."""
    names, index = np.unique(np.asarray(patients, str), return_inverse=True)
    return (rng.permutation(len(names)) % _FOLDS)[index]


def _mean_shapes(landmarks):
    """Compute the mean outlines in units of the image, of the second chest and of the crop."""
    mean = landmarks.mean(axis=0)
    low, high = mean.min(axis=0), mean.max(axis=0)
    crops = [
        (mean - low + (high - low) * margin) / ((high - low) * (1 + 2 * margin))
        for margin in _MARGINS
    ]
    return np.stack([mean, *crops])


def _reframe(images, landmarks, folds, copies, rng):
    """Add copies in other framings; beyond the image they are black, or its edge is repeated."""
    all_images, all_landmarks = list(images), list(landmarks)
    for image, outline in zip(images, landmarks, strict=True):
        for _ in range(copies):
            pose = _draw_pose(_FRAMINGS, rng)
            border = cv2.BORDER_CONSTANT if rng.random() < 0.6 else cv2.BORDER_REPLICATE
            linear, offset = pose[:, :2], pose[:, 2] * IMAGE_SIDE + pose[:, :2] @ [0.5, 0.5] - 0.5
            in_pixels = np.column_stack([linear, offset])
            shape = (IMAGE_SIDE, IMAGE_SIDE)
            all_images.append(
                cv2.warpAffine(image, in_pixels, shape, flags=cv2.INTER_LINEAR, borderMode=border)
            )
            all_landmarks.append(transform_points(pose, outline))
    return all_images, np.stack(all_landmarks), np.concatenate([folds, np.repeat(folds, copies)])


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


def _fit_global_stage(images, landmarks, poses, folds, shape, jitter, n_components, rng):
    """Fit one global stage, and predict the landmarks of every image without its fold."""
    inputs, targets = [], []
    for image, points, pose in zip(images, landmarks, poses, strict=True):
        for attempt in range(_TRIES):
            tried = pose if attempt == 0 else compose(pose, _draw_pose(jitter, rng))
            inputs.append(compute_inputs(image, tried))
            targets.append((transform_points(invert(tried), points) - shape).ravel())
    stage, unseen = _fit_ridge(
        inputs, targets, np.repeat(folds, _TRIES), n_components, _GLOBAL_PENALTY
    )
    displacements = unseen[::_TRIES].reshape(len(images), -1, 2)
    return stage, np.stack(
        [
            transform_points(pose, shape + displacement)
            for pose, displacement in zip(poses, displacements, strict=True)
        ]
    )


def _fit_local_stage(layers, start, goal, folds, rng):
    """Fit one local stage, and predict the landmarks of every image without its fold."""
    inputs, targets = [], []
    errors = goal - start
    for index, image_layers in enumerate(layers):
        for attempt in range(_TRIES):
            # Errors of other images are the displacements from which this stage must come back.
            displacement = errors[rng.integers(len(errors))] * rng.uniform(0.4, 1.1)
            tried = start[index] if attempt == 0 else goal[index] - displacement
            inputs.append(read_profiles(image_layers, tried))
            targets.append((goal[index] - tried).ravel())
    stage, unseen = _fit_ridge(
        inputs, targets, np.repeat(folds, _TRIES), _LOCAL_COMPONENTS, _LOCAL_PENALTY
    )
    return stage, start + unseen[::_TRIES].reshape(start.shape)


def _fit_ridge(inputs, targets, folds, n_components, penalty):
    """Fit a ridge regression to the leading principal components of the targets.

    Returns
    -------
    stage : Stage
        Fitted to all rows.
    unseen : float array, shape (n, 208)
        Predictions for each row by a fit without its fold.
    """
    inputs, targets = np.stack(inputs), np.stack(targets)
    mean = targets.mean(axis=0)
    # Principal components from the covariance: 208 x 208 numbers, whatever the number of rows.
    basis = np.linalg.svd((targets - mean).T @ (targets - mean))[2][:n_components]
    scores = (targets - mean) @ basis.T
    parts = [folds == fold for fold in range(_FOLDS)]
    # Products by fold: leaving a fold out subtracts its products, and needs no pass over the rows.
    grams = [inputs[part].T @ inputs[part] for part in parts]
    products = [inputs[part].T @ scores[part] for part in parts]
    counts = [int(part.sum()) for part in parts]
    unseen = np.empty_like(targets)
    for part, gram, product, count in zip(parts, grams, products, counts, strict=True):
        weights = _solve(sum(grams) - gram, sum(products) - product, sum(counts) - count, penalty)
        unseen[part] = inputs[part] @ weights @ basis + mean
    weights = _solve(sum(grams), sum(products), sum(counts), penalty)
    return Stage(*(np.asarray(array, np.float32) for array in (weights, basis, mean))), unseen


def _solve(gram, products, count, penalty):
    """Solve the normal equations; the weight of the constant, the last input, stays free."""
    penalties = np.full(len(gram), penalty * count)
    penalties[-1] = 1e-6
    return np.linalg.solve(gram.astype(float) + np.diag(penalties), products)
