"""Friedman's and Nemenyi's tests, sum by sum and integral by integral."""

import math

from scipy import integrate
from scipy.special import ndtr


def mean_ranks(scores):
    """1 for the largest of a fold; equal scores share the mean of their places."""
    models, folds = range(len(scores)), range(len(scores[0]))
    means = []
    for model in models:
        total = 0.0
        for fold in folds:
            above = sum(scores[other][fold] > scores[model][fold] for other in models)
            equal = sum(scores[other][fold] == scores[model][fold] for other in models)
            total += above + (equal + 1) / 2
        means.append(total / len(folds))
    return means


def nemenyi(scores, first, second):
    """1 - k ∫ φ(z) (Φ(z) - Φ(z - x))^(k-1) dz: the chance that k normal values spread further than
    x.
    """
    models, folds = len(scores), len(scores[0])
    means = mean_ranks(scores)
    distance = abs(means[first] - means[second]) / math.sqrt(models * (models + 1) / (12 * folds))

    def density(z):
        return (
            models
            * math.exp(-z * z / 2)
            / math.sqrt(2 * math.pi)
            * (ndtr(z) - ndtr(z - distance)) ** (models - 1)
        )

    return 1.0 - integrate.quad(density, -10.0, 10.0 + distance, epsabs=1e-12, limit=200)[0]
