"""Ribs, clavicles and shoulder blades."""

import numpy as np

from featurex.phantom.canvas import SIDE, grid, smooth_curve, soften, stroke

_RIBS = 9
# A rib from the spine to its end in front: fraction of the way to the side of the chest, and how
# far below its joint, in distances between two ribs.
_RIB = np.array(
    [
        (0.09, 0.0),
        (0.35, -0.45),
        (0.70, 0.05),
        (0.93, 0.85),
        (1.0, 1.75),
        (0.94, 2.55),
        (0.74, 3.25),
        (0.52, 3.7),
    ]
)
# Points of a rib that lie behind the chest; the others lie in front.
_BEHIND = 72


def draw_bones(generator, sway, lungs, torso):
    """Draw the bones of the chest, within the body.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of randomness.
    sway : callable
        Varies points (x, y) as all organs of the patient: from points and a jitter to points.
    lungs : float32 array, shape (2, SIDE, SIDE)
        Right and left lung, 0 to 1: ribs bend around their sides.
    torso : float32 array, shape (SIDE, SIDE)
        The body, 0 to 1.

    Returns
    -------
    density : float32 array, shape (SIDE, SIDE)
        What bones add to the density of the chest.
    """
    behind, front = _ribs(generator, lungs)
    along = np.linspace(0, 1, 24)
    clavicles, blades = [], []
    for side in (-1, 1):
        points = [0.5 + side * (0.05 + 0.34 * along)]
        points.append(0.175 - 0.075 * along + 0.025 * np.sin(5 * along))
        clavicles.append(sway(np.stack(points, 1), 0.002))
        blade = np.array([(0.42, 0.13), (0.36, 0.25), (0.415, 0.42)]) * (side, 1) + (0.5, 0)
        blades.append(smooth_curve(sway(blade, 0.006)))
    # Scattered rays hide most of the ribs in front of the belly and the heart.
    seen = 0.35 + 0.65 * np.clip(soften(lungs.sum(axis=0), 0.02) * 2.5, 0, 1)
    return torso * (
        seen * (0.20 * _bone(behind, 0.024) + 0.14 * _bone(front, 0.026))
        + 0.30 * _bone(clavicles, 0.028)
        + 0.10 * soften(stroke(blades, 0.05) / 255.0, 0.010)
    )


def _ribs(generator, lungs):
    """Pairs of ribs, each bent around the side of its lung: curves behind, and in front."""
    first = 0.150 + 0.01 * generator.standard_normal()
    step = 0.064 + 0.002 * generator.standard_normal()
    behind, front = [], []
    for side, lung in zip((-1, 1), lungs, strict=True):
        wall = _wall(lung)
        for number in range(_RIBS):
            y = first + step * (number + _RIB[:, 1])
            across = _RIB[:, 0] * wall(y) + generator.normal(0, 0.003, len(y))
            curve = smooth_curve(np.stack([0.5 + side * across, y], 1))
            behind.append(curve[:_BEHIND])
            # The last ribs end in the wall of the belly.
            if number < 7:
                front.append(curve[_BEHIND - 1 :])
    return behind, front


def _wall(lung):
    """Distance from the middle to the side of the chest, as a function of height."""
    rows = np.flatnonzero(lung.max(axis=1) > 0.5)
    x, _ = grid()
    reach = (np.abs(x[rows] - 0.5) * (lung[rows] > 0.5)).max(axis=1)
    return lambda y: np.interp(y, (rows + 0.5) / SIDE, np.maximum.accumulate(reach)) + 0.004


def _bone(curves, width):
    """Lines with bright rims and a fainter middle."""
    outer = soften(stroke(curves, width) / 255.0, 0.0022)
    inner = soften(stroke(curves, 0.55 * width) / 255.0, 0.0030)
    return outer - 0.45 * inner
