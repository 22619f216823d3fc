"""Fitting a cascade to radiographs whose lungs are outlined."""

from typing import NamedTuple

import cv2
import numpy as np

from featurex.lungs.affine import compose, invert
from featurex.lungs.cascade import (
    MARGINS,
    SIDE,
    Cascade,
    Stage,
    crop,
    look,
    move,
    read_profiles,
    soften,
)

_FOLDS = 4
# Components of each look's displacements, and of a refinement's.
_LOOK_COMPONENTS, _COMPONENTS, _REFINEMENTS = (40, 50), 30, 3
_LOOK_PENALTY, _PENALTY = 0.01, 0.1
# Each image is seen so often, but for once from a wrong pose or outline, so that a stage learns the
# way back.
_TRIES = 3


class Jitter(NamedTuple):
    """Standard deviations of a random pose: of log(zoom), of shifts in sides, of the turn in
    radians, and of shear.
    """

    zoom: float
    shift: float
    turn: float
    shear: float


# Poses before each look; and of whole images, which films from elsewhere need.
_LOOKS = (Jitter(0.09, 0.042, 0.05, 0.03), Jitter(0.05, 0.021, 0.03, 0.02))
_FRAMINGS = Jitter(0.16, 0.049, 0.12, 0.0)


def fit_cascade(images, landmarks, patients, copies=2, seed=0):
    """Learn all stages, each on what the ones before predict for patients they have not seen.

    Parameters
    ----------
    images : list of n arrays of shape (rows, columns)
    landmarks : float array, shape (n, 104, 2)
        See `trace_outlines`.
    patients : sequence of n hashable
    copies : int
        Copies of each image in another framing, zoomed, turned and shifted, that are learnt, too.
    seed : int

    Returns
    -------
    cascade : Cascade
    """
    rng = np.random.default_rng(seed)
    folds = _deal(patients, rng)
    images = [soften(image) for image in images]
    landmarks = np.asarray(landmarks, float)
    shapes = _mean_shapes(landmarks)
    images, landmarks, folds = _reframe(images, landmarks, folds, copies, rng)
    cascade = Cascade(shapes, (), ())
    poses = np.repeat(np.eye(2, 3)[None], len(images), axis=0)
    for number, (jitter, components) in enumerate(zip(_LOOKS, _LOOK_COMPONENTS, strict=True)):
        stage, found = _fit_look(
            images, landmarks, poses, folds, shapes[number], jitter, components, rng
        )
        cascade = Cascade(shapes, (*cascade.looks, stage), ())
        poses = np.stack([cascade.place(number + 1, points) for points in found])
    layers = [crop(image, pose) for image, pose in zip(images, poses, strict=True)]
    back = [invert(pose) for pose in poses]
    start = np.stack([move(matrix, points) for matrix, points in zip(back, found, strict=True)])
    goal = np.stack([move(matrix, points) for matrix, points in zip(back, landmarks, strict=True)])
    for _ in range(_REFINEMENTS):
        stage, start = _fit_refinement(layers, start, goal, folds, rng)
        cascade = Cascade(shapes, cascade.looks, (*cascade.refinements, stage))
    return cascade


def _deal(patients, rng):
    """A fold for every image; all images of a patient are in one."""
    names, index = np.unique(np.asarray(patients, str), return_inverse=True)
    return (rng.permutation(len(names)) % _FOLDS)[index]


def _mean_shapes(landmarks):
    mean = landmarks.mean(axis=0)
    low, high = mean.min(axis=0), mean.max(axis=0)
    crops = [
        (mean - low + (high - low) * margin) / ((high - low) * (1 + 2 * margin))
        for margin in MARGINS
    ]
    return np.stack([mean, *crops])


def _reframe(images, landmarks, folds, copies, rng):
    """Add copies in other framings, behind which the film ends or its border goes on."""
    seen, points = list(images), list(landmarks)
    for image, outline in zip(images, landmarks, strict=True):
        for _ in range(copies):
            pose = _random_pose(_FRAMINGS, rng)
            border = cv2.BORDER_CONSTANT if rng.random() < 0.6 else cv2.BORDER_REPLICATE
            linear, offset = pose[:, :2], pose[:, 2] * SIDE + pose[:, :2] @ [0.5, 0.5] - 0.5
            pixels = np.column_stack([linear, offset])
            seen.append(
                cv2.warpAffine(
                    image, pixels, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border
                )
            )
            points.append(move(pose, outline))
    return seen, np.stack(points), np.concatenate([folds, np.repeat(folds, copies)])


def _random_pose(jitter, rng):
    """A map around the centre: shape (2, 3)."""
    zoom, stretch = np.exp(rng.normal(0, jitter.zoom)), np.exp(rng.normal(0, 0.6 * jitter.zoom))
    turn = rng.normal(0, jitter.turn)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = rotation @ np.array(
        [[zoom * stretch, rng.normal(0, jitter.shear)], [0, zoom / stretch]]
    )
    center = np.array([0.5, 0.5])
    return np.column_stack([linear, center - linear @ center + rng.normal(0, jitter.shift, 2)])


def _fit_look(images, landmarks, poses, folds, shape, jitter, components, rng):
    """One look: its stage, and the landmarks it gives to images of unseen patients."""
    values, targets = [], []
    for image, points, pose in zip(images, landmarks, poses, strict=True):
        for attempt in range(_TRIES):
            tried = pose if attempt == 0 else compose(pose, _random_pose(jitter, rng))
            values.append(look(image, tried))
            targets.append((move(invert(tried), points) - shape).ravel())
    stage, unseen = _regress(values, targets, np.repeat(folds, _TRIES), components, _LOOK_PENALTY)
    own = unseen[::_TRIES].reshape(len(images), -1, 2)
    return stage, np.stack(
        [move(pose, shape + shift) for pose, shift in zip(poses, own, strict=True)]
    )


def _fit_refinement(layers, start, goal, folds, rng):
    """One refinement: its stage, and the landmarks it gives to images of unseen patients."""
    values, targets = [], []
    errors = goal - start
    for index, seen in enumerate(layers):
        for attempt in range(_TRIES):
            wrong = errors[rng.integers(len(errors))] * rng.uniform(0.4, 1.1)
            tried = start[index] if attempt == 0 else goal[index] - wrong
            values.append(read_profiles(seen, tried))
            targets.append((goal[index] - tried).ravel())
    stage, unseen = _regress(values, targets, np.repeat(folds, _TRIES), _COMPONENTS, _PENALTY)
    return stage, start + unseen[::_TRIES].reshape(start.shape)


def _regress(values, targets, folds, components, penalty):
    """Ridge regression on the leading components of the targets.

    Returns
    -------
    stage : Stage
        Fitted on everything.
    unseen : float array, shape (n, 208)
        Predicted by fits without the own fold.
    """
    values, targets = np.stack(values), np.stack(targets)
    mean = targets.mean(axis=0)
    basis = np.linalg.svd((targets - mean).T @ (targets - mean))[2][:components]
    scores = (targets - mean) @ basis.T
    parts = [folds == fold for fold in range(_FOLDS)]
    grams = [values[part].T @ values[part] for part in parts]
    products = [values[part].T @ scores[part] for part in parts]
    counts = [int(part.sum()) for part in parts]
    unseen = np.empty_like(targets)
    for part, gram, product, count in zip(parts, grams, products, counts, strict=True):
        weights = _solve(sum(grams) - gram, sum(products) - product, sum(counts) - count, penalty)
        unseen[part] = values[part] @ weights @ basis + mean
    weights = _solve(sum(grams), sum(products), sum(counts), penalty)
    return Stage(*(np.asarray(array, np.float32) for array in (weights, basis, mean))), unseen


def _solve(gram, products, count, penalty):
    """The last column of the values is one, and its weight is not penalised."""
    penalties = np.full(len(gram), penalty * count)
    penalties[-1] = 1e-6
    return np.linalg.solve(gram.astype(float) + np.diag(penalties), products)
