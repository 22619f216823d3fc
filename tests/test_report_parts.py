"""Pieces of which reports are made: numbers, axes, charts, pictures."""

import base64
import io

import cv2
import numpy as np
import pytest
from rich.console import Console

from featurex.report.auc_chart import AucChart
from featurex.report.axes import Axes, Scale
from featurex.report.decision import parts_above
from featurex.report.labels import Labels
from featurex.report.names import (
    compact,
    decimal,
    describe_interval,
    full_name,
    interval,
    listing,
    percent,
    probability,
    sentence,
    signed,
)
from featurex.report.pictures import RunPictures, read_picture
from featurex.report.terminal import Key
from featurex.wording import count


def test_numbers_are_written_for_people():
    assert decimal(0.98649) == "0.986"
    assert decimal(float("nan")) == "–"
    assert signed(-0.0004) == "0.000"
    assert signed(-0.01) == "−0.010"
    assert percent(0.955) == "95.5\N{NARROW NO-BREAK SPACE}%"
    assert [compact(value) for value in (0, 0.0421, 3.14, 118.2, 5216)] == [
        "0",
        "0.042",
        "3.1",
        "118",
        "5,216",
    ]
    assert probability(1e-9) == "p < 0.001"
    assert sentence("judge by AUC") == "Judge by AUC."
    assert listing("abc") == "a, b and c"
    assert [count(number, "file") for number in (0, 1, 2000)] == [
        "no files",
        "1 file",
        "2,000 files",
    ]


def test_an_interval_without_width_is_not_shown():
    assert interval(0.96, 0.995) == "0.960–0.995"
    assert interval(0.9996, 1.0) == interval(None, 1.0) == interval(float("nan"), 1.0) == "–"
    assert interval(-0.1, 0.1, signed, " to ") == "−0.100 to +0.100"
    assert "no interval" in describe_interval(1.0, 1.0)


def test_models_are_named_by_their_keys():
    assert full_name("aligned/zones+glcm/xgboost") == "zones + GLCM, XGBoost on aligned images"
    assert full_name("original/pixels/cnn") == "CNN on original images"


def test_scales_keep_proportions():
    assert Scale(0.0, 2.0, 10.0, 30.0)(1.0) == 20.0
    assert Scale(1.0, 100.0, 0.0, 10.0, logarithmic=True)(10.0) == pytest.approx(5.0)
    assert Scale(0.0, 1.0, 0, 1).ticks() == [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert Scale(0.4, 250.0, 0, 1, logarithmic=True).ticks() == [1, 3, 10, 30, 100]
    assert Scale(0.4, 900.0, 0, 1, logarithmic=True).ticks() == [1, 10, 100]


def test_a_straight_line_needs_two_points():
    axes = Axes(Scale(0.0, 1.0, 0.0, 100.0), Scale(0.0, 1.0, 100.0, 0.0))
    line = axes.line(np.linspace(0, 1, 50), np.linspace(0, 1, 50), "x")
    assert 'points="0.0,100.0 100.0,0.0"' in line
    steps = axes.line(np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.5, 0.5]), "x", steps=True)
    assert 'points="0.0,0.0 50.0,0.0 50.0,50.0 100.0,50.0"' in steps


def test_a_curve_below_the_axes_is_cut_where_it_leaves_and_where_it_comes_back():
    x, y = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([1.0, -1.0, -1.0, 3.0, -1.0])
    parts = [(x[part].tolist(), y[part].tolist()) for x, y, part in parts_above(x, y, 0.0)]
    assert parts == [([0.0, 0.5], [1.0, 0.0]), ([2.25, 3.0, 3.75], [0.0, 3.0, 0.0])]


def test_a_chart_of_bars_begins_at_one_half_or_below():
    assert AucChart([0.9, float("nan")]).scale.low == 0.5
    assert AucChart([0.42]).scale.low == 0.4
    assert AucChart([0.93], bars=False).scale.low == 0.9


def test_a_name_without_a_free_place_is_left_out():
    axes = Axes(Scale(0.0, 1.0, 0.0, 40.0), Scale(0.0, 1.0, 20.0, 0.0))
    labels = Labels(axes, [(20.0, 10.0)])
    labels.add((20.0, 10.0), "much too long for it", "tick")
    assert labels.draw() == ""


def test_pictures_are_whole_pngs_of_the_folder_or_nothing(tmp_path):
    (tmp_path / "run" / "elsewhere").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "run" / "a.png"), np.zeros((8, 8), np.uint8))
    (tmp_path / "run" / "run.json").write_text("{}")
    content = (tmp_path / "run" / "a.png").read_bytes()
    pictures = RunPictures(tmp_path / "run", budget=len(content))
    embedded = pictures.embed("a.png")
    assert base64.b64decode(embedded.source.partition(",")[2]) == content
    assert embedded[1:] == (8, 8)
    assert pictures.embed("a.png") is None, "the budget is spent"
    assert read_picture(tmp_path / "run", "a.png", limit=10) is None
    assert read_picture(tmp_path / "run", "none.png", limit=10**6) is None
    assert read_picture(tmp_path / "run", "run.json", limit=10**6) is None
    assert read_picture(tmp_path / "run" / "elsewhere", "../a.png", limit=10**6) is None


def test_films_are_embedded_as_jpeg_and_the_first_ones_always(tmp_path):
    film = np.random.default_rng(0).integers(0, 256, (64, 48), np.uint8)
    film = cv2.GaussianBlur(film, (0, 0), 2)
    for name in "ab":
        cv2.imwrite(str(tmp_path / f"{name}.png"), film)
    whole = RunPictures(tmp_path).embed("a.png")
    assert whole.source.startswith("data:image/jpeg;base64,")
    assert whole[1:] == (48, 64)
    one = len(base64.b64decode(whole.source.partition(",")[2]))
    assert one < (tmp_path / "a.png").stat().st_size
    pictures = RunPictures(tmp_path, budget=one, first=["b.png"])
    assert pictures.embed("a.png") is None
    assert pictures.embed("b.png") == pictures.embed("b.png") == whole


@pytest.mark.parametrize("width", [12, 24, 80])
def test_a_key_breaks_between_its_parts_alone(width):
    key = "aligned/zones+glcm+gabor/logistic"
    console = Console(width=width, file=io.StringIO())
    console.print(Key(key))
    lines = console.file.getvalue().split()
    assert "".join(lines) == key
    assert all(line.endswith(("/", "+")) for line in lines[:-1])
    assert max(map(len, lines)) <= width
