"""What pneumonia adds to a chest: focal consolidation, or a diffuse interstitial pattern."""

import numpy as np

from featurex.phantom.canvas import fractal_noise, grid, soften

# Centres of the lobes that consolidate, chest coordinates; the first three are the patient's right
# ones.
_LOBES = np.array(
    [(0.28, 0.30), (0.31, 0.56), (0.25, 0.67), (0.72, 0.29), (0.74, 0.55), (0.77, 0.68)]
)


def consolidate(anatomy, generator):
    """Fill part of a lobe: bacterial pneumonia.

    Air gives way to fluid, so that density rises towards that of soft tissue and the border of the
    heart or diaphragm beside it is lost (silhouette sign); larger bronchi keep their air (air
    bronchogram).

    Parameters
    ----------
    anatomy : Anatomy
        The chest without disease.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    density : float32 array, shape (SIDE, SIDE)
        What is added to the density of the chest.
    opacity : float32 array, shape (SIDE, SIDE)
        Fraction of the lung that is opaque, 0 to 1.
    """
    lung = np.clip(anatomy.lungs.sum(axis=0), 0, 1)
    x, y = grid()
    opacity = np.zeros_like(lung)
    for lobe in generator.permutation(len(_LOBES))[: generator.choice((1, 1, 2))]:
        centre = _LOBES[lobe] + generator.normal(0, 0.03, 2)
        reach = generator.uniform(0.075, 0.16) * np.array([1.0, generator.uniform(0.8, 1.5)])
        distance = np.hypot((x - centre[0]) / reach[0], (y - centre[1]) / reach[1])
        ragged = distance + 0.30 * fractal_noise(generator, 1.4)
        patch = 1 / (1 + np.exp(np.clip((ragged - 1) / 0.16, -30, 30)))
        opacity = np.maximum(opacity, soften(patch, 0.006))
    opacity *= lung * generator.uniform(0.45, 0.95)
    solid = 0.80 * opacity * anatomy.air * (1 - 0.5 * anatomy.bronchi) + 0.05 * opacity
    return solid.astype(np.float32), opacity.astype(np.float32)


def infiltrate(anatomy, generator):
    """Thicken the interstitium of both lungs: viral pneumonia.

    A network of fine lines, cuffs around the bronchi, and a haze that is densest at the hila.

    Parameters
    ----------
    anatomy : Anatomy
        The chest without disease.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    density : float32 array, shape (SIDE, SIDE)
        What is added to the density of the chest.
    opacity : float32 array, shape (SIDE, SIDE)
        Fraction of the lung that is opaque, 0 to 1.
    """
    lung = np.clip(anatomy.lungs.sum(axis=0), 0, 1)
    x, y = grid()
    hilar = np.exp(-(((np.abs(x - 0.5) - 0.13) / 0.15) ** 2) - ((y - 0.48) / 0.24) ** 2)
    patchy = 1 / (1 + np.exp(-2.0 * fractal_noise(generator, 1.6)))
    strength = generator.uniform(0.50, 1.05)
    opacity = lung * strength * np.clip(0.25 + 0.55 * hilar + 0.35 * (patchy - 0.5), 0, 1)
    # Ridges of noise: the zero crossings of a smooth field make a net.
    net = np.exp(-np.abs(fractal_noise(generator, 1.2)) / 0.30) - 0.45
    cuffs = soften(anatomy.bronchi, 0.005)
    added = opacity * anatomy.air * (0.22 + 0.16 * soften(net, 0.0015) + 0.40 * cuffs)
    return added.astype(np.float32), opacity.astype(np.float32)
