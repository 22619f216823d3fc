import numpy as np
import pytest

from featurex.errors import DataError, ParameterError
from featurex.evaluation.splits import grouped_folds, grouped_holdout, grouped_share


def make_cohort(seed=0, patients=(90, 160, 60), images=4):
    """Three subtypes; each patient has 1 to `images` images, all of one subtype."""
    rng = np.random.default_rng(seed)
    strata, names = [], []
    for stratum, count in zip(("normal", "bacteria", "virus"), patients, strict=True):
        for number in range(count):
            times = rng.integers(1, images + 1)
            strata += [stratum] * times
            names += [f"{stratum}-{number}"] * times
    order = rng.permutation(len(strata))
    return np.array(strata)[order], np.array(names)[order]


@pytest.mark.parametrize("seed", range(3))
def test_no_patient_is_on_both_sides(seed):
    strata, patients = make_cohort(seed)
    for train, valid in grouped_folds(strata, patients, 5, seed):
        assert not set(patients[train]) & set(patients[valid])


def test_every_image_is_validated_once():
    strata, patients = make_cohort()
    folds = grouped_folds(strata, patients, 5, 0)
    assert np.array_equal(
        np.sort(np.concatenate([valid for _, valid in folds])), np.arange(len(strata))
    )
    for train, valid in folds:
        assert np.array_equal(np.sort(np.concatenate([train, valid])), np.arange(len(strata)))


def test_folds_have_the_composition_of_the_whole():
    strata, patients = make_cohort()
    for _, valid in grouped_folds(strata, patients, 5, 0):
        for stratum in np.unique(strata):
            # Within one patient of the ideal share.
            assert abs(np.sum(strata[valid] == stratum) - np.sum(strata == stratum) / 5) <= 4


def test_every_fold_holds_every_stratum_even_where_one_patient_has_most_images():
    strata = np.array(["a"] * 24 + ["b"] * 5)
    patients = np.array(["a0"] * 20 + ["a1", "a2", "a3", "a4"] + [f"b{i}" for i in range(5)])
    for _, valid in grouped_folds(strata, patients, 5, 0):
        assert set(strata[valid]) == {"a", "b"}


def test_a_patient_of_two_strata_stays_whole():
    strata, patients = make_cohort()
    patients[np.flatnonzero(strata == "virus")[:3]] = patients[
        np.flatnonzero(strata == "bacteria")[:3]
    ]
    for train, valid in grouped_folds(strata, patients, 5, 0):
        assert not set(patients[train]) & set(patients[valid])


def test_the_seed_decides():
    strata, patients = make_cohort()
    same = [grouped_folds(strata, patients, 5, seed)[0][1] for seed in (0, 0, 1)]
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(same[0], same[2])
    assert np.array_equal(
        grouped_holdout(strata, patients, 0.2, 4), grouped_holdout(strata, patients, 0.2, 4)
    )
    assert not np.array_equal(
        grouped_holdout(strata, patients, 0.2, 4), grouped_holdout(strata, patients, 0.2, 5)
    )


def test_names_do_not_matter_only_who_is_who():
    strata, patients = make_cohort()
    numbers = np.unique(patients, return_inverse=True)[1]
    for (_, ours), (_, same) in zip(
        grouped_folds(strata, patients, 5, 0), grouped_folds(strata, numbers, 5, 0), strict=True
    ):
        assert np.array_equal(ours, same)


def test_too_few_patients_are_counted_and_a_way_out_is_named():
    strata, patients = make_cohort(patients=(9, 20, 3))
    with pytest.raises(
        DataError,
        match=r"'virus' has too few patients for 5 folds, 3: use at most 3 folds \(--set folds=3\)",
    ):
        grouped_folds(strata, patients, 5, 0)
    strata, patients = make_cohort(patients=(9, 20, 1))
    with pytest.raises(DataError, match="for 2 folds, 1: leave 'virus' out, or count its patient"):
        grouped_folds(strata, patients, 2, 0)


def test_a_single_fold_is_refused():
    with pytest.raises(
        ParameterError, match="n_folds must be an integer of at least 2, but 1 was given"
    ):
        grouped_folds(["a", "b"], ["p", "q"], 1)


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.5])
def test_the_holdout_takes_its_share_of_every_stratum(fraction):
    strata, patients = make_cohort()
    held_out = grouped_holdout(strata, patients, fraction, 0)
    assert not set(patients[held_out]) & set(patients[~held_out])
    for stratum in np.unique(strata):
        members = strata == stratum
        assert abs(np.sum(held_out & members) - fraction * np.sum(members)) <= 2


def test_the_holdout_leaves_someone_on_either_side():
    strata, patients = np.repeat(["a", "b"], 2), np.array(["p", "q", "r", "s"])
    for fraction in (0.01, 0.99):
        held_out = grouped_holdout(strata, patients, fraction, 0)
        assert set(strata[held_out]) == set(strata[~held_out]) == {"a", "b"}


def test_a_single_patient_cannot_be_held_out():
    with pytest.raises(DataError, match=r"'b' has a single patient, who cannot be both"):
        grouped_holdout(["a", "a", "b", "b"], ["p", "q", "r", "r"], 0.5)


def test_lengths_must_agree():
    with pytest.raises(
        DataError, match=r"strata and patients must be lists of one length.*\(2,\) and \(3,\)"
    ):
        grouped_folds(["a", "b"], ["p", "q", "r"])


@pytest.mark.parametrize("seed", range(3))
def test_a_share_keeps_whole_patients_of_every_stratum_and_holds_every_smaller_one(seed):
    strata, patients = make_cohort(seed)
    smaller = np.zeros(len(strata), bool)
    for fraction in (0.1, 0.25, 0.5, 1.0):
        kept = grouped_share(strata, patients, fraction, seed)
        assert not set(patients[kept]) & set(patients[~kept])
        for stratum, count in zip(("normal", "bacteria", "virus"), (90, 160, 60), strict=True):
            assert len(set(patients[kept & (strata == stratum)])) == round(fraction * count)
        assert np.all(kept | ~smaller)
        smaller = kept
    assert kept.all()


def test_other_seeds_keep_other_patients_and_two_are_kept_at_least():
    strata, patients = make_cohort()
    assert not np.array_equal(
        grouped_share(strata, patients, 0.5, (0, 0)), grouped_share(strata, patients, 0.5, (0, 1))
    )
    kept = grouped_share(["a"] * 5 + ["b"], [1, 2, 3, 4, 5, 6], 0.1)
    assert kept.sum() == 3
    assert kept[5]
