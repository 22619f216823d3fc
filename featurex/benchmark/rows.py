"""From scores to flat rows; every number comes from `featurex.evaluation`."""

import numpy as np
import pandas as pd

from featurex.evaluation import metrics
from featurex.evaluation.calibration import fit_platt
from featurex.evaluation.comparison import compare_auc
from featurex.evaluation.decision import decision_points
from featurex.evaluation.intervals import auc_with_interval
from featurex.evaluation.thresholds import decide, youden_threshold
from featurex.runs.answers import DecisionCurve, DecisionCurves, PairedComparison


def make_row(entry, block, scores, samples, benchmark):
    """One row of rows.csv.

    Parameters
    ----------
    entry : Entry
    block : Block
        What the model was given.
    scores : Scores
    samples : Samples
    benchmark : Benchmark
        For task, seed and resamples.

    Returns
    -------
    row : dict
    """
    labels = samples.labels[samples.training]
    threshold = freeze_threshold(labels, scores)
    return {
        "task": benchmark.task,
        "input": entry.input,
        "features": entry.features,
        "model": entry.model,
        "n_columns": block.n_columns,
        "seed": benchmark.seed,
        "cv_auc": float(metrics.macro_auc(labels, scores.out_of_fold)),
        "swap_auc": float(metrics.macro_auc(labels, scores.swapped)),
        "threshold": threshold,
        **_test_measures(scores, threshold, samples, benchmark),
        "extract_ms_per_image": block.ms_per_image,
        "fit_s": scores.fit_s,
        "predict_ms_per_image": scores.predict_ms,
        "n_train": int(samples.training.sum()),
        "n_test": int(samples.testing.sum()),
    }


def freeze_threshold(labels, scores):
    """Youden's threshold on out-of-fold scores; None for three classes, where the largest score
    decides.
    """
    return youden_threshold(labels, scores.out_of_fold) if scores.test.ndim == 1 else None


def _test_measures(scores, threshold, samples, benchmark):
    labels = samples.labels[samples.testing]
    counts = metrics.confusion(labels, decide(scores.test, threshold), len(samples.classes))
    area = auc_with_interval(
        labels,
        scores.test,
        samples.patients[samples.testing],
        n_resamples=benchmark.resamples,
        seed=benchmark.seed,
    )
    return {
        "test_auc": area.value,
        "test_auc_low": area.low,
        "test_auc_high": area.high,
        "test_accuracy": float(metrics.accuracy(counts)),
        "test_sensitivity": float(metrics.sensitivity(counts)),
        "test_specificity": float(metrics.specificity(counts)),
        "test_f1": float(metrics.f1(counts)),
        "test_mcc": float(metrics.matthews_correlation(counts)),
        "brier": float(metrics.brier(labels, scores.test)),
        "ece": float(metrics.expected_calibration_error(labels, scores.test)),
    }


def predictions(entry, scores, samples):
    """Every score of one model, one line for each image and way of scoring it.

    Parameters
    ----------
    entry : Entry
    scores : Scores
    samples : Samples

    Returns
    -------
    lines : pandas.DataFrame
        path, patient, label, split ("train" out of fold, "swap" out of fold in another framing,
        "test"), model, and score, or score_0, score_1 ... of three classes or more.
    """
    parts = []
    for split, values, rows in (
        ("train", scores.out_of_fold, samples.training),
        ("swap", scores.swapped, samples.training),
        ("test", scores.test, samples.testing),
    ):
        columns = (
            {"score": values}
            if values.ndim == 1
            else {f"score_{index}": column for index, column in enumerate(values.T)}
        )
        known = {
            "path": samples.names[rows],
            "patient": samples.patients[rows],
            "label": samples.labels[rows],
            "split": split,
            "model": entry.key,
        }
        parts.append(pd.DataFrame({**known, **columns}))
    return pd.concat(parts, ignore_index=True)


def select(rows, keys, learns_features):
    """The best row by AUC on swapped framings: what training images alone can tell.

    Parameters
    ----------
    rows : pandas.DataFrame
    keys : list of str
        Of these rows.
    learns_features : bool
        Whether to choose among the models of pixels, or among the others.

    Returns
    -------
    key : str or None
        None where there is no such row.
    """
    among = (rows["features"] == "pixels").to_numpy() == learns_features
    return keys[rows["swap_auc"].where(among).idxmax()] if among.any() else None


def compare(samples, scores, key, other):
    """Test the difference of two models' test AUC; None for three classes or a missing model.

    Parameters
    ----------
    samples : Samples
    scores : dict of key to Scores
    key, other : str or None

    Returns
    -------
    comparison : PairedComparison or None
    """
    if key is None or other is None or len(samples.classes) > 2:
        return None
    labels = samples.labels[samples.testing]
    measured = compare_auc(
        labels, scores[key].test, scores[other].test, samples.patients[samples.testing]
    )
    return PairedComparison(a=key, b=other, **measured._asdict())


def trace_net_benefit(samples, scores, keys):
    """The decision curves of models on the test images; None for three classes or without a model.

    Parameters
    ----------
    samples : Samples
    scores : dict of key to Scores
    keys : list of str
        Of the models to trace.

    Returns
    -------
    curves : DecisionCurves or None
        See `featurex.evaluation.decision.decision_points`.
    """
    if not keys or len(samples.classes) > 2:
        return None
    training, labels = samples.labels[samples.training], samples.labels[samples.testing]
    models = []
    for key in keys:
        calibration = fit_platt(training, scores[key].out_of_fold)
        points = decision_points(labels, calibration(scores[key].test))
        models.append(
            DecisionCurve(
                key=key,
                slope=calibration.slope,
                intercept=calibration.intercept,
                net_benefit=_rounded(points.model),
            )
        )
    return DecisionCurves(
        calibration="Platt's, on out-of-fold scores",
        prevalence=np.mean(labels),
        threshold=_rounded(points.threshold),
        everyone=_rounded(points.everyone),
        models=tuple(models),
    )


def _rounded(values):
    return tuple(np.round(values, 6).tolist())
