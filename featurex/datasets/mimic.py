"""MIMIC-CXR-JPG (Johnson et al. 2019, doi:10.48550/arXiv.1901.07042)."""

from pathlib import Path

import pandas as pd

from featurex.datasets.dataset import make_dataset
from featurex.datasets.findings_list import FRONTAL, FURTHER, Rows
from featurex.datasets.folders import SPLIT_FOLDERS
from featurex.datasets.tables import read_table
from featurex.errors import DataError
from featurex.images.location import format_location

_KEYS = ["subject_id", "study_id"]
_METADATA = ["dicom_id", *_KEYS, "ViewPosition"]


def find_list(folder, name="chexpert"):
    """Return the newest list of that name in a folder, as mimic-cxr-2.0.0-NAME.csv.gz; or None."""
    lists = sorted(folder.glob(f"mimic-cxr-*-{name}.csv*")) if folder.is_dir() else []
    return lists[-1] if lists else None


def read_mimic(folder, *, finding="Pneumonia"):
    """Read the lists of MIMIC-CXR-JPG.

    Parameters
    ----------
    folder : str or path-like
        Holds ``mimic-cxr-*-chexpert.csv`` and ``-metadata.csv``, preferably ``-split.csv`` (all may
        be .csv.gz), and the folder ``files``.
    finding : str
        One of CheXpert's observations; images of studies in which it is 1 are labelled PNEUMONIA.

    Returns
    -------
    dataset : Dataset
        Frontal radiographs with the official split. Labels PNEUMONIA (`finding`), NORMAL ("No
        Finding" alone is 1), and OTHER, which takes no part; all observations that are 1 as A|B in
        the column findings. Studies in which `finding` is uncertain (-1) are left out, with a note.

    Raises
    ------
    DataError
        If a list or a column is missing, or none of the images is there.
    """
    folder = Path(folder)
    paths = {name: find_list(folder, name) for name in ("chexpert", "metadata", "split")}
    for name in ("chexpert", "metadata"):
        if paths[name] is None:
            raise DataError(f"{folder} holds no mimic-cxr-*-{name}.csv.gz, a list of MIMIC-CXR-JPG")
    studies = read_table(paths["chexpert"])
    if finding not in studies:
        raise DataError(f"{paths['chexpert']} has no column {finding!r}")
    table = read_table(paths["metadata"], usecols=_METADATA).merge(studies, "left", on=_KEYS)
    splits = {}
    if paths["split"] is not None:
        listed = read_table(paths["split"], usecols=["dicom_id", "split"])
        splits = dict(zip(listed["dicom_id"], listed["split"], strict=True))
    observations = [name for name in studies if name not in _KEYS]
    numbers = table[observations].apply(pd.to_numeric, errors="coerce")
    findings = [
        [name for name, value in zip(observations, row, strict=True) if value == 1]
        for row in numbers.to_numpy()
    ]
    rows = Rows("mimic", finding, "No Finding")
    for row, named, asked in zip(table.to_dict("records"), findings, numbers[finding], strict=True):
        if row["ViewPosition"] not in FRONTAL:
            rows.left_out["not frontal"] += 1
        elif asked == -1:
            rows.left_out[f"of uncertain {finding}"] += 1
        else:
            split = SPLIT_FOLDERS.get(splits.get(row["dicom_id"], ""), "")
            path = _find_image(folder, row)
            rows.add(path, named, row["subject_id"], split, view=row["ViewPosition"])
    return make_dataset("mimic-cxr-jpg", rows.rows, rows.notes(), further=FURTHER, task="pneumonia")


def _find_image(folder, row):
    """Return the file of an image as the set lays it out; None where it is not there."""
    subject = f"p{row['subject_id']}"
    path = folder / "files" / subject[:3] / subject / f"s{row['study_id']}"
    path /= f"{row['dicom_id']}.jpg"
    return format_location(path) if path.is_file() else None
