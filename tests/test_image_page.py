"""The page of an explained image, of a drawn explanation."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from featurex.explanation import OUTSIDE
from featurex.report.image_page import (
    describe_image,
    list_numbers,
    page_name,
    render_image,
    write_image_list,
    write_image_page,
)
from tests.page import Page

MODEL = SimpleNamespace(
    manifest=SimpleNamespace(
        key="aligned/zones/logistic",
        created="2026-01-05T09:30:00+00:00",
        classes=("normal", "pneumonia"),
        threshold=0.4,
        task="pneumonia",
        dataset={"name": "phantom"},
    )
)
ROW = {
    "path": "test/<b>image</b>.jpeg",
    "score": 0.73,
    "probability": 0.81,
    "decision": "pneumonia",
    "flags": "",
}


@pytest.fixture(scope="module")
def explained():
    generator = np.random.default_rng(0)
    grey = generator.integers(0, 256, (48, 48), np.uint8)
    lungs = np.zeros((48, 48), np.uint8)
    lungs[8:40, 4:18], lungs[8:40, 30:44] = 1, 2
    names = ["upper zone of the left lung", "lower zone of the right lung", OUTSIDE]
    regions = pd.DataFrame(
        {
            "name": names,
            "share": [0.2, 0.2, 0.6],
            "contribution": [0.9, -0.3, 0.1],
            "brightness": [2.0, 0.1, 0.0],
        }
    )
    columns = pd.DataFrame(
        {
            "name": ["zones_root_g08_r00_c00_b000", "lung_mean"],
            "family": ["zones", "lung"],
            "region": [names[0], ""],
            "value": [1.0, 2.0],
            "usual": [0.5, 2.5],
            "deviations": [1.2, -0.4],
            "contribution": [0.9, -0.2],
        }
    )
    return SimpleNamespace(
        path=ROW["path"],
        score=ROW["score"],
        target="pneumonia",
        base=0.3,
        columns=columns,
        regions=regions,
        original=grey,
        prepared=grey,
        labels=lungs,
        inside=0.8,
        heat=generator.normal(size=(24, 24)),
        unusual=generator.normal(size=(24, 24)),
    )


def test_the_page_of_an_image(explained):
    source = render_image(explained, ROW, MODEL)
    page = Page(source)
    assert len(source) < 500_000
    assert len(page.all("img")) == 6
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    # What lies below colours says nothing by itself.
    assert [bool(image["alt"]) for image in page.all("img")].count(False) == 2
    assert "Research use only" in page.text
    assert "Score of pneumonia 0.73 · threshold 0.40 · calibrated probability" in page.text
    for sentence in describe_image(explained, ROW):
        assert " ".join(sentence.split()) in page.text
    assert "lung_mean" in page.text


def test_a_name_from_outside_is_shown_and_not_obeyed(explained):
    page = Page(render_image(explained, ROW, MODEL))
    assert "test/<b>image</b>.jpeg" in page.text
    assert len(page.all("script")) == 1


def test_an_image_is_described_in_words(explained):
    assert describe_image(explained, ROW) == [
        "The upper zone of the left lung (much brighter than usual) raised the score of pneumonia "
        "most, and the lower zone of the right lung lowered it most.",
        "20\N{NARROW NO-BREAK SPACE}% of what moved the score lies outside the lungs.",
    ]
    flagged = describe_image(explained, {**ROW, "flags": "not_aligned; unusual"})
    assert flagged[0].endswith("since the model flags it: not aligned; unusual.")


def test_three_classes_have_a_score_each():
    manifest = SimpleNamespace(classes=("normal", "bacteria", "virus"), threshold=None)
    numbers = list_numbers({"score_0": 0.1, "score_1": 0.7, "score_2": 0.2}, manifest)
    assert numbers == {
        "score of normal": "0.10",
        "score of bacteria": "0.70",
        "score of virus": "0.20",
    }


def test_the_list_links_to_every_page_and_names_what_was_left_out(explained, tmp_path):
    summary = write_image_page(explained, ROW, MODEL, tmp_path)
    left_out = [{"path": "bad <i>.png", "reason": "NOT_AN_IMAGE", "detail": "text"}]
    index = Page(write_image_list([summary], left_out, MODEL, tmp_path).read_text())
    links = [link["href"] for link in index.all("a") if link["href"].endswith(".html")]
    assert links == [summary["page"]]
    assert (tmp_path / links[0]).is_file()
    assert "bad <i>.png : NOT_AN_IMAGE" in index.text


def test_pages_of_equal_names_do_not_overwrite_each_other():
    assert page_name("a/image.jpeg") != page_name("b/image.jpeg")
    assert page_name("a/image.jpeg").startswith("image-")
