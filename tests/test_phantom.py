import hashlib

import cv2
import numpy as np
import pytest

from featurex.datasets import load_dataset
from featurex.errors import DataError, ParameterError
from featurex.phantom import KINDS, Framing, make_anatomy, make_radiograph, write_phantom
from featurex.phantom.bones import draw_bones
from featurex.phantom.canvas import SIDE
from featurex.phantom.write import draw_framing, list_images

PLAIN = Framing(
    zoom=1.0, shift=(0.0, 0.0), angle=0.0, aspect=1.1, collimation=0.0, marker="", exposure=1.0
)


def film(kind, seed=0, framing=PLAIN, rows=128):
    return make_radiograph(
        kind, make_anatomy(np.random.default_rng(seed)), framing, np.random.default_rng(seed), rows
    )


def digests(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.fixture(scope="module")
def folder(drawn):
    return drawn()


@pytest.mark.parametrize("kind", KINDS)
def test_a_film_has_the_shape_and_masks_it_should(kind):
    made = film(kind)
    assert made.image.shape == made.lungs.shape == made.opacity.shape == (128, round(128 * 1.1))
    assert made.image.dtype == np.uint8
    assert 0.15 < made.lungs.mean() < 0.45
    assert not (
        made.opacity & ~cv2.dilate(made.lungs.astype(np.uint8), np.ones((5, 5))).astype(bool)
    ).any()


def test_lungs_are_dark_and_bone_is_bright():
    made = film("normal")
    middle = made.image[40:90, 66:74]
    assert made.image[made.lungs].mean() + 40 < middle.mean()


def test_only_disease_is_opaque():
    assert not film("normal").opacity.any()
    assert film("bacteria").opacity.sum() > 100
    assert film("virus").opacity.sum() > 100


@pytest.mark.parametrize("kind", ["bacteria", "virus"])
def test_opacities_brighten_the_lung_where_the_mask_says(kind):
    brighter = []
    for seed in range(6):
        sick, well = film(kind, seed), film("normal", seed)
        difference = sick.image.astype(float) - well.image
        brighter.append(
            difference[sick.opacity].mean() - difference[~sick.opacity & sick.lungs].mean()
        )
    assert np.mean(brighter) > 5


def test_consolidation_is_focal_and_the_interstitial_pattern_diffuse():
    def sides(kind, seed):
        opacity = film(kind, seed).opacity
        halves = np.array([half.sum() for half in np.array_split(opacity, 2, axis=1)])
        return halves.min() / max(halves.max(), 1)

    assert np.mean([sides("virus", seed) for seed in range(8)]) > 0.5
    assert np.mean([sides("bacteria", seed) for seed in range(8)]) < 0.4


def test_framing_does_what_it_says():
    wide = film("normal", framing=_with(zoom=0.8))
    assert wide.lungs.sum() < 0.75 * film("normal").lungs.sum()
    border = film("normal", framing=_with(collimation=0.08)).image
    assert border[:4].max() < 20
    marked = film("normal", framing=_with(marker="R")).image
    assert marked[:40, :40].max() > film("normal").image[:40, :40].max()


def _with(**changes):
    return Framing(**{**vars(PLAIN), **changes})


def test_the_same_seed_gives_the_same_files_whatever_the_threads(folder, drawn, tmp_path):
    again = write_phantom(tmp_path / "again", 60, 3, rows=96, n_jobs=2)
    assert digests(again) == digests(folder)
    assert digests(drawn(seed=4)) != digests(folder)


def test_the_set_is_read_back_as_what_it_is(folder):
    dataset = load_dataset(folder)
    assert len(dataset) == 60
    assert dataset.synthetic
    assert "synthetic" in dataset.describe()
    assert set(dataset.table["split"]) == {"train", "val", "test"}
    assert set(dataset.table["subtype"]) == {"normal", "bacteria", "virus"}
    assert (dataset.table.groupby("patient")["split"].nunique() == 1).all()
    assert (dataset.table.groupby("patient")["label"].nunique() == 1).all()
    assert dataset.table["patient"].nunique() < 60


def test_every_image_has_its_masks(folder):
    for path in (folder / "train").rglob("*.jpeg"):
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        place = folder / "masks" / path.relative_to(folder).parent
        for what in ("lungs", "opacity"):
            mask = cv2.imread(str(place / f"{path.stem}_{what}.png"), cv2.IMREAD_GRAYSCALE)
            assert mask.shape == image.shape
            assert set(np.unique(mask)) <= {0, 255}


@pytest.mark.parametrize("n_images", [60, 61, 100, 600, 1003])
def test_exactly_as_many_films_as_asked(n_images):
    assert sum(map(len, list_images(n_images, 0))) == n_images


def test_framing_tells_the_class_in_training_and_hardly_in_the_test():
    def zooms(split, kind):
        return np.mean(
            [draw_framing(split, kind, np.random.default_rng(n)).zoom for n in range(300)]
        )

    apart = {split: zooms(split, "virus") - zooms(split, "normal") for split in ("train", "test")}
    assert apart["train"] > 0.1
    assert abs(apart["test"]) < 0.04


def test_a_folder_that_holds_something_is_not_touched(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="holds something already"):
        write_phantom(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_images": 59}, "n_images must be an integer from 60"),
        ({"seed": -1}, "seed must be an integer of at least 0"),
        ({"rows": 63}, "rows must be an integer from 64 to 2048"),
    ],
)
def test_a_wrong_parameter_is_named(tmp_path, parameters, message):
    with pytest.raises(ParameterError, match=message):
        write_phantom(tmp_path / "set", **parameters)
    assert not list(tmp_path.iterdir())


def test_the_heart_is_that_of_a_child():
    widths = []
    for seed in range(4):
        lungs = make_anatomy(np.random.default_rng(seed)).lungs
        right, left = (np.flatnonzero(lung[int(0.66 * SIDE)] > 0.5) for lung in lungs)
        # The heart lies between the lungs.
        widths.append((left.min() - right.max()) / (left.max() - right.min()))
    assert 0.38 < np.mean(widths) < 0.5


def test_no_bone_lies_outside_the_body():
    lungs = make_anatomy(np.random.default_rng(0)).lungs
    body = np.ones((SIDE, SIDE), np.float32)
    body[:, SIDE // 2 :] = 0
    bones = draw_bones(np.random.default_rng(0), lambda points, jitter: points, lungs, body)
    assert bones[:, : SIDE // 2].max() > 0.1
    assert not bones[:, SIDE // 2 :].any()
