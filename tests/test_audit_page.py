import dataclasses

import numpy as np
import pytest

from featurex.audit import MOST_PICTURES, audit_dataset
from featurex.audit.labels import contradict
from featurex.datasets import load_dataset
from featurex.errors import DataError
from featurex.report import write_audit_page
from featurex.report.audit_page import render_audit
from tests.page import Page


@pytest.fixture(scope="module")
def dataset(drawn):
    return load_dataset(drawn(150, 2, 96))


@pytest.fixture(scope="module")
def turned(dataset):
    """Positions of images whose label is turned round, and the data set with it."""
    wrong = np.random.default_rng(0).choice(len(dataset.table), 6, replace=False)
    labels = dataset.table["label"].to_numpy(object).copy()
    labels[wrong] = np.where(labels[wrong] == "NORMAL", "PNEUMONIA", "NORMAL")
    return wrong, dataclasses.replace(dataset, table=dataset.table.assign(label=labels))


@pytest.fixture(scope="module")
def audit(turned):
    return audit_dataset(turned[1], n_jobs=2)


@pytest.fixture(scope="module")
def page(audit):
    return Page(render_audit(audit))


def test_labels_turned_round_lead_the_doubted(turned, audit):
    wrong, dataset = turned
    paths = set(dataset.table["path"].iloc[wrong])
    found = audit.labels["path"].isin(paths)
    assert found.sum() >= 4
    assert found[:4].sum() >= 3
    assert (audit.labels["label"] != audit.labels["suggested"]).all()
    assert audit.labels["margin"].is_monotonic_increasing
    assert (audit.labels["margin"] < 0).all()
    assert audit.labels["probability"].between(0, 0.5).all()


def naive_contradict(labels, probabilities):
    n, n_classes = probabilities.shape
    limits = [
        np.mean([probabilities[i, c] for i in range(n) if labels[i] == c]) for c in range(n_classes)
    ]
    suggested = []
    for i in range(n):
        candidates = [c for c in range(n_classes) if probabilities[i, c] >= limits[c]]
        best = max(candidates, key=lambda c: probabilities[i, c], default=labels[i])
        suggested.append(
            best if probabilities[i, best] > probabilities[i, labels[i]] else labels[i]
        )
    return np.array(suggested)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_rule_is_that_of_confident_learning(n_classes):
    rng = np.random.default_rng(n_classes)
    labels = rng.integers(0, n_classes, 200)
    probabilities = rng.dirichlet(np.ones(n_classes), 200)
    suggested, margins = contradict(labels, probabilities)
    assert np.array_equal(suggested, naive_contradict(labels, probabilities))
    assert (suggested != labels).any()
    assert np.array_equal(margins == 0, suggested == labels)
    assert (margins <= 0).all()


def test_without_contradiction_no_label_is_doubted():
    labels = np.repeat([0, 1], 20)
    probabilities = np.where(labels[:, np.newaxis] == np.arange(2), 0.9, 0.1)
    assert np.array_equal(contradict(labels, probabilities)[0], labels)


def test_the_page_is_one_file_and_says_everything(audit, page):
    sources = [image["src"] for image in page.all("img")]
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert all(image["alt"] for image in page.all("img"))
    assert len(page.ids) == len(set(page.ids))
    for finding in audit.findings:
        assert finding.title in page.text
    for name in audit.shortcuts["name"]:
        assert name in page.text
    assert "Research use only, not a medical device" in page.text
    assert "nan" not in page.text.lower().split()


def test_pictures_are_those_of_the_images_named(turned, audit):
    assert set(audit.labels["path"].head(MOST_PICTURES)) <= set(audit.pictures)
    assert all(max(picture.shape) == 320 for picture in audit.pictures.values())
    assert len(audit.pictures) < len(turned[1].table)


def test_names_from_outside_are_shown_and_not_obeyed(audit):
    named = dataclasses.replace(audit, name="<script>alert(1)</script>")
    page = Page(render_audit(named))
    assert len(page.all("script")) == 1
    assert "<script>alert(1)</script>" in page.text


def test_an_audit_that_found_nothing_says_so(dataset, audit):
    clean = dataclasses.replace(
        audit,
        files=audit.files.assign(reason="", notes=""),
        quality=audit.quality.assign(flags=""),
        shortcuts=audit.shortcuts.assign(cv_auc=0.5, low=0.4, high=0.6, test_auc=float("nan")),
        labels=audit.labels.head(0),
        near_duplicates=audit.near_duplicates.head(0),
        duplicates=audit.duplicates.head(0),
        counts=audit.counts[audit.counts["split"] != "val"],
        notes=(),
    )
    assert clean.findings == []
    text = Page(render_audit(clean)).text
    assert "No serious findings" in text
    assert "None of the shortcuts that were tested predicts the label." in text
    without = dataclasses.replace(clean, shortcuts=audit.shortcuts.head(0))
    assert "No shortcut was tested; the findings say why." in Page(render_audit(without)).text


def test_the_page_is_written_where_asked(audit, tmp_path):
    path = write_audit_page(audit, tmp_path / "out")
    assert path.name == "audit.html"
    assert path.read_text(encoding="utf-8") == render_audit(audit)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file"):
        write_audit_page(audit, tmp_path / "file")
