import dataclasses
import io
import json
import math
import re
import shutil
import subprocess

import pandas as pd
import pytest
from rich.console import Console

from featurex.report import write_report
from featurex.report.names import interval
from featurex.report.run_page import render_run
from featurex.report.terminal import ranked_table
from featurex.runs import read_record
from tests.commands import featurex
from tests.page import Page
from tests.report_run import write_run

KINDS = {
    "full": {},
    "etiology": {"task": "etiology"},
    "three-class": {"task": "three-class"},
    "bare": {"cnn": False, "controls": False, "limits": False, "swap": False, "errors": 0},
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run folder that no test changes."""
    folder = tmp_path_factory.mktemp("run") / "full"
    write_run(folder)
    return folder


@pytest.fixture(scope="module")
def record(run):
    return read_record(run)


@pytest.fixture(scope="module", params=KINDS)
def any_page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    write_run(folder, **KINDS[request.param])
    return Page(write_report(folder).read_text(encoding="utf-8"))


def test_nothing_is_fetched(any_page):
    loading = [
        value
        for _, attributes in any_page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "data", "action", "poster")
    ]
    assert loading
    assert all(value.startswith(("#", "data:image/")) for value in loading)


def test_the_policy_allows_only_the_page_s_own_style_and_script(record):
    source = render_run(record)
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


def test_every_drawing_describes_itself(any_page):
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


def test_missing_answers_become_sentences(tmp_path):
    write_run(tmp_path, **KINDS["bare"])
    page = Page(write_report(tmp_path).read_text(encoding="utf-8"))
    text = page.text
    # They stand together below the sections, and not as sections between them.
    assert "missing" in page.ids
    assert not {"robustness", "learning", "controls"} & set(page.ids)
    for words in (
        "No CNN took part in this run. PyTorch is not installed",
        "No negative controls were run",
        "Validation in swapped framing was not done",
        "featurex benchmark --curves measures it",
        "Every file could be read",
    ):
        assert words in text
    assert "nan" not in text.split()


def test_names_from_outside_are_shown_and_not_obeyed(record):
    info = record.info
    dataset = dataclasses.replace(info.dataset, name="</title><img src=x onerror=alert(1)>")
    example = dataclasses.replace(info.examples[0], path='"><script>alert(2)</script>')
    hostile = dataclasses.replace(info, dataset=dataset, examples=(example,))
    page = Page(render_run(dataclasses.replace(record, info=hostile)))
    assert len(page.all("script")) == 1
    assert all("onerror" not in attributes for _, attributes in page.tags)
    assert "notes <script>alert(1)</script> & more.jpeg" in page.text
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "te/<b>image</b>.jpeg" in page.text


def test_the_table_is_ranked_by_the_worse_swap_and_marks_the_chosen(record):
    source = render_run(record)
    swaps = [
        [float(value) for value in re.findall(rf'data-label="{name}" data-value="([^"]+)"', source)]
        for name in ("Swap AUC", "Look AUC")
    ]
    worse = [min(pair) for pair in zip(*swaps, strict=True)]
    assert len(worse) == len(record.rows)
    # A rival was not validated here: it stands last.
    assert math.isnan(worse.pop())
    assert worse == sorted(worse, reverse=True)
    assert source.count('<span class="badge">') == 2


def test_the_same_run_gives_the_same_page(run):
    first = write_report(run).read_bytes()
    assert write_report(run).read_bytes() == first
    assert len(first) < 5_000_000


@pytest.mark.parametrize("width", [80, 140])
def test_the_terminal_shows_the_best_rows_and_the_chosen(run, record, width):
    console = Console(width=width, record=True, file=io.StringIO())
    rows = pd.read_csv(run / "rows.csv")
    console.print(ranked_table(rows, record.info, width))
    shown = console.export_text()
    # A key can be copied, as --model and --save take it; a narrow terminal has fewer columns.
    assert all(key in shown for key in record.chosen)
    assert ("Spec." in shown) == (width > 80)
    assert "Research use only" in shown
    assert len(re.findall(r"\n \* ", shown)) == 2
    assert f"13 of {len(rows)} models; rows.csv has all" in shown
    row = record.row(record.chosen[0])
    assert interval(row["test_auc_low"], row["test_auc_high"]) in shown
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
        f'<iframe id="f" src="{page.as_uri()}" width="{width}" height="900"></iframe><script>'
        "document.getElementById('f').onload = (event) => { const inner = "
        "event.target.contentDocument;"
        "const root = inner.documentElement; const button = inner.querySelectorAll('.ranked th "
        "button')[5];"
        "button.click(); const first = inner.querySelector('.ranked tbody "
        "tr').cells[5].dataset.value;"
        "const broken = [...inner.images].filter((image) => !image.naturalWidth).length;"
        "const between = inner.querySelectorAll('.small-panels .save').length;"
        "document.title = JSON.stringify([root.scrollWidth, root.clientWidth, first, broken, "
        "between]) "
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
    scroll, client, first, broken, between = json.loads(measured[1])
    assert scroll <= client <= width
    assert float(first) == pytest.approx(pd.read_csv(run / "rows.csv")["test_auc"].max())
    assert broken == between == 0
    assert ":CONSOLE" not in done.stderr
