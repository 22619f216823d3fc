"""Co-occurrence: pair by pair, and every property from its formula."""

import math

import numpy as np


def matrix(levels, n_levels, step, symmetric):
    """Count pairs of levels 1 to n at an offset (rows down, columns right); 0 is outside."""
    counts = np.zeros((n_levels, n_levels))
    rows, columns = levels.shape
    for row, column in np.ndindex(rows, columns):
        other_row, other_column = row + step[0], column + step[1]
        if not (0 <= other_row < rows and 0 <= other_column < columns):
            continue
        here, there = int(levels[row, column]), int(levels[other_row, other_column])
        if here and there:
            counts[here - 1, there - 1] += 1
            if symmetric:
                counts[there - 1, here - 1] += 1
    return counts


def properties(counts, maximal=True, highest=None):
    """Name to value, from the formulas of Haralick 1973 and the IBSI manual; the last one, which is
    slow, if asked.
    """
    total = counts.sum()
    p = counts / total if total else counts
    highest = highest or len(p)
    cells = [(i + 1, j + 1, p[i, j]) for i, j in np.argwhere(p).tolist()]
    mean_i = sum(i * probability for i, _, probability in cells)
    mean_j = sum(j * probability for _, j, probability in cells)
    std_i = math.sqrt(sum((i - mean_i) ** 2 * probability for i, _, probability in cells))
    std_j = math.sqrt(sum((j - mean_j) ** 2 * probability for _, j, probability in cells))
    covariance = sum((i - mean_i) * (j - mean_j) * probability for i, j, probability in cells)
    asm = sum(probability**2 for _, _, probability in cells)
    return {
        "contrast": sum((i - j) ** 2 * probability for i, j, probability in cells),
        "dissimilarity": sum(abs(i - j) * probability for i, j, probability in cells),
        "homogeneity": sum(probability / (1 + (i - j) ** 2) for i, j, probability in cells),
        "asm": asm,
        "energy": math.sqrt(asm),
        "correlation": covariance / (std_i * std_j) if std_i * std_j > 1e-15 else 1.0,
        "entropy": -sum(probability * math.log2(probability) for _, _, probability in cells),
        "shade": sum((i + j - mean_i - mean_j) ** 3 * probability for i, j, probability in cells),
        "prominence": sum(
            (i + j - mean_i - mean_j) ** 4 * probability for i, j, probability in cells
        ),
        "joint_maximum": p.max(),
        "joint_average": mean_i,
        "joint_variance": std_i**2,
        "inverse_difference": sum(probability / (1 + abs(i - j)) for i, j, probability in cells),
        "inverse_difference_normalized": sum(
            probability / (1 + abs(i - j) / highest) for i, j, probability in cells
        ),
        "homogeneity_normalized": sum(
            probability / (1 + (i - j) ** 2 / highest**2) for i, j, probability in cells
        ),
        "inverse_variance": sum(
            probability / (i - j) ** 2 for i, j, probability in cells if i != j
        ),
        "autocorrelation": sum(i * j * probability for i, j, probability in cells),
        **_along("difference", [(abs(i - j), probability) for i, j, probability in cells]),
        **_along("sum", [(i + j, probability) for i, j, probability in cells]),
        **_information(p),
        **({"maximal_correlation": _maximal(p)} if maximal else {}),
    }


def _along(name, steps):
    """Moments and entropy of the distribution of |i - j| or i + j."""
    probabilities = {}
    for step, probability in steps:
        probabilities[step] = probabilities.get(step, 0) + probability
    mean = sum(step * probability for step, probability in probabilities.items())
    return {
        f"{name}_average": mean,
        f"{name}_variance": sum(
            (step - mean) ** 2 * probability for step, probability in probabilities.items()
        ),
        f"{name}_entropy": _entropy(probabilities.values()),
    }


def _information(p):
    """Haralick's information measures (in bits, as IBSI)."""
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    product = np.outer(rows, columns)
    first = -sum(p[i, j] * math.log2(product[i, j]) for i, j in np.argwhere(p).tolist())
    second = _entropy(product[product > 0])
    joint = _entropy(p[p > 0])
    highest = max(_entropy(rows), _entropy(columns))
    return {
        "information_1": (joint - first) / highest if highest else 0.0,
        "information_2": math.sqrt(max(1 - math.exp(-2 * (second - joint)), 0)),
    }


def _maximal(p):
    """Haralick's maximal correlation coefficient: the second largest eigenvalue of his matrix Q,
    its root.
    """
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    used_rows, used_columns = np.flatnonzero(rows), np.flatnonzero(columns)
    if min(len(used_rows), len(used_columns)) < 2:
        return 1.0
    used = p[np.ix_(used_rows, used_columns)]
    q = (used / rows[used_rows][:, None]) @ (used / columns[used_columns]).T
    return math.sqrt(max(sorted(np.linalg.eigvals(q).real)[-2], 0))


def _entropy(probabilities):
    return -sum(
        probability * math.log2(probability) for probability in probabilities if probability > 0
    )


def levels_of(image, inside, n_levels, limits):
    """Fixed bin number (IBSI K15C), pixel by pixel."""
    low, high = limits
    made = np.zeros(image.shape, int)
    for place, value in np.ndenumerate(image):
        if inside is None or inside[place]:
            made[place] = (
                min(
                    max(math.floor(n_levels * (float(value) - low) / (high - low)), 0), n_levels - 1
                )
                + 1
            )
    return made
