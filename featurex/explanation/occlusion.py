"""What patches of an image add to a network's score: each is hidden, and shown alone."""

import numpy as np

# Patches along each side of the image.
PATCHES = 8
# Images that are put to the network at once.
_AT_ONCE = 64


def explain_by_occlusion(log_odds, values, mean, side):
    """Compute how much every pixel adds to a score, patch by patch.

    Parameters
    ----------
    log_odds : callable
        Maps an array of shape (n, side * side) to log-odds of shape (n,).
    values : array of shape (n, side * side)
        Pixels of the images, row by row.
    mean : array of shape (side * side,)
        The mean training image, which hides a patch.
    side : int
        Rows and columns of an image.

    Returns
    -------
    base : float
        Log-odds of the mean image.
    contributions : float64 array, shape (n, side * side)
        They sum to the log-odds of the image less `base`; pixels of a patch have equal ones.

    Notes
    -----
    A patch adds the mean of two changes: what the score loses when the patch of the image is
    replaced by that of the mean image (Zeiler and Fergus 2014, arXiv:1311.2901), and what it gains
    when the patch of the mean image is replaced by that of the image. These are a patch's last and
    first place in the orders of which Shapley values are the mean; where patches act alone or in
    pairs, that mean is the Shapley value itself. What then is left of the difference is spread in
    proportion to the size of the contributions.
    """
    patches = _cut(side)
    sizes = np.bincount(patches)
    mean = np.asarray(mean, values.dtype)
    base = float(log_odds(mean[None])[0])
    contributions = np.empty(values.shape)
    for row, image in enumerate(values):
        score = float(log_odds(image[None])[0])
        hidden = _replace(log_odds, image, mean, patches)
        shown = _replace(log_odds, mean, image, patches)
        credits = ((score - hidden) + (shown - base)) / 2
        credits += _spread(score - base - credits.sum(), np.abs(credits))
        contributions[row] = (credits / sizes)[patches]
    return base, contributions


def _cut(side):
    """The number of the patch in which each pixel lies: int array, shape (side * side,)."""
    lines = np.arange(side) * PATCHES // side
    return (lines[:, None] * PATCHES + lines).ravel()


def _replace(log_odds, image, other, patches):
    """Log-odds of an image with each patch in turn taken from another one."""
    numbers, found = np.arange(patches.max() + 1), []
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        found.append(log_odds(np.where(patches == some[:, None], other, image)))
    return np.concatenate(found)


def _spread(rest, sizes):
    total = sizes.sum()
    return rest * sizes / total if total > 0 else np.full(len(sizes), rest / len(sizes))
