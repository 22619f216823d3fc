"""Vessels and bronchi, which branch from the hila."""

import numpy as np

from featurex.phantom.canvas import SIDE, soften, stroke

# Widths of vessels, chest units, from fork to fork; thinner ones are not visible at this size.
_WIDTHS = 0.0125 * 0.80 ** np.arange(7)
# Width of the vessels at the roots of the lungs.
_ROOT = 0.03
_ALONG = np.linspace(0, 1, 6)[:, None]


def draw_branches(generator, outlines):
    """Draw trees from both hila, thinner from fork to fork.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of randomness.
    outlines : sequence of two arrays of shape (n, 2)
        Of the right and the left lung, (x, y), chest coordinates: branches grow towards them.

    Returns
    -------
    branches : float32 array, shape (SIDE, SIDE)
        0 to 1; they are not cut at the outlines.
    """
    curves = {_ROOT: [], **{width: [] for width in _WIDTHS}}
    branches = [[] for _ in _WIDTHS]
    for side, outline in zip((-1, 1), outlines, strict=True):
        hilum = np.array([0.5 + side * 0.085, 0.43 - 0.012 * side])
        curves[_ROOT].append(hilum + np.array([(0, -0.03), (0.01 * side, 0.05)]))
        for eighth in generator.permutation(8)[:7]:
            target = outline[len(outline) // 8 * eighth + generator.integers(15)]
            step = 0.30 * (target - hilum)
            _grow(generator, *hilum.tolist(), *step.tolist(), 0, branches)
    for width, grown in zip(_WIDTHS, branches, strict=True):
        curves[width] = _bend(np.array(grown))
    canvas = np.zeros((SIDE, SIDE), np.float32)
    for width, lines in curves.items():
        line = soften(stroke(lines, width) / 255.0, 0.30 * width + 0.0012)
        canvas = np.maximum(canvas, line * min(1.0, 0.15 + width / 0.016))
    return canvas


def _grow(generator, x, y, dx, dy, level, branches):
    """Grow one branch from (x, y) by (dx, dy) and, recursively, the two into which it forks.

    Numbers of Python: for two of them arrays would take most of the time of a drawing.
    """
    if level >= len(_WIDTHS):
        return
    branches[level].append((x, y, dx, dy, generator.normal(0, 0.22)))
    # The thicker branch goes on nearly straight, the thinner one turns away.
    away = (-1, 1)[generator.integers(2)]
    for turn, rest, thinner in ((-0.18, 0.86, 1), (0.75, 0.66, 2)):
        angle = away * turn * generator.uniform(0.6, 1.4)
        cosine, sine = float(np.cos(angle)), float(np.sin(angle))
        across, down = rest * (cosine * dx - sine * dy), rest * (sine * dx + cosine * dy)
        _grow(generator, x + dx, y + dy, across, down, level + thinner, branches)


def _bend(branches):
    """Draw branches as curves.

    Parameters
    ----------
    branches : array of shape (n, 5)
        Start, step and how much each is bent to its side.

    Returns
    -------
    curves : array of shape (n, n_points, 2)
    """
    start, step, bend = branches[:, None, :2], branches[:, None, 2:4], branches[:, None, 4:]
    aside = bend * np.stack([-step[..., 1], step[..., 0]], axis=-1)
    return start + _ALONG * step + _ALONG * (1 - _ALONG) * aside
