"""What run.json tells of the chosen models, drawn: for the report's tests."""

import cv2
import numpy as np

from featurex.evaluation.decision import decision_points


def draw(labels, strength, n_classes, generator):
    """Probabilities that are right more often the larger the strength, and calibrated about
    right.
    """
    logits = generator.normal(size=(len(labels), n_classes))
    logits[np.arange(len(labels)), labels] += strength
    odds = np.exp(logits)
    shares = odds / odds.sum(axis=1, keepdims=True)
    return shares if n_classes > 2 else shares[:, 1]


def decision_curves(parts, classical, network, classes):
    if len(classes) > 2:
        return None
    generator = np.random.default_rng(9)
    models = []
    for key in filter(None, (classical, network)):
        points = decision_points(parts["test"], draw(parts["test"], 2.5, 2, generator))
        models.append(
            {"key": key, "slope": 1.0, "intercept": 0.0, "net_benefit": points.model.tolist()}
        )
    return {
        "calibration": "Platt's, on out-of-fold scores",
        "prevalence": float(np.mean(parts["test"])),
        "threshold": points.threshold.tolist(),
        "everyone": points.everyone.tolist(),
        "models": models,
    }


def ranking(classical, network):
    """The chosen model first, far behind it the network, if there is one, and the rest of two."""
    way, families, _ = classical.split("/")
    keys = [
        classical,
        *(
            f"{way}/{families}/{model}"
            for model in ("logistic", "xgboost")
            if model not in classical
        ),
    ]
    places = zip([*keys, *filter(None, [network])], (1.2, 1.8, 3.0), strict=False)
    models = [
        {"key": key, "mean_rank": rank, "auc": [0.9, 0.8], "p": 0.2 / rank} for key, rank in places
    ]
    return {
        "measure": "swap_auc",
        "level": 0.95,
        "statistic": 6.4,
        "p": 0.041,
        "critical_difference": 1.5,
        "models": models,
    }


def groups(binary):
    """All images, two subtypes and a group without an image."""
    groups = []
    names = (
        ("all", "all test images"),
        ("subtype", "bacteria"),
        ("subtype", "virus"),
        ("alignment", "alignment failed"),
    )
    for place, (kind, name) in enumerate(names):
        row = {
            "kind": kind,
            "name": name,
            "images": 40 - 10 * place - 10 * (place == 3),
            "patients": 20,
        }
        for measure in ("auc", "accuracy", "sensitivity", "specificity"):
            absent = (
                place == 3
                or (measure == "specificity" and place > 0)
                or (measure[0] == "s" and not binary)
            )
            values = (None, None, None) if absent else (0.9 - 0.1 * place, 0.75, 0.95)
            row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), values, strict=True))
        groups.append(row)
    return groups


def learning(keys):
    """Two draws of a half, and all patients: the first model gains, the second does not."""
    rows = []
    for place, key in enumerate(keys):
        for share, draw, patients, auc in (
            (0.5, 0, 60, 0.8),
            (0.5, 1, 60, 0.84),
            (1.0, 0, 120, 0.9),
        ):
            sizes = {"patients": patients, "images": 2 * patients}
            area = {"auc": auc - 0.1 * place, "auc_low": 0.6, "auc_high": 0.95}
            rows.append({"key": key, "fraction": share, "draw": draw, **sizes, **area})
    return rows


def robustness(keys, binary):
    """Blur that costs the first model little and then much, and gamma that costs nothing."""
    steps = (
        ("blur", "Blur, of the side", (("0", None, 0.9), ("1 %", 0.01, 0.88), ("2 %", 0.02, 0.7))),
        ("gamma", "Gamma", (("0.5", 0.5, 0.9), ("as is", None, 0.9), ("2", 2.0, 0.89))),
    )
    rows = []
    for place, key in enumerate(keys):
        for name, title, own in steps:
            for label, strength, auc in own:
                known = {
                    "key": key,
                    "disturbance": name,
                    "title": title,
                    "label": label,
                    "strength": strength,
                }
                area = {
                    "auc": auc - 0.1 * place,
                    "auc_low": 0.6,
                    "auc_high": 0.95,
                    "balanced_accuracy": 0.75,
                }
                rows.append(
                    {
                        **known,
                        **area,
                        **({"sensitivity": 0.8, "specificity": 0.7} if binary else {}),
                    }
                )
    return rows


def give_reasons(folder, facts, generator):
    """What the chosen model goes by, and its mistakes."""

    def picture(name):
        (folder / name).write_bytes(
            cv2.imencode(".png", generator.integers(0, 256, (24, 24, 3), np.uint8))[1].tobytes()
        )
        return name

    def group(name, fall):
        return {
            "name": name,
            "n_columns": 12,
            "contribution": 0.7,
            "auc_drop": fall,
            "auc_drop_low": fall - 0.02,
            "auc_drop_high": fall + 0.02,
        }

    classes = facts["classes"]
    return {
        "importance": {
            "key": facts["selection"]["classical"],
            "target": classes[-1],
            "n_images": 120,
            "families": [group("zones", 0.031), group("glcm", 0.002)],
            "places": [group("in the lungs", 0.215), group("outside the lungs", 0.014)],
            "fraction_in_lungs": 0.61,
            "lung_area": 0.42,
            "stability": 0.82,
            "file": picture("pictures/importance.png"),
        },
        "mistakes": [
            {
                "label": classes[0],
                "decision": classes[-1],
                "score": 0.93,
                "path": "te/<b>film</b>.jpeg",
                "region": "lower zone of the left lung",
                "file": picture("pictures/mistake-00.png"),
            }
        ],
    }
