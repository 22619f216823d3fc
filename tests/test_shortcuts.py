import os

import cv2
import numpy as np
import pandas as pd
import pytest

from featurex import Align, Preprocess
from featurex.challenges import controls
from featurex.challenges.controls import CONTROLS, score_shortcuts
from featurex.challenges.shortcuts import SHORTCUTS, Source, compute_shortcuts, list_file_facts
from featurex.challenges.surroundings import border_ring, mean_lungs, outside_lungs
from featurex.evaluation.splits import grouped_folds
from featurex.images import inspect_image
from featurex.lungs import Registration, invert, warp_image
from featurex.models import MODELS
from featurex.phantom import Framing, make_anatomy, make_radiograph

PLAIN = Framing(
    zoom=1.0, shift=(0.0, 0.0), angle=0.0, aspect=1.0, collimation=0.0, marker="", exposure=1.0
)

EVERY = np.ones(6, bool)


def shifted(shifts):
    """Registration of films that are shifted by shares of their side."""
    matrices = np.repeat(np.eye(2, 3)[None], len(shifts), axis=0)
    matrices[:, :, 2] = shifts
    return Registration(matrices, np.zeros(len(shifts), bool))


@pytest.fixture(scope="module")
def films():
    """Six phantom films of one framing."""
    return [
        make_radiograph(
            "normal",
            make_anatomy(np.random.default_rng(n)),
            PLAIN,
            np.random.default_rng(50 + n),
            128,
        )
        for n in range(6)
    ]


@pytest.fixture(scope="module")
def images(films):
    return [film.image for film in films]


@pytest.fixture(scope="module")
def files(tmp_path_factory, images):
    folder = tmp_path_factory.mktemp("films")
    paths = [str(folder / f"{number}.png") for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        cv2.imwrite(path, image[:, :96])
    return paths


def chest_of(images):
    return np.mean(
        [cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA) for image in images],
        0,
        np.float32,
    )


def test_the_ring_sees_the_border_and_nothing_else():
    image = np.full((96, 96), 10, np.uint8)
    image[8:-8, 8:-8] = 200
    assert border_ring([image]).shape == (1, 48**2 - 40**2)
    assert (border_ring([image]) == 10).all()


def test_the_region_of_the_mean_chest_holds_every_lung(films, images):
    region = cv2.resize(
        mean_lungs(chest_of(images)).astype(np.uint8), (128, 128), interpolation=cv2.INTER_NEAREST
    )
    assert all(region[film.lungs].mean() > 0.97 for film in films)
    assert 0.2 < (region == 0).mean() < 0.8


def test_no_square_outside_the_lungs_changes_with_them(films, images):
    region = mean_lungs(chest_of(images))
    clouded = [np.where(film.lungs, 200, film.image).astype(np.uint8) for film in films]
    assert np.abs(chest_of(clouded) - chest_of(images)).max() > 50
    outside = np.stack([chest_of([image])[~region] for image in clouded])
    assert np.array_equal(
        outside, outside_lungs(images, shifted(np.zeros((len(images), 2))), EVERY)
    )


def test_outside_the_lungs_is_looked_at_after_alignment(images):
    registration = shifted(np.linspace(-0.1, 0.1, 2 * len(images)).reshape(-1, 2))
    moved = [
        warp_image(image, invert(m)) for image, m in zip(images, registration.matrices, strict=True)
    ]
    straight = outside_lungs(images, shifted(np.zeros((len(images), 2))), EVERY)
    found = outside_lungs(moved, registration, EVERY)
    assert abs(found.shape[1] - straight.shape[1]) < 0.15 * straight.shape[1]
    apart = np.abs(chest_of(images) - chest_of(moved)).mean()
    assert abs(found.mean() - straight.mean()) < apart


def test_the_region_outside_the_lungs_is_that_of_the_training_images(images):
    still = shifted(np.zeros((len(images), 2)))
    training = np.arange(len(images)) < 4
    changed = [*images[:4], *(255 - image for image in images[4:])]
    found, without = (outside_lungs(list(these), still, training) for these in (images, changed))
    assert found.shape == without.shape
    assert np.array_equal(found[:4], without[:4])


@pytest.mark.parametrize("grey", [0, 9])
def test_without_lungs_there_is_no_control_outside_them(grey):
    empty = np.full((40, 40), grey, np.uint8)
    registration = shifted(np.zeros((3, 2)))
    assert outside_lungs([empty] * 3, registration, EVERY[:3]).shape == (3, 0)
    assert not mean_lungs(chest_of([empty])).any()
    source = Source([empty] * 3, registration, None, EVERY[:3])
    assert list(compute_shortcuts(source, CONTROLS)) == ["border ring", "registration"]


def test_registration_numbers_are_those_of_the_map():
    source = Source([], shifted([(0.1, -0.2)]), None, EVERY[:1])
    assert np.allclose(SHORTCUTS["registration"].values(source), [[1, 0, 0.1, 0, 1, -0.2]])


def test_file_numbers_are_those_of_the_file(files):
    facts = list_file_facts(files)
    size = os.path.getsize(files[2])
    values = SHORTCUTS["file"].values(Source([], None, facts, EVERY))
    assert np.allclose(values[2], [size, 96, 128, 96 / 128, size / (96 * 128)])
    assert list_file_facts([*files, "films.npz#images/0"]) is None


def test_every_shortcut_has_a_row_for_every_image(images, files):
    facts = pd.DataFrame([vars(inspect_image(path)) for path in files])
    facts = pd.concat([facts, list_file_facts(files)[["rows", "columns"]]], axis=1)
    facts = facts.assign(bits=8, channels=1)
    source = Source(images, shifted(np.zeros((len(images), 2))), facts, EVERY)
    values = compute_shortcuts(source)
    assert list(values) == list(SHORTCUTS)
    for columns in values.values():
        assert columns.dtype == np.float32
        assert len(columns) == len(images)
        assert np.isfinite(columns).all()
    only_sizes = Source(images, source.registration, list_file_facts(files), EVERY)
    missing = values.keys() - compute_shortcuts(only_sizes).keys()
    assert missing == {"metadata", "quantisation"}


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("n_images", [12, 40])
def test_a_planted_shortcut_is_seen_in_few_images_and_noise_is_not(n_images, n_classes):
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(n_classes), n_images)
    patients = np.arange(len(labels))
    training = patients % 4 > 0
    values = {
        "width": (100.0 + 10 * labels)[:, np.newaxis],
        "border ring": rng.normal(size=(len(labels), 30)),
        "height": np.ones((len(labels), 1)),
    }
    folds = grouped_folds(labels[training], patients[training], 3)
    given = labels, patients, training, folds
    width, ring, height = score_shortcuts(values, *given, n_resamples=100)
    assert (width.name, width.cv_auc, width.low, width.test_auc) == ("width", 1.0, 1.0, 1.0)
    assert ring.low < 0.5 < ring.high
    assert (height.cv_auc, height.test_auc) == (0.5, 0.5)
    assert height.remedy == SHORTCUTS["height"].remedy


def test_fits_to_many_images_take_a_sample_of_their_classes(monkeypatch):
    taken = []

    class Recorder(MODELS["xgboost"]):
        def fit(self, X, y):
            taken.append((X[:, 0].tolist(), np.bincount(y).tolist()))
            return super().fit(X, y)

    monkeypatch.setitem(MODELS, "xgboost", Recorder)
    monkeypatch.setattr(controls, "_MAX_ROWS", 12)
    labels = np.repeat([0, 1], (30, 10))
    folds = grouped_folds(labels, np.arange(40), 2)
    values = {"width": np.arange(40.0)[:, np.newaxis]}
    score_shortcuts(values, labels, np.arange(40), labels >= 0, folds, n_resamples=100)
    for (rows, counts), (train, _) in zip(taken, folds, strict=True):
        assert counts == [9, 3]
        assert set(rows) < set(train)


def test_without_test_images_of_every_class_there_is_no_test_auc():
    labels = np.repeat([0, 1], 12)
    training = np.arange(24) > 3
    folds = grouped_folds(labels[training], np.flatnonzero(training), 2)
    values = {"width": labels[:, np.newaxis]}
    (score,) = score_shortcuts(values, labels, np.arange(24), training, folds, n_resamples=100)
    assert np.isnan(score.test_auc)


def test_the_lungs_of_real_radiographs_are_found(real_data):
    paths = sorted((real_data / "chest_xray" / "train").glob("*/*.jpeg"))[::60]
    films = Preprocess(size=128).transform(
        [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in paths]
    )
    align = Align(margin=(0.0, 0.0)).fit(films)
    region = mean_lungs(chest_of(align.transform(films)))
    assert 0.4 < region.mean() < 0.75
    assert region[12:18, 8:12].all()
    assert region[12:18, 20:24].all()
