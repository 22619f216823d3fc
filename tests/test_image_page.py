"""The page of an explained image, of a drawn explanation."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from featurex.bundle.withheld import explain_withheld
from featurex.evaluation.conformal import PredictionSets
from featurex.explanation import OUTSIDE
from featurex.report.description import describe_image
from featurex.report.image_page import (
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
    source = render_image(explained, ROW, [], MODEL)
    page = Page(source)
    assert len(source) < 500_000
    assert len(page.all("img")) == 6
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    # What lies below colours says nothing by itself.
    assert [bool(image["alt"]) for image in page.all("img")].count(False) == 2
    assert "Research use only" in page.text
    assert "Score of pneumonia 0.730 · threshold 0.400 · probability 81" in page.text
    assert describe_image(explained, ROW, MODEL.manifest) in page.text
    assert "lung_mean" in page.text


def test_a_name_from_outside_is_shown_and_not_obeyed(explained):
    page = Page(render_image(explained, ROW, [], MODEL))
    assert "test/<b>image</b>.jpeg" in page.text
    assert len(page.all("script")) == 1


def test_an_image_is_described_in_a_sentence_or_in_none(explained):
    manifest = MODEL.manifest
    assert describe_image(explained, ROW, manifest) == (
        "The upper zone of the left lung looks more opaque than in the training images, which "
        "raised the score of pneumonia."
    )
    assert describe_image(explained, {**ROW, "flags": "no_lungs; unusual"}, manifest) == ""

    def describe(score, contributions, brightness):
        zones = [f"{third} zone of the right lung" for third in ("upper", "middle", "lower")]
        columns = {"name": zones, "contribution": contributions, "brightness": brightness}
        image = SimpleNamespace(score=score, target="pneumonia", regions=pd.DataFrame(columns))
        return describe_image(image, ROW, manifest)

    assert describe(0.2, [-0.5, -0.4, 0.6], [-1.2, -2.0, 3.0]) == (
        "The upper and middle zones of the right lung look more translucent than in the training "
        "images, which lowered the score of pneumonia."
    )
    one = pd.DataFrame({"contribution": [0.5, 0.5], "brightness": [1.5, 1.5]})
    one["name"] = ["lower zone of the right lung", "lower zone of the left lung"]
    both = SimpleNamespace(score=0.9, target="pneumonia", regions=one)
    assert describe_image(both, ROW, manifest).startswith("The lower zones of both lungs look ")
    # About as bright as usual, or for the other side: nothing is said.
    assert describe(0.9, [0.5, 0.4, -0.6], [0.9, -0.9, 3.0]) == ""


@pytest.mark.parametrize(
    ("decision", "flags", "words"),
    [
        ("pneumonia", "", []),
        ("pneumonia", "inverted", ["Check the image before its score is used: looks like a neg"]),
        ("no decision", "no_lungs", ["No decision is given, because of the image: no lungs were"]),
        ("undecided", "", ["Undecided: normal and pneumonia are both possible with this score"]),
    ],
)
def test_what_is_withheld_is_said_with_its_reason(explained, decision, flags, words):
    row = {**ROW, "decision": decision, "flags": flags}
    manifest = SimpleNamespace(**{**vars(MODEL.manifest), "sets": PredictionSets(0.9, (0.2, 0.3))})
    withheld = explain_withheld(row, manifest)
    assert [said[: len(start)] for said, start in zip(withheld, words, strict=True)] == words
    page = Page(render_image(explained, row, withheld, MODEL))
    assert all(said in page.text for said in withheld)
    # Without lungs, nothing lies outside of them.
    assert ("lies outside the lungs" in page.text) == ("no_lungs" not in flags)


def test_no_probability_is_certain():
    for probability, words in ((0.9996, "above 99"), (0.004, "below 1"), (0.5, "50")):
        numbers = list_numbers({**ROW, "probability": probability}, MODEL.manifest)
        assert numbers["probability"].startswith(words)


def test_three_classes_have_a_score_each():
    manifest = SimpleNamespace(classes=("normal", "bacteria", "virus"), threshold=None)
    numbers = list_numbers({"score_0": 0.1, "score_1": 0.7, "score_2": 0.2}, manifest)
    assert numbers == {
        "score of normal": "0.100",
        "score of bacteria": "0.700",
        "score of virus": "0.200",
    }


def test_the_list_links_to_every_page_and_names_what_was_left_out(explained, tmp_path):
    summary = write_image_page(explained, ROW, [], MODEL, tmp_path)
    left_out = [{"path": "bad <i>.png", "reason": "NOT_AN_IMAGE", "detail": "text"}]
    index = Page(write_image_list([summary], left_out, MODEL, tmp_path).read_text())
    links = [link["href"] for link in index.all("a") if link["href"].endswith(".html")]
    assert links == [summary["page"]]
    assert (tmp_path / links[0]).is_file()
    assert "bad <i>.png : NOT_AN_IMAGE" in index.text
    flagged = {**summary, "flags": "not_aligned; no_lungs", "inside": 0.3}
    index = Page(write_image_list([flagged], [], MODEL, tmp_path).read_text())
    assert "0.730 – not aligned; no lungs" in index.text


def test_pages_of_equal_names_do_not_overwrite_each_other():
    assert page_name("a/image.jpeg") != page_name("b/image.jpeg")
    assert page_name("a/image.jpeg").startswith("image-")
