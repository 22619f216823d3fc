import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.special import expit

from featurex import load_model
from featurex.bundle import load_model as load
from featurex.cli import FILES_SET_ASIDE, cli
from featurex.explanation import MAP_SIDE, OUTSIDE, group_columns, locate_columns, name_regions
from tests.page import Page

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def phantom(drawn):
    return drawn(120, 5, 112)


@pytest.fixture(scope="module")
def path(phantom):
    return str(sorted((phantom / "test" / "PNEUMONIA").iterdir())[0])


@pytest.fixture(scope="module")
def film(path):
    return load_model().explain(path)


@pytest.fixture(scope="module")
def row(path):
    return load_model().predict([path], n_jobs=1).iloc[0].to_dict()


def test_the_score_is_what_all_columns_add_up_to(film, row):
    assert film.score == pytest.approx(row["score"], abs=1e-6)
    assert expit(film.base + film.columns["contribution"].sum()) == pytest.approx(
        film.score, abs=1e-5
    )
    assert len(film.columns) == len(load_model().manifest.columns)


def test_the_strongest_columns_come_first(film):
    strength = film.columns["contribution"].abs()
    assert strength.is_monotonic_decreasing
    first = film.columns.iloc[0]
    assert first["family"] == first["name"].split("_")[0]
    typical = load_model().scoring.typical
    position = load_model().manifest.columns.index(first["name"])
    expected = (first["value"] - typical.mean[position]) / typical.deviation[position]
    assert first["deviations"] == pytest.approx(expected)


def test_map_and_regions_hold_every_contribution_that_has_a_place(film):
    placed = ~np.isnan(locate_columns(film.columns["name"])[:, 0])
    expected = film.columns["contribution"][placed].sum()
    assert film.heat.shape == (MAP_SIDE, MAP_SIDE)
    assert film.heat.sum() == pytest.approx(expected)
    assert film.regions["contribution"].sum() == pytest.approx(expected)
    assert film.regions["share"].sum() == pytest.approx(1)
    assert 0 < film.inside < 1


def test_a_whitened_place_is_called_brighter(path, film, tmp_path):
    image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    rows, columns = image.shape
    image[int(0.5 * rows) : int(0.65 * rows), int(0.2 * columns) : int(0.35 * columns)] = 255
    cv2.imwrite(str(tmp_path / "white.png"), image)
    change = load_model().explain(tmp_path / "white.png").unusual - film.unusual
    row, column = np.unravel_index(change.argmax(), change.shape)
    assert change.max() > 1
    assert 0.4 < row / MAP_SIDE < 0.75
    assert 0.1 < column / MAP_SIDE < 0.45


def test_regions_part_the_image():
    labels = np.zeros((12, 12), np.uint8)
    labels[1:10, 1:4], labels[1:10, 8:11] = 1, 2
    regions = name_regions(labels)
    assert np.array_equal(
        sum(mask.astype(int) for mask in regions.values()), np.ones((12, 12), int)
    )
    assert regions["upper zone of the right lung"].sum() == 9
    assert regions["lower zone of the left lung"][7:10, 8:11].all()
    assert regions["heart and mediastinum"].sum() == 9 * 4
    assert regions[OUTSIDE].sum() == 144 - 2 * 27 - 36


def test_regions_of_a_film_without_lungs():
    regions = name_regions(np.zeros((5, 5), np.uint8))
    assert regions[OUTSIDE].all()
    assert not any(mask.any() for name, mask in regions.items() if name != OUTSIDE)


def test_columns_are_sampled_by_family_and_coarse_zone():
    names = [
        "zones_root_g08_r00_c00_b000",
        "zones_root_g08_r01_c01_b000",
        "zones_root_g08_r07_c07_b000",
        "lung_mean",
    ]
    assert group_columns(names, locate_columns(names)).tolist() == [0, 0, 1, 2]


def test_the_command_explains_what_it_scored(phantom, path, tmp_path):
    (tmp_path / "bad <i>.png").write_text("text")
    paths = [path, str(phantom / "test" / "NORMAL"), str(tmp_path / "bad <i>.png")]
    arguments = ["predict", *paths, "--jobs", "1", "--explain", str(tmp_path / "pages")]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert (result.exception, result.return_value) == (None, FILES_SET_ASIDE)
    index = Page((tmp_path / "pages" / "index.html").read_text())
    links = [link["href"] for link in index.all("a") if link["href"].endswith(".html")]
    assert len(links) == 1 + len(list((phantom / "test" / "NORMAL").iterdir()))
    assert all((tmp_path / "pages" / link).is_file() for link in links)
    assert "bad <i>.png : NOT_AN_IMAGE" in index.text


# --- do they tell the truth?


@pytest.fixture(scope="module")
def game():
    spec = importlib.util.spec_from_file_location(
        "pointing_game", ROOT / "benchmarks" / "pointing_game.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.jobs
def test_maps_point_at_the_opacities_and_those_of_shuffled_labels_do_not(game, phantom, tmp_path):
    played = {
        name: game.play(game.fit(phantom, tmp_path / name, "logistic", seed), phantom)
        for name, seed in (("true", None), ("shuffled", 0))
    }
    assert isinstance(played["true"], pd.Series)
    assert played["true"]["AUC"] > 0.6
    assert abs(played["shuffled"]["AUC"] - 0.5) < 0.06
    assert played["true"]["hits"] > played["true"]["chance"] + 0.1
    assert load(tmp_path / "true").manifest.key == "aligned/zones+glcm+gabor/logistic"
