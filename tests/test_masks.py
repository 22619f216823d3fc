"""Masks in files: found by name, read with their images, and carried through the steps."""

import pickle

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.pipeline import make_pipeline

from featurex import Align, Equalize, IntensityStatistics, LungRegion, Preprocess, read_image
from featurex.challenges.disturbances import DISTURBANCES, disturb
from featurex.cli.extract import extract as command
from featurex.datasets import add_masks, image_paths, load_dataset
from featurex.datasets.masks import find_masks
from featurex.engine import extract
from featurex.engine.parts import stamp_files
from featurex.errors import DataError, ImageError, ParameterError
from featurex.image_step import ImageStep
from featurex.images import MaskedPath, read_strictly
from featurex.phantom import Framing, make_anatomy, make_radiograph
from tests.test_datasets import touch

SHAPE = (40, 60)


def write(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)
    return str(path)


def halves(left, right, shape=SHAPE):
    mask = np.full(shape, right, np.uint8)
    mask[:, : shape[1] // 2] = left
    return mask


@pytest.fixture
def film(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, SHAPE, dtype=np.uint8)
    return write(tmp_path / "film.png", pixels)


# --- one image


def test_all_of_a_masked_path_that_decides_its_pixels_is_in_its_stamp(tmp_path, film):
    first, second = (write(tmp_path / name, halves(2, 1)) for name in ("a.png", "b.png"))
    path = MaskedPath(film, first, 1)
    others = [
        film,
        MaskedPath(film, first, 2),
        MaskedPath(film, first, "any"),
        MaskedPath(film, first),
        MaskedPath(film, second, 1),
        read_strictly(path),
    ]
    stamps = {stamp_files([each], {}) for each in (path, *others)}
    assert len(stamps) == 1 + len(others)
    known = stamp_files([path], {})
    assert stamp_files([MaskedPath(film, first, 1)], {}) == known
    write(tmp_path / "a.png", halves(1, 2, (20, 30)))
    assert stamp_files([path], {}) != known


@pytest.mark.parametrize(
    ("mask", "label"),
    [
        (halves(1, 0), None),
        (halves(255, 0), None),
        (halves(2, 1), 2),
        (halves(2, 0), "any"),
        (halves(9, 0, (20, 30)), None),
        (halves(1, 0, (120, 181)), None),
    ],
)
def test_a_mask_is_read_with_its_image(tmp_path, film, mask, label):
    path = MaskedPath(film, write(tmp_path / "mask.png", mask), label)
    image = read_image(pickle.loads(pickle.dumps(path)))
    assert np.array_equal(image.data, read_image(film))
    assert np.array_equal(~image.mask, halves(1, 0))


def test_both_lungs_need_no_label(tmp_path, film):
    mask = halves(128, 255)
    mask[0] = 0
    inside = ~read_image(MaskedPath(film, write(tmp_path / "mask.png", mask))).mask
    assert np.array_equal(inside, mask != 0)


@pytest.mark.parametrize(
    ("mask", "label", "message"),
    [
        (halves(1, 0, (40, 40)), None, "40 x 40 pixels, but the image 40 x 60, of another aspect"),
        (halves(1, 2), None, r"several values beside 0: 1, 2; say which is inside with --mask-lab"),
        (halves(0, 0), None, "it is empty"),
        (halves(1, 2), 3, "no pixel has the label 3"),
        (None, None, r"there is no such file \[NOT_FOUND\]"),
    ],
)
def test_a_mask_that_cannot_be_used_is_explained(tmp_path, film, mask, label, message):
    path = str(tmp_path / "mask.png") if mask is None else write(tmp_path / "mask.png", mask)
    with pytest.raises(ImageError, match=message) as caught:
        read_image(MaskedPath(film, path, label))
    assert (caught.value.reason, caught.value.path) == ("BAD_MASK", film)


# --- steps


def test_steps_bring_the_region_along():
    generator = np.random.default_rng
    framing = Framing(1.0, (0.02, 0.0), 0.0, 1.0, 0.0, "", 1.0)
    drawn = make_radiograph("normal", make_anatomy(generator(0)), framing, generator(1), rows=96)
    chest, lungs = drawn.image, drawn.lungs
    chain = make_pipeline(Preprocess(size=64), Align(), Equalize(), LungRegion())
    plain = make_pipeline(*(step for _, step in chain.steps[:3]))
    masked = chain.fit_transform([np.ma.masked_array(chest, ~lungs)])
    grey = plain.fit_transform([chest])
    assert np.array_equal(masked.data, grey)
    # The region is where the lungs were brought.
    resize, align = Preprocess(size=64), Align()
    registration = align.register(resize.fit_transform([chest]))
    assert not registration.failed.any()
    moved = align.warp(resize.transform([np.where(lungs, 255, 0).astype(np.uint8)]), registration)
    assert np.mean((moved > 127) == ~masked.mask) > 0.98
    assert isinstance(Align().transform([np.ma.masked_array(chest, False)]), np.ma.MaskedArray)


@pytest.mark.parametrize("name", sorted(DISTURBANCES))
def test_disturbances_take_the_region_along(name):
    image = np.full((60, 80), 90, np.uint8)
    image[20:40, 10:50] = 210
    strength = list(DISTURBANCES[name].steps.values())[-1]
    disturbed = disturb(np.ma.masked_array(image, image < 200), name, strength, 3)
    assert np.array_equal(disturbed.data, disturb(image, name, strength, 3))
    if name in ("rotation", "crop", "resolution"):
        assert np.mean((disturbed.data > 150) == ~disturbed.mask) > 0.99


def test_a_step_that_knows_no_regions_refuses_them():
    class Inverse(ImageStep):
        def _transform_image(self, plan, index, image):
            return 255 - image

    with pytest.raises(ParameterError, match="image 0 has a region already, which this step"):
        Inverse().fit([np.ma.masked_array(np.zeros(SHAPE, np.uint8), False)])


# --- finding them


@pytest.mark.parametrize(
    ("images", "masks", "expected"),
    [
        (["a.png", "b.jpg", "c.png"], ["a.png", "b_mask.png", "c-mask.tif"], [0, 1, 2]),
        (["train/N/1.png", "test/N/1.png"], ["test/N/1.png"], [None, 0]),
        (["train/N/1.png", "test/N/1.png"], ["x/test/N/1.png", "x/train/N/1.png"], [1, 0]),
        (["N/1.jpeg", "P/2.jpeg"], ["1.jpeg.png", "2.jpeg.png"], [0, 1]),
        (["a.png"], ["left/a.png", "right/a.png"], [None]),
        (["N/1.png", "P/1.png"], ["1.png"], [None, None]),
    ],
)
def test_masks_are_found_by_their_names(tmp_path, images, masks, expected):
    for name in masks:
        touch(tmp_path / "masks" / name)
    paths = [str(tmp_path / "films" / name) for name in images]
    found, _ = find_masks(paths, tmp_path / "masks")
    right = ["" if index is None else str(tmp_path / "masks" / masks[index]) for index in expected]
    assert found == right


def test_an_image_is_not_its_own_mask_and_images_without_are_counted(tmp_path):
    for name in ("a.png", "a_mask.png", "b.png"):
        touch(tmp_path / name)
    dataset = load_dataset([tmp_path / "a.png", tmp_path / "b.png"], labelled=False)
    masked = add_masks(dataset, tmp_path)
    assert masked.table["mask"].tolist() == [str(tmp_path / "a_mask.png")]
    assert masked.notes[-1] == "1 of 2 images has no mask and is left out: b.png"
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"none of 2 images has a mask .*, as a\.png or a_mask\.p"):
        add_masks(dataset, tmp_path / "empty")
    with pytest.raises(DataError, match="its list has no column mask; name a folder with --masks"):
        add_masks(dataset)
    with pytest.raises(ParameterError, match="mask_label must be"):
        add_masks(dataset, tmp_path, [0])


# --- a table


def test_only_what_is_inside_counts_and_each_label_is_a_row(tmp_path, film):
    mask = write(tmp_path / "masks" / "film.png", halves(1, 2))
    dataset = load_dataset(film, labelled=False)
    masked = add_masks(dataset, tmp_path / "masks", [1, 2])
    table = extract(masked, IntensityStatistics(), n_jobs=1).frame
    assert table["mask_label"].tolist() == ["1", "2"]
    pixels = read_image(film)
    means = [pixels[:, :30].mean(), pixels[:, 30:].mean()]
    np.testing.assert_allclose(table["intensity_mean"], means, rtol=1e-6)
    before = masked.digest()
    write(tmp_path / "masks" / "film.png", np.ones(SHAPE, np.uint8))
    assert masked.digest() != before
    assert image_paths(masked.table)[0].mask == mask


def test_masks_on_the_command_line(tmp_path, film):
    write(tmp_path / "masks" / "film_mask.png", halves(1, 2))
    pd.DataFrame({"file": ["film.png"], "seg": ["masks/film_mask.png"]}).to_csv(
        tmp_path / "list.csv", index=False
    )
    listed = ["--list", f"{tmp_path}/list.csv", "--columns", "path=file,mask=seg"]
    quick = ["--input", "original", "--set", "features={intensity: {}}", "--jobs", "1"]

    def run(*arguments):
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        result = CliRunner().invoke(command, [*arguments, *quick, "--out", str(out)])
        assert result.exception is None, result.output
        return out

    first = pd.read_csv(run(film, "--masks", f"{tmp_path}/masks", "--mask-label", "2"))
    second = pd.read_csv(run(*listed, "--mask-label", "2"))
    whole = pd.read_csv(run(*listed, "--masks", "none"))
    assert first["intensity_mean"][0] == second["intensity_mean"][0] != whole["intensity_mean"][0]
    assert "mask" in second
    assert "mask_label" not in whole
