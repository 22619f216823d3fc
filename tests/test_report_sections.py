"""Each section of the report says and draws what the run holds."""

import dataclasses
import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from featurex.report import (
    alignment,
    caveats,
    comparison,
    controls,
    importance,
    mistakes,
    ranking,
    run_page,
    subgroups,
)
from featurex.report.confusion import _draw_matrix, draw_confusion
from featurex.report.cost import list_frontier
from featurex.report.curves import Curve, draw_calibration, list_groups
from featurex.report.learning import describe_learning, draw_learning
from featurex.report.names import full_name, percent
from featurex.report.robustness import describe_robustness, draw_robustness
from featurex.report.summary import summarise_run
from featurex.report.svg import number_style
from featurex.runs import answers, read_record
from featurex.runs.tables import describe_samples
from tests.report_run import write_run

FOLDER = Path(run_page.__file__).parent


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sections")
    write_run(folder)
    return read_record(folder)


@pytest.fixture(scope="module")
def three_classes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three")
    write_run(folder, task="three-class")
    return read_record(folder)


def change(record, **fields):
    """The same run with other answers."""
    return dataclasses.replace(record, info=dataclasses.replace(record.info, **fields))


# --- the checklist of a new section


def test_every_module_of_a_section_is_in_the_list():
    modules = [path.stem for path in FOLDER.glob("*.py") if path.stem not in ("__init__",)]
    functions = {
        getattr(importlib.import_module(f"featurex.report.{name}"), "make_section", None)
        for name in modules
    }
    assert functions - {None} == set(run_page.SECTIONS)
    assert len(run_page.SECTIONS) == len(set(run_page.SECTIONS))


def test_every_section_has_its_module_s_name_and_a_template_if_it_needs_one(record):
    templates = {path.stem for path in (FOLDER / "templates" / "sections").iterdir()}
    used = set()
    for make_section in run_page.SECTIONS:
        section = make_section(record)
        assert make_section.__module__ == f"featurex.report.{section.name}"
        assert not section.missing
        if section.values is not None:
            used.add(section.name)
    assert used == templates


def test_a_section_without_an_answer_says_why(record):
    empty = change(record, controls=(), skipped={"controls": "The images have no patients."})
    assert controls.make_section(empty).missing == "The images have no patients."
    assert "No negative controls" in controls.make_section(change(record, controls=())).missing
    for make_section, field, value, words in (
        (comparison.make_section, "comparison", None, "for two classes only"),
        (ranking.make_section, "ranking", None, "Fewer than three"),
        (subgroups.make_section, "subgroups", None, "no scores of groups"),
        (importance.make_section, "importance", None, "which columns its models use"),
        (mistakes.make_section, "mistakes", (), "decides every test image correctly"),
    ):
        section = make_section(change(record, **{field: value}))
        assert words in section.missing
        assert section.values is None


# --- words


def test_the_summary_has_the_run_s_numbers(record):
    summary = summarise_run(record)
    row = record.row(record.chosen[0])
    assert summary.question == "Normal or pneumonia?"
    assert percent(row["test_auc"]) in summary.result
    assert percent(row["test_specificity"]) in summary.result
    assert "is not significant" in summary.comparison
    assert "border ring" in summary.validity
    assert "A large part of any test score" in summary.validity
    assert [tile.kind for tile in summary.tiles] == ["classical", "learnt", "control"]


@pytest.mark.parametrize(
    ("test_auc", "words"), [(0.9, "A large part of"), (0.7, "A part of"), (0.5, "Hardly any part")]
)
def test_the_summary_depends_on_the_controls(record, test_auc, words):
    ring = answers.Control("ring", "the border", 0.9, test_auc)
    assert words in summarise_run(change(record, controls=(ring,))).validity


@pytest.mark.parametrize(
    ("swap", "words"), [(0.98, "AUC is stable"), (0.93, "falls somewhat"), (0.7, "falls steeply")]
)
def test_the_summary_depends_on_the_fall_in_swapped_framing(record, swap, words):
    rows = record.rows.copy()
    rows.loc[rows["key"] == record.chosen[0], ["cv_auc", "swap_auc"]] = (0.99, swap)
    assert words in summarise_run(dataclasses.replace(record, rows=rows)).validity


def test_a_perfect_order_has_no_interval(record):
    rows = record.rows.assign(test_auc=1.0, test_auc_low=1.0, test_auc_high=1.0)
    summary = summarise_run(dataclasses.replace(record, rows=rows))
    assert "no interval: all bootstrap resamples give the same value" in summary.result


def test_caveats_depend_on_the_run(record):
    sentences = caveats.list_caveats(record.info)
    assert any("synthetic" in caveat for caveat in sentences)
    assert any("Alignment fails more often" in caveat for caveat in sentences)
    info = record.info
    other = dataclasses.replace(
        info,
        dataset=dataclasses.replace(info.dataset, synthetic=False),
        protocol=dataclasses.replace(info.protocol, official_test=False),
        alignment=dataclasses.replace(
            info.alignment, failed_by_class={"normal": 1, "pneumonia": 1}
        ),
    )
    sentences = caveats.list_caveats(other)
    assert not any("synthetic" in caveat or "Alignment" in caveat for caveat in sentences)
    assert any("no test split of its own" in caveat for caveat in sentences)


def test_a_model_that_took_a_sample_is_named(record):
    assert not describe_samples(record.rows)
    rows = record.rows.copy()
    rows["n_train"] = 4000
    rows.loc[0, "n_train"] = 100
    sampled = dataclasses.replace(record, rows=rows)
    sentence = caveats.make_section(sampled).values["caveats"][-1]
    assert "100 of 4,000 training images" in sentence
    assert rows.loc[0, "model"] in sentence


def test_failures_are_counted_by_class(record):
    failures = alignment.list_failures(record.info)
    assert [name for name, *_ in failures] == record.classes
    assert sum(failed for _, failed, *_ in failures) == record.info.alignment.failed
    for _, failed, images, rate in failures:
        assert rate == failed / images


def test_the_ranking_is_described_in_words(record):
    words = ranking.describe_ranking(record.info.ranking)
    assert "Over all folds they differ (Friedman's test, χ² = 6.4, p = 0.041)" in words
    assert "more than 1.50 apart" in words
    assert "CNN is significantly behind" in words
    alike = dataclasses.replace(record.info.ranking, p=0.5, critical_difference=2.0)
    words = ranking.describe_ranking(alike)
    assert "do not differ significantly" in words
    assert "no model is significantly behind" in words


def test_groups_have_intervals_where_they_exist(record, three_classes):
    groups = subgroups.make_section(record).values["groups"]
    assert groups[1]["cells"] == [("0.800", "0.750–0.950"), ("80.0", "75.0–95.0"), ("–", "")]
    # A group without images has nothing to say.
    assert len(groups) == len(record.info.subgroups.groups) - 1 == 3
    values = subgroups.make_section(three_classes).values
    assert values["headings"] == ["AUC", "Acc. %"]


def test_importance_is_described_in_words(record):
    section = importance.make_section(record)
    words = section.lead.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "61 % of the contributions to its scores lie in the lungs" in words
    assert "more than if all regions counted alike" in words
    assert "AUC changes by −0.215; for the columns of other places it changes by −0.014" in words
    row = section.values["groups"]["By place in the image"][0]
    assert row["interval"] == "−0.235 to −0.195"


# --- figures


def test_learning_curves_are_described_and_drawn(record):
    words = describe_learning(record)
    assert "is 0.820 with 60 training patients and 0.900 with 120" in words
    # Three circles for each of two models; the whole is filled.
    assert draw_learning(record).svg.count("<circle") == 6
    assert draw_learning(record).svg.count("hollow") == 4


def test_robustness_is_described_and_drawn(record):
    words = describe_robustness(record)
    assert "1 of 4 disturbances reduces it by more than 0.05" in words
    assert "The worst is blur, of the side, 2 %, with an AUC of 0.700" in words
    drawn = draw_robustness(record).svg
    assert drawn.count("<svg") == 2
    assert f"{full_name(record.chosen[1])}: 0.800 at 0, 0.780 at 1 %, 0.600 at 2 %" in drawn


def test_drawn_decisions_are_those_that_the_rows_count(record):
    for key in record.chosen:
        description = re.search(r"<desc[^>]*>([^<]+)</desc>", draw_confusion(record, key).svg)[1]
        counts = [int(count) for count in re.findall(r"images, (\d+) decided", description)]
        right, total = counts[0] + counts[3], sum(counts)
        assert total == record.row(key)["n_test"]
        assert right / total == pytest.approx(record.row(key)["test_accuracy"])


def test_curves_are_the_chosen_models_and_the_same_on_another_input(record):
    ((title, curves),) = list_groups(record)
    assert title == ""
    assert [(curve.style, curve.chosen) for curve in curves] == [
        ("classical", True),
        ("classical other", False),
        ("learnt", True),
        ("learnt other", False),
        ("rival", True),
    ]


def test_three_classes_are_drawn_each_against_the_rest(three_classes):
    groups = list_groups(three_classes)
    assert [title for title, _ in groups] == [
        groups[0][0],
        "CNN on aligned images",
        "resnet from elsewhere",
    ]
    curves = groups[0][1]
    assert [curve.name for curve in curves] == [
        f"{name} against the rest" for name in ("normal", "bacteria", "virus")
    ]
    assert sum(curve.labels.sum() for curve in curves) == len(curves[0].labels)


def test_twelve_classes_can_be_told_apart():
    """Every style is one of the page's; bands and counts of twelve curves would hide each other."""
    styles = [number_style(index) for index in range(12)]
    css = (FOLDER / "templates" / "page.css").read_text()
    assert len(set(styles)) == 12
    assert all(f".{name} " in css for style in styles for name in style.split())
    labels = np.arange(24) % 12
    curves = [
        Curve(str(k), style, labels == k, np.linspace(0, 1, 24), None, "")
        for k, style in enumerate(styles)
    ]
    many, few = (draw_calibration(some).svg for some in (curves, curves[:3]))
    assert ('class="band' in many, 'class="band' in few) == (False, True)
    cells = "".join(_draw_matrix(np.eye(12, dtype=int), [f"class {k}" for k in range(12)]))
    assert cells.count("<rect") == 144
    assert (">class 11 12<" in cells, ">12<" in cells, "%" in cells) == (True, True, False)


def test_the_frontier_holds_what_nothing_cheaper_beats():
    costs = [
        answers.CostPoint("a/b/c", float(number), accuracy, 0.5)
        for number, accuracy in enumerate((0.8, 0.7, 0.9, 0.9))
    ]
    assert [cost.cpu_s for cost in list_frontier(costs)] == [0, 2]
