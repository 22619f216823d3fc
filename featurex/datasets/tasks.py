"""Which images take part in a task, and which class each belongs to."""

from typing import NamedTuple

import numpy as np

from featurex.checks import check_choice
from featurex.errors import DataError


class Task(NamedTuple):
    """A question to ask of a data set.

    Parameters
    ----------
    column : str
        The column of `Dataset.table` that holds the class.
    classes : dict of str to str
        Class -> its value in the column; the order gives the class index, and in a binary task the
        second is the positive one. Images with other values do not take part.
    """

    column: str
    classes: dict


TASKS = {
    "pneumonia": Task("label", {"normal": "NORMAL", "pneumonia": "PNEUMONIA"}),
    "etiology": Task("subtype", {"bacteria": "bacteria", "virus": "virus"}),
    "three-class": Task("subtype", {"normal": "normal", "bacteria": "bacteria", "virus": "virus"}),
}


def select_task(dataset, task):
    """Choose the images that take part in a task.

    Parameters
    ----------
    dataset : Dataset
        Must hold an image of each class of the task.
    task : str
        A key of `TASKS`.

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
        If the task does not exist.
    """
    column, classes = TASKS[check_choice("task", task, tuple(TASKS))]
    values = dataset.table[column]
    for value in classes.values():
        if not (values == value).any():
            given = ", ".join(sorted(set(values) - {""})) or "nothing"
            columns = " and ".join(dict.fromkeys(("path", "label", column)))
            raise DataError(
                f"{dataset.name}: the task {task} needs images of the {column} {value!r}, but only "
                f"{given} was found; add a folder of that name, or list the images in a CSV file "
                f"with the columns {columns}"
            )
    table = dataset.table[values.isin(classes.values())].reset_index(drop=True)
    index = {value: number for number, value in enumerate(classes.values())}
    return table, table[column].map(index).to_numpy(np.intp), tuple(classes)
