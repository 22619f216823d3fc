import pickle
import sys

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError

from featurex.errors import DataError, MissingExtraError, ParameterError
from featurex.evaluation.metrics import auc
from featurex.models import CNN
from featurex.models.pixels import _hold_out

torch = pytest.importorskip("torch", reason="needs the extra 'cnn'")

SMALL = {"size": 16, "channels": (4, 8), "max_iter": 6, "batch_size": 16, "learning_rate": 0.05}


def make_images(n_images=120, seed=0, size=20):
    """Noise; images of class 1 have a bright disc. Patients have two images each."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(n_images) // 2) % 3 == 0
    images = rng.normal(100.0, 25.0, (n_images, size, size + 3))
    row, column = np.mgrid[:size, : size + 3]
    disc = (row - size / 2) ** 2 + (column - size / 2) ** 2 < (size / 4) ** 2
    images[labels] += 60.0 * disc
    return np.clip(images, 0, 255).astype(np.uint8), labels.astype(int), np.arange(n_images) // 2


@pytest.fixture(scope="module")
def data():
    return make_images()


@pytest.fixture(scope="module")
def fitted(data):
    images, labels, patients = data
    return CNN(**SMALL).fit(images, labels, groups=patients)


def test_it_learns_what_there_is_to_learn(fitted):
    images, labels, _ = make_images(seed=1)
    probabilities = fitted.predict_proba(images)
    assert probabilities.shape == (120, 2)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(120))
    assert auc(labels, probabilities[:, 1]) > 0.95
    assert is_classifier(fitted)
    assert np.array_equal(fitted.predict(images), probabilities.argmax(axis=1))


def test_the_same_seed_gives_the_same_network(fitted, data):
    images, labels, patients = data
    again = clone(fitted).fit(images, labels, groups=patients)
    assert all(
        np.array_equal(again.weights_[name], fitted.weights_[name]) for name in fitted.weights_
    )
    other = clone(fitted).set_params(random_state=1).fit(images, labels, groups=patients)
    assert not np.array_equal(other.predict_proba(images), fitted.predict_proba(images))


def test_the_process_wide_generator_is_left_alone(data):
    images, labels, patients = data
    before = torch.random.get_rng_state()
    CNN(**SMALL | {"max_iter": 1}).fit(images, labels, groups=patients).predict_proba(images)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_number_of_threads_is_put_back(fitted, data):
    before = torch.get_num_threads()
    fitted.predict_proba(data[0][:4])
    assert torch.get_num_threads() == before


def test_it_survives_pickling(fitted, data):
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(data[0]), fitted.predict_proba(data[0]))


def test_an_image_is_scored_alike_alone_and_among_others(fitted, data):
    together = fitted.predict_proba(data[0][:9])
    alone = np.concatenate([fitted.predict_proba(data[0][i : i + 1]) for i in range(9)])
    assert alone == pytest.approx(together, abs=1e-6)


def test_a_list_of_images_is_as_good_as_a_stack(fitted, data):
    assert np.array_equal(
        fitted.predict_proba(list(data[0][:5])), fitted.predict_proba(data[0][:5])
    )


def test_sixteen_bit_images_give_the_same_network(data):
    images, labels, patients = data
    small = SMALL | {"max_iter": 2}
    shallow = CNN(**small).fit(images, labels, groups=patients).predict_proba(images)
    deep = images.astype(np.uint16) * 256
    again = CNN(**small).fit(deep, labels, groups=patients).predict_proba(deep)
    # Resizing rounds eight-bit images to whole levels.
    assert again == pytest.approx(shallow, abs=0.05)


def test_every_epoch_is_told_and_the_best_is_kept(data):
    images, labels, patients = data
    told = []
    model = CNN(**SMALL).fit(images, labels, groups=patients, on_epoch=told.append)
    assert told == model.history_
    assert [epoch.number for epoch in told] == list(range(1, len(told) + 1))
    assert told[0].total == SMALL["max_iter"]
    _, valid = _hold_out(labels, patients, model.check_parameters())
    probabilities = model.predict_proba(images[valid])[np.arange(len(valid)), labels[valid]]
    weights = (1.0 / np.bincount(np.delete(labels, valid)))[labels[valid]]
    kept = -np.sum(weights * np.log(probabilities)) / weights.sum()
    assert kept == pytest.approx(min(epoch.validation_loss for epoch in told), abs=1e-5)


def test_it_stops_where_nothing_gets_better(data):
    images, labels, patients = data
    # Far too large a step: what the first epochs found is soon lost.
    model = CNN(**SMALL | {"max_iter": 40, "learning_rate": 5.0, "n_iter_no_change": 1})
    assert len(model.fit(images, labels, groups=patients).history_) < 40


def test_no_patient_is_both_trained_and_validated_on(data):
    _, labels, patients = data
    train, valid = _hold_out(labels, patients, CNN(validation_fraction=0.2).check_parameters())
    assert not set(patients[train]) & set(patients[valid])
    assert len(valid) / len(labels) == pytest.approx(0.2, abs=0.05)


def test_three_classes(data):
    images, labels, patients = data
    model = CNN(**SMALL | {"max_iter": 1}).fit(
        images, labels + 2 * (patients % 3 == 1), groups=patients
    )
    assert model.predict_proba(images[:5]).shape == (5, 3)


def test_the_smallest_allowed_image_can_be_normalised_alone():
    from featurex.models.network import build_network

    plan = CNN(size=16, channels=(4, 4, 4)).check_parameters()
    network = build_network((4, 4, 4), 2, torch.Generator())
    assert network.train()(torch.zeros(1, 1, plan.size, plan.size)).shape == (1, 2)


def test_the_default_has_about_a_hundred_thousand_weights():
    from featurex.models.network import build_network

    network = build_network(CNN().channels, 2, torch.Generator())
    assert sum(parameter.numel() for parameter in network.parameters()) == 95_258


def test_augmentation_keeps_an_image_recognisable_and_differs_each_time():
    from featurex.models.network import augment

    row = torch.linspace(-1.0, 1.0, 32)
    images = (row[None, :] + row[:, None]).expand(8, 1, 32, 32)
    generator = torch.Generator().manual_seed(0)
    once, twice = augment(images, generator), augment(images, generator)
    assert not torch.equal(once, twice)
    for image in once:
        assert np.corrcoef(image.ravel(), images[0].ravel())[0, 1] > 0.9


def test_without_pytorch_fitting_names_the_extra(monkeypatch, data):
    # None in sys.modules is how Python itself marks a module that must not be imported.
    monkeypatch.setitem(sys.modules, "torch", None)
    images, labels, _ = data
    with pytest.raises(
        MissingExtraError, match=r"the CNN needs the extra 'cnn': .*featurex-xray\[cnn\]"
    ):
        CNN(**SMALL).fit(images, labels)


def test_an_unfitted_network_says_so(data):
    with pytest.raises(NotFittedError):
        CNN().predict_proba(data[0])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"size": 8}, "size must be an integer from 16 to 512, but 8 was given"),
        ({"channels": (8,) * 7}, "size must be an integer from 256 to 512, but 16 was given"),
        ({"channels": 16}, "channels must be a list with at least one item"),
        ({"channels": (16, 0)}, r"channels\[1\] must be an integer from 1"),
        ({"max_iter": 0}, "max_iter must be an integer from 1"),
        ({"batch_size": 1}, "batch_size must be an integer from 2"),
        ({"learning_rate": 0}, "learning_rate must be a number from 1e-06"),
        ({"validation_fraction": 0.9}, r"validation_fraction must be a number from 0\.02 to 0\.5"),
        ({"n_iter_no_change": 0}, "n_iter_no_change must be an integer of at least 1"),
    ],
)
def test_a_wrong_parameter_is_named_before_anything_is_learnt(data, parameters, message):
    images, labels, _ = data
    with pytest.raises(ParameterError, match=message):
        CNN(**SMALL | parameters).fit(images, labels)


def test_data_that_cannot_be_learnt_from_are_named(data):
    images, labels, _ = data
    with pytest.raises(
        DataError, match="images, classes and patients must be equally many, but there are 120, 119"
    ):
        CNN(**SMALL).fit(images, labels[1:])
    with pytest.raises(DataError, match="images of one class only"):
        CNN(**SMALL).fit(images, np.zeros(120, int))
    with pytest.raises(DataError, match="at least two patients of every class"):
        CNN(**SMALL).fit(images, labels, groups=labels)
    with pytest.raises(ParameterError, match=r"images must be of shape \(n, rows, columns\)"):
        CNN(**SMALL).fit(images[..., None], labels)


def test_of_several_seeds_fit_keeps_the_one_of_the_median_loss(data):
    images, labels, patients = data
    few = CNN(**SMALL | {"max_iter": 1, "n_seeds": 3}).fit(images, labels, groups=patients)
    single = [one.fit(images, labels, groups=patients) for one in few.split_seeds()]
    losses = sorted(one.history_[0].validation_loss for one in single)
    assert few.history_[0].validation_loss == losses[1] != losses[0]
    kept = few.predict_proba(images)
    assert any(np.array_equal(kept, one.predict_proba(images)) for one in single)
