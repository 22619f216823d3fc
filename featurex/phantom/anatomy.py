"""One patient's chest: lungs, heart, bones and vessels, as densities that add up along the beam."""

from dataclasses import dataclass

import numpy as np

from featurex.phantom.canvas import SIDE, fill, fractal_noise, grid, smooth_curve, soften, stroke

# Outlines, clockwise from the top: (x, y), chest coordinates. The left lung is indented by the
# heart. fmt: off
_RIGHT_LUNG = np.array(
    [
        (0.365, 0.135),
        (0.425, 0.21),
        (0.435, 0.36),
        (0.425, 0.52),
        (0.405, 0.66),
        (0.385, 0.735),
        (0.29, 0.715),
        (0.19, 0.755),
        (0.115, 0.83),
        (0.105, 0.70),
        (0.125, 0.52),
        (0.17, 0.34),
        (0.25, 0.19),
    ]
)
_LEFT_LUNG = np.array(
    [
        (0.635, 0.135),
        (0.75, 0.19),
        (0.83, 0.34),
        (0.875, 0.52),
        (0.895, 0.70),
        (0.885, 0.84),
        (0.80, 0.77),
        (0.715, 0.745),
        (0.655, 0.735),
        (0.635, 0.63),
        (0.585, 0.50),
        (0.565, 0.36),
        (0.575, 0.21),
    ]
)
_HEART = np.array(
    [
        (0.47, 0.40),
        (0.55, 0.385),
        (0.605, 0.47),
        (0.655, 0.60),
        (0.675, 0.70),
        (0.60, 0.765),
        (0.47, 0.775),
        (0.405, 0.70),
        (0.405, 0.58),
        (0.43, 0.47),
    ]
)
_TORSO = np.array(
    [
        (0.42, -0.08),
        (0.41, 0.045),
        (0.27, 0.09),
        (0.10, 0.15),
        (0.035, 0.30),
        (0.035, 0.60),
        (0.045, 0.9),
        (0.06, 1.15),
        (0.94, 1.15),
        (0.955, 0.9),
        (0.965, 0.60),
        (0.965, 0.30),
        (0.90, 0.15),
        (0.73, 0.09),
        (0.59, 0.045),
        (0.58, -0.08),
    ]
)
# fmt: on
_RIBS = 9
# Thinner vessels are not visible at this size.
_MIN_WIDTH = 0.003
_ALONG = np.linspace(0, 0.42, 6)[:, None]


@dataclass(frozen=True)
class Anatomy:
    """A chest without disease.

    Parameters
    ----------
    density : float32 array, shape (SIDE, SIDE)
        Attenuation along the beam; 0 is air beside the body.
    lungs : float32 array, shape (2, SIDE, SIDE)
        The patient's right and left lung, 0 to 1.
    air : float32 array, shape (SIDE, SIDE)
        How much lung the beam crosses, 0 to 1.
    bronchi : float32 array, shape (SIDE, SIDE)
        Branches from the hila, 0 to 1: vessels add density along them, bronchi stay dark in
        consolidation.
    """

    density: np.ndarray
    lungs: np.ndarray
    air: np.ndarray
    bronchi: np.ndarray


def make_anatomy(generator):
    """Draw one patient's chest.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of randomness; the same state draws the same chest.

    Returns
    -------
    anatomy : Anatomy
        Lungs, heart, bones and vessels of that patient.
    """
    sway = _Sway(generator)
    outlines = [
        smooth_curve(sway(outline, 0.010), closed=True) for outline in (_RIGHT_LUNG, _LEFT_LUNG)
    ]
    lungs = np.stack([fill(outline, 0.005) for outline in outlines])
    both = lungs.sum(axis=0)
    heart = fill(smooth_curve(sway(_HEART, 0.012), closed=True), 0.009)
    torso = fill(smooth_curve(sway(_TORSO, 0.012), closed=True), 0.006)
    # The beam crosses most lung in the middle of each, and little behind the heart and at the
    # edges.
    air = np.clip(soften(both, 0.022) * 1.05, 0, 1) * both * (1 - 0.62 * heart)
    bronchi = _branches(generator, outlines)
    x, y = grid()
    # Nothing reaches the sides of the canvas: what lies there is repeated beyond them on the image.
    torso *= np.clip((0.5 - np.abs(x - 0.5)) / 0.02, 0, 1)
    thickness = torso * (1.05 + 0.32 * np.clip(y - 0.35, 0, 1) - 0.25 * np.abs(x - 0.5))
    abdomen = _abdomen(generator, outlines, torso, x, y)
    density = (
        thickness
        + 0.30 * heart * np.clip(1 - 2.5 * abdomen, 0.1, 1)
        + _mediastinum(generator)
        + abdomen
        + _bones(generator, sway, both, torso)
        - (0.74 + 0.04 * generator.standard_normal()) * air
        + air * (0.030 * fractal_noise(generator, 1.1) + 0.24 * bronchi)
        + torso * 0.030 * fractal_noise(generator, 1.7)
    )
    return Anatomy(
        np.maximum(density, 0).astype(np.float32), lungs, air.astype(np.float32), bronchi
    )


class _Sway:
    """Varies points: size and lean alike for all organs of a patient, and each point a little."""

    def __init__(self, generator):
        self.generator = generator
        self.scale = 1 + generator.normal(0, (0.035, 0.045))
        self.lean = generator.normal(0, 0.025)

    def __call__(self, points, jitter):
        centred = (np.asarray(points) - 0.5) * self.scale
        centred[:, 0] += self.lean * centred[:, 1]
        return centred + 0.5 + self.generator.normal(0, jitter, centred.shape)


def _mediastinum(generator):
    """Spine with its vertebrae, great vessels with the aortic knob, trachea."""
    x, y = grid()
    bend = 0.5 + 0.012 * generator.standard_normal() * np.sin(3 * y)
    across = x - bend
    spine = np.exp(-0.5 * (across / 0.034) ** 2) * (0.20 + 0.045 * np.cos(2 * np.pi * y * 13))
    pedicles = (
        np.exp(-0.5 * ((np.abs(across) - 0.030) / 0.008) ** 2)
        * np.clip(np.cos(2 * np.pi * y * 13), 0, 1)
        * 0.06
    )
    vessels = 0.26 * np.exp(-0.5 * (across / 0.052) ** 2) * np.clip((0.62 - y) / 0.12, 0, 1)
    knob = 0.20 * np.exp(-0.5 * (((x - 0.568) / 0.026) ** 2 + ((y - 0.29) / 0.036) ** 2))
    trachea = (
        0.17 * np.exp(-0.5 * ((across - 0.004) / 0.013) ** 2) * np.clip((0.34 - y) / 0.06, 0, 1)
    )
    return spine + pedicles + vessels + knob - trachea


def _abdomen(generator, outlines, torso, x, y):
    """Dense below the diaphragm, with the stomach's bubble under the left dome."""
    bases = np.concatenate([outline[outline[:, 1] > 0.6] for outline in outlines])
    order = np.argsort(bases[:, 0])
    columns = np.linspace(0, 1, 21)
    edge = np.interp(columns, bases[order, 0], bases[order, 1])
    dome = np.interp(x[0], columns, edge)
    below = soften((y > dome[None]).astype(np.float32), 0.008) * torso
    where = generator.normal((0.70, 0.86), (0.03, 0.02))
    bubble = np.exp(-(((x - where[0]) / 0.075) ** 2 + ((y - where[1]) / 0.040) ** 2))
    return below * (0.26 - generator.uniform(0.05, 0.30) * bubble)


def _bones(generator, sway, both, torso):
    """Ribs behind and in front, clavicles, shoulders: bright rims and a fainter middle."""
    cage = np.clip(soften(both, 0.035) * 3.0, 0, 1)
    # At the side of the chest the beam runs along the ribs.
    rim = np.clip(cage - soften(both, 0.012), 0, 1)
    behind, front = [], []
    along = np.linspace(0, 1, 24)
    first, step = (
        0.185 + 0.01 * generator.standard_normal(),
        0.068 + 0.002 * generator.standard_normal(),
    )
    for number in range(_RIBS):
        y = first + step * number
        reach = 0.40 * min(1.0, 0.52 + 0.085 * number)
        for side in (-1, 1):
            arc = np.stack(
                [
                    0.5 + side * (0.045 + reach * along),
                    y - 0.045 * np.sin(2.2 * along) + 0.11 * along**2,
                ],
                1,
            )
            behind.append(sway(arc, 0.0015))
            if number < 6:
                # From the side of the chest down towards the breast bone, fading before it.
                fore = np.stack(
                    [
                        0.5 + side * (0.40 - 0.21 * along),
                        y + 0.045 + 0.13 * along + 0.03 * np.sin(3 * along),
                    ],
                    1,
                )
                front.append(sway(fore, 0.0015))
    clavicles = [
        sway(
            np.stack(
                [
                    0.5 + side * (0.05 + 0.34 * along),
                    0.175 - 0.075 * along + 0.025 * np.sin(5 * along),
                ],
                1,
            ),
            0.002,
        )
        for side in (-1, 1)
    ]
    blades = [
        sway(
            np.array(
                [(0.5 + side * 0.41, 0.14), (0.5 + side * 0.35, 0.26), (0.5 + side * 0.405, 0.43)]
            ),
            0.006,
        )
        for side in (-1, 1)
    ]
    return (
        (0.30 + 0.30 * rim) * _bone(behind, 0.025) * cage
        + (0.17 + 0.30 * rim) * _bone(front, 0.028) * cage
        + 0.34 * _bone(clavicles, 0.028) * torso
        + 0.10
        * soften(stroke([smooth_curve(blade) for blade in blades], 0.05) / 255.0, 0.010)
        * torso
    )


def _bone(curves, width):
    """Lines with bright rims and a fainter middle."""
    outer = soften(stroke(curves, width) / 255.0, 0.0022)
    inner = soften(stroke(curves, 0.55 * width) / 255.0, 0.0030)
    return outer - 0.45 * inner


def _branches(generator, outlines):
    """Trees from both hila, thinner from fork to fork, within reach of the lung's outline."""
    canvas = np.zeros((SIDE, SIDE), np.float32)
    by_width = {}
    for side, outline in zip((-1, 1), outlines, strict=True):
        hilum = np.array([0.5 + side * 0.075, 0.435 - 0.01 * side])
        for _ in range(9):
            target = outline[generator.integers(len(outline))]
            _grow(generator, hilum, target - hilum, 0.0125, by_width)
        by_width.setdefault(0.03, []).append(hilum + np.array([(0, -0.04), (0.01 * side, 0.05)]))
    for width, curves in by_width.items():
        line = soften(stroke(curves, width) / 255.0, 0.30 * width + 0.0012)
        canvas = np.maximum(canvas, line * min(1.0, 0.25 + width / 0.016))
    return canvas


def _grow(generator, start, step, width, by_width):
    """Draw one branch and, recursively, the two into which it forks."""
    length = np.hypot(*step)
    if width < _MIN_WIDTH or length < 0.02:
        return
    bend = generator.normal(0, 0.10) * np.array([-step[1], step[0]])
    curve = start + _ALONG * step + _ALONG**2 * bend
    by_width.setdefault(round(width, 4), []).append(curve)
    for turn in (generator.uniform(0.05, 0.45), -generator.uniform(0.05, 0.45)):
        cosine, sine = np.cos(turn), np.sin(turn)
        rest = 0.66 * np.array(
            [cosine * step[0] - sine * step[1], sine * step[0] + cosine * step[1]]
        )
        _grow(generator, curve[-1], rest, width * 0.66, by_width)
