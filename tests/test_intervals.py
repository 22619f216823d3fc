from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from featurex.errors import DataError, ParameterError
from featurex.evaluation import metrics
from featurex.evaluation.comparison import auc_covariance, compare_auc, mcnemar
from featurex.evaluation.intervals import clustered_interval, resample_weights
from tests.naive import bootstrap, comparison


def make_pair(seed, n_images=60, levels=None):
    rng = np.random.default_rng(seed)
    labels = np.concatenate([[0, 0, 1, 1], rng.integers(0, 2, n_images - 4)]).astype(bool)
    scores = (
        rng.normal(size=(2, n_images))
        + rng.normal(size=n_images)
        + np.array([[1.5], [1.0]]) * labels
    )
    patients = rng.integers(0, n_images // 3, n_images)
    return labels, scores if levels is None else np.round(scores * levels), patients


def make_cohort(seed, n_patients=120):
    """One class a patient, one to six images, scores that images of one patient share."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, n_patients)
    patients = np.repeat(np.arange(n_patients), sizes)
    labels = (rng.random(n_patients) < 0.6)[patients]
    scores = rng.normal(size=n_patients)[patients] + 0.3 * rng.normal(size=len(patients)) + labels
    return labels, scores, patients


def test_resamples_draw_whole_patients_within_classes():
    labels, _, patients = make_cohort(0)
    weights = resample_weights(labels, patients, 50)
    for patient in np.unique(patients):
        own = weights[:, patients == patient]
        assert np.array_equal(own, np.repeat(own[:, :1], own.shape[1], axis=1))
    first = np.unique(patients, return_index=True)[1]
    for label in (False, True):
        drawn = weights[:, first][:, labels[first] == label].sum(axis=1)
        assert np.all(drawn == np.sum(labels[first] == label))


def test_every_patient_is_drawn_once_on_average():
    labels, _, patients = make_cohort(0)
    weights = resample_weights(labels, patients, 4000)
    # The number of draws is about Poisson(1): a standard error of 1 / sqrt(4000) = .016.
    assert np.abs(weights.mean(axis=0) - 1.0).max() < 0.08
    assert np.abs(weights.var(axis=0) - 1.0).max() < 0.15


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_equals_its_slow_twin(level):
    labels, scores, patients = make_cohort(1, n_patients=30)
    ours = clustered_interval(
        lambda weights: metrics.auc(labels, scores, weights),
        labels,
        patients,
        level=level,
        n_resamples=150,
        seed=3,
    )
    weights = resample_weights(labels, patients, 150, seed=3)
    values = [metrics.auc(*bootstrap.repeated((labels, scores), times)) for times in weights]
    assert (ours.low, ours.high) == pytest.approx(bootstrap.interval(values, level), abs=1e-12)
    assert ours.value == metrics.auc(labels, scores)


def test_statistics_of_decisions_are_resampled_in_the_same_way():
    labels, scores, patients = make_cohort(2)
    decisions = scores > 0.5
    ours = clustered_interval(
        lambda weights: metrics.specificity(metrics.confusion(labels, decisions, weights=weights)),
        labels,
        patients,
    )
    assert ours.value == np.mean(~decisions[~labels])
    assert 0.0 < ours.low < ours.value < ours.high < 1.0


def test_images_of_one_patient_widen_the_interval():
    labels, scores, patients = make_cohort(3)

    def width(groups):
        interval = clustered_interval(
            lambda weights: metrics.auc(labels, scores, weights), labels, groups
        )
        return interval.high - interval.low

    assert width(patients) > 1.3 * width(np.arange(len(labels)))


def test_the_interval_is_as_wide_as_obuchowskis_variance_says():
    labels, scores, patients = make_cohort(4, n_patients=300)
    interval = clustered_interval(
        lambda weights: metrics.auc(labels, scores, weights), labels, patients, n_resamples=2000
    )
    _, covariance = auc_covariance(labels, [scores], patients)
    reach = 2 * NormalDist().inv_cdf(0.975) * np.sqrt(covariance[0, 0])
    assert interval.high - interval.low == pytest.approx(reach, rel=0.1)


def test_the_seed_decides_the_interval():
    labels, scores, patients = make_cohort(5)
    intervals = [
        clustered_interval(
            lambda weights: metrics.auc(labels, scores, weights), labels, patients, seed=seed
        )
        for seed in (0, 0, 1)
    ]
    assert intervals[0] == intervals[1] != intervals[2]


def test_bad_intervals_are_named():
    with pytest.raises(
        DataError, match=r"labels and patients must be lists of one length.*\(2,\) and \(1,\)"
    ):
        resample_weights([0, 1], ["p"], 100)
    with pytest.raises(
        ParameterError, match=r"level must be a number from 0\.5 to 0\.999, but 95 was given"
    ):
        clustered_interval(np.sum, [0, 1], ["p", "q"], level=95)
    with pytest.raises(ParameterError, match="n_resamples must be an integer of at least 100"):
        clustered_interval(np.sum, [0, 1], ["p", "q"], n_resamples=10)


@pytest.mark.parametrize(("seed", "levels"), [(0, None), (1, 2), (2, 1)])
def test_delongs_covariance_equals_its_slow_twin(seed, levels):
    labels, scores, _ = make_pair(seed, levels=levels)
    areas, covariance = auc_covariance(labels, scores)
    twin_areas, twin = comparison.delong(labels, scores)
    assert areas == pytest.approx(twin_areas, abs=1e-14)
    assert covariance == pytest.approx(twin, abs=1e-15)
    assert areas == pytest.approx([metrics.auc(labels, row) for row in scores], abs=1e-14)


@pytest.mark.parametrize(("seed", "levels"), [(0, None), (1, 2)])
def test_obuchowskis_covariance_equals_its_slow_twin(seed, levels):
    labels, scores, patients = make_pair(seed, levels=levels)
    _, covariance = auc_covariance(labels, scores, patients)
    _, twin = comparison.obuchowski(labels, scores, patients)
    assert covariance == pytest.approx(twin, abs=1e-15)


def test_with_one_image_a_patient_obuchowski_is_delong():
    labels, scores, _ = make_pair(3)
    _, clustered = auc_covariance(labels, scores, np.arange(len(labels)))
    assert clustered == pytest.approx(auc_covariance(labels, scores)[1], abs=1e-16)


def test_doubling_every_image_does_not_shrink_the_clustered_variance():
    labels, scores, _ = make_pair(4)
    twice, patients = np.tile(labels, 2), np.tile(np.arange(len(labels)), 2)
    _, once = auc_covariance(labels, scores)
    _, clustered = auc_covariance(twice, np.tile(scores, 2), patients)
    _, naive = auc_covariance(twice, np.tile(scores, 2))
    assert clustered == pytest.approx(once, abs=1e-15)
    assert naive[0, 0] < 0.6 * once[0, 0]


def test_laws_of_the_paired_test():
    labels, (a, b), _ = make_pair(5)
    forth, back = compare_auc(labels, a, b), compare_auc(labels, b, a)
    assert back.difference == -forth.difference
    assert back.z == pytest.approx(-forth.z)
    assert back.p == pytest.approx(forth.p)
    assert (back.low, back.high) == pytest.approx((-forth.high, -forth.low))
    assert forth.p == pytest.approx(2 * NormalDist().cdf(-abs(forth.z)))
    assert forth.low < forth.difference < forth.high


def test_models_that_rank_alike_do_not_differ():
    labels, (a, _), _ = make_pair(6)
    same = compare_auc(labels, a, 3.0 * a - 7.0)
    assert (same.difference, same.low, same.high, same.z, same.p) == (0.0, 0.0, 0.0, 0.0, 1.0)


def test_a_sure_difference_has_no_variance():
    labels = np.array([0, 0, 1, 1])
    sure = compare_auc(labels, labels, 1 - labels)
    assert (sure.difference, sure.z, sure.p) == (1.0, np.inf, 0.0)


def test_under_the_null_p_is_uniform():
    rng = np.random.default_rng(7)
    labels = np.repeat([0, 1], 40)
    p = []
    for _ in range(400):
        shared = rng.normal(size=80) + labels
        p.append(compare_auc(labels, shared + rng.normal(size=80), shared + rng.normal(size=80)).p)
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_mcnemar_by_hand():
    labels = np.ones(12, int)
    labels[0] = 0
    a = labels.copy()
    b = labels.copy()
    a[1], b[2:9] = 0, 0
    result = mcnemar(labels, a, b)
    assert (result.only_a, result.only_b) == (7, 1)
    # 2 (C(8,0) + C(8,1)) / 2^8
    assert result.p == pytest.approx(2 * 9 / 256)
    assert mcnemar(labels, a, a).p == 1.0


def test_bad_comparisons_are_named():
    with pytest.raises(DataError, match="at least two patients"):
        compare_auc([0, 0, 1], [0.1, 0.2, 0.3], [0.1, 0.2, 0.3])
    with pytest.raises(DataError, match=r"patients must be 4, one an image"):
        compare_auc([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4], patients=["p"])
    with pytest.raises(DataError, match="scores must be of shape"):
        compare_auc([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], [[0.1], [0.2], [0.3], [0.4]])
