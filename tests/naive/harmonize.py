"""Harmonising by the definition: a Laplacian pyramid of explicit sums, and one gain a band."""

import numpy as np

# Burt and Adelson 1983: the generating kernel with a = 3/8.
KERNEL = np.array([1, 4, 6, 4, 1]) / 16


def _mirror(position, length):
    """Mirror a position into the image, without repeating its border."""
    while not 0 <= position < length:
        position = -position if position < 0 else 2 * (length - 1) - position
    return position


def _reduce(image):
    """Halve an image: every other pixel of its weighted mean."""
    halved = np.zeros([(side + 1) // 2 for side in image.shape])
    for row, column in np.ndindex(*halved.shape):
        for down, across in np.ndindex(5, 5):
            y = _mirror(2 * row + down - 2, image.shape[0])
            x = _mirror(2 * column + across - 2, image.shape[1])
            halved[row, column] += KERNEL[down] * KERNEL[across] * image[y, x]
    return halved


def _expand(image, shape):
    """Double an image: zeros between its pixels, and four times the weighted mean."""
    doubled = np.zeros([2 * side for side in image.shape])
    doubled[::2, ::2] = image
    expanded = np.zeros(shape)
    for row, column in np.ndindex(*shape):
        for down, across in np.ndindex(5, 5):
            y = _mirror(row + down - 2, doubled.shape[0])
            x = _mirror(column + across - 2, doubled.shape[1])
            expanded[row, column] += 4 * KERNEL[down] * KERNEL[across] * doubled[y, x]
    return expanded


def harmonize(image, spectrum, strength):
    """Harmonise an 8-bit image; grey levels before rounding, shape (rows, columns)."""
    levels = [image.astype(float)]
    while min(levels[-1].shape) > 8:
        levels.append(_reduce(levels[-1]))
    base = levels.pop()
    result = (base - base.mean()) / (base.std() + 2)
    coarser = base
    for number, level in enumerate(reversed(levels)):
        band = level - _expand(coarser, level.shape)
        result = _expand(result, level.shape)
        if number < len(spectrum):
            relative = band.std() / (base.std() + 2) + 0.02
            result += band / (base.std() + 2) * (spectrum[number] / relative) ** strength
        coarser = level
    return 255 * np.clip(0.5 + result / 5, 0, 1)
