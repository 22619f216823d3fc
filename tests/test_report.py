import base64
import io
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from featurex.errors import DataError
from featurex.report import write_report
from featurex.report.axes import Axes, Scale
from featurex.report.cost import list_frontier
from featurex.report.decision import runs_above
from featurex.report.limits import describe_limits, draw_learning, draw_robustness
from featurex.report.names import (
    compact,
    decimal,
    full_name,
    listing,
    percent,
    probability,
    sentence,
    signed,
)
from featurex.report.performance import draw_confusion, list_groups
from featurex.report.pictures import embed_examples, read_picture
from featurex.report.terminal import ranked_table
from featurex.report.words import describe_ranking, describe_verdict, list_caveats, list_failures
from featurex.runs import read_record
from tests.page import Page
from tests.report_run import write_facts, write_run

KINDS = {
    "full": {},
    "etiology": {"task": "etiology"},
    "three-class": {"task": "three-class"},
    "bare": {"cnn": False, "controls": False, "limits": False, "swap": False, "errors": 0},
}


@pytest.fixture(scope="module", params=KINDS)
def any_page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    write_run(folder, **KINDS[request.param])
    return Page(write_report(folder).read_text(encoding="utf-8"))


def featurex(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "featurex", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def run(tmp_path):
    write_run(tmp_path)
    return tmp_path


@pytest.fixture
def record(run):
    return read_record(run)


def test_nothing_is_fetched(any_page):
    loading = [
        value
        for _, attributes in any_page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "data", "action", "poster")
    ]
    assert loading
    assert all(value.startswith(("#", "data:image/png;base64,")) for value in loading)


def test_the_policy_allows_only_the_page_s_own_style_and_script(run):
    source = write_report(run).read_text(encoding="utf-8")
    policy = next(meta["content"] for meta in Page(source).all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "style=" not in re.sub(r"<style>.*?</style>", "", source, flags=re.DOTALL)
    assert "url(" not in source
    assert "@import" not in source


def test_ids_are_unique_and_links_lead_somewhere(any_page):
    assert len(any_page.ids) == len(set(any_page.ids))
    for link in any_page.all("a"):
        assert link["href"][1:] in any_page.ids


def test_every_drawing_says_what_it_shows(any_page):
    drawings = [svg for svg in any_page.all("svg") if svg.get("aria-hidden") != "true"]
    assert len(drawings) >= 6
    for svg in drawings:
        assert svg["role"] == "img"
        for name in svg["aria-labelledby"].split():
            assert name in any_page.ids
    assert all(image["alt"] for image in any_page.all("img"))


def test_what_everybody_must_know_is_there(any_page):
    assert "Research use only, not a medical device" in any_page.text
    assert "Synthetic images." in any_page.text


def test_limits_are_told_and_drawn_where_they_were_measured(record):
    said = describe_limits(record)
    assert "AUC 0.820 after 60 patients, 0.900 after 120" in said
    assert (
        "Of 4 changes to the test films 1 costs more than 0.05 of it; the worst is blur, of the "
        "side, 2 %" in said
    )
    drawn = draw_robustness(record).svg
    assert drawn.count("<svg") == 2
    assert (
        f"{full_name(record.row(record.chosen[1]))}: 0.800 at 0, 0.780 at 1 %, 0.600 at 2 %"
        in drawn
    )
    # Three circles for each of two models; the whole is filled.
    assert draw_learning(record).svg.count("<circle") == 6
    assert draw_learning(record).svg.count("hollow") == 4


def test_limits_that_were_not_measured_have_no_section(tmp_path):
    write_run(tmp_path, **KINDS["bare"])
    assert 'id="limits"' not in write_report(tmp_path).read_text(encoding="utf-8")


def test_the_ranking_is_told_in_words(record):
    ranking = record.facts["ranking"]
    said = describe_ranking(ranking, record)
    assert (
        "the 3 models differ by more than chance explains (Friedman's test, χ² = 6.4, p = 0.041)"
        in said
    )
    assert (
        "more than 1.50 apart, the critical difference of Nemenyi's test: CNN falls that far behind"
        in said
    )
    alike = describe_ranking({**ranking, "p": 0.5, "critical_difference": 2.0}, record)
    assert "do not differ beyond chance" in alike
    assert "none falls that far behind" in alike


def test_groups_of_test_images_are_tabled_with_intervals(any_page):
    start = any_page.text.index("In groups of test images")
    table = any_page.text[start : start + 700]
    if "Sens." in table:
        assert "bacteria 30 images, 20 patients 0.800 0.750–0.950 80.0 75.0–95.0 –" in table
        assert "alignment failed 0 images, 20 patients – – –" in table
    else:
        assert "bacteria 30 images, 20 patients 0.800 0.750–0.950 80.0 75.0–95.0" in table
        assert "alignment failed 0 images, 20 patients – –" in table


def test_missing_parts_become_sentences(tmp_path):
    write_run(tmp_path, **KINDS["bare"])
    text = Page(write_report(tmp_path).read_text(encoding="utf-8")).text
    for words in (
        "No CNN took part. PyTorch is not installed",
        "No negative controls were run",
        "Swapped framings were not tried",
        "Every file could be read",
    ):
        assert words in text
    assert "nan" not in text.split()


def test_optional_facts_may_be_absent(run):
    facts = json.loads((run / "run.json").read_text())
    for name in (
        "comparison",
        "decision",
        "controls",
        "cost",
        "examples",
    ):
        del facts[name]
    write_facts(run, facts)
    text = Page(write_report(run).read_text(encoding="utf-8")).text
    for words in (
        "This run holds no costs",
        "no example pictures",
    ):
        assert words in text


def test_names_from_outside_are_shown_and_not_obeyed(run):
    facts = json.loads((run / "run.json").read_text())
    facts["dataset"]["name"] = "</title><img src=x onerror=alert(1)>"
    facts["examples"][0]["path"] = '"><script>alert(2)</script>'
    write_facts(run, facts)
    page = Page(write_report(run).read_text(encoding="utf-8"))
    assert len(page.all("script")) == 1
    assert all("onerror" not in attributes for _, attributes in page.tags)
    assert "notes <script>alert(1)</script> & more.jpeg" in page.text
    assert "<img src=x onerror=alert(1)>" in page.text


def test_the_table_is_ranked_by_swapped_framing_and_marks_the_chosen(run, record):
    source = write_report(run).read_text(encoding="utf-8")
    values = re.findall(r'data-label="Swap AUC" data-value="([^"]+)"', source)
    assert len(values) == len(record.rows)
    assert [float(value) for value in values] == sorted(map(float, values), reverse=True)
    assert source.count('<span class="badge">') == 2


def test_drawn_decisions_are_those_that_the_rows_count(record):
    for key in record.chosen:
        description = re.search(r"<desc[^>]*>([^<]+)</desc>", draw_confusion(record, key).svg)[1]
        counts = [int(count) for count in re.findall(r"images, (\d+) decided", description)]
        right, total = counts[0] + counts[3], sum(counts)
        assert total == record.row(key)["n_test"]
        assert right / total == pytest.approx(record.row(key)["test_accuracy"])


def test_curves_are_the_chosen_models_and_their_counterparts(record):
    ((title, curves),) = list_groups(record)
    assert title == ""
    assert len(curves) == 4
    assert [curve.chosen for curve in curves] == [True, False, True, False]
    assert [curve.style for curve in curves] == [
        "classical",
        "classical other",
        "learnt",
        "learnt other",
    ]


def test_three_classes_are_drawn_each_against_the_rest(tmp_path):
    write_run(tmp_path, task="three-class")
    groups = list_groups(read_record(tmp_path))
    assert [title for title, _ in groups] == [groups[0][0], "CNN on aligned images"]
    curves = groups[0][1]
    assert [curve.name for curve in curves] == [
        f"{name} against the rest" for name in ("normal", "bacteria", "virus")
    ]
    assert sum(curve.labels.sum() for curve in curves) == len(curves[0].labels)


def test_the_verdict_tells_the_run_s_numbers(record):
    verdict = describe_verdict(record)
    row = record.row(record.chosen[0])
    assert verdict.title == "Normal or pneumonia?"
    assert percent(row["test_auc"]) in verdict.found
    assert percent(row["test_specificity"]) in verdict.found
    assert "within what chance explains" in verdict.compared
    assert "border ring" in verdict.worth
    assert "Much of any test score" in verdict.worth


@pytest.mark.parametrize(
    ("test_auc", "words"), [(0.9, "Much of any"), (0.7, "Some of any"), (0.5, "Next to nothing")]
)
def test_the_verdict_judges_controls(record, test_auc, words):
    record.facts["controls"] = [
        {"name": "ring", "description": "the border", "cv_auc": 0.9, "test_auc": test_auc}
    ]
    assert words in describe_verdict(record).worth


@pytest.mark.parametrize(
    ("swap", "words"), [(0.98, "AUC holds"), (0.93, "falls somewhat"), (0.7, "falls steeply")]
)
def test_the_verdict_judges_the_fall_in_swapped_framing(record, swap, words):
    record.rows.loc[record.rows["key"] == record.chosen[0], ["cv_auc", "swap_auc"]] = (0.99, swap)
    assert words in describe_verdict(record).worth


def test_caveats_know_the_run(record):
    assert any("synthetic" in caveat for caveat in list_caveats(record))
    assert any("Alignment fails more often" in caveat for caveat in list_caveats(record))
    record.facts["dataset"]["synthetic"] = False
    record.facts["protocol"]["test"] = "patient-grouped 20 % holdout"
    record.facts["alignment"]["failed_by_class"] = {"normal": 1, "pneumonia": 1}
    caveats = list_caveats(record)
    assert not any("synthetic" in caveat or "Alignment" in caveat for caveat in caveats)
    assert any("no test split of their own" in caveat for caveat in caveats)


def test_failures_are_counted_by_class(record):
    failures = list_failures(record.facts)
    assert [name for name, *_ in failures] == record.classes
    assert sum(failed for _, failed, *_ in failures) == record.facts["alignment"]["failed"]
    for _, failed, images, rate in failures:
        assert rate == failed / images


def test_the_same_run_gives_the_same_page(run):
    first = write_report(run).read_bytes()
    assert write_report(run).read_bytes() == first
    assert len(first) < 5_000_000


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("run.json", None, "is not the folder of a finished run"),
        ("run.json", "{", "cannot be read"),
        ("run.json", '{"format": 1}', "is of format 1, but this featurex reads format 2"),
        ("run.json", "[1]", "is of format None"),
        (
            "run.json",
            '{"format": 2, "task": "pneumonia"}',
            "run.json lacks featurex, created",
        ),
        ("rows.csv", None, "rows.csv cannot be read"),
        ("rows.csv", "", "rows.csv cannot be read"),
        ("rows.csv", "input,features\n", "rows.csv lacks the columns dataset, task, model"),
        ("predictions.csv", "path,label\n", "lacks the columns patient, split, model, score"),
    ],
)
def test_a_broken_run_is_refused_with_what_to_do(run, name, content, message):
    if content is None:
        (run / name).unlink()
    else:
        (run / name).write_text(content)
    with pytest.raises(DataError, match=re.escape(message)):
        write_report(run)
    assert not (run / "report.html").exists()


def test_a_selected_model_without_a_row_is_refused(run):
    facts = json.loads((run / "run.json").read_text())
    facts["selection"]["cnn"] = "aligned/pixels/transformer"
    write_facts(run, facts)
    with pytest.raises(
        DataError, match=r"is aligned/pixels/transformer, which rows\.csv does not hold"
    ):
        read_record(run)


def test_pictures_are_whole_pngs_of_the_folder_or_nothing(run):
    facts = json.loads((run / "run.json").read_text())
    panel = embed_examples(facts["examples"], run)[0][0]["panels"][0]
    assert base64.b64decode(panel["source"].partition(",")[2]) == (run / panel["file"]).read_bytes()
    assert read_picture(run, panel["file"], limit=10) is None
    assert read_picture(run, "pictures/none.png", limit=10**6) is None
    assert read_picture(run, "run.json", limit=10**6) is None
    assert read_picture(run / "elsewhere", f"../{panel['file']}", limit=10**6) is None


@pytest.mark.parametrize("width", [80, 140])
def test_the_terminal_shows_the_best_rows_and_the_chosen(run, record, width):
    console = Console(width=width, record=True, file=io.StringIO())
    rows = pd.read_csv(run / "rows.csv")
    console.print(ranked_table(rows, record.facts))
    shown = console.export_text()
    assert "Research use only" in shown
    assert len(re.findall(r"\n \* ", shown)) == 2
    assert f"12 of {len(rows)} models" in shown
    row = record.row(record.chosen[0])
    assert f"{decimal(row['test_auc_low'])}–{decimal(row['test_auc_high'])}" in shown
    assert "…" not in shown


@pytest.mark.jobs
def test_the_command_writes_the_page_and_prints_the_table(run):
    done = featurex("report", run)
    assert done.returncode == 0, done.stderr
    assert "Research use only" in done.stdout
    assert f"Report: {run / 'report.html'}" in done.stdout
    assert (run / "report.html").exists()


@pytest.mark.jobs
def test_the_command_names_a_folder_without_a_run(tmp_path):
    done = featurex("report", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere is not the folder of a finished run" in done.stderr
    assert "Traceback" not in done.stderr


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
    runs = [(x[run].tolist(), y[run].tolist()) for x, y, run in runs_above(x, y, 0.0)]
    assert runs == [([0.0, 0.5], [1.0, 0.0]), ([2.25, 3.0, 3.75], [0.0, 3.0, 0.0])]


def test_the_frontier_holds_what_nothing_cheaper_beats():
    costs = [
        {"cpu_s": number, "accuracy": accuracy}
        for number, accuracy in enumerate((0.8, 0.7, 0.9, 0.9))
    ]
    assert [cost["cpu_s"] for cost in list_frontier(costs)] == [0, 2]


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


def test_what_the_chosen_model_goes_by(run):
    page = Page(write_report(run).read_text())
    assert "61 % of what moves its scores lies in the lungs" in page.text.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    assert "more than chance would put there" in page.text
    assert "its AUC changes by −0.215, with those that look elsewhere by −0.014" in page.text
    assert "taken for pneumonia" in page.text
    assert "te/<b>film</b>.jpeg" in page.text
    assert (
        sum("mistake" in image["alt"] or "misled" in image["alt"] for image in page.all("img")) == 1
    )


def test_a_run_without_reasons_says_so(run):
    facts = json.loads((run / "run.json").read_text())
    write_facts(run, {**facts, "importance": None, "mistakes": []})
    assert "does not hold what its models go by" in Page(write_report(run).read_text()).text


CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


@pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: the page is only parsed, not opened"
)
@pytest.mark.jobs
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_the_page_without_scrolling_sideways(run, tmp_path, width):
    page = write_report(run)
    frame = tmp_path / "frame.html"
    # A window is at least 500 px wide, a frame is not.
    frame.write_text(
        f'<iframe id="f" src="{page.name}" width="{width}" height="900"></iframe><script>'
        "document.getElementById('f').onload = (event) => { const inner = "
        "event.target.contentDocument;"
        "const root = inner.documentElement; const button = inner.querySelectorAll('.ranked th "
        "button')[5];"
        "button.click(); const first = inner.querySelector('.ranked tbody "
        "tr').cells[5].dataset.value;"
        "const broken = [...inner.images].filter((image) => !image.naturalWidth).length;"
        "document.title = JSON.stringify([root.scrollWidth, root.clientWidth, first, broken]) "
        "}</script>"
    )
    done = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}"),
            *(
                "--enable-logging=stderr",
                "--virtual-time-budget=3000",
                "--dump-dom",
                frame.as_uri(),
            ),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    measured = re.search(r"<title>(.*?)</title>", done.stdout)
    scroll, client, first, broken = json.loads(measured[1])
    assert scroll <= client <= width
    assert float(first) == pytest.approx(pd.read_csv(run / "rows.csv")["test_auc"].max())
    assert broken == 0
    assert ":CONSOLE" not in done.stderr
