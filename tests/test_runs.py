"""The run folder: what is written can be read, and what cannot be trusted is refused by its
place.
"""

import copy
import dataclasses
import json
import re
import runpy
from pathlib import Path

import pytest

from featurex.errors import DataError, ParameterError
from featurex.runs import Entry, RunFolder, RunInfo, read_record, to_json
from featurex.runs.encoding import from_json
from tests.report_run import Sizes, write_info, write_run

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return folder, write_run(folder, sizes=Sizes(60, 40))


@pytest.fixture
def run(written, tmp_path):
    """A copy of the tables and of run.json, to be broken."""
    folder, info = written
    for name in ("rows.csv", "predictions.csv", "external.csv", "errors.csv", "run.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    return tmp_path, info


def list_leaves(tree, place=()):
    """Yield the path of every value in a JSON tree that is neither a list nor a mapping."""
    children = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else None
    )
    if children is None:
        yield place
        return
    for name, child in children:
        yield from list_leaves(child, (*place, name))


def set_leaf(tree, place, value):
    for name in place[:-1]:
        tree = tree[name]
    tree[place[-1]] = value


def spell(place):
    first, *rest = place
    return f"run.json: {first}" + "".join(
        f"[{name}]" if isinstance(name, int) else f".{name}" for name in rest
    )


def test_what_is_written_is_read(written):
    folder, info = written
    record = read_record(folder)
    assert to_json(record.info) == to_json(info)
    assert from_json(RunInfo, to_json(info), "run.json") == record.info


@pytest.mark.parametrize("wrong", [[], {"x": 1}, float("nan"), 1e999, 10**400])
def test_every_value_of_a_wrong_type_is_refused_with_its_place(written, wrong):
    tree = to_json(written[1])
    # Whatever JSON holds may stand in the configuration.
    places = [place for place in list_leaves(tree) if place[0] != "configuration"]
    assert len(places) > 300
    for place in places:
        broken = copy.copy(tree)
        broken[place[0]] = copy.deepcopy(tree[place[0]])
        set_leaf(broken, place, wrong)
        with pytest.raises(DataError, match=re.escape(spell(place))):
            from_json(RunInfo, broken, "run.json")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("seed",), "x", "run.json: seed must be an integer, but 'x' was given"),
        (("seed",), True, "run.json: seed must be an integer, but True was given"),
        (("task",), "\ud800", "run.json: task must be a text of whole characters"),
        (("cost", 1, "accuracy"), 1.5, "cost[1].accuracy must be a number from 0 to 1"),
        (("cost", 0, "key"), "a/b/c", "run.json: cost[0].key is a/b/c, which rows.csv does not"),
        (("selection", "cnn"), "a/pixels/b", "is a/pixels/b, which rows.csv does not hold"),
        (("cost", 0, "more"), 1, "run.json: cost[0].more does not exist in this format"),
        (("mistakes", 0, "label"), "x", "mistakes[0].label must be one of normal, pneumonia"),
        (("findings",), {}, "run.json: findings must be a list, but {} was given"),
        (("machine",), None, "run.json: machine must be a mapping, but None was given"),
        (("subgroups", "groups", 0, "kind"), "x", "kind must be one of all, subtype, size"),
        (("classes",), ["normal"], "classes must be two names or more, each once"),
    ],
)
def test_what_does_not_fit_is_refused(run, path, value, message):
    folder, info = run
    tree = to_json(info)
    set_leaf(tree, path, value)
    (folder / "run.json").write_text(json.dumps(tree))
    with pytest.raises(DataError, match=re.escape(message)):
        read_record(folder)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("run.json", None, "is not the folder of a finished run"),
        ("run.json", "[" * 100_000, "run.json cannot be read"),
        ("run.json", "\x00", "run.json cannot be read"),
        ("run.json", '{"a": ' * 5000, "run.json cannot be read"),
        ("run.json", '{"format": 1}', "is of format 1, but this featurex reads format 3"),
        ("run.json", "[1]", "is of format None"),
        ("run.json", '{"format": 3, "task": "pneumonia"}', "run.json lacks featurex, created"),
        ("rows.csv", None, "rows.csv cannot be read"),
        ("rows.csv", "", "rows.csv cannot be read"),
        ("rows.csv", "input,features\n", "rows.csv lacks the columns dataset, task, model"),
        ("predictions.csv", "path,label\n", "lacks the columns patient, split, model, score"),
    ],
)
def test_what_is_no_run_is_refused(run, name, text, message):
    if text is None:
        (run[0] / name).unlink()
    else:
        (run[0] / name).write_text(text)
    with pytest.raises(DataError, match=re.escape(message)):
        read_record(run[0])


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("rows.csv", ",0,", ",many,", "rows.csv cannot be read"),
        (
            "rows.csv",
            "original,hog,xgboost",
            "original,hog,logistic",
            "holds original/hog/logistic",
        ),
        ("rows.csv", "original,hog,", "original,h/og,", "must be of the form input/features/model"),
        ("predictions.csv", ",1,test,", ",7,test,", "label must be an integer from 0 to 1"),
        ("predictions.csv", ",test,", ",train,", "predictions.csv lacks test images"),
    ],
)
def test_tables_that_do_not_fit_are_refused(run, name, old, new, message):
    text = (run[0] / name).read_text()
    assert old in text
    (run[0] / name).write_text(text.replace(old, new))
    with pytest.raises(DataError, match=re.escape(message)):
        read_record(run[0])


def test_a_patient_may_be_called_na(run):
    text = (run[0] / "predictions.csv").read_text()
    (run[0] / "predictions.csv").write_text(text.replace(",p0,", ",NA,"))
    assert "NA" in set(read_record(run[0]).predictions["patient"])


def test_what_json_lacks_is_not_written(written, tmp_path):
    folder, info = RunFolder(tmp_path / "new"), written[1]
    importance = dataclasses.replace(info.importance, stability=float("nan"))
    read = folder.write_info(dataclasses.replace(info, importance=importance))
    assert read.importance.stability is None
    assert (
        json.loads((tmp_path / "new" / "run.json").read_text())["importance"]["stability"] is None
    )
    cost = (dataclasses.replace(info.cost[0], cpu_s=float("inf")),)
    with pytest.raises(DataError, match=re.escape("run.json: cost[0].cpu_s must be a number")):
        folder.write_info(dataclasses.replace(info, cost=cost))


def test_two_runs_do_not_fill_one_folder(tmp_path):
    first, second = RunFolder(tmp_path), RunFolder(tmp_path)
    with (
        first.locked(),
        pytest.raises(DataError, match="another run is working in"),
        second.locked(),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_a_reason_stands_for_what_was_not_asked(run):
    folder, info = run
    write_info(folder, dataclasses.replace(info, ranking=None, skipped={"ranking": "Too few."}))
    assert read_record(folder).info.skipped == {"ranking": "Too few."}


@pytest.mark.parametrize("key", ["", "a/b", "a/b/c/d", "a//c", None])
def test_a_key_has_three_parts(key):
    with pytest.raises(ParameterError, match="of the form input/features/model"):
        Entry.parse(key)


def test_the_page_about_the_run_folder_is_made_from_the_classes():
    script = runpy.run_path(str(ROOT / "scripts" / "make_run_folder_doc.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["render"](), (
        "run python scripts/make_run_folder_doc.py"
    )
