import numpy as np
import pytest
from sklearn import metrics as peer
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression

from featurex.errors import DataError
from featurex.evaluation import metrics
from featurex.evaluation.calibration import fit_isotonic, fit_platt, reliability_points
from featurex.evaluation.decision import decision_points
from featurex.evaluation.roc import precision_recall_points, roc_points


def make_scores(seed=0, n_images=200, levels=None):
    rng = np.random.default_rng(seed)
    labels = rng.random(n_images) < 0.3
    scores = 1 / (1 + np.exp(-rng.normal(2.0 * labels - 1.0, 1.5)))
    return labels, scores if levels is None else np.round(scores * levels) / levels


@pytest.mark.parametrize("levels", [None, 10, 1])
def test_roc_points_equal_scikit_learn_and_hold_the_area(levels):
    labels, scores = make_scores(levels=levels)
    points = roc_points(labels, scores)
    false, true, thresholds = peer.roc_curve(labels, scores, drop_intermediate=False)
    assert points.false_positive_rate == pytest.approx(false, abs=1e-15)
    assert points.true_positive_rate == pytest.approx(true, abs=1e-15)
    assert np.array_equal(points.threshold, thresholds)
    area = np.trapezoid(points.true_positive_rate, points.false_positive_rate)
    assert area == pytest.approx(metrics.auc(labels, scores), abs=1e-14)


@pytest.mark.parametrize("levels", [None, 10, 1])
def test_precision_recall_points_equal_scikit_learn_and_hold_the_area(levels):
    labels, scores = make_scores(levels=levels)
    points = precision_recall_points(labels, scores)
    precision, recall, thresholds = peer.precision_recall_curve(labels, scores)
    assert points.precision == pytest.approx(precision[-2::-1], abs=1e-15)
    assert points.recall == pytest.approx(recall[-2::-1], abs=1e-15)
    assert np.array_equal(points.threshold, thresholds[::-1])
    area = np.sum(np.diff(points.recall, prepend=0.0) * points.precision)
    assert area == pytest.approx(metrics.average_precision(labels, scores), abs=1e-14)


def test_reliability_points_equal_scikit_learn_and_hold_every_image():
    labels, scores = make_scores()
    points = reliability_points(labels, scores, n_bins=8)
    observed, predicted = calibration_curve(labels, scores, n_bins=8)
    assert points.observed == pytest.approx(observed, abs=1e-14)
    assert points.predicted == pytest.approx(predicted, abs=1e-14)
    assert points.count.sum() == len(labels)
    assert np.all((points.low <= points.predicted) & (points.predicted <= points.high))


def test_empty_bins_are_left_out_and_one_is_in_the_last():
    points = reliability_points([0, 1, 1], [0.05, 1.0, 1.0])
    assert points.count.tolist() == [1, 2]
    assert points.low.tolist() == [0.0, 0.9]
    assert points.observed.tolist() == [0.0, 1.0]


def test_the_decision_curve_by_hand():
    # At t = .5 a false positive costs one true positive: (2 - 1) / 4; everyone: (2 - 2) / 4.
    points = decision_points([1, 1, 0, 0], [0.9, 0.6, 0.7, 0.1], n_thresholds=1)
    assert points.threshold.tolist() == [0.5]
    assert points.model.tolist() == [0.25]
    assert points.everyone.tolist() == [0.0]


def test_a_perfect_model_is_worth_the_prevalence_everywhere():
    labels, _ = make_scores()
    points = decision_points(labels, labels.astype(float))
    assert points.model == pytest.approx(np.full(99, labels.mean()))
    assert np.all(points.everyone <= points.model)


@pytest.mark.parametrize("fit", [fit_platt, fit_isotonic])
def test_calibration_repairs_probabilities_and_keeps_their_order(fit):
    labels, scores = make_scores(1, n_images=3000)
    sharpened = scores**3 / (scores**3 + (1.0 - scores) ** 3)
    calibrated = fit(labels, sharpened)(sharpened)
    assert metrics.brier(labels, calibrated) < metrics.brier(labels, sharpened) - 0.01
    assert metrics.expected_calibration_error(labels, calibrated) < 0.02
    assert np.all(np.diff(calibrated[np.argsort(sharpened)]) >= 0.0)


def test_platt_leaves_true_probabilities_as_they_are():
    rng = np.random.default_rng(0)
    scores = rng.random(20_000)
    calibration = fit_platt(rng.random(20_000) < scores, scores)
    assert calibration.slope == pytest.approx(1.0, abs=0.05)
    assert calibration.intercept == pytest.approx(0.0, abs=0.05)


def test_platt_stays_finite_where_classes_are_apart():
    calibrated = fit_platt([0, 0, 1, 1], [0.0, 0.1, 0.9, 1.0])(np.array([0.0, 0.5, 1.0]))
    assert np.all((calibrated > 0.0) & (calibrated < 1.0))
    assert calibrated[1] == pytest.approx(0.5, abs=1e-4)


def test_isotonic_calibration_equals_scikit_learn():
    labels, scores = make_scores(2, levels=30)
    new = np.linspace(0.0, 1.0, 77)
    expected = IsotonicRegression(out_of_bounds="clip").fit(scores, labels).predict(new)
    assert fit_isotonic(labels, scores)(new) == pytest.approx(expected, abs=1e-12)


def test_scores_that_are_no_probabilities_are_refused():
    with pytest.raises(
        DataError, match="probabilities must be from 0 to 1, but they range from -2 to 3"
    ):
        reliability_points([0, 1], [-2.0, 3.0])
    with pytest.raises(DataError, match="labels hold no image of class 0"):
        roc_points([1, 1], [0.1, 0.2])
