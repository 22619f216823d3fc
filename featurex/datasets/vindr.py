"""VinDr-CXR (Nguyen et al. 2022, doi:10.1038/s41597-022-01498-w)."""

from pathlib import Path

import pandas as pd

from featurex.datasets.dataset import make_dataset
from featurex.datasets.findings_list import FURTHER, Rows
from featurex.datasets.folders import list_images
from featurex.datasets.tables import read_table
from featurex.errors import DataError
from featurex.images.location import format_location

# List -> split; both lie in the folder annotations.
LISTS = {"image_labels_train.csv": "train", "image_labels_test.csv": "test"}
_READER = "rad_id"


def find_lists(folder):
    """Return the lists of VinDr-CXR in a folder, or its folder annotations: list of paths."""
    return [
        path
        for parent in (folder / "annotations", folder)
        for path in (parent / name for name in LISTS)
        if path.is_file()
    ]


def read_vindr(folder, *, finding="Pneumonia"):
    """Read the lists of VinDr-CXR.

    Parameters
    ----------
    folder : str or path-like
        Holds ``annotations/image_labels_train.csv`` and ``image_labels_test.csv``, and the DICOM
        files in ``train`` and ``test``.
    finding : str
        One of the set's findings; images with it, alone or with others, are labelled PNEUMONIA.

    Returns
    -------
    dataset : Dataset
        One row an image; a finding counts where most of its readers (three in training, a
        consensus in the test part) name it. Labels PNEUMONIA (`finding`), NORMAL ("No finding"),
        and OTHER, which takes no part; all findings as A|B in the column findings. Each image
        counts as one patient: the set does not name them.

    Raises
    ------
    DataError
        If there is no list, no column of that finding, or none of the images.
    """
    folder = Path(folder)
    lists = find_lists(folder)
    if not lists:
        raise DataError(f"{folder} holds no annotations/{next(iter(LISTS))}, a list of VinDr-CXR")
    notes = ["VinDr-CXR does not name patients: each image counts as one"]
    images = {path.stem: format_location(path) for path in list_images(folder, notes)}
    rows = Rows("vindr", finding, "No finding")
    for path in lists:
        table = read_table(path)
        if finding not in table:
            raise DataError(f"{path} has no column {finding!r}; it has {', '.join(table.columns)}")
        votes = table.drop(columns=["image_id", *table.columns.intersection([_READER])])
        votes = votes.apply(pd.to_numeric, errors="coerce").groupby(table["image_id"]).mean()
        for image, values in zip(votes.index, votes.to_numpy(), strict=True):
            named = [name for name, value in zip(votes, values, strict=True) if value > 0.5]
            rows.add(images.get(image), named, image, LISTS[path.name])
    return make_dataset(
        "vindr-cxr", rows.rows, [*notes, *rows.notes()], further=FURTHER, task="pneumonia"
    )
