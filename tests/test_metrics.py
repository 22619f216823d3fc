import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as peer
from sklearn.calibration import calibration_curve

from featurex.errors import DataError, ParameterError
from featurex.evaluation import metrics
from featurex.evaluation.thresholds import decide, sensitivity_threshold, youden_threshold
from tests.naive import auc as naive


def make_scores(seed, n_images=80, levels=None):
    """Labels with both classes and scores within [0, 1], with many ties where `levels` is given."""
    rng = np.random.default_rng(seed)
    labels = rng.random(n_images) < 0.4
    labels[:2] = False, True
    scores = np.clip(rng.normal(0.45 + 0.15 * labels, 0.2), 0.0, 1.0)
    return labels, scores if levels is None else np.round(scores * levels) / levels


CASES = [(seed, levels) for seed in range(4) for levels in (None, 2, 9)]


@pytest.mark.parametrize(("seed", "levels"), CASES)
def test_areas_equal_their_slow_twins_and_scikit_learn(seed, levels):
    labels, scores = make_scores(seed, levels=levels)
    assert metrics.auc(labels, scores) == pytest.approx(naive.auc(labels, scores), abs=1e-14)
    assert metrics.auc(labels, scores) == pytest.approx(
        peer.roc_auc_score(labels, scores), abs=1e-14
    )
    assert metrics.average_precision(labels, scores) == pytest.approx(
        naive.average_precision(labels, scores), abs=1e-14
    )
    assert metrics.average_precision(labels, scores) == pytest.approx(
        peer.average_precision_score(labels, scores), abs=1e-14
    )


@pytest.mark.parametrize(("seed", "levels"), CASES)
def test_the_area_is_the_mann_whitney_statistic(seed, levels):
    labels, scores = make_scores(seed, levels=levels)
    statistic = stats.mannwhitneyu(scores[labels], scores[~labels]).statistic
    assert metrics.auc(labels, scores) == statistic / (labels.sum() * (~labels).sum())


def test_laws_of_the_area():
    labels, scores = make_scores(1, levels=9)
    area = metrics.auc(labels, scores)
    assert metrics.auc(labels, -scores) == pytest.approx(1.0 - area, abs=1e-15)
    assert metrics.auc(~labels, scores) == pytest.approx(1.0 - area, abs=1e-15)
    assert metrics.auc(labels, np.exp(3.0 * scores)) == area
    assert metrics.auc(labels, np.zeros(len(labels))) == 0.5
    assert metrics.auc(labels, labels.astype(float)) == 1.0


@pytest.mark.parametrize("levels", [None, 5])
def test_whole_weights_are_repeated_images(levels):
    labels, scores = make_scores(2, levels=levels)
    times = np.random.default_rng(0).integers(0, 4, (3, len(labels)))
    again = [np.repeat(np.arange(len(labels)), row) for row in times]
    for measure in (metrics.auc, metrics.average_precision, metrics.brier):
        weighted = measure(labels, scores, weights=times)
        assert weighted == pytest.approx(
            [measure(labels[rows], scores[rows]) for rows in again], abs=1e-14
        )
    weighted = metrics.expected_calibration_error(labels, scores, weights=times)
    repeated = [metrics.expected_calibration_error(labels[rows], scores[rows]) for rows in again]
    assert weighted == pytest.approx(repeated, abs=1e-14)


def test_leading_axes_of_weights_come_back():
    labels, scores = make_scores(2)
    weights = np.ones((2, 3, len(labels)))
    counts = metrics.confusion(labels, scores > 0.5, weights=weights)
    assert counts.shape == (2, 3, 2, 2)
    assert metrics.auc(labels, scores, weights).shape == (2, 3)
    assert metrics.specificity(counts).shape == (2, 3)


@pytest.mark.parametrize("seed", range(4))
def test_decisions_of_two_classes_equal_scikit_learn(seed):
    labels, scores = make_scores(seed)
    called = scores >= 0.5
    counts = metrics.confusion(labels, called)
    assert np.array_equal(counts, peer.confusion_matrix(labels, called))
    expected = {
        "accuracy": peer.accuracy_score(labels, called),
        "balanced_accuracy": peer.balanced_accuracy_score(labels, called),
        "sensitivity": peer.recall_score(labels, called),
        "specificity": peer.recall_score(labels, called, pos_label=False),
        "positive_predictive_value": peer.precision_score(labels, called),
        "negative_predictive_value": peer.precision_score(labels, called, pos_label=False),
        "f1": peer.f1_score(labels, called),
        "matthews_correlation": peer.matthews_corrcoef(labels, called),
    }
    for name, value in expected.items():
        assert getattr(metrics, name)(counts) == pytest.approx(value, abs=1e-14), name


def make_three_classes(seed, n_images=90):
    rng = np.random.default_rng(seed)
    labels = np.concatenate([[0, 1, 2], rng.integers(0, 3, n_images - 3)])
    logits = rng.normal(size=(n_images, 3)) + 1.2 * np.eye(3)[labels]
    return labels, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(3))
def test_three_classes_are_macro_means(seed):
    labels, probabilities = make_three_classes(seed)
    called = decide(probabilities)
    counts = metrics.confusion(labels, called, n_classes=3)
    rest = [peer.confusion_matrix(labels == k, called == k) for k in range(3)]
    expected = {
        "accuracy": peer.accuracy_score(labels, called),
        "balanced_accuracy": peer.balanced_accuracy_score(labels, called),
        "sensitivity": peer.recall_score(labels, called, average="macro"),
        "specificity": np.mean([matrix[0, 0] / matrix[0].sum() for matrix in rest]),
        "positive_predictive_value": peer.precision_score(labels, called, average="macro"),
        "f1": peer.f1_score(labels, called, average="macro"),
        "matthews_correlation": peer.matthews_corrcoef(labels, called),
    }
    for name, value in expected.items():
        assert getattr(metrics, name)(counts) == pytest.approx(value, abs=1e-14), name
    assert metrics.macro_auc(labels, probabilities) == pytest.approx(
        peer.roc_auc_score(labels, probabilities, multi_class="ovr"), abs=1e-14
    )
    assert metrics.brier(labels, probabilities) == pytest.approx(
        peer.brier_score_loss(labels, probabilities, scale_by_half=True), abs=1e-14
    )


def test_two_columns_are_the_two_class_task():
    labels, scores = make_scores(3)
    both = np.column_stack([1.0 - scores, scores])
    assert metrics.macro_auc(labels, both) == pytest.approx(
        metrics.macro_auc(labels, scores), abs=1e-14
    )
    assert metrics.brier(labels, both) == pytest.approx(
        peer.brier_score_loss(labels, scores), abs=1e-14
    )
    assert metrics.expected_calibration_error(labels, both) == metrics.expected_calibration_error(
        labels, scores
    )


def test_a_decision_that_never_happens_is_not_defined():
    counts = metrics.confusion([0, 1, 1], [0, 0, 0])
    assert np.isnan(metrics.positive_predictive_value(counts))
    assert metrics.matthews_correlation(counts) == 0.0
    assert metrics.f1(counts) == 0.0


def test_calibration_error_by_hand():
    # One bin [.2, .3) with mean .25 of which half are positive, one [.9, 1] with mean .95, all
    # positive.
    labels, scores = [0, 1, 1, 1], [0.2, 0.3 - 1e-12, 0.9, 1.0]
    assert metrics.expected_calibration_error(labels, scores) == pytest.approx(
        0.5 * 0.25 + 0.5 * 0.05
    )


@pytest.mark.parametrize("seed", range(3))
def test_calibration_error_equals_scikit_learns_bins(seed):
    labels, scores = make_scores(seed, n_images=300)
    observed, predicted = calibration_curve(labels, scores, n_bins=10)
    count = np.histogram(scores, np.linspace(0.0, 1.0, 11))[0]
    expected = np.sum(count[count > 0] * np.abs(observed - predicted)) / count.sum()
    assert metrics.expected_calibration_error(labels, scores) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("seed", "levels"), CASES)
def test_youdens_threshold_equals_its_slow_twin(seed, levels):
    labels, scores = make_scores(seed, levels=levels)
    threshold = youden_threshold(labels, scores)
    assert threshold == naive.youden_threshold(labels, scores)
    false, true, _ = peer.roc_curve(labels, scores)
    counts = metrics.confusion(labels, decide(scores, threshold))
    assert metrics.sensitivity(counts) + metrics.specificity(counts) - 1.0 == pytest.approx(
        np.max(true - false), abs=1e-14
    )


def test_of_equal_thresholds_the_most_sensitive_is_taken():
    assert youden_threshold([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4]) == 0.2


@pytest.mark.parametrize("wanted", [0.3, 0.9, 0.95, 1.0])
def test_the_sensitivity_asked_for_is_reached_and_no_threshold_above_does(wanted):
    labels, scores = make_scores(1, levels=40)
    threshold = sensitivity_threshold(labels, scores, wanted)
    assert np.mean(scores[labels] >= threshold) >= wanted
    assert np.mean(scores[labels] > threshold) < wanted


def test_nineteen_of_twenty_is_a_sensitivity_of_95_percent():
    labels = np.repeat([0, 1], 20)
    assert sensitivity_threshold(labels, np.arange(40) / 40, 0.95) == 21 / 40


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ([0, 0], [0.1, 0.2], "labels hold no image of class 1"),
        ([0, 2], [0.1, 0.2], "class indices from 0 to 1, but they range from 0 to 2"),
        ([0.0, 1.0], [0.1, 0.2], "labels must be a list of class indices"),
        ([], [], "labels must be a list of class indices"),
        (
            [0, 1],
            [0.1],
            r"scores must be of shape \(2,\), as the labels are, but their shape is \(1,\)",
        ),
        ([0, 1], [0.1, np.nan], "scores must be finite, but 1 of them are not"),
    ],
)
def test_bad_input_is_named(labels, scores, message):
    with pytest.raises(DataError, match=message):
        metrics.auc(labels, scores)


def test_bad_probabilities_weights_and_decisions_are_named():
    with pytest.raises(
        DataError, match=r"probabilities must be from 0 to 1, but they range from 0.5 to 1.5"
    ):
        metrics.brier([0, 1], [0.5, 1.5])
    with pytest.raises(DataError, match=r"weights must have 2 columns.*shape is \(3,\)"):
        metrics.auc([0, 1], [0.5, 0.6], weights=[1, 1, 1])
    with pytest.raises(DataError, match="decisions must be 2 class indices from 0 to 1"):
        metrics.confusion([0, 1], [0, 2])
    with pytest.raises(ParameterError, match=r"sensitivity must be a number from 0\.0 to 1\.0"):
        sensitivity_threshold([0, 1], [0.1, 0.2], 95)
    with pytest.raises(ParameterError, match="n_bins must be an integer from 2"):
        metrics.expected_calibration_error([0, 1], [0.5, 0.6], n_bins=1)
