"""The covariance of areas from DeLong 1988 and Obuchowski 1997, sum by sum as the papers write
them.
"""

import numpy as np


def _psi(positive, negative):
    return 1.0 if positive > negative else 0.5 if positive == negative else 0.0


def delong(labels, scores):
    """Areas and their covariance, DeLong, DeLong and Clarke-Pearson 1988, equations 5 to 8."""
    labels = [bool(label) for label in labels]
    models = len(scores)
    areas, v10, v01 = [], [], []
    for row in scores:
        positive = [score for score, label in zip(row, labels, strict=True) if label]
        negative = [score for score, label in zip(row, labels, strict=True) if not label]
        v10.append([sum(_psi(x, y) for y in negative) / len(negative) for x in positive])
        v01.append([sum(_psi(x, y) for x in positive) / len(positive) for y in negative])
        areas.append(sum(v10[-1]) / len(positive))
    m, n = len(v10[0]), len(v01[0])
    covariance = np.zeros((models, models))
    for r in range(models):
        for s in range(models):
            s10 = sum((v10[r][i] - areas[r]) * (v10[s][i] - areas[s]) for i in range(m)) / (m - 1)
            s01 = sum((v01[r][j] - areas[r]) * (v01[s][j] - areas[s]) for j in range(n)) / (n - 1)
            covariance[r, s] = s10 / m + s01 / n
    return np.array(areas), covariance


def obuchowski(labels, scores, patients):
    """Areas and covariance with clusters, Obuchowski 1997: S10 / m + S01 / n + 2 S11 / (m n)."""
    labels = [bool(label) for label in labels]
    names = sorted(set(patients))
    m, n = sum(labels), len(labels) - sum(labels)
    clusters10 = sum(
        any(q == name and label for q, label in zip(patients, labels, strict=True))
        for name in names
    )
    clusters01 = sum(
        any(q == name and not label for q, label in zip(patients, labels, strict=True))
        for name in names
    )
    areas, sums10, sums01 = [], [], []
    for row in scores:
        v10, v01, m_i, n_i = (dict.fromkeys(names, 0.0) for _ in range(4))
        for score, label, name in zip(row, labels, patients, strict=True):
            others = [other for other, kind in zip(row, labels, strict=True) if kind != label]
            if label:
                v10[name] += sum(_psi(score, other) for other in others) / n
                m_i[name] += 1
            else:
                v01[name] += sum(_psi(other, score) for other in others) / m
                n_i[name] += 1
        area = sum(v10.values()) / m
        areas.append(area)
        sums10.append([v10[name] - m_i[name] * area for name in names])
        sums01.append([v01[name] - n_i[name] * area for name in names])
    covariance = np.zeros((len(scores), len(scores)))
    total = len(names)
    for r in range(len(scores)):
        for s in range(len(scores)):
            s10 = clusters10 / ((clusters10 - 1) * m) * np.dot(sums10[r], sums10[s])
            s01 = clusters01 / ((clusters01 - 1) * n) * np.dot(sums01[r], sums01[s])
            s11 = total / (total - 1) * np.dot(sums10[r], sums01[s])
            s11_swapped = total / (total - 1) * np.dot(sums10[s], sums01[r])
            covariance[r, s] = s10 / m + s01 / n + (s11 + s11_swapped) / (m * n)
    return np.array(areas), covariance
