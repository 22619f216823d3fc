"""A run folder as `featurex benchmark` leaves it, with drawn scores, for the report's tests."""

import dataclasses
import json
from typing import NamedTuple

import cv2
import numpy as np
import pandas as pd

from featurex.evaluation import metrics
from featurex.evaluation.thresholds import decide, youden_threshold
from featurex.runs import Entry, RunInfo, answers, schema, to_json
from tests import report_answers, report_external

FAMILIES = ("zones", "hog", "lbp", "glcm", "gabor", "zones+glcm+gabor")
CLASSES = {
    "pneumonia": ("normal", "pneumonia"),
    "etiology": ("bacteria", "virus"),
    "three-class": ("normal", "bacteria", "virus"),
}
SUBTYPES = {
    "normal": ("normal",),
    "pneumonia": ("bacteria", "virus"),
    "bacteria": ("bacteria",),
    "virus": ("virus",),
}

# How far apart the classes score in each split, in standard deviations.
VALIDATIONS = {"cv_auc": "train", "swap_auc": "swap", "appearance_auc": "appearance"}
SPLITS = ("train", "swap", "appearance", "test")
STRENGTHS = {"original": (4.0, 1.4, 1.9, 2.1), "aligned": (3.2, 2.9, 2.7, 3.0)}


class Sizes(NamedTuple):
    """How many images of each split."""

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
    external=True,
    errors=2,
    seed=0,
    sizes=None,
):
    """Write a whole run folder.

    Parameters
    ----------
    folder : pathlib.Path
    task : str
    cnn, controls, limits, swap, external : bool
        Whether the run has a CNN, negative controls, learning curves and disturbed images, swap
        validation, an external set and a rival.
    errors : int
        Files set aside.
    seed : int
    sizes : Sizes or None

    Returns
    -------
    info : RunInfo
    """
    generator = np.random.default_rng(seed)
    classes = CLASSES[task]
    parts = {
        split: generator.integers(0, len(classes), count)
        for split, count in (sizes or Sizes())._asdict().items()
    }
    if external:
        parts["elsewhere"] = generator.integers(0, len(classes), 60)
    entries = [*_list_entries(cnn), *[Entry("elsewhere", "scores", "resnet")] * external]
    scored = [_score(entry, parts, classes, task, generator) for entry in entries]
    rows = pd.DataFrame([row for row, _ in scored])
    lines = pd.concat([predictions for _, predictions in scored])
    if not swap:
        rows[["swap_auc", "appearance_auc"]] = np.nan
        lines = lines[~lines["split"].isin(["swap", "appearance"])]
    folder.mkdir(parents=True, exist_ok=True)
    elsewhere = parts.pop("elsewhere", None)
    if external:
        report_external.write_rows(folder, rows, lines)
    rows.to_csv(folder / "rows.csv", index=False)
    lines.to_csv(folder / "predictions.csv", index=False)
    _make_errors(errors).to_csv(folder / "errors.csv", index=False)
    info = RunInfo(
        **_describe_run(parts, classes, task, cnn, errors),
        **_answer(
            folder, rows[rows["input"] != "elsewhere"], parts, classes, generator, controls, limits
        ),
    )
    if external:
        picture = _write_picture(folder, "external-other-0", generator)
        sets = report_external.make_sets(info, elsewhere, rows, lines, picture)
        rivals = report_external.make_rivals(info, len(parts["test"]))
        info = dataclasses.replace(info, external=sets, rivals=rivals)
    write_info(folder, info)
    return info


def write_info(folder, info):
    """Write run.json."""
    (folder / "run.json").write_text(json.dumps(to_json(info), allow_nan=False), encoding="utf-8")


def _list_entries(cnn):
    entries = [
        Entry(name, families, model)
        for name in STRENGTHS
        for families in FAMILIES
        for model in ("logistic", "xgboost")
    ]
    return entries + [Entry(name, "pixels", "cnn") for name in STRENGTHS if cnn]


def _score(entry, parts, classes, task, generator):
    bonus = 0.3 * (entry.features == "zones+glcm+gabor") + 0.2 * (entry.model != "logistic")
    strengths = {"test": 2.5}
    if not entry.is_rival:
        strengths = dict(zip(SPLITS, STRENGTHS[entry.input], strict=True))
    splits = {split: "test" if split == "test" else "train" for split in SPLITS}
    if "elsewhere" in parts:
        splits["external:other"], strengths["external:other"] = "elsewhere", 1.2
    scores, frames = {}, []
    for split, strength in strengths.items():
        labels = parts[splits[split]]
        scores[split] = report_answers.draw_scores(
            labels, strength + bonus, len(classes), generator
        )
        columns = (
            {"score": scores[split]}
            if len(classes) == 2
            else {f"score_{index}": column for index, column in enumerate(scores[split].T)}
        )
        known = {
            "path": [
                f"{split[:2]}/{classes[label]}-{number:04d}.jpeg"
                for number, label in enumerate(labels)
            ],
            "patient": [f"p{number // 2}" for number in range(len(labels))],
            "label": labels,
        }
        frames.append(pd.DataFrame({**known, "split": split, "model": entry.key, **columns}))
    return _make_row(entry, scores, parts, len(classes), task), pd.concat(frames)


def _make_row(entry, scores, parts, n_classes, task):
    rival, threshold = entry.is_rival, None
    if n_classes == 2:
        threshold = 0.5 if rival else youden_threshold(parts["train"], scores["train"])
    counts = metrics.confusion(parts["test"], decide(scores["test"], threshold), n_classes)
    auc = metrics.macro_auc(parts["test"], scores["test"])
    learnt, n_families = entry.learns_features, len(entry.families)
    return {
        "dataset": "phantom",
        "task": task,
        **entry._asdict(),
        "n_columns": 4096 if learnt else 320 * n_families,
        "seed": 0,
        **{
            column: None if rival else metrics.macro_auc(parts["train"], scores[split])
            for column, split in VALIDATIONS.items()
        },
        "site_auc": None,
        "tuned": "",
        "n_seeds": 3 if entry.learns_features else 1,
        "test_auc_mean": 0.96 if entry.learns_features else None,
        "test_auc_sd": 0.006 if entry.learns_features else None,
        "threshold": threshold,
        "test_auc": auc,
        "test_auc_low": max(0.0, auc - 0.021),
        "test_auc_high": min(1.0, auc + 0.017),
        "test_accuracy": metrics.accuracy(counts),
        "test_sensitivity": metrics.sensitivity(counts),
        "test_specificity": metrics.specificity(counts),
        "test_f1": metrics.f1(counts),
        "test_mcc": metrics.matthews_correlation(counts),
        "test_coverage": None if rival else 0.91,
        "test_undecided": None if rival else 0.12,
        "brier": metrics.brier(parts["test"], scores["test"]),
        "ece": metrics.expected_calibration_error(parts["test"], scores["test"]),
        "extract_ms_per_image": 1.1 + 0.4 * n_families + 0.9 * (entry.input == "aligned"),
        "fit_s": 62.0
        if learnt
        else {"logistic": 0.4, "xgboost": 2.6}.get(entry.model, 0) * n_families,
        "predict_ms_per_image": 0.4 if learnt else 0.02,
        **dict.fromkeys(("extract_ms_per_image", "fit_s", "predict_ms_per_image") if rival else ()),
        "n_train": len(parts["train"]),
        "n_test": len(parts["test"]),
    }


def _make_errors(count):
    reasons = ("NOT_AN_IMAGE", "TRUNCATED")
    # A file may be called anything, and a report must show the name, not obey it.
    names = ("notes <script>alert(1)</script> & more.jpeg", "half an image.jpeg")
    rows = [
        (names[i % 2], reasons[i % 2], "starts with bytes of no image format") for i in range(count)
    ]
    return pd.DataFrame(rows, columns=["path", "reason", "detail"])


def _describe_run(parts, classes, task, cnn, errors):
    failed = {name: index * 9 // (len(classes) - 1) for index, name in enumerate(classes)}
    return {
        "format": schema.FORMAT,
        "featurex": "0.1.0",
        "created": "2026-01-05T09:30:00+00:00",
        "command": ("featurex", "benchmark"),
        "versions": {"featurex": "0.1.0", "numpy": "2.2.0", "torch": "2.13.0" if cnn else "-"},
        "machine": schema.Machine("Some CPU", 2, 2, 8.0, "Linux", "3.11.9"),
        "configuration": {"task": task, "features": {"zones": {"grid": [8, 8]}, "hog": {}}},
        "task": task,
        "seed": 0,
        "classes": classes,
        "dataset": schema.DataSummary(
            name="phantom",
            synthetic=True,
            counts=_count(parts, classes),
            digest="5f0c" * 16,
            notes=("Synthetic radiographs: scores say nothing about patients.",),
            n_errors=errors,
        ),
        "protocol": schema.ProtocolSummary(
            folds=5,
            test="official test split",
            official_test=True,
            threshold="Youden's J on out-of-fold scores",
            interval="95 %, patient-clustered bootstrap, 1,000 resamples",
        ),
        "alignment": schema.Alignment(sum(map(len, parts.values())), sum(failed.values()), failed),
        "findings": (),
        "timings": (
            schema.Stage("Reading images", 4.2),
            schema.Stage("Extracting glcm (aligned)", 1.3),
            schema.Stage("Fitting models (aligned)", 21.8),
        ),
        "skipped": {},
    }


def _answer(folder, rows, parts, classes, generator, controls, limits):
    """Answer all questions from the rows: dict of fields of RunInfo."""
    keys = [Entry(*names).key for names in rows[list(Entry._fields)].to_numpy()]
    order = rows[["swap_auc", "appearance_auc"]].min(axis=1).fillna(rows["cv_auc"])
    learnt = rows["features"] == "pixels"
    classical = keys[order.where(~learnt).idxmax()]
    network = keys[order.where(learnt).idxmax()] if learnt.any() else None
    chosen, binary = list(filter(None, (classical, network))), len(classes) == 2
    aucs = dict(zip(keys, rows["test_auc"], strict=True))
    missing = "PyTorch is not installed: pip install 'featurex-xray[cnn]' brings it."
    return {
        "selection": schema.Selection(
            "swap_auc + appearance_auc", classical, network, None if network else missing
        ),
        "comparison": report_answers.make_comparison(
            classical, network, aucs[classical], aucs[network]
        )
        if network and binary
        else None,
        "decision": report_answers.make_decision(parts["test"], chosen) if binary else None,
        "ranking": report_answers.make_ranking(classical, network),
        "subgroups": report_answers.make_subgroups(classical, binary),
        "learning": report_answers.make_learning(chosen) if limits else (),
        "robustness": report_answers.make_robustness(chosen, binary) if limits else (),
        "controls": report_answers.make_controls() if controls else (),
        "importance": report_answers.make_importance(
            classical, classes[-1], _write_picture(folder, "importance", generator)
        ),
        "mistakes": (
            answers.Mistake(
                label=classes[0],
                decision=classes[-1],
                score=0.93,
                path="te/<b>image</b>.jpeg",
                region="lower zone of the left lung",
                file=_write_picture(folder, "mistake-00", generator),
            ),
        ),
        "cost": _make_cost(keys, rows),
        "examples": tuple(_make_example(folder, label, generator) for label in classes),
    }


def _make_cost(keys, rows):
    costs = []
    for key, row in zip(keys, rows.to_dict("records"), strict=True):
        seconds = row["extract_ms_per_image"] * row["n_train"] * 1e-3 + row["fit_s"]
        costs.append(answers.CostPoint(key, seconds, row["test_accuracy"], row["test_auc"]))
    return tuple(costs)


def _count(parts, classes):
    counts = []
    for split, labels in parts.items():
        for index, label in enumerate(classes):
            subtypes = SUBTYPES[label]
            images = int((labels == index).sum()) // len(subtypes)
            counts += [
                schema.ClassCount(split, label, subtype, images, images // 2)
                for subtype in subtypes
            ]
    return tuple(counts)


def _make_example(folder, label, generator):
    panels = tuple(
        answers.Panel(title, caption, _write_picture(folder, f"{label}-{title}", generator))
        for title, caption in (
            ("original", "the image as read"),
            ("prepared", "aligned"),
            ("hog", "edges & angles"),
        )
    )
    return answers.Example(label, SUBTYPES[label][0], f"test/{label}-0001.jpeg", panels)


def _write_picture(folder, name, generator):
    (folder / "pictures").mkdir(exist_ok=True)
    picture = generator.integers(0, 256, (96, 96), np.uint8)
    cv2.imwrite(str(folder / "pictures" / f"{name}.png"), cv2.GaussianBlur(picture, (0, 0), 4))
    return f"pictures/{name}.png"
