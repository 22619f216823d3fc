"""The question that a data set poses, or that is put to it."""

import numpy as np
import pytest

from featurex.datasets import find_task, make_dataset, select_task
from featurex.datasets.spelling import is_negative
from featurex.errors import DataError, ParameterError


def make(*labels, subtypes=(), **further):
    subtypes = subtypes or [""] * len(labels)
    rows = [
        (f"{number}.png", *known[:2], str(number), "", "x", *known[2:])
        for number, known in enumerate(zip(labels, subtypes, *further.values(), strict=True))
    ]
    return make_dataset("mine", rows, further=tuple(further))


KERMANY = make(
    *["NORMAL"] * 3, *["PNEUMONIA"] * 3, subtypes=[*["normal"] * 3, "bacteria", "bacteria", "virus"]
)


@pytest.mark.parametrize(
    ("labels", "classes", "note"),
    [
        (
            ("TB", "healthy"),
            ("healthy", "TB"),
            "TB is the positive class, as healthy stands",
        ),
        (("1", "0"), ("0", "1"), "1 is the positive class"),
        (("Abnormal", "Unauffällig"), ("Unauffällig", "Abnormal"), "Abnormal is the positive"),
        (("effusion", "No_Finding"), ("No_Finding", "effusion"), "effusion is the positive"),
        (("no TB", "TB"), ("no TB", "TB"), "TB is the positive"),
        (("COVID-negative", "COVID-positive"), ("COVID-negative", "COVID-positive"), "positive is"),
        (("here", "gone"), ("gone", "here"), "here is the positive class, the second of two"),
    ],
)
def test_two_classes_are_a_binary_question(labels, classes, note):
    found = find_task(make(*labels))
    assert tuple(found.classes) == classes
    assert found.name == " or ".join(classes)
    assert len(found.notes) == 1
    assert note in found.notes[0]


def test_names_of_health():
    for name in (
        "NORMAL",
        "no finding",
        "Healthy_Controls",
        "Negative",
        "control",
        "0",
        "Healthy lung",
    ):
        assert is_negative(name)
        assert not is_negative(f"{name}x")
    for name in ("Sain", "normale", "sano", "saudável", "Норма", "正常", "정상", "sağlıklı"):
        assert is_negative(name)


def test_more_classes_are_a_multi_class_question():
    found = find_task(make("TB", "covid", "Normal", "TB"))
    assert tuple(found.classes) == ("Normal", "TB", "covid")
    assert found.name == "Normal, TB or covid"
    assert found.notes == ()


def test_kermanys_labels_ask_for_pneumonia():
    assert find_task(KERMANY).name == "pneumonia"
    # Elsewhere the names stay as they are written.
    assert tuple(find_task(make("Normal", "Pneumonia")).classes) == ("Normal", "Pneumonia")


def test_named_tasks_choose_rows_and_classes():
    expected = {
        "pneumonia": (("normal", "pneumonia"), [3, 3]),
        "etiology": (("bacteria", "virus"), [2, 1]),
        "three-class": (("normal", "bacteria", "virus"), [3, 2, 1]),
    }
    for task, (names, counts) in expected.items():
        table, labels, classes = select_task(KERMANY, task)
        assert classes == names
        assert np.bincount(labels).tolist() == counts
        assert len(table) == sum(counts)
    assert find_task(KERMANY, "etiology").notes == (
        "3 images take no part in the task etiology: subtype normal (3)",
    )
    # Folders of subtypes serve as well.
    assert select_task(make("normal", "virus", "Bacteria"), "pneumonia")[1].tolist() == [0, 1, 1]


def test_a_mapping_joins_labels_and_counts_what_it_leaves_out():
    dataset = make("NORMAL", "No Finding", "TB", "COVID", "unclear", "", "unclear")
    task = {"classes": {"healthy": ["normal", "no-finding"], "sick": ["TB", "COVID"]}}
    found = find_task(dataset, task)
    assert found.index(dataset.table).tolist() == [0, 0, 1, 1, -1, -1, -1]
    assert found.notes[1] == (
        "3 images take no part in the task healthy or sick: label empty (1), label unclear (2)"
    )
    assert find_task(dataset, {**task, "positive": "healthy"}).name == "sick or healthy"
    again = find_task(dataset, found.describe())
    assert again.classes == found.classes
    assert find_task(make("a", "b"), {"positive": "a"}).name == "b or a"


def test_a_mapping_may_ask_for_another_column():
    dataset = make("x", "x", "y", grade=["1", "2", "1"])
    task = {"column": "grade", "classes": {"low": 1, "high": [2]}}
    assert select_task(dataset, task)[1].tolist() == [0, 1, 0]
    with pytest.raises(DataError, match="mine: there is no column 'stage' for the task; there are"):
        find_task(dataset, {"column": "stage"})


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("flu", "task must be one of pneumonia, etiology, three-class, or a mapping of column"),
        ({"class": {}}, "task: the key must be one of column, classes, positive, finding, unc"),
        ({"classes": {"a": "a"}}, "task.classes must be a mapping of two or more classes"),
        ({"classes": {"a": [], "b": "b"}}, "task.classes.a must be a label or a list of labels"),
        ({"classes": {"a": ["x", True], "b": "b"}}, "task.classes.a must be a text or a number"),
        ({"classes": {"a": "x", "b": "X"}}, "the label 'X' stands in a and in b"),
        ({"classes": {"a": 1, "b": 2}, "positive": "c"}, "task.positive must be one of a, b, but"),
        ({"classes": {"a": 1, "b": 2, "c": 3}, "positive": "c"}, "task.positive is for two class"),
    ],
)
def test_a_wrong_task_is_refused(task, message):
    with pytest.raises(ParameterError, match=message):
        find_task(make("a", "b"), task)


def test_what_the_data_lack_is_named():
    with pytest.raises(DataError, match=r"images of the label 'pneumonia' .* only NORMAL was"):
        find_task(make("NORMAL"), "pneumonia")
    with pytest.raises(DataError, match="but the label of every image is 'TB'; add a folder"):
        find_task(make("TB", "TB"))
    classes = {"sick": ["TBC", "COVID"], "healthy": "normal"}
    with pytest.raises(DataError, match=r"names the label 'TBC', which .*; did you mean 'TB'\? Th"):
        find_task(make("TB", "COVID", "normal"), {"classes": classes})
    with pytest.raises(DataError, match="images of the label 'normal' for the class healthy, but"):
        find_task(make("TBC", "COVID"), {"classes": classes})


def test_labels_that_differ_in_spelling_alone_are_one():
    dataset = make("Normal", "NORMAL", "NORMAL", "TB")
    assert dataset.table["label"].tolist() == ["NORMAL", "NORMAL", "NORMAL", "TB"]
    assert dataset.notes == (
        "the label 'Normal' is taken for 'NORMAL', from which it differs in spelling alone",
    )
