"""Drawn answers of a run beyond its rows, as dataclasses: for the report's tests."""

import numpy as np

from featurex.evaluation.decision import decision_points
from featurex.runs import answers


def draw_scores(labels, strength, n_classes, generator):
    """Probabilities that are right more often the larger the strength, and roughly calibrated."""
    logits = generator.normal(size=(len(labels), n_classes))
    logits[np.arange(len(labels)), labels] += strength
    odds = np.exp(logits)
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    return probabilities if n_classes > 2 else probabilities[:, 1]


def make_decision(labels, keys):
    generator = np.random.default_rng(9)
    models = []
    for key in keys:
        points = decision_points(labels, draw_scores(labels, 2.5, 2, generator))
        models.append(answers.DecisionCurve(key, 1.0, 0.0, tuple(points.model.tolist())))
    return answers.DecisionCurves(
        calibration="Platt's, on out-of-fold scores",
        prevalence=float(np.mean(labels)),
        threshold=tuple(points.threshold.tolist()),
        everyone=tuple(points.everyone.tolist()),
        models=tuple(models),
    )


def make_ranking(classical, network):
    """The chosen model first, the network far behind it, and up to two others."""
    prefix, _, chosen = classical.rpartition("/")
    keys = [
        classical,
        *(f"{prefix}/{model}" for model in ("logistic", "xgboost") if model != chosen),
        *filter(None, [network]),
    ]
    models = tuple(
        answers.RankedModel(key, rank, (0.9, 0.8), 0.2 / rank)
        for key, rank in zip(keys, (1.2, 1.8, 3.0), strict=False)
    )
    return answers.Ranking("swap_auc + appearance_auc", 0.95, 6.4, 0.041, 1.5, models)


def make_subgroups(key, binary):
    """All images, two subtypes and a group without an image."""
    groups = (
        _make_group("all", "all test images", 40, 0.9, binary, binary),
        _make_group("subtype", "bacteria", 30, 0.8, binary),
        _make_group("subtype", "virus", 20, 0.7, binary),
        _make_group("alignment", "alignment failed", 0, None),
    )
    return answers.Subgroups(key, groups)


def _make_group(kind, name, images, score, sensitivity=False, specificity=False):
    scores = {}
    for measure, defined in {
        "auc": True,
        "accuracy": True,
        "sensitivity": sensitivity,
        "specificity": specificity,
    }.items():
        values = (score, 0.75, 0.95) if defined and score is not None else (None, None, None)
        names = (measure, f"{measure}_low", f"{measure}_high")
        scores |= dict(zip(names, values, strict=True))
    return answers.SubgroupRow(kind=kind, name=name, images=images, patients=20, **scores)


def make_learning(keys):
    """Two draws of a half, and all patients: the AUC rises, the second model's lies below."""
    draws = ((0.5, 0, 60, 0.8), (0.5, 1, 60, 0.84), (1.0, 0, 120, 0.9))
    return tuple(
        answers.LearningPoint(
            key, fraction, draw, patients, 2 * patients, auc - 0.1 * number, 0.6, 0.95
        )
        for number, key in enumerate(keys)
        for fraction, draw, patients, auc in draws
    )


def make_robustness(keys, binary):
    """Blur that costs little and then much, and gamma that costs nothing."""
    disturbances = (
        ("blur", "Blur, of the side", (("0", None, 0.9), ("1 %", 0.01, 0.88), ("2 %", 0.02, 0.7))),
        ("gamma", "Gamma", (("0.5", 0.5, 0.9), ("as is", None, 0.9), ("2", 2.0, 0.89))),
    )
    decisions = {"sensitivity": 0.8, "specificity": 0.7} if binary else {}
    return tuple(
        answers.RobustnessPoint(
            key, name, title, label, strength, auc - 0.1 * number, 0.6, 0.95, 0.75, **decisions
        )
        for number, key in enumerate(keys)
        for name, title, steps in disturbances
        for label, strength, auc in steps
    )


def make_controls():
    return (
        answers.Control("border ring", "the outermost 8 % of the image", 0.981, 0.861),
        answers.Control("registration", "the six numbers of the alignment", 0.92, 0.652),
        answers.Control("file", "bytes, width and height of the file", 0.51, 0.497),
    )


def make_comparison(a, b, auc_a, auc_b):
    difference = auc_a - auc_b
    return answers.PairedComparison(
        a, b, auc_a, auc_b, difference, difference - 0.012, difference + 0.012, 0.82, 0.41
    )


def make_importance(key, target, file):
    def row(name, drop):
        return answers.ImportanceRow(name, 12, 0.7, drop, drop - 0.02, drop + 0.02)

    return answers.Importance(
        key=key,
        target=target,
        n_images=120,
        families=(row("zones", 0.031), row("glcm", 0.002)),
        places=(row("in the lungs", 0.215), row("outside the lungs", 0.014)),
        fraction_in_lungs=0.61,
        lung_area=0.42,
        stability=0.82,
        file=file,
    )
