"""COVID-QU-Ex (Tahir et al. 2021, doi:10.34740/kaggle/dsv/3122958)."""

from dataclasses import replace
from pathlib import Path

from featurex.datasets.folders import read_folder
from featurex.errors import DataError

PART, OTHER_PART = "Lung Segmentation Data", "Infection Segmentation Data"


def is_covid_qu_ex(folder):
    """Return whether a folder holds the part of the set that has all its images."""
    return (folder / PART).is_dir()


def read_covid_qu_ex(folder):
    """Read COVID-QU-Ex: the part with lung masks, which has every image of the set.

    Parameters
    ----------
    folder : str or path-like
        Holds the folder ``Lung Segmentation Data``.

    Returns
    -------
    dataset : Dataset
        Labels COVID-19, Non-COVID and Normal, and the set's own split. Masks are no images.

    Raises
    ------
    DataError
        If that folder is not there, or holds no images.
    """
    folder = Path(folder)
    if not is_covid_qu_ex(folder):
        raise DataError(f"{folder} holds no folder {PART}, as COVID-QU-Ex does")
    dataset = read_folder(folder / PART)
    notes = list(dataset.notes)
    if (folder / OTHER_PART).is_dir():
        notes.append(f"{OTHER_PART} is not read: it holds some of the same images")
    return replace(dataset, name="covid-qu-ex", notes=tuple(notes))
