"""One patient's chest: lungs, heart, bones and vessels, as densities that add up along the beam."""

from dataclasses import dataclass

import numpy as np

from featurex.phantom.bones import draw_bones
from featurex.phantom.canvas import fill, fractal_noise, grid, smooth_curve, soften
from featurex.phantom.vessels import draw_branches

# Outlines, clockwise from the top: (x, y), chest coordinates. The left lung is indented by the
# heart, which is a child's: half as wide as the chest. fmt: off
_RIGHT_LUNG = np.array(
    [
        (0.360, 0.140),
        (0.425, 0.205),
        (0.430, 0.340),
        (0.405, 0.480),
        (0.370, 0.600),
        (0.360, 0.715),
        (0.290, 0.690),
        (0.200, 0.715),
        (0.120, 0.805),
        (0.105, 0.690),
        (0.120, 0.520),
        (0.165, 0.340),
        (0.250, 0.195),
    ]
)
_LEFT_LUNG = np.array(
    [
        (0.640, 0.140),
        (0.750, 0.195),
        (0.835, 0.340),
        (0.880, 0.520),
        (0.895, 0.690),
        (0.885, 0.815),
        (0.820, 0.750),
        (0.755, 0.725),
        (0.718, 0.720),
        (0.695, 0.630),
        (0.645, 0.510),
        (0.585, 0.400),
        (0.575, 0.215),
    ]
)
_HEART = np.array(
    [
        (0.460, 0.380),
        (0.550, 0.365),
        (0.625, 0.450),
        (0.690, 0.560),
        (0.735, 0.665),
        (0.725, 0.745),
        (0.620, 0.790),
        (0.460, 0.780),
        (0.375, 0.715),
        (0.350, 0.610),
        (0.390, 0.490),
    ]
)
_TORSO = np.array(
    [
        (0.420, -0.080),
        (0.410, 0.050),
        (0.290, 0.100),
        (0.130, 0.150),
        (0.045, 0.280),
        (0.030, 0.600),
        (0.040, 0.900),
        (0.060, 1.150),
        (0.940, 1.150),
        (0.960, 0.900),
        (0.970, 0.600),
        (0.955, 0.280),
        (0.870, 0.150),
        (0.710, 0.100),
        (0.590, 0.050),
        (0.580, -0.080),
    ]
)


# fmt: on
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
    bronchi = draw_branches(generator, outlines)
    x, y = grid()
    # Nothing reaches the sides of the canvas: what lies there is repeated beyond them on the image.
    torso *= np.clip((0.5 - np.abs(x - 0.5)) / 0.02, 0, 1)
    # The chest is round: its sides are where the beam crosses only a little of it.
    depth = np.sqrt(np.clip(1 - (2 * x - 1) ** 2, 0, 1))
    thickness = torso * (0.50 + 0.55 * depth + 0.32 * np.clip(y - 0.35, 0, 1))
    abdomen = _abdomen(generator, outlines, torso, x, y)
    density = (
        thickness
        + 0.30 * heart * np.clip(1 - 2.5 * abdomen, 0.1, 1)
        + _mediastinum(generator)
        + abdomen
        + draw_bones(generator, sway, lungs, torso)
        - (0.70 + 0.04 * generator.standard_normal()) * air
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
    # The flanks are thin.
    below *= np.clip((0.5 - np.abs(x - 0.5)) / 0.14, 0, 1)
    return below * (0.26 - generator.uniform(0.05, 0.30) * bubble)
