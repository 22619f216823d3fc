"""A run folder as `featurex benchmark` leaves it, with drawn scores: what the report's tests
read.
"""

import json
from typing import NamedTuple

import cv2
import numpy as np
import pandas as pd

from featurex.evaluation import metrics
from featurex.evaluation.thresholds import decide, youden_threshold
from tests import report_facts

FAMILIES = ("zones", "hog", "lbp", "glcm", "gabor", "zones+glcm+gabor")
CLASSES = {
    "pneumonia": ["normal", "pneumonia"],
    "etiology": ["bacteria", "virus"],
    "three-class": ["normal", "bacteria", "virus"],
}
SUBTYPES = {
    "normal": ("normal",),
    "pneumonia": ("bacteria", "virus"),
    "bacteria": ("bacteria",),
    "virus": ("virus",),
}

# How far apart the classes score, in standard deviations: (validation, swapped framing, test).
STRENGTHS = {"original": (4.0, 1.4, 2.1), "aligned": (3.2, 2.9, 3.0)}


class Sizes(NamedTuple):
    """How many images of each part."""

    train: int = 240
    test: int = 120


def write_run(
    folder,
    *,
    task="pneumonia",
    cnn=True,
    controls=True,
    limits=True,
    swap=True,
    errors=2,
    seed=0,
    sizes=None,
):
    """Write a whole run folder and return its facts.

    Parameters
    ----------
    folder : pathlib.Path
    task : str
    cnn, controls, limits, swap : bool
        Whether the run has a CNN, negative controls, learning curves and disturbed images, swap
        validation.
    errors : int
        Files set aside.
    seed : int
    sizes : Sizes or None

    Returns
    -------
    facts : dict
        What run.json holds.
    """
    sizes = sizes or Sizes()
    generator = np.random.default_rng(seed)
    classes = CLASSES[task]
    entries = [
        (way, families, model)
        for way in STRENGTHS
        for families in FAMILIES
        for model in ("logistic", "xgboost")
    ]
    if cnn:
        entries += [(way, "pixels", "cnn") for way in STRENGTHS]
    parts = {
        split: generator.integers(0, len(classes), count)
        for split, count in sizes._asdict().items()
    }
    rows, lines = [], []
    for entry in entries:
        row, predictions = _score(entry, parts, classes, task, generator)
        rows.append(row)
        lines.append(predictions)
    rows = pd.DataFrame(rows)
    lines = pd.concat(lines)
    if not swap:
        rows["swap_auc"] = np.nan
        lines = lines[lines["split"] != "swap"]
    folder.mkdir(parents=True, exist_ok=True)
    rows.to_csv(folder / "rows.csv", index=False)
    lines.to_csv(folder / "predictions.csv", index=False)
    _errors(errors).to_csv(folder / "errors.csv", index=False)
    facts = _facts(rows, parts, classes, task, cnn, controls, limits, errors)
    facts["examples"] = _examples(folder, classes, generator)
    facts.update(report_facts.give_reasons(folder, facts, generator))
    write_facts(folder, facts)
    return facts


def write_facts(folder, facts):
    """Write run.json."""
    (folder / "run.json").write_text(json.dumps(facts, allow_nan=False), encoding="utf-8")


def _score(entry, parts, classes, task, generator):
    way, features, model = entry
    bonus = 0.3 * (features == "zones+glcm+gabor") + 0.2 * (model in ("xgboost", "cnn"))
    strengths = dict(zip(("train", "swap", "test"), STRENGTHS[way], strict=True))
    scores, frames = {}, []
    for split, strength in strengths.items():
        labels = parts["test" if split == "test" else "train"]
        scores[split] = report_facts.draw(labels, strength + bonus, len(classes), generator)
        columns = (
            {"score": scores[split]}
            if len(classes) == 2
            else {f"score_{index}": column for index, column in enumerate(scores[split].T)}
        )
        names = [
            f"{split[:2]}/{classes[label]}-{number:04d}.jpeg" for number, label in enumerate(labels)
        ]
        known = {
            "path": names,
            "patient": [f"p{number // 2}" for number in range(len(labels))],
            "label": labels,
        }
        frames.append(pd.DataFrame({**known, "split": split, "model": "/".join(entry), **columns}))
    return _row(entry, scores, parts, len(classes), task), pd.concat(frames)


def _row(entry, scores, parts, n_classes, task):
    threshold = youden_threshold(parts["train"], scores["train"]) if n_classes == 2 else None
    counts = metrics.confusion(parts["test"], decide(scores["test"], threshold), n_classes)
    area = metrics.macro_auc(parts["test"], scores["test"])
    learnt = entry[1] == "pixels"
    return {
        "dataset": "phantom",
        "task": task,
        "input": entry[0],
        "features": entry[1],
        "model": entry[2],
        "n_columns": 4096 if learnt else 320 * len(entry[1].split("+")),
        "seed": 0,
        "cv_auc": metrics.macro_auc(parts["train"], scores["train"]),
        "swap_auc": metrics.macro_auc(parts["train"], scores["swap"]),
        "threshold": threshold,
        "test_auc": area,
        "test_auc_low": max(0.0, area - 0.021),
        "test_auc_high": min(1.0, area + 0.017),
        "test_accuracy": metrics.accuracy(counts),
        "test_sensitivity": metrics.sensitivity(counts),
        "test_specificity": metrics.specificity(counts),
        "test_f1": metrics.f1(counts),
        "test_mcc": metrics.matthews_correlation(counts),
        "brier": metrics.brier(parts["test"], scores["test"]),
        "ece": metrics.expected_calibration_error(parts["test"], scores["test"]),
        "extract_ms_per_image": 1.1 + 0.4 * len(entry[1]) / 5 + 0.9 * (entry[0] == "aligned"),
        "fit_s": 62.0
        if learnt
        else {"logistic": 0.4, "xgboost": 2.6}[entry[2]] * len(entry[1].split("+")),
        "predict_ms_per_image": 0.4 if learnt else 0.02,
        "n_train": len(parts["train"]),
        "n_test": len(parts["test"]),
    }


def _errors(count):
    reasons = ("NOT_AN_IMAGE", "TRUNCATED")
    # A file may be called anything, and a report must show it, not obey it.
    names = ["notes <script>alert(1)</script> & more.jpeg", "half a film.jpeg"]
    return pd.DataFrame(
        [
            (names[i % 2], reasons[i % 2], "starts with bytes of no image format")
            for i in range(count)
        ],
        columns=["path", "reason", "detail"],
    )


def _facts(rows, parts, classes, task, cnn, controls, limits, errors):
    keys = (rows["input"] + "/" + rows["features"] + "/" + rows["model"]).tolist()
    order = rows["swap_auc"].fillna(rows["cv_auc"])
    learnt = rows["features"] == "pixels"
    classical = keys[order.where(~learnt).idxmax()]
    network = keys[order.where(learnt).idxmax()] if cnn else None
    chosen = list(filter(None, (classical, network)))
    costs = rows["extract_ms_per_image"] * rows["n_train"] * 1e-3 + rows["fit_s"]
    return {
        "format": 2,
        "featurex": "0.1.0",
        "created": "2026-01-05T09:30:00+00:00",
        "command": ["featurex", "benchmark"],
        "versions": {
            "featurex": "0.1.0",
            "python": "3.11.9",
            "numpy": "2.2.0",
            "torch": "2.13.0" if cnn else "-",
        },
        "machine": {
            "processor": "Some CPU",
            "cores": 2,
            "jobs": 2,
            "memory_gb": 8.0,
            "platform": "Linux",
            "python": "3.11.9",
        },
        "configuration": {"task": task, "features": {"zones": {"grid": [8, 8]}, "hog": {}}},
        "task": task,
        "classes": classes,
        "seed": 0,
        "dataset": {
            "name": "phantom",
            "synthetic": True,
            "counts": _counts(parts, classes),
            "digest": "5f0c" * 16,
            "notes": ["Synthetic radiographs: scores say nothing about patients."],
            "n_errors": errors,
        },
        "protocol": {
            "folds": 5,
            "test": "official test split",
            "official_test": True,
            "threshold": "Youden's J on out-of-fold scores",
            "interval": "95 %, patient-clustered bootstrap, 1,000 resamples",
        },
        "alignment": {
            "n": sum(map(len, parts.values())),
            "failed": 9,
            "failed_by_class": {
                name: index * 9 // (len(classes) - 1) for index, name in enumerate(classes)
            },
        },
        "timings": [
            {"name": "Reading images", "seconds": 4.2},
            {"name": "Extracting glcm (aligned)", "seconds": 1.3},
            {"name": "Fitting models (aligned)", "seconds": 21.8},
        ],
        "selection": {
            "by": "swap_auc",
            "classical": classical,
            "cnn": network,
            "cnn_missing": None
            if cnn
            else "PyTorch is not installed: pip install 'featurex-xray[cnn]' brings it.",
        },
        "comparison": _comparison(rows, keys, classical, network, classes),
        "decision": report_facts.decision_curves(parts, classical, network, classes),
        "ranking": report_facts.ranking(classical, network),
        "subgroups": {"key": classical, "groups": report_facts.groups(len(classes) == 2)},
        "learning": report_facts.learning(chosen) if limits else [],
        "robustness": report_facts.robustness(chosen, len(classes) == 2) if limits else [],
        "controls": _controls() if controls else [],
        "findings": [],
        "skipped": {},
        "cost": [
            {"key": key, "cpu_s": seconds, "accuracy": row["test_accuracy"], "auc": row["test_auc"]}
            for key, seconds, (_, row) in zip(keys, costs, rows.iterrows(), strict=True)
        ],
    }


def _counts(parts, classes):
    counts = []
    for split, labels in parts.items():
        for index, label in enumerate(classes):
            images = int((labels == index).sum())
            subtypes = SUBTYPES[label]
            counts += [
                {
                    "split": split,
                    "label": label,
                    "subtype": subtype,
                    "images": images // len(subtypes),
                    "patients": images // len(subtypes) // 2,
                }
                for subtype in subtypes
            ]
    return counts


def _comparison(rows, keys, classical, network, classes):
    if network is None or len(classes) > 2:
        return None
    first, second = (rows["test_auc"][keys.index(key)] for key in (classical, network))
    low, high = first - second - 0.012, first - second + 0.012
    return {
        "a": classical,
        "b": network,
        "auc_a": first,
        "auc_b": second,
        "difference": first - second,
        "low": low,
        "high": high,
        "z": (first - second) / 0.006,
        "p": 0.41,
    }


def _controls():
    return [
        {
            "name": "border ring",
            "description": "the outermost 8 % of the film",
            "cv_auc": 0.981,
            "test_auc": 0.861,
        },
        {
            "name": "registration",
            "description": "the six numbers of the alignment",
            "cv_auc": 0.92,
            "test_auc": 0.652,
        },
        {
            "name": "file",
            "description": "bytes, width and height of the file",
            "cv_auc": 0.51,
            "test_auc": 0.497,
        },
    ]


def _examples(folder, classes, generator):
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    examples = []
    for label in classes:
        panels = []
        for title, caption in (
            ("original", "the film as read"),
            ("prepared", "aligned"),
            ("hog", "edges & angles"),
        ):
            picture = cv2.GaussianBlur(
                generator.integers(0, 256, (96, 96)).astype(np.uint8), (0, 0), 4
            )
            cv2.imwrite(str(pictures / f"{label}-{title}.png"), picture)
            panels.append(
                {"title": title, "caption": caption, "file": f"pictures/{label}-{title}.png"}
            )
        subtype = SUBTYPES[label][0]
        examples.append(
            {
                "label": label,
                "subtype": subtype,
                "path": f"test/{label}-0001.jpeg",
                "panels": panels,
            }
        )
    return examples
