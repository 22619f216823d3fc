"""The size of the heart: loops over the landmarks on its borders."""

import cv2
import numpy as np

from featurex.lungs.find import find_landmarks


def heart_size(image):
    """The values of HeartSize in the order of its columns."""
    found = find_landmarks(image)
    points, doubt = found.points, found.doubt
    # The lower two thirds of the inner borders of the field, from where the heart meets the base;
    # and the outer borders with the outer corners, which are the first landmarks of the bases.
    right_inner = range(_find_tip(points, 104, 116), 128)
    left_inner = range(_find_tip(points, 134, 146), 158)
    right_outer, left_outer = [*range(22), 104], [*range(52, 74), 134]
    width = max(points[k][0] for k in left_inner) - min(points[k][0] for k in right_inner)
    thorax = max(points[k][0] for k in left_outer) - min(points[k][0] for k in right_outer)
    small = cv2.resize(image, (56, 56), interpolation=cv2.INTER_AREA).astype(np.float32)
    sign = -1 if doubt == "inverted" else 1
    steps = []
    for landmarks, inward in ((right_inner, 2), (left_inner, -2)):
        differences = [
            _read(small, points[k], inward) - _read(small, points[k], -inward) for k in landmarks
        ]
        steps.append(sign * sum(differences) / len(differences) / (small.std() + 1e-6))
    used = [*right_outer, *left_outer, *right_inner, *left_inner]
    inside = all(-0.01 <= value <= 1.01 for k in used for value in points[k])
    seen = doubt != "no lungs" and inside and min(steps) >= 0.1 and 0.25 < width / thorax < 0.85
    sizes = (width / thorax, width, thorax) if seen else (0.0, 0.0, 0.0)
    return np.array([*sizes, *steps, float(seen)])


def _find_tip(points, outer, inner):
    """The landmark of a base that is farthest below the line between its corners."""
    start, end = points[outer], points[inner]
    best, tip = None, inner
    for k in range(inner, outer - 1, -1):
        line = end - start
        below = np.sign(line[0]) * (
            line[0] * (points[k][1] - start[1]) - line[1] * (points[k][0] - start[0])
        )
        if best is None or below > best:
            best, tip = below, k
    return tip


def _read(image, point, across):
    """Take the nearest pixel; beyond the image its edge is repeated."""
    x, y = point[0] * 56 - 0.5 + across, point[1] * 56 - 0.5
    column, row = (min(max(round(float(value)), 0), 55) for value in (x, y))
    return float(image[row, column])
