"""Models of several finished benchmarks side by side, on the same test images."""

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np
import pandas as pd

from featurex.checks import check_integer
from featurex.errors import DataError, ParameterError
from featurex.evaluation import metrics
from featurex.evaluation.comparison import compare_auc, mcnemar
from featurex.evaluation.intervals import auc_with_interval
from featurex.evaluation.thresholds import decide
from featurex.runs import schema
from featurex.runs.entry import Entry
from featurex.runs.record import read_record
from featurex.wording import suggest

_MEASURES = {
    "accuracy": metrics.accuracy,
    "sensitivity": metrics.sensitivity,
    "specificity": metrics.specificity,
}


@dataclass(frozen=True)
class Comparison:
    """What was compared, and what came out.

    Parameters
    ----------
    contenders : pandas.DataFrame
        run, key, kind ("classical", "cnn" or "rival"), cv_auc, swap_auc and appearance_auc of its
        own training images; auc, low, high, accuracy, sensitivity and specificity on the common
        images. The first is the baseline.
    pairs : pandas.DataFrame
        a, b (positions among the contenders, b the better by AUC first), difference, low, high and
        p of the AUCs; only_a, only_b and decision_p, McNemar's, of the decisions; p_adjusted and
        decision_p_adjusted, for the number of pairs. Of three classes there are no tests of AUCs
        (NaN).
    n_images, n_patients : int
        That all contenders scored.
    left_out : int
        Images that some contender did not score.
    classes : list of str
        Names of the classes; of two the second is the positive one.
    task : str
        Which all the runs have in common.
    images : str
        Which images these are, in words.
    """

    contenders: pd.DataFrame
    pairs: pd.DataFrame
    n_images: int
    n_patients: int
    left_out: int
    classes: list
    task: str
    images: str = "test images"


def compare_runs(
    folders: Sequence[str | PathLike[str]],
    models: Sequence[str] = (),
    resamples: int = 1000,
    seed: int = 0,
    external: str | None = None,
) -> Comparison:
    """Compare the chosen models and the rivals of runs on the images that all of them scored.

    Parameters
    ----------
    folders : sequence of str or path-like
        Of finished benchmarks of one task; one is enough, to compare its models.
    models : sequence of str
        Keys "input/features/model", to be compared instead of the chosen ones in every run that has
        them.
    resamples : int
        Of the patient-clustered bootstrap.
    seed : int
        Of the bootstrap.
    external : str or None
        Name of an external set of every run, to be compared on; None for the test images.

    Returns
    -------
    comparison : Comparison

    Raises
    ------
    DataError
        If a folder holds no finished run, or the runs have no test images in common.
    ParameterError
        If fewer than two models are left to be compared.

    Notes
    -----
    Images are the same where their paths below the data set, their patients and their labels are.
    AUCs are compared by Obuchowski's extension of DeLong's test to patients with several images,
    decisions at each model's own frozen threshold by McNemar's; see
    `featurex.evaluation.comparison`. p is adjusted for all pairs by Holm's step-down rule (1979, "A
    simple sequentially rejective multiple test procedure").

    Examples
    --------
    The chosen models of one run, a classical one and a CNN, and its rival from elsewhere:

    >>> from featurex import compare_runs
    >>> comparison = compare_runs(["runs/first"], resamples=100)
    >>> comparison.contenders["key"].tolist()
    ['aligned/zones/xgboost', 'aligned/pixels/cnn', 'elsewhere/scores/resnet']
    >>> comparison.n_images, comparison.left_out
    (40, 0)
    >>> list(comparison.pairs.columns[:6])
    ['a', 'b', 'difference', 'low', 'high', 'p']
    """
    resamples = check_integer("resamples", resamples, 100)
    records = [read_record(folder) for folder in folders]
    _check_alike(records)
    if external is not None:
        _check_external(records, external)
    names = _short_names(folders)
    chosen = [
        (name, record, key)
        for name, record in zip(names, records, strict=True)
        for key in _list_keys(record, models, external)
    ]
    if len(chosen) < 2:
        raise ParameterError(_explain_few(records, chosen, models))
    split = schema.TEST if external is None else schema.external_split(external)
    common, scores, left_out = _align([(record, key) for _, record, key in chosen], split)
    thresholds = [_threshold(record, key) for _, record, key in chosen]
    decisions = [
        decide(values, threshold) for values, threshold in zip(scores, thresholds, strict=True)
    ]
    contenders = pd.DataFrame(
        [
            _contender(name, record, key, common, values, decided, resamples, seed)
            for (name, record, key), values, decided in zip(chosen, scores, decisions, strict=True)
        ]
    )
    return Comparison(
        contenders,
        _compare_pairs(common, scores, decisions),
        len(common),
        common["patient"].nunique(),
        left_out,
        records[0].classes,
        records[0].info.task,
        "test images" if external is None else f"images of {external}",
    )


def _explain_few(records, chosen, models):
    """Say why fewer than two models are left, and what to do."""
    known = list(dict.fromkeys(key for record in records for key in record.rows["key"]))
    missing = [model for model in models or () if model not in known]
    if missing:
        folders = ", ".join(str(record.folder) for record in records)
        meant = suggest(missing[0], known) or f"its rows.csv names them, as {known[0]}"
        return f"no model {missing[0]} in {folders}; {meant}"
    found = ", ".join(key for _, _, key in chosen) or "none"
    return (
        f"models to be compared must be at least two, but these runs give {found}; name more runs, "
        "or keys from their rows.csv with --model"
    )


def _check_alike(records):
    first = records[0]
    for other in records[1:]:
        if (other.info.task, other.classes) != (first.info.task, first.classes):
            raise DataError(
                f"{other.folder} is of the task {other.info.task} "
                f"({', '.join(other.classes)}), but {first.folder} "
                f"of {first.info.task} ({', '.join(first.classes)}); only runs of one task "
                f"can be compared"
            )


def _short_names(folders):
    """The last parts of the folders' paths that tell them apart."""
    parts = [os.path.abspath(folder).split(os.sep) for folder in folders]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(part[-length:]) for part in parts]
        if len(set(names)) == len(names):
            return names
    raise ParameterError(
        f"runs must be different folders, but {', '.join(map(str, folders))} were given"
    )


def _list_keys(record, models, external):
    """The models of one run that are compared."""
    if models:
        return [key for key in models if (record.rows["key"] == key).any()]
    keys = [*record.chosen, *record.rivals]
    if external is not None:
        scored = set(record.external["key"][record.external["set"] == external])
        keys = [key for key in keys if key in scored]
    return keys


def _check_external(records, name):
    """Refuse a name that is no external set of every run, and a set that lacks a class."""
    for record in records:
        sets = {one.name: one for one in record.info.external}
        if name not in sets:
            raise ParameterError(
                f"external must name a set that every run scored, but {record.folder} has "
                f"{', '.join(sets) or 'none'}, and {name!r} was given"
            )
        if sets[name].lacking:
            raise DataError(
                f"{name} has no image of {', '.join(sets[name].lacking)}, so that models cannot "
                "be compared by their AUC on it"
            )


def _name_kind(entry):
    return "rival" if entry.is_rival else "cnn" if entry.learns_features else "classical"


def _threshold(record, key):
    return None if len(record.classes) > 2 else float(record.row(key)["threshold"])


def _align(sources, split):
    """The images that all models scored: what is known of them, each model's scores, how many were
    left out.
    """
    tables = []
    for record, key in sources:
        lines = record.predictions
        lines = lines[(lines["model"] == key) & (lines["split"] == split)]
        columns = [
            column
            for column in lines.columns
            if column.startswith("score") and lines[column].notna().all()
        ]
        tables.append(lines.set_index(["path", "patient", "label"])[columns])
    common = tables[0].index
    for table in tables[1:]:
        common = common.intersection(table.index, sort=False)
    if len(common) == 0:
        raise DataError(
            "the runs have no images in common (path below the data set, patient and label "
            "are compared); "
            "were they made from the same data, with the same split and seed?"
        )
    scores = [table.loc[common].to_numpy() for table in tables]
    scores = [values[:, 0] if values.shape[1] == 1 else values for values in scores]
    left_out = len(set().union(*(table.index for table in tables))) - len(common)
    return common.to_frame(index=False), scores, left_out


def _contender(name, record, key, common, scores, decisions, resamples, seed):
    labels, row = common["label"].to_numpy(), record.row(key)
    counts = metrics.confusion(labels, decisions, len(record.classes))
    auc = auc_with_interval(
        labels, scores, common["patient"].to_numpy(), n_resamples=resamples, seed=seed
    )
    return {
        "run": name,
        "key": key,
        "kind": _name_kind(Entry.parse(key)),
        "cv_auc": row["cv_auc"],
        "swap_auc": row["swap_auc"],
        "appearance_auc": row["appearance_auc"],
        "auc": auc.value,
        "low": auc.low,
        "high": auc.high,
        **{measure: float(function(counts)) for measure, function in _MEASURES.items()},
    }


def _compare_pairs(common, scores, decisions):
    labels, patients = common["label"].to_numpy(), common["patient"].to_numpy()
    rows = []
    for a, b in itertools.combinations(range(len(scores)), 2):
        row = {"a": a, "b": b, "difference": np.nan, "low": np.nan, "high": np.nan, "p": np.nan}
        if scores[a].ndim == 1:
            areas = compare_auc(labels, scores[a], scores[b], patients)
            row.update(difference=areas.difference, low=areas.low, high=areas.high, p=areas.p)
        decided = mcnemar(labels, decisions[a], decisions[b])
        rows.append(
            {**row, "only_a": decided.only_a, "only_b": decided.only_b, "decision_p": decided.p}
        )
    pairs = pd.DataFrame(rows)
    for name in ("p", "decision_p"):
        known = pairs[name].notna().to_numpy()
        pairs[f"{name}_adjusted"] = np.nan
        if known.any():
            pairs.loc[known, f"{name}_adjusted"] = adjust(pairs.loc[known, name].to_numpy())
    return pairs


def adjust(p):
    """Holm's adjustment of p-values: float array, shape (n,), to the same.

    The smallest counts n times, the next n - 1 times ..., none less than one before it, and none
    more than 1.
    """
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
