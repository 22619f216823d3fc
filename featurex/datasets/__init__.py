"""Sources of images -> one table of (path, label, subtype, patient, split, source)."""

from featurex.datasets.dataset import Dataset
from featurex.datasets.folders import read_folder
from featurex.datasets.tasks import TASKS, select_task

__all__ = ["TASKS", "Dataset", "load_dataset", "read_folder", "select_task"]


def load_dataset(source):
    """List the images of a source, whose kind is recognised by itself.

    Parameters
    ----------
    source : str or path-like

    Returns
    -------
    dataset : Dataset

    Raises
    ------
    DataError
    """
    return read_folder(source)
