"""Questions: which images take part, which class each belongs to, and which class is positive."""

import difflib
from typing import NamedTuple

import numpy as np

from featurex.checks import check_choice, fail
from featurex.datasets.classes import (
    check_positive,
    list_values,
    note_positive,
    order_classes,
)
from featurex.datasets.findings import POLICIES, list_findings, split_values
from featurex.datasets.names import OTHER
from featurex.datasets.spelling import plain
from featurex.errors import DataError, ParameterError


class Task(NamedTuple):
    """A question to ask of a data set.

    Parameters
    ----------
    name : str
        As rows and reports call it: "pneumonia", or the names of the classes.
    column : str
        The column of `Dataset.table` that holds the class.
    classes : dict of str to tuple of str
        Class -> its values in the column, whose case, blanks, underscores and hyphens do not
        count; the order gives the class index, and in a binary task the second is the positive
        one. Images with other values do not take part.
    notes : tuple of str
        Sentences for people: what was taken for positive, and what takes no part.
    finding : str
        Of a task that asks whether images show one finding of several, its name.
    uncertain : str
        See `check_task`.
    """

    name: str
    column: str
    classes: dict
    notes: tuple[str, ...] = ()
    finding: str = ""
    uncertain: str = "omit"

    def ask(self):
        """Write the question in one line: "The question: NORMAL or TB"."""
        *others, last = self.classes
        return f"The question: {', '.join(others)} or {last}"

    def describe(self):
        """Describe the task as a configuration has it: its name, or a mapping."""
        if self.name in TASKS:
            return self.name
        if self.finding:
            known = {"column": self.column, "uncertain": self.uncertain}
            return {"finding": self.finding, **known}
        classes = {name: list(values) for name, values in self.classes.items()}
        positive = {"positive": list(classes)[1]} if len(classes) == 2 else {}
        return {"column": self.column, "classes": classes, **positive}

    def index(self, table):
        """Find the class of every row: int array, -1 where a row takes no part.

        Parameters
        ----------
        table : pandas.DataFrame
            With the column of the task.
        """
        known = {
            plain(value): number
            for number, values in enumerate(self.classes.values())
            for value in values
        }
        values = table[self.column]
        found = {value: known.get(plain(value), -1) for value in values.unique()}
        return values.map(found).to_numpy(np.intp)


_NORMAL = ("normal", "no finding", "healthy")
_BACTERIA = ("bacteria", "bacterial", "bacterial pneumonia")
_VIRUS = ("virus", "viral", "viral pneumonia")
# The questions of Kermany's set; other sets are asked by their labels.
TASKS = {
    "pneumonia": Task(
        "pneumonia", "label", {"normal": _NORMAL, "pneumonia": ("pneumonia", *_BACTERIA, *_VIRUS)}
    ),
    "etiology": Task("etiology", "subtype", {"bacteria": _BACTERIA, "virus": _VIRUS}),
    "three-class": Task(
        "three-class", "subtype", {"normal": _NORMAL, "bacteria": _BACTERIA, "virus": _VIRUS}
    ),
}
# Labels of exactly these names ask for the task "pneumonia".
_KERMANY = {"NORMAL", "PNEUMONIA"}
_KEYS = ("column", "classes", "positive", "finding", "uncertain")
# Labels without a class that a note names.
_MOST = 10


def check_task(task):
    """Return a task that is well formed, before there is a data set to ask.

    Parameters
    ----------
    task : str, dict, Task or None
        A key of `TASKS`; a mapping with any of the keys column, classes (class -> a value of the
        column, or several) and positive, or with finding (the name of one) and uncertain ("omit",
        "negative" or "positive": what -1 counts as); None for the question that the labels pose.

    Returns
    -------
    task : str, dict, Task or None
        As it was given.

    Raises
    ------
    ParameterError
        If it is none of these; the message says which part of it is wrong.
    """
    if task is None or isinstance(task, Task):
        return task
    if not isinstance(task, dict):
        if task not in TASKS:
            fail("task", f"one of {', '.join(TASKS)}, or a mapping of {', '.join(_KEYS)}", task)
        return task
    for key in task:
        check_choice("task: the key", key, _KEYS)
    if "finding" in task:
        check_choice("task.uncertain", task.get("uncertain", "omit"), POLICIES)
        for key in ("classes", "positive"):
            if key in task:
                raise ParameterError(f"task: finding asks for a class alone; leave {key} out")
    classes = task.get("classes")
    if classes is not None:
        list_values(classes)
    positive = task.get("positive")
    if classes is not None and positive is not None:
        check_positive(positive, tuple(map(str, classes)))
    return task


def find_task(dataset, task=None):
    """Find the question that is put to a data set.

    Parameters
    ----------
    dataset : Dataset
        Whose labels pose the question where no other is asked: two classes make a binary one,
        three and more a multi-class one.
    task : str, dict, Task or None
        See `check_task`.

    Returns
    -------
    task : Task
        Of two classes the positive one is the second: the one named as such, else the one that is
        not called normal, healthy, no finding, negative, 0, control or alike, else the second by
        name; a note says so.

    Raises
    ------
    DataError
        If a class has no image, or there are not two classes.
    ParameterError
        If the task is not well formed.

    Examples
    --------
    >>> from featurex.datasets import find_task, load_dataset
    >>> find_task(load_dataset("chest_xray")).name
    'pneumonia'
    >>> mine = {"column": "subtype", "classes": {"well": "normal", "ill": ["bacteria", "virus"]}}
    >>> find_task(load_dataset("chest_xray"), mine).notes
    ('ill is the positive class, as well stands for no finding',)
    """
    check_task(task)
    if isinstance(task, Task):
        found, said = task, ()
    elif isinstance(task, str) or (task is None and (dataset.task or _is_kermany(dataset))):
        found, said = TASKS[task or dataset.task or "pneumonia"], ()
    elif "finding" in (task or {}):
        found, said = _from_finding(dataset, task), ()
    else:
        found, said = _from_mapping(dataset, task or {})
    _check_column(dataset, found.column)
    _check_images(dataset, found)
    return found._replace(notes=(*said, *_note_left_out(dataset, found)))


def select_task(dataset, task=None):
    """Choose the images that take part in a task.

    Parameters
    ----------
    dataset : Dataset
        Must hold an image of each class of the task.
    task : str, dict, Task or None
        See `check_task`.

    Returns
    -------
    table : pandas.DataFrame
        Their rows, numbered from 0.
    labels : int array, shape (n,)
        Index into `classes`.
    classes : tuple of str

    Raises
    ------
    DataError
        If a class has no image.
    ParameterError
        If the task does not exist or is not well formed.
    """
    found = find_task(dataset, task)
    labels = found.index(dataset.table)
    table = dataset.table[labels >= 0].reset_index(drop=True)
    return table, labels[labels >= 0], tuple(found.classes)


def _is_kermany(dataset):
    labels = set(dataset.table["label"]) - {""}
    # Sets of findings call those that are neither OTHER.
    return labels == _KERMANY or ("findings" in dataset.table and labels == {*_KERMANY, OTHER})


def _from_finding(dataset, given):
    """The task of one finding."""
    name, uncertain = str(given["finding"]), given.get("uncertain", "omit")
    columns = list_findings(dataset)
    if given.get("column") is None and name not in columns:
        close = difflib.get_close_matches(name, columns, n=1)
        meant = f", did you mean {close[0]!r}?" if close else ";"
        raise DataError(
            f"{dataset.name}: there is no finding {name!r}{meant} There are "
            f"{', '.join(columns) or 'none'}"
        )
    column = given.get("column") or columns[name]
    _check_column(dataset, column)
    absent, present = split_values(dataset, column, name, uncertain)
    return Task(
        name, column, {f"no {name}": absent, name: present}, finding=name, uncertain=uncertain
    )


def _from_mapping(dataset, given):
    """The task of a mapping, and what is to be said of it."""
    column = str(given.get("column", "label"))
    _check_column(dataset, column)
    if given.get("classes") is None:
        _refuse_findings(dataset, column)
        values = sorted(set(dataset.table[column]) - {""})
        classes = {value: (value,) for value in values}
        if len(classes) < 2:
            raise DataError(
                f"{dataset.name}: a question needs images of two classes, but the {column} of "
                f"every image is {values[0] if values else 'empty'!r}; add a folder or a label for "
                "the other class"
            )
    else:
        classes = list_values(given["classes"])
    positive = given.get("positive")
    names = order_classes(tuple(classes), positive, sort=given.get("classes") is None)
    said = () if positive is not None or len(names) > 2 else (note_positive(*names),)
    name = f"{', '.join(names[:-1])} or {names[-1]}"
    return Task(name, column, {name: classes[name] for name in names}), said


def _refuse_findings(dataset, column):
    """Refuse labels such as A|B as classes."""
    several = dataset.table[column][dataset.table[column].str.contains("|", regex=False)]
    if len(several):
        raise DataError(
            f"{dataset.name}: {column} names several findings an image, as {several.iloc[0]!r}; "
            "ask for each with --findings all, or for some with --findings A,B"
        )


def _check_column(dataset, column):
    if column not in dataset.table.columns:
        raise DataError(
            f"{dataset.name}: there is no column {column!r} for the task; there are "
            f"{', '.join(dataset.table.columns)}"
        )


def _check_images(dataset, task):
    values = dataset.table[task.column]
    existing = {plain(value): value for value in sorted(set(values) - {""})}
    given = ", ".join(existing.values()) or "nothing"
    for name, wanted in task.classes.items():
        missing = [value for value in wanted if plain(value) not in existing]
        if task.finding and not wanted:
            raise DataError(f"{dataset.name}: no image is known to have {name}")
        if len(missing) == len(wanted):
            columns = " and ".join(dict.fromkeys(("path", "label", task.column)))
            raise DataError(
                f"{dataset.name}: the task {task.name} needs images of the {task.column} "
                f"{' or '.join(map(repr, wanted))} for the class {name}, but only {given} was "
                f"found; leave --task out for the question that the labels pose, add a folder of "
                f"that name, or list the images in a CSV file with the columns {columns}"
            )
        # The named tasks list spellings, of which a set has one.
        if missing and task.name not in TASKS and not task.finding:
            close = difflib.get_close_matches(missing[0], existing.values(), n=1)
            meant = f"did you mean {close[0]!r}? There are" if close else "there are"
            raise DataError(
                f"{dataset.name}: task.classes.{name} names the {task.column} {missing[0]!r}, "
                f"which no image has; {meant} {given}"
            )


def note_named_task(dataset):
    """Say what the task pneumonia would leave out of a set whose labels ask for more classes.

    Parameters
    ----------
    dataset : Dataset
        As it was loaded; no task is chosen yet.

    Returns
    -------
    notes : tuple of str
        Empty where nothing would be left out, or the task cannot be asked.
    """
    task, table = TASKS["pneumonia"], dataset.table
    if dataset.task or "findings" in table or _is_kermany(dataset):
        return ()
    if set(task.index(table)) != {-1, 0, 1}:
        return ()
    return (f"the task {task.name}, where it is asked, leaves out {_list_left_out(table, task)}",)


def _note_left_out(dataset, task):
    """Say how many images take no part, and why."""
    out = np.count_nonzero(task.index(dataset.table) < 0)
    if out == 0:
        return ()
    verb = "image takes" if out == 1 else "images take"
    listed = _list_left_out(dataset.table, task)
    return (f"{out:,} {verb} no part in the task {task.name}: {listed}",)


def _list_left_out(table, task):
    """List the values that stand for no class, with their counts, the first of many."""
    counts = table[task.column][task.index(table) < 0].value_counts(sort=False).sort_index()
    listed = [f"{task.column} {value or 'empty'} ({count:,})" for value, count in counts.items()]
    more = [f"and {len(listed) - _MOST} others"] if len(listed) > _MOST else []
    return ", ".join([*listed[:_MOST], *more])
