"""The checklists of reviewers: every item once, answered from the run or left to the author."""

import dataclasses
import re

import pytest

from featurex.report.checklists import AUTHOR, CHECKLISTS, fill_checklists, write_checklists
from featurex.report.checklists.clear import CLEAR
from featurex.report.checklists.tripod import TRIPOD_AI
from featurex.runs import read_record
from tests.page import Page
from tests.report_run import write_run


@pytest.fixture(scope="module", params=["whole", "bare"])
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    whole = request.param == "whole"
    parts = dict.fromkeys(("cnn", "controls", "limits", "swap", "external"), whole)
    write_run(folder, task="pneumonia" if whole else "three-class", errors=2 * whole, **parts)
    return folder


def test_the_numbers_are_those_of_the_publications():
    assert [item.number for item in CLEAR.items] == [str(number) for number in range(1, 59)]
    numbers = [item.number for item in TRIPOD_AI.items]
    assert len(numbers) == len(set(numbers)) == 52
    assert list(dict.fromkeys(re.sub("[a-g]$", "", number) for number in numbers)) == [
        str(number) for number in range(1, 28)
    ]


def test_every_answer_is_a_text_whatever_the_run_holds(folder):
    record = read_record(folder)
    bare = dataclasses.replace(
        record,
        info=dataclasses.replace(record.info, comparison=None, importance=None, subgroups=None),
    )
    for run in (record, bare):
        for _, answers in fill_checklists(run):
            for item, answer in answers:
                assert bool(answer) == (item.answer is not None), item.number
                assert not {"nan", "None", "-"} & set(answer.split()), answer


def test_the_page_and_the_text_hold_every_item(folder):
    page = Page(write_checklists(folder).read_text(encoding="utf-8"))
    lines = (folder / "checklists.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\| \d", line)]
    assert len(rows) == sum(len(checklist.items) for checklist in CHECKLISTS)
    assert len([tag for tag, _ in page.tags if tag == "tr"]) == len(rows) + len(CHECKLISTS)
    assert AUTHOR in page.text
    for checklist in CHECKLISTS:
        assert checklist.source in page.text


def test_names_of_users_are_no_markdown(folder):
    record = read_record(folder)
    dataset = dataclasses.replace(record.info.dataset, name="a|b <i>c</i>")
    record = dataclasses.replace(record, info=dataclasses.replace(record.info, dataset=dataset))
    answers = dict(fill_checklists(record))[CLEAR]
    from featurex.report.checklists import _write_markdown

    text = _write_markdown(record, [(CLEAR, answers)])
    assert "a\\|b \\<i\\>c" in text
    assert "a|b" not in text
