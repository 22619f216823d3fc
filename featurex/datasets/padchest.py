"""PadChest (Bustos et al. 2020, doi:10.1016/j.media.2020.101797)."""

import ast
from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.facts import read_age, read_sex
from featurex.datasets.findings_list import DEVICE, FURTHER, Rows
from featurex.datasets.folders import list_images
from featurex.datasets.tables import read_columns
from featurex.errors import DataError
from featurex.images.location import format_location

LISTS = "PADCHEST_*.csv*"
_COLUMNS = ["ImageID", "PatientID", "Projection", "Labels"]
_FACTS = ["PatientSex_DICOM", "PatientBirth", "StudyDate_DICOM", "Manufacturer_DICOM"]
# Of the projections of the set, those that show a chest from the front or the back.
_FRONTAL = ("PA", "AP", "AP_horizontal")


def find_lists(folder):
    """Return the lists of PadChest in a folder: list of paths."""
    return sorted(folder.glob(LISTS)) if folder.is_dir() else []


def read_padchest(folder, *, finding="pneumonia"):
    """Read the list of PadChest.

    Parameters
    ----------
    folder : str or path-like
        Holds ``PADCHEST_chest_x_ray_images_labels_160K_*.csv`` (or .csv.gz), and the images, 16-bit
        PNG files, anywhere below.
    finding : str
        One of the set's labels; images with it, alone or with others, are labelled PNEUMONIA.

    Returns
    -------
    dataset : Dataset
        Frontal radiographs. Labels PNEUMONIA (`finding`), NORMAL ("normal" alone), and OTHER, which
        takes no part; all labels as A|B in the column findings; age (the year of the study less
        that of birth), sex, view and device (its manufacturer) where the list has them.

    Raises
    ------
    DataError
        If there is no list, or none of its images.
    """
    folder = Path(folder)
    lists = find_lists(folder)
    if not lists:
        raise DataError(f"{folder} holds no {LISTS}, the list of PadChest")
    table = read_columns(lists[-1], _COLUMNS, _FACTS)
    notes = []
    images = {path.name: format_location(path) for path in list_images(folder, notes)}
    rows = Rows("padchest", finding, "normal")
    for row in table.to_dict("records"):
        findings = _parse(row["Labels"])
        if row["Projection"] not in _FRONTAL:
            rows.left_out["not frontal"] += 1
        elif findings is None:
            rows.left_out["without labels"] += 1
        else:
            rows.add(
                images.get(row["ImageID"]),
                findings,
                row["PatientID"],
                age=_count_years(row["PatientBirth"], row["StudyDate_DICOM"]),
                sex=read_sex(row["PatientSex_DICOM"]),
                view=row["Projection"],
                device=row["Manufacturer_DICOM"],
            )
    return make_dataset(
        "padchest",
        rows.rows,
        [*notes, *rows.notes()],
        further=(*FURTHER, DEVICE),
        task="pneumonia",
    )


def _count_years(birth, study):
    """Return the years between a year, as "1942.0", and a date, as "20140915"; "" if unknown."""
    if not (birth[:4].isdecimal() and study[:4].isdecimal()):
        return ""
    return read_age(str(int(study[:4]) - int(birth[:4])))


def _parse(text):
    """Return the labels that a cell lists as Python writes lists; None where it lists none."""
    try:
        names = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    names = [str(name).strip() for name in names] if isinstance(names, list) else []
    return [name for name in names if name] or None
