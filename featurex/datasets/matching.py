"""Which class of a question a label of another data set belongs to."""

from typing import NamedTuple

from featurex.datasets.spelling import is_negative, plain
from featurex.errors import DataError


class Match(NamedTuple):
    """How the labels of a data set were matched to the classes of a question.

    Parameters
    ----------
    column : str
        Column of `Dataset.table` that holds the labels.
    index : dict of str to int
        Label of the data set -> index of the class; other labels take no part.
    note : str
        What was taken for granted, a sentence; empty where the names agree.
    """

    column: str
    index: dict
    note: str


def match_classes(dataset, task, classes, given=None):
    """Match the labels of another data set to the classes of a question.

    Parameters
    ----------
    dataset : Dataset
        The other data set.
    task : Task
        The question: where its classes stand, and their labels.
    classes : sequence of str
        Names of the classes.
    given : dict of str to (str or list of str), or None
        Class -> labels of the data set, where the user says so.

    Returns
    -------
    match : Match
        At least one label.

    Raises
    ------
    DataError
        If the labels cannot be matched; the message says which there are.

    Examples
    --------
    >>> from featurex.datasets import TASKS, make_dataset
    >>> rows = [("a.png", "healthy lung", "", "1", "", ""), ("b.png", "TB", "", "2", "", "")]
    >>> given = {"normal": "healthy lung", "pneumonia": ["TB"]}
    >>> match_classes(make_dataset("b", rows), TASKS["pneumonia"], ("normal", "pneumonia"), given)
    Match(column='label', index={'healthy lung': 0, 'TB': 1}, note='')
    """
    if task.column not in dataset.table:
        raise DataError(
            f"{dataset.name}: the question is asked of the column {task.column!r}, which this set "
            f"lacks; it has {', '.join(dataset.table.columns)}"
        )
    if given is not None:
        return _match_given(dataset, task.column, classes, given)
    labels = sorted(set(dataset.table[task.column]) - {""})
    known = _list_names(task, classes)
    index = {label: known[plain(label)] for label in labels if plain(label) in known}
    if len(labels) == len(classes) == 2 and len(index) < 2:
        # Two classes here and two there: what is not normal here is what is not normal there.
        normal, others = _single(labels), _single(classes)
        if normal is not None and others is not None:
            index = {label: others if label == labels[normal] else 1 - others for label in labels}
            pairs = " and ".join(f"{label} for {classes[at]}" for label, at in index.items())
            note = f"{dataset.name}: {pairs} are taken, as one class of each set is normal"
            return Match(task.column, index, f"{note} and the other is not.")
    if index:
        return Match(task.column, index, "")
    raise DataError(
        f"{dataset.name}: its labels {', '.join(labels) or '(none)'} cannot be matched to the "
        f"classes {', '.join(classes)}; rename them, or say which is which in the configuration: "
        f"classes: {{{classes[0]}: [...], {classes[1]}: [...]}}"
    )


def _match_given(dataset, column, classes, given):
    """Match as the user says."""
    labels = set(dataset.table[column]) - {""}
    index = {}
    for name, own in given.items():
        if name not in classes:
            raise DataError(
                f"{dataset.name}: classes must be named {', '.join(classes)}, but {name!r} was "
                "given"
            )
        for label in [own] if isinstance(own, str) else own:
            if label not in labels:
                raise DataError(
                    f"{dataset.name}: no image has the {column} {label!r}, which classes.{name} "
                    f"names; there are {', '.join(sorted(labels)) or 'none'}"
                )
            index[label] = list(classes).index(name)
    if not index:
        raise DataError(f"{dataset.name}: classes names no label")
    return Match(column, index, "")


def _list_names(task, classes):
    """Every plain name of a class -> its index: the class's own, and those of its labels."""
    known = {plain(name): index for index, name in enumerate(classes)}
    for index, labels in enumerate(task.classes.values()):
        for label in [labels] if isinstance(labels, str) else labels:
            known.setdefault(plain(label), index)
    return known


def _single(names):
    """The index of the one name of two that means normal; None where none does, or both do."""
    normal = [is_negative(name, [other for other in names if other != name]) for name in names]
    return normal.index(True) if sum(normal) == 1 else None
