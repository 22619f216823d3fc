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
    by_width = {width: [] for width in (_ROOT, *_WIDTHS)}
    for side, outline in zip((-1, 1), outlines, strict=True):
        hilum = np.array([0.5 + side * 0.085, 0.43 - 0.012 * side])
        by_width[_ROOT].append(hilum + np.array([(0, -0.03), (0.01 * side, 0.05)]))
        for eighth in generator.permutation(8)[:7]:
            target = outline[len(outline) // 8 * eighth + generator.integers(15)]
            _grow(generator, hilum, 0.30 * (target - hilum), 0, by_width)
    canvas = np.zeros((SIDE, SIDE), np.float32)
    for width, curves in by_width.items():
        line = soften(stroke(curves, width) / 255.0, 0.30 * width + 0.0012)
        canvas = np.maximum(canvas, line * min(1.0, 0.15 + width / 0.016))
    return canvas


def _grow(generator, start, step, level, by_width):
    """Draw one branch and, recursively, the two into which it forks."""
    if level >= len(_WIDTHS):
        return
    bend = generator.normal(0, 0.22) * np.array([-step[1], step[0]])
    curve = start + _ALONG * step + _ALONG * (1 - _ALONG) * bend
    by_width[_WIDTHS[level]].append(curve)
    # The thicker branch goes on nearly straight, the thinner one turns away.
    away = generator.choice((-1, 1))
    for turn, rest, thinner in ((-0.18, 0.86, 1), (0.75, 0.66, 2)):
        angle = away * turn * generator.uniform(0.6, 1.4)
        cosine, sine = np.cos(angle), np.sin(angle)
        turned = np.array([cosine * step[0] - sine * step[1], sine * step[0] + cosine * step[1]])
        _grow(generator, curve[-1], rest * turned, level + thinner, by_width)
