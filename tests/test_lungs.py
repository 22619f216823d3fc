from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from featurex import Equalize, LungIntensity, LungRegion, Preprocess
from featurex.cli import FILES_SET_ASIDE, cli
from featurex.errors import DataError, ParameterError
from featurex.kernels.region import fill_polygon
from featurex.lungs import Lungs, fill_outlines, find_lungs, load_cascade, trace_outlines
from featurex.lungs.cascade import default_cascade
from featurex.lungs.heart import measure_heart
from featurex.lungs.outline import FIELD, OUTLINES, WHOLE, place_outline
from featurex.lungs.training import fit_cascade
from featurex.phantom import Framing, make_anatomy, make_radiograph
from scripts.non_chests import DRAWN, draw_non_chest, spoil_chest

PLAIN = Framing(
    zoom=1.0, shift=(0.0, 0.0), angle=0.0, aspect=1.0, collimation=0.0, marker="", exposure=1.0
)


def draw(number, kind="normal", rows=128, framing=PLAIN):
    generator = np.random.default_rng(100 + number)
    return make_radiograph(
        kind, make_anatomy(np.random.default_rng(number)), framing, generator, rows
    )


def dice(first, second):
    return 2 * (first & second).sum() / (first.sum() + second.sum())


@pytest.fixture(scope="module")
def films():
    return [
        draw(number, kind) for number, kind in enumerate(("normal", "bacteria", "virus", "normal"))
    ]


@pytest.fixture(scope="module")
def images(films):
    return np.stack([film.image for film in films])


# --- outlines


@pytest.mark.kernels
@pytest.mark.parametrize("seed", range(6))
def test_a_filled_polygon_is_that_of_scikit_image(seed):
    from skimage.draw import polygon

    corners = np.random.default_rng(seed).uniform(-4, 24, (7, 2))
    ours, theirs = np.zeros((2, 20, 23), np.uint8)
    fill_polygon(corners, 3, ours)
    theirs[polygon(corners[:, 1], corners[:, 0], theirs.shape)] = 3
    assert np.array_equal(ours, theirs)


@pytest.mark.kernels
def test_a_filled_square_holds_its_pixels():
    out = np.zeros((8, 8), np.uint8)
    fill_polygon(np.array([[1.5, 2.5], [5.5, 2.5], [5.5, 6.5], [1.5, 6.5]]), 7, out)
    assert (out[3:7, 2:6] == 7).all()
    assert out.sum() == 7 * 16


def test_landmarks_of_a_mask_enclose_it(films):
    for film in films:
        filled = fill_outlines(trace_outlines(film.lungs), film.lungs.shape)
        assert dice(filled > 0, film.lungs) > 0.985
        assert filled[:, :64].max() == 1
        assert filled[:, 64:].max() == 2


def test_landmarks_begin_at_the_apex_and_go_down_the_outer_border(films):
    landmarks = trace_outlines(films[0].lungs)
    right, left = landmarks[:52], landmarks[52:]
    for lung, outward in ((right, -1), (left, 1)):
        assert lung[0, 1] == pytest.approx(lung[:, 1].min(), abs=0.02)
        assert outward * lung[11, 0] > outward * lung[0, 0]
        assert lung[22:34, 1].mean() > lung[:, 1].mean()


@pytest.mark.parametrize("mask", [np.zeros((40, 40)), np.ones((40, 40)), np.eye(40)])
def test_what_is_not_two_lungs_has_no_landmarks(mask):
    assert trace_outlines(mask) is None


# --- the cascade


def test_lungs_of_drawn_films_are_found(films):
    for film in films:
        lungs = find_lungs(film.image)
        assert dice(lungs.mask, film.lungs) > 0.87
        assert lungs.doubt == ""
        assert lungs.labels[:, :40].max() == 1
        assert lungs.labels[:, -40:].max() == 2
        # The field lies inside the lungs, but for what a border is worth.
        assert (lungs.field[lungs.labels == 0] > 0).sum() < 0.1 * (lungs.field > 0).sum()


@pytest.mark.parametrize(
    "change", [lambda x: x.astype(np.uint16) * 257, lambda x: x / np.float32(255)]
)
def test_the_type_of_the_grey_levels_hardly_matters(images, change):
    assert dice(find_lungs(change(images[0])).mask, find_lungs(images[0]).mask) > 0.98


def test_an_inverted_film_is_noticed_and_its_lungs_are_found(films):
    for film in films:
        lungs = find_lungs(255 - film.image)
        assert lungs.doubt == "inverted"
        assert dice(lungs.mask, film.lungs) > 0.87


@pytest.mark.parametrize(
    "image", [np.zeros((64, 80), np.uint8), np.random.default_rng(0).integers(0, 9, (96, 96))]
)
def test_where_there_are_no_lungs_the_mean_lungs_stand(image):
    lungs = find_lungs(image.astype(np.uint8))
    mean = default_cascade().shapes[0]
    assert lungs.doubt == lungs.heart.doubt == "no lungs"
    assert lungs.heart.ratio is None
    assert np.array_equal(lungs.labels, fill_outlines(mean[OUTLINES.whole], image.shape))
    assert np.array_equal(lungs.field, fill_outlines(mean[OUTLINES.field], image.shape))


def test_what_shows_no_chest_is_doubted(images):
    generator = np.random.default_rng(5)
    others = [
        *(draw_non_chest(kind, generator) for kind in DRAWN),
        *(spoil_chest(kind, images[0], generator) for kind in ("turned", "piece")),
    ]
    assert [find_lungs(image).doubt for image in others] == ["no lungs"] * len(others)
    assert all(find_lungs(image).likeness > 1 for image in images)


def test_a_cascade_survives_its_file(tmp_path, images):
    cascade = default_cascade()
    cascade.save(tmp_path / "again.npz")
    again = load_cascade(tmp_path / "again.npz")
    assert np.allclose(again.find(images[0]), cascade.find(images[0]), atol=2e-3)


def test_what_is_no_cascade_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("lungs")
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    np.savez(tmp_path / "pickled.npz", version=np.array([{"a": 1}], object))
    np.savez(tmp_path / "newer.npz", version=np.array(9))
    for name in ("text", "other", "pickled", "missing"):
        with pytest.raises(DataError, match=f"{name}.npz is no lung model"):
            load_cascade(tmp_path / f"{name}.npz")
    with pytest.raises(DataError, match="version 9"):
        load_cascade(tmp_path / "newer.npz")


def test_training_learns_to_find_lungs_of_patients_it_has_not_seen():
    generator = np.random.default_rng(5)

    def framed(number):
        shift = tuple(generator.normal(0, 0.03, 2))
        return draw(
            number, rows=96, framing=replace(PLAIN, zoom=generator.normal(1.05, 0.08), shift=shift)
        )

    films = [framed(number) for number in range(40)]
    # A mask of either kind must teach the border that both share.
    landmarks = np.stack(
        [
            place_outline(trace_outlines(film.lungs), (WHOLE, FIELD)[number % 2])
            for number, film in enumerate(films)
        ]
    )
    fit = fit_cascade([film.image for film in films[:34]], landmarks[:34], range(34), copies=1)
    for outline in (OUTLINES.whole, OUTLINES.field):

        def score(points, film, outline=outline):
            return dice(fill_outlines(points[outline], (96, 96)) > 0, film.lungs)

        found = [score(fit.cascade.find(film.image), film) for film in films[34:]]
        unseen = [score(*pair) for pair in zip(fit.unseen, films[:34], strict=True)]
        mean = [score(fit.cascade.shapes[0], film) for film in films[34:]]
        assert min(np.mean(found), np.mean(unseen)) > 0.93
        assert np.mean(found) > np.mean(mean) + 0.05


# --- the heart


def place_heart(width):
    """Landmarks of two lungs that are rectangles, with a heart between them, and their film."""
    x = {"right": (0.1, 0.5 - width / 2), "left": (0.9, 0.5 + width / 2)}
    lungs = []
    for outer, inner in x.values():
        down, up = np.linspace(0.1, 0.9, 22), np.linspace(0.9, 0.1, 18)
        lungs.append(np.column_stack([np.full(22, outer), down]))
        lungs.append(np.column_stack([np.linspace(outer, inner, 12), np.full(12, 0.9)]))
        lungs.append(np.column_stack([np.full(18, inner), up]))
    outline = np.concatenate(lungs)
    film = np.full((96, 96), 200, np.uint8)
    film[fill_outlines(outline, film.shape) > 0] = 60
    landmarks = place_outline(outline, WHOLE)
    landmarks[OUTLINES.field] = outline
    return landmarks, film


@pytest.mark.parametrize("width", [0.24, 0.4, 0.56])
def test_the_cardiothoracic_ratio_is_the_width_of_the_heart_by_that_of_the_thorax(width):
    heart = measure_heart(*place_heart(width))
    assert (heart.width, heart.thorax) == pytest.approx((width, 0.8))
    assert heart.ratio == pytest.approx(width / 0.8)


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (lambda points, film: (points, film, "no lungs"), "no lungs"),
        (lambda points, film: (points - (0.2, 0), film), "cropped"),
        (lambda points, film: (points, np.full_like(film, 90)), "no heart border"),
        (lambda points, film: (points, 255 - film), "no heart border"),
        (lambda points, film: (points, 255 - film, "inverted"), ""),
    ],
)
def test_where_the_ratio_cannot_be_seen_it_says_so(change, doubt):
    heart = measure_heart(*change(*place_heart(0.4)))
    assert heart.doubt == doubt
    assert (heart.ratio is None) == (doubt != "")


def test_a_heart_of_no_possible_width_is_doubted():
    assert measure_heart(*place_heart(0.1)).doubt == "implausible"


# --- the transformer


def test_a_stack_becomes_a_masked_stack(films, images):
    region = LungRegion().fit_transform(images)
    assert isinstance(region, np.ma.MaskedArray)
    assert np.array_equal(region.data, images)
    for masked, film in zip(region, films, strict=True):
        assert np.array_equal(~masked.mask, find_lungs(film.image).mask)


def test_images_of_several_shapes_become_a_list(images):
    region = LungRegion().transform([images[0], images[1][:, :100]])
    assert [part.shape for part in region] == [(128, 128), (128, 100)]
    assert all(isinstance(part, np.ma.MaskedArray) for part in region)


def test_it_takes_masks_of_ones_own(images):
    inside = images > 100
    for masks in (lambda image: image > 100, lambda image: (image > 100) * (1 + (image > 150))):
        assert np.array_equal(~LungRegion(masks=masks).transform(images).mask, inside)


@pytest.mark.parametrize(
    ("masks", "message"),
    [
        ("folder", "masks must be None, or a function"),
        (lambda image: image[:4] > 0, "masks must give a mask of the image's shape"),
        (lambda image: image > 255, "masks gave an empty mask for image 0"),
        (lambda image: (image > 9).astype(str), "must give booleans, integers or floating numbers"),
        (lambda image: image / 255, "one value inside .*, but gave more values for image 0"),
        (lambda image: np.where(image > 9, 1, np.nan), "gave more values for image 0, from nan"),
    ],
)
def test_wrong_masks_are_refused(images, masks, message):
    with pytest.raises(ParameterError, match=message):
        LungRegion(masks=masks).fit_transform(images)


def test_the_region_is_of_either_outline(films):
    lungs = find_lungs(films[0].image)
    region = LungRegion(outline="field").transform(films[0].image[None])
    assert np.array_equal(~region.mask[0], lungs.field > 0)
    with pytest.raises(ParameterError, match="outline must be one of whole, field"):
        LungRegion(outline="heart").transform(films[0].image[None])


def test_finding_says_what_is_doubtful(images):
    found = LungRegion().find([images[0], 255 - images[0]])
    assert [type(lungs) for lungs in found] == [Lungs, Lungs]
    assert [lungs.doubt for lungs in found] == ["", "inverted"]
    with pytest.raises(ParameterError, match="masks"):
        LungRegion(masks=lambda image: image > 0).find(images)


def test_a_chain_ends_in_named_columns_of_the_lungs(images):
    chain = make_pipeline(Preprocess(96), Equalize(), LungRegion(), LungIntensity())
    values = clone(chain).fit_transform(images)
    names = list(chain.fit(images).get_feature_names_out())
    assert values.shape == (4, len(names))
    changed = images.copy()
    changed[:, :4] = 255 - changed[:, :4]
    area = names.index("lung_area_right")
    assert 0.05 < values[0, area] < 0.3


def test_an_opaque_zone_shows_where_it_is():
    film = draw(1)
    clouded = film.image.copy()
    rows, columns = np.nonzero(film.lungs & (np.arange(128) >= 64))
    lower = rows > np.quantile(rows, 0.7)
    clouded[rows[lower], columns[lower]] = 230
    masked = np.ma.masked_array([film.image, clouded], np.stack([~film.lungs] * 2))
    extractor = LungIntensity()
    plain, ill = extractor.fit_transform(masked)
    names = list(extractor.get_feature_names_out())
    change = dict(zip(names, ill - plain, strict=True))
    assert change["lung_opaque_left_lower_x080"] > 0.5
    assert change["lung_opaque_right_lower_x080"] == 0
    assert change["lung_asymmetry_lower"] > 0.1
    assert change["lung_basal_left"] > 0.1
    assert change["lung_mean_left_upper"] == 0


# --- the command


def test_the_command_writes_masks_a_table_and_a_sheet(tmp_path, films):
    folder = tmp_path / "films"
    for number, film in enumerate(films):
        (folder / f"ward {number % 2}").mkdir(parents=True, exist_ok=True)
        Image.fromarray(film.image).save(folder / f"ward {number % 2}" / f"film{number}.png")
    Image.fromarray(255 - films[0].image).save(folder / "negative.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    arguments = ["lungs", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert (result.exception, result.return_value) == (None, FILES_SET_ASIDE)
    table = pd.read_csv(tmp_path / "out" / "lungs.csv", keep_default_na=False)
    assert len(table) == 5
    assert table["doubt"].tolist().count("inverted") == 1
    # Only of what is doubted is the likeness below 0.
    assert ((table["likeness"] < 0) == (table["doubt"] != "")).all()
    assert "1 looks doubtful: inverted" in result.output
    hidden = table["heart_doubt"] != ""
    assert (table["cardiothoracic_ratio"] == "").tolist() == hidden.tolist()
    with Image.open(tmp_path / "out" / table["field"].iloc[-1]) as field:
        assert set(np.unique(field)) == {0, 128, 255}
    with Image.open(tmp_path / "out" / table["mask"].iloc[-1]) as mask:
        assert set(np.unique(mask)) == {0, 128, 255}
    assert len(pd.read_csv(tmp_path / "out" / "errors.csv")) == 1
    with Image.open(tmp_path / "out" / "sheet.png") as sheet:
        assert sheet.size == (5 * 160, 160)


def test_lungs_are_compared_with_masks(tmp_path, films):
    folder, masks = tmp_path / "films", tmp_path / "own"
    folder.mkdir()
    masks.mkdir()
    for number, film in enumerate(films[:3]):
        Image.fromarray(film.image).save(folder / f"{number}.png")
    own = np.where(find_lungs(films[0].image).labels > 0, 2, 1).astype(np.uint8)
    Image.fromarray(own).save(masks / "0_mask.png")
    Image.fromarray(own[: len(own) // 2]).save(masks / "1.png")
    arguments = ["lungs", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1"]
    arguments += ["--masks", str(masks), "--mask-label", "2"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.exception is None, result.exception
    table = pd.read_csv(tmp_path / "out" / "agreement.csv", keep_default_na=False)
    assert table["dice"].tolist() == ["1.0", ""]
    assert 0.5 < float(table["field_dice"][0]) < 1
    assert "of another aspect ratio" in table["reason"][1]
    assert "1 compared with masks; 1 without a mask, 1 with one that cannot" in result.output
    assert "whole lungs: Dice 1.000 (5th percentile 1.000), Jaccard 1.000" in result.output


def test_the_command_refuses_an_empty_folder(tmp_path):
    result = CliRunner().invoke(
        cli, ["lungs", str(tmp_path), "--out", str(tmp_path / "out")], standalone_mode=False
    )
    assert isinstance(result.exception, DataError)
    assert "no images below" in str(result.exception)


# --- the real thing


def test_real_lungs_are_found(real_data):
    masks = sorted((real_data / "lung_masks" / "train").glob("*/*.png"))[::85]
    found = []
    for path in masks:
        film = np.asarray(
            Image.open(real_data / "chest_xray" / "train" / path.parent.name / f"{path.stem}.jpeg")
        )
        truth = np.asarray(Image.open(path).resize((224, 224))) > 0
        found.append(dice(find_lungs(np.ascontiguousarray(film[..., 0])).mask, truth))
    assert len(found) >= 20
    assert np.mean(found) > 0.93
