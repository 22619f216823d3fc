"""From scores to the rows of rows.csv and the lines of predictions.csv; every number comes from
`featurex.evaluation`.
"""

import functools
from dataclasses import asdict

import numpy as np
import pandas as pd

from featurex.benchmark.seeds import measure_spread
from featurex.evaluation import metrics
from featurex.evaluation.conformal import fit_sets
from featurex.evaluation.sites import mean_site_auc
from featurex.evaluation.thresholds import choose_threshold, decide
from featurex.runs import SWAPS, worst_swap
from featurex.runs.record import score_columns
from featurex.runs.schema import TEST, TRAIN
from featurex.runs.tables import Row


def measure_rows(scored, dataset, task, samples, protocol, work):
    """Measure every entry.

    Parameters
    ----------
    scored : dict of Entry to ScoredEntry
        In the order of the rows.
    dataset : str
        Name of the data set.
    task : str
        Of the benchmark.
    samples : Samples
        Labels and patients.
    protocol : Protocol
        For resamples and seed.
    work : Work
        Keeps what is measured.

    Returns
    -------
    rows : pandas.DataFrame
        See `featurex.runs.tables.Row`.
    """
    rows = []
    with work.progress.stage("Measuring, with intervals", len(scored)) as advance:
        for known in scored.values():
            measure = functools.partial(_measure_row, known, dataset, task, samples, protocol)
            rows.append(asdict(work.store.get_or_make(f"row {known.entry.key}", measure)))
            advance()
    return pd.DataFrame(rows)


def _measure_row(known, dataset, task, samples, protocol):
    scores, labels = known.scores, samples.labels[samples.training]
    threshold = freeze_threshold(labels, scores, protocol)
    swap_labels = labels[scores.swapped_rows]
    return Row(
        dataset=dataset,
        task=task,
        input=known.entry.input,
        features=known.entry.features,
        model=known.entry.model,
        n_columns=known.n_columns,
        seed=protocol.seed,
        cv_auc=float(metrics.macro_auc(labels, scores.out_of_fold)),
        **{
            column: float(metrics.macro_auc(swap_labels, scores.swapped[swap]))
            for swap, column in SWAPS.items()
        },
        site_auc=_measure_sites(scores, labels, samples),
        **measure_spread(scores, samples.labels[samples.testing])._asdict(),
        tuned=scores.found.best.words if scores.found else "",
        threshold=threshold,
        **measure_test(
            scores.test, threshold, samples, protocol, freeze_sets(labels, scores, protocol)
        ),
        extract_ms_per_image=known.ms_per_image,
        fit_s=scores.fit_s,
        predict_ms_per_image=scores.predict_ms,
        # A model whose cost grows faster than the number of images takes a sample of many.
        n_train=getattr(scores.model, "n_rows_", int(samples.training.sum())),
        n_test=int(samples.testing.sum()),
    )


def _measure_sites(scores, labels, samples):
    if scores.out_of_site is None:
        return None
    return mean_site_auc(labels, scores.out_of_site, samples.sites[samples.training])


def freeze_threshold(labels, scores, protocol):
    """Choose the threshold on scores that training images have out of fold.

    Parameters
    ----------
    labels : int array, shape (n_training,)
        Of the training images.
    scores : Scores
        Of one model.
    protocol : Protocol
        For the policy, and the sensitivity that some of them need.

    Returns
    -------
    threshold : float or None
        None for three classes, where the largest score decides.
    """
    if scores.test.ndim > 1:
        return None
    rows = scores.swapped_rows if protocol.threshold.endswith("swapped") else slice(None)
    return choose_threshold(
        protocol.threshold,
        labels[rows],
        scores.out_of_fold[rows],
        tuple(scores.swapped.values()),
        protocol.sensitivity,
    )


def freeze_sets(labels, scores, protocol):
    """Fit prediction sets to the scores that training images have out of fold: PredictionSets.

    Parameters
    ----------
    labels, scores, protocol
        As for `freeze_threshold`.
    """
    return fit_sets(labels, scores.out_of_fold, protocol.coverage)


def measure_test(scores, threshold, samples, protocol, sets=None):
    """Measure scores of the test images: dict of fields of `Row`.

    Parameters
    ----------
    scores : array of shape (n_test,) or (n_test, n_classes)
        Of the test images.
    threshold : float or None
        As in `Row`.
    samples : Samples
        Labels and patients.
    protocol : Protocol
        For resamples and seed.
    sets : PredictionSets or None
        Of the model; None for a rival, of which no scores out of fold are known.
    """
    labels = samples.labels[samples.testing]
    decisions = decide(scores, threshold)
    counts = metrics.confusion(labels, decisions, len(samples.classes))
    coverage, undecided = sets.measure(labels, scores, decisions) if sets else (None, None)
    auc = protocol.measure_auc(labels, scores, samples.patients[samples.testing])
    return {
        "test_auc": auc.value,
        "test_auc_low": auc.low,
        "test_auc_high": auc.high,
        "test_accuracy": float(metrics.accuracy(counts)),
        "test_sensitivity": float(metrics.sensitivity(counts)),
        "test_specificity": float(metrics.specificity(counts)),
        "test_f1": float(metrics.f1(counts)),
        "test_mcc": float(metrics.matthews_correlation(counts)),
        "test_coverage": coverage,
        "test_undecided": undecided,
        "brier": float(metrics.brier(labels, scores)),
        "ece": float(metrics.expected_calibration_error(labels, scores)),
    }


def list_predictions(scored, samples):
    """List every score of every model, one line for each image and way of scoring it.

    Parameters
    ----------
    scored : dict of Entry to ScoredEntry
        In the order of the rows.
    samples : Samples
        Names, patients and labels.

    Returns
    -------
    lines : pandas.DataFrame
        See `featurex.runs.tables.Prediction`.
    """
    parts = [part for known in scored.values() for part in _list_splits(known, samples)]
    return pd.concat(parts, ignore_index=True)


def _list_splits(known, samples):
    scores = known.scores
    swapped = np.flatnonzero(samples.training)[scores.swapped_rows]
    for split, values, rows in (
        (TRAIN, scores.out_of_fold, samples.training),
        *((swap, values, swapped) for swap, values in scores.swapped.items()),
        (TEST, scores.test, samples.testing),
    ):
        images = samples.names[rows], samples.patients[rows], samples.labels[rows]
        yield list_lines(*images, split, known.entry.key, values, len(samples.classes))


def list_lines(names, patients, labels, split, key, scores, n_classes):
    """List the scores of one model on images of one split, one line for each.

    Parameters
    ----------
    names, patients, labels : arrays of shape (n,)
        What is known of the images.
    split : str
        As in `featurex.runs.tables.Prediction`.
    key : str
        Of the model.
    scores : array of shape (n,) or (n, n_classes)
        Of the images.
    n_classes : int
        Number of classes.

    Returns
    -------
    lines : pandas.DataFrame
    """
    known = {"path": names, "patient": patients, "label": labels, "split": split, "model": key}
    by_class = scores.reshape(len(scores), -1).T
    return pd.DataFrame({**known, **dict(zip(score_columns(n_classes), by_class, strict=True))})


def select(rows, entries, learns_features):
    """Choose the best entry by the worse AUC of both swaps: what training images alone can tell.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row for each entry.
    entries : list of Entry
        Of these rows.
    learns_features : bool
        Whether to choose among the models of pixels, or among the others.

    Returns
    -------
    entry : Entry or None
        None where no such model took part.
    """
    among = [entry.learns_features == learns_features for entry in entries]
    return entries[worst_swap(rows).where(among).idxmax()] if any(among) else None
