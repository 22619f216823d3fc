"""PadChest (Bustos et al. 2020, doi:10.1016/j.media.2020.101797)."""

import ast
from pathlib import Path

from featurex.datasets.dataset import make_dataset
from featurex.datasets.findings_list import FURTHER, Rows
from featurex.datasets.folders import list_images
from featurex.datasets.tables import read_table
from featurex.errors import DataError
from featurex.images.location import format_location

LISTS = "PADCHEST_*.csv*"
_COLUMNS = ["ImageID", "PatientID", "PatientSex_DICOM", "Projection", "Labels"]
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
        takes no part; all labels as A|B in the column findings.

    Raises
    ------
    DataError
        If there is no list, or none of its images.
    """
    folder = Path(folder)
    lists = find_lists(folder)
    if not lists:
        raise DataError(f"{folder} holds no {LISTS}, the list of PadChest")
    table = read_table(lists[-1], usecols=_COLUMNS)
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
                sex=row["PatientSex_DICOM"],
                view=row["Projection"],
            )
    return make_dataset(
        "padchest", rows.rows, [*notes, *rows.notes()], further=FURTHER, task="pneumonia"
    )


def _parse(text):
    """Return the labels that a cell lists as Python writes lists; None where it lists none."""
    try:
        names = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    names = [str(name).strip() for name in names] if isinstance(names, list) else []
    return [name for name in names if name] or None
